"""``vialog party``: what the record says about one party: what it may speak as, how it stands, its sites and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli.output import At, Json, print_object, print_table, say
from api.cli.paragraphs import print_named
from api.language import label
from api.logs.served import open_readable
from api.settings import read_settings
from api.telling.cells import Cells, in_language
from api.telling.labels import Labels
from api.telling.moments import read_moment
from api.telling.parties import assessed, party_object
from api.telling.reading import Readers
from ledger.ids import Tag
from ledger.rulepacks.load import load_packs
from ledger.words.reader import code_word
from projections.source import Distant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from api.rows import parties as rows
    from ledger.domain.states.party import Party
    from ledger.words.reader import Reader

app = typer.Typer(no_args_is_help=True, help="Look at single parties.")

_CODES: Final = {"role": "role", "roles": "role", "use": "site-use", "ground": "revocation"}
"""The tables of the codes that its rows have."""
_OF_SITE: Final = ("name", "id", "use", "level", "certificate_to", "district", "active")
_OF_KEY: Final = ("key", "person", "roles", "since", "until", "ground", "revoked_by")
_CALLED: Final = {"since": "from", "until": "to"}
"""What stands over columns whose members are called otherwise."""


@app.callback()
def group() -> None:
    """Look at single parties."""


@app.command("show")
def show(
    party: Annotated[str, typer.Argument(help="Its name, in either language, or its id, party:….")],
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show a party: its names, what it may speak as and since when, its class and credit, its sites and its keys.

    A class is that of a unit on a day: on that of --at, or today. A key that counts signs as whatever its party may
    speak as; a revoked one is shown with when, by whom and why. What a party did is told by `vialog log show --tag`.

    With --at and a position, what was recorded later is left out; with a time, what happened later, by all that is told
    now. Keys count by positions alone: at a time there are those of the last position that was recorded by then.
    """
    settings = read_settings()
    moment, packs = read_moment(at, settings), load_packs(settings.rules)
    with open_readable(settings) as store:
        labels = Labels(lambda: store)
        tag = labels.id_of(party, "party", "PARTY")
        said, state = party_object(store, tag, moment, packs, settings.jurisdiction)
        for note in labels.notes:
            say(note)
        print_object(said) if as_json else _print(said, state, labels, Readers(settings, labels, packs=packs).today)
        if isinstance(store, Distant) and (reader := store.seen_by()) != tag:
            say(f"What {reader} may read of it is told: there may be more that it may not.")


def _print(said: rows.PartyShown, party: Party, labels: Labels, reader: Reader) -> None:
    cells, language = Cells(labels, reader, _CODES), reader.language
    print_named(_facts(said, party, labels, reader))
    title = label("What it may speak as, as known at position {position}", language)
    if said["as_of"] is not None:
        title = label("What it may speak as up to {time}, as known at position {position}", language)
    held = [{**one, "since": _placed(one["since"], one["position"], cells)} for one in said["roles"]]
    _print_rows(title.format(position=said["as_known_at"], time=said["as_of"]), ("role", "since"), held, cells)
    sites = [in_language(dict(one), language) for one in said["sites"]]
    _print_rows(label("Its sites", language), _OF_SITE, sites, cells)
    keys = [
        {
            **one,
            "since": _placed(one["since"], one["position"], cells),
            "until": _placed(one["until"], one["until_position"], cells),
        }
        for one in said["keys"]
    ]
    _print_rows(label("Its keys", language), _OF_KEY, keys, cells)


def _facts(said: rows.PartyShown, party: Party, labels: Labels, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield what a party is called, and how it was assessed and rated."""
    language = reader.language
    yield label("party", language), party.id
    yield label("name", language), party.name
    yield label("Chinese name", language), party.name_zh or ""
    if (unit := said["unit"]) is not None:
        told = label("class not known on {day}: {why}", language)
        if unit["unit_class"] is not None:
            told = label("class {number} on {day}, by {rules}", language)
        why = code_word("class_basis", unit["basis"], reader)
        yield (
            label("class", language),
            told.format(number=unit["unit_class"], day=unit["day"], why=why, rules=unit["rules"].partition(" ")[0]),
        )
    yield from assessed(party, lambda one: labels.named(Tag(one)), reader)


def _print_rows(title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], cells: Cells) -> None:
    """Print rows under a title, without the columns in which nothing stands."""
    typer.echo(f"\n{title}")
    told = [{name: cells.told(name, row[name]) for name in columns} for row in rows]
    if not told:
        typer.echo(label("none on record", cells.reader.language))
        return
    kept = [name for name in columns if any(row[name] for row in told)]
    heads = [_CALLED.get(name, name.replace("_", " ")) for name in kept]
    print_table(heads, [[row[name] for name in kept] for row in told])


def _placed(time: str | None, position: int | None, cells: Cells) -> str:
    """Return where something is recorded, and a time; "" where nothing is."""
    if time is None:
        return ""
    told = label("position {position}, {time}", cells.reader.language)
    return told.format(position=position, time=cells.told("time", time))
