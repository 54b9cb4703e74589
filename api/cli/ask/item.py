"""``vialog item``: everything that the record says about one item, now or as known at a position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from api.answers import told_about, told_words
from api.cli.output import MOST_ENTRIES, Json, print_object, print_pairs, print_table
from api.histories import ancestors_of, children_of, custody_of, history_of
from api.settings import read_settings
from api.wiring import open_store
from ledger.clock import format_time
from ledger.domain.fold import VOIDED
from ledger.domain.state import Item
from ledger.errors import Malformed
from ledger.ids import Tag, is_tag, type_of

if TYPE_CHECKING:
    from api.histories import Custody, History
    from ledger.domain.judging import Event

app = typer.Typer(no_args_is_help=True, help="Look at single items.")


@app.callback()
def group() -> None:
    """Look at single items."""


@app.command("show")
def show(
    item: Annotated[str, typer.Argument(help="The item's id, item:….")],
    *,
    at: Annotated[
        int | None, typer.Option("--at", min=1, max=MOST_ENTRIES, help="As known at this position, not now.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show an item: state, lineage, who had it and where, and every statement about it, with its breaches.

    Of a statement about many items an item shows what was wrong with itself, and with no other.

    With --at, what was recorded later is left out, corrections too: the answer is what anybody could know then. Exit
    code 11: a statement about the item says what this program is too old for; --at shows what was known before it.
    """
    if not is_tag(item) or type_of(Tag(item)) != "item":
        raise Malformed("STM-37", "ID", f"{item} is not the id of an item")
    with open_store(read_settings()) as store:
        history = history_of(store, Tag(item), at)
        subject = history.subject
        if not isinstance(subject, Item):
            raise TypeError("an item's tag folds to an item")
        ancestors = ancestors_of(store, subject, history.position)
    said = {
        "as_known_at": history.position,
        "item": msgspec.to_builtins(subject, order="deterministic"),
        "ancestors": [one.id for one in ancestors],
        "children": children_of(history, subject.id),
        "custody": [_custody_object(one) for one in custody_of(history)],
        "history": [_event_object(event, history, Tag(item)) for event in history.events],
    }
    print_object(said) if as_json else _print(said)


def _print(said: dict[str, Any]) -> None:
    item = said["item"]
    state = [
        (name, _flat(value)) for name, value in item.items() if value not in (None, [], (), False) and name != "known"
    ]
    print_pairs((*state, ("ancestors", ", ".join(said["ancestors"])), ("children", ", ".join(said["children"]))))
    typer.echo(f"\nCustody, as known at position {said['as_known_at']}")
    print_table(
        ("from", "to", "party", "site", "place", "told"),
        [
            (_to_second(one["began"]), _to_second(one["ended"]), one["party"], one["site"], one["place"], _told(one))
            for one in said["custody"]
        ],
    )
    typer.echo("\nHistory")
    print_table(
        ("position", "occurred", "kind", "by", "breaches", "told", "counts"),
        [
            (
                one["position"],
                _to_second(one["occurred_at"]),
                one["kind"],
                ", ".join(f"{signer['party']} {signer['person']} ({signer['role']})" for signer in one["signers"]),
                told_words(one["breaches"]),
                _told(one),
                "yes" if one["counts"] else "no: corrected or voided",
            )
            for one in said["history"]
        ],
    )


def _to_second(written: str | None) -> str | None:
    """Return an instant for people, who do not read fractions of a second."""
    return None if written is None else f"{written.partition('.')[0]}Z"


def _told(one: dict[str, Any]) -> str:
    return "out of order" if one["out_of_order"] else ""


def _flat(value: object) -> object:
    if isinstance(value, dict):
        return " ".join(str(one) for one in value.values() if one is not None)
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _custody_object(one: Custody) -> dict[str, object]:
    ended = format_time(one.ended) if one.ended is not None else None
    return {
        "party": one.party,
        "site": one.site,
        "place": one.place,
        "began": format_time(one.began),
        "ended": ended,
        "out_of_order": one.out_of_order,
    }


def _event_object(event: Event[Any], history: History, item: Tag) -> dict[str, object]:
    said = event.said
    step = next((step for step in history.steps if step.event.said.id == said.id), None)
    return {
        "position": event.position,
        "recorded": format_time(event.recorded),
        "occurred_at": format_time(said.occurred_at),
        "kind": said.kind,
        "statement": said.id,
        "signers": [
            {"party": one.party, "person": one.person, "role": one.role, "meaning": one.meaning} for one in said.signers
        ],
        "breaches": told_about(item, event),
        "corrects": said.corrects,
        "counts": said.kind == VOIDED or step is not None,
        "out_of_order": step is not None and step.out_of_order,
    }
