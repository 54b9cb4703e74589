"""``vialog rules``: the editions of rule packs that this program has, and how they get to whoever judges again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.output import Json, print_object, print_pairs, print_table, say
from api.language import spoken
from api.settings import read_settings
from ledger.clock import SystemClock
from ledger.errors import NotFound, Refused
from ledger.files import PUBLIC, write_new
from ledger.rulepacks.load import load_packs

if TYPE_CHECKING:
    from api.rows import reference as rows
    from ledger.domain.law.rules import Parameter
    from ledger.rulepacks.edition import Edition
    from ledger.rulepacks.load import RulePacks

RULES: Final = {
    "RUL-04": "Where several editions have an id, the one that is meant is named by its digest.",
}

app = typer.Typer(no_args_is_help=True, help="List, show and export the rule packs that judge.")

_Edition = Annotated[str, typer.Argument(metavar="EDITION", help="Its id, such as cn-281/2026-08-01, or its digest.")]


@app.command("list")
def list_editions(*, as_json: Json = False) -> None:
    """List all editions of rule packs that are here, with their digests, and which of them are in force.

    They are the program's own and those in the folder of VIALOG_RULES. Of a calendar it is said until which day it is
    settled; later working days are estimates. An edition that is only kept judges nothing new, because the program has
    another one of the same day.
    """
    packs = load_packs(read_settings().rules)
    found = [_row(edition, packs) for edition in (*packs.editions, *packs.kept)]
    for name, why in packs.unread:
        say(f"{name}: not read: this program is too old: {why}")
    if as_json:
        for row in found:
            print_object(row)
        return
    print_table(tuple(found[0]), (tuple({**row, "state": spoken(row["state"])}.values()) for row in found))


@app.command("show")
def show(edition: _Edition, *, as_json: Json = False) -> None:
    """Show an edition: its tables, and each parameter with its clause and how it is known."""
    packs = load_packs(read_settings().rules)
    found = _one(packs, edition)
    parameters = [_parameter(name, parameter) for name, parameter in found.pack.parameters()]
    said: rows.EditionShown = {**_row(found, packs), "title": found.pack.title, "parameters": parameters}
    if as_json:
        print_object(said)
        return
    print_pairs((name, value) for name, value in said.items() if name != "parameters")
    typer.echo()
    print_table(("parameter", "value", "unit", "basis"), (tuple(one.values()) for one in parameters))


@app.command("export")
def export(
    editions: Annotated[
        list[str] | None, typer.Argument(metavar="[EDITION]...", help="Ids or digests; all of them if left out.")
    ] = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write; made if missing.")],
    as_json: Json = False,
) -> None:
    """Write editions as files in their one form, named by id and digest: for VIALOG_RULES of mirrors and services.

    The SHA-256 of a file is the digest that entries name. A file that is there already is left as it is.
    """
    packs = load_packs(read_settings().rules)
    found = [_one(packs, one) for one in editions] if editions else [*packs.editions, *packs.kept]
    output.mkdir(parents=True, exist_ok=True)
    for edition in found:
        path = output / edition.file_name
        new = not (path.exists() and path.read_bytes() == edition.written)
        if new:
            write_new(path, edition.written, PUBLIC)
        said: rows.EditionFile = {
            "rules": edition.pack.id,
            "edition": edition.pack.digest,
            "file": str(path),
            "new": new,
        }
        print_object(said) if as_json else typer.echo(f"{path}" if new else spoken(f"{path} is there already"))


def _one(packs: RulePacks, text: str) -> Edition:
    """Return the edition of an id or a digest. Raises NotFound; Refused, RUL-04: the id has several."""
    found = [one for one in (*packs.editions, *packs.kept) if text in {one.pack.id, one.pack.digest, one.pack.name}]
    if not found:
        raise NotFound(f"there is no edition {text} here; `vialog rules list` lists those that are")
    if len(found) > 1:
        raise Refused("RUL-04", f"{text} has {len(found)} editions here: name the digest")
    return found[0]


def _row(edition: Edition, packs: RulePacks) -> rows.Edition:
    pack = edition.pack
    return {
        "rules": pack.id,
        "edition": pack.digest,
        "jurisdiction": pack.jurisdiction,
        "calendar": pack.working_days.name,
        "settled_until": str(pack.working_days.settled_until),
        "state": _state(edition, packs),
    }


def _state(edition: Edition, packs: RulePacks) -> rows.State:
    """Return what an edition is here for: "kept" is one that never judges anything new, whatever the day."""
    if edition in packs.kept:
        return "kept"
    pack, now = edition.pack, SystemClock().now()
    if pack.effective_from > pack.working_days.local_date(now):
        return "later"
    return "in force" if packs.at_instant(pack.jurisdiction, now) is pack else "before"


def _parameter(name: str, parameter: Parameter[object]) -> rows.Parameter:
    value = ", ".join(map(str, parameter.value)) if isinstance(parameter.value, tuple) else str(parameter.value)
    return {"parameter": name, "value": value, "unit": parameter.unit, "basis": parameter.basis}
