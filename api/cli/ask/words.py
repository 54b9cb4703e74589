"""``vialog words``: what may stand in a statement and what it means, in English and Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import Json, print_object, print_table, say
from api.language import label, reader_language
from api.settings import read_settings
from api.telling import catalogues
from ledger.clock import SystemClock
from ledger.errors import NotFound
from ledger.words.table import words_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.telling.catalogues import Row

app = typer.Typer(no_args_is_help=True, help="Look up kinds, roles, codes, units, rules and agents, in both languages.")

Search = Annotated[
    str | None, typer.Argument(metavar="[SEARCH]", help="Only those in which this stands, in either language.")
]


@app.command("kinds")
def kinds(search: Search = None, *, as_json: Json = False) -> None:
    """List the kinds of statements, and what each says."""
    _print(catalogues.kinds(), search, ("kind", "en", "zh"), as_json=as_json)


@app.command("roles")
def roles(search: Search = None, *, as_json: Json = False) -> None:
    """List the roles that parties speak in, and what a signature can mean."""
    _print(catalogues.roles(), search, ("table", "code", "en", "zh"), as_json=as_json)


@app.command("codes")
def codes(search: Search = None, *, as_json: Json = False) -> None:
    """List the codes of statements by their tables: statuses, purposes, grounds, reasons, methods, conditions …

    Where x-* is among them, a code of your own may stand as well, which begins with x-. Others are refused (COD-01).
    """
    _print(catalogues.codes(), search, ("table", "code", "en", "zh"), as_json=as_json)


@app.command("units")
def units(search: Search = None, *, as_json: Json = False) -> None:
    """List the units that quantities may be in."""
    _print(catalogues.units(), search, ("code", "en", "zh"), as_json=as_json)


@app.command("rules")
def rules(search: Search = None, *, as_json: Json = False) -> None:
    """List all rules: what each says, what breaking it leads to, and the clause that it rests on."""
    _print(catalogues.rules(), search, ("rule", "answer", "en", "zh", "clause"), as_json=as_json)


@app.command("agents")
def agents(search: Search = None, *, as_json: Json = False) -> None:
    """List the pathogens of the catalogue in force, with class and UN number."""
    found = catalogues.agents(read_settings(), SystemClock().now())
    _print(found, search, ("agent", "en", "zh", "risk_class", "un_number"), as_json=as_json)


def _print(rows: Iterable[Row], search: str | None, columns: Sequence[str], *, as_json: bool) -> None:
    """Print what is looked for. Raises NotFound: nothing is."""
    read_settings()  # which language is meant is a setting, and a wrong one is told
    found = list(rows if search is None else catalogues.found(rows, search))
    if not found:
        raise NotFound(label('"{search}" stands in none of them').format(search=search))
    if as_json:
        for row in found:
            print_object(row)
        return
    print_table([label(name) for name in columns], ([_told(name, row[name]) for name in columns] for row in found))
    say(label("{number} shown.").format(number=len(found)))


def _told(column: str, value: object) -> object:
    """Return a cell; what breaking a rule leads to, and its clause, are told in the reader's language."""
    if column == "clause":
        return words_in(reader_language()).clause.get(str(value), value)
    return " / ".join(map(label, str(value).split(" or "))) if column == "answer" else value
