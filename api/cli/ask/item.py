"""``vialog item``: everything that the record says about one item, now or as known at a position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
import typer

from api.answers import told_about, told_words
from api.cli.output import MOST_ENTRIES, Json, print_object, print_pairs, print_table, say
from api.histories import ancestors_of, children_of, custody_of, history_of
from api.labels import Labels
from api.samples import sample_object
from api.settings import read_settings
from api.wiring import open_store
from ledger.clock import format_time
from ledger.domain.fold import VOIDED
from ledger.domain.state import Item
from ledger.ids import Tag
from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from api.histories import Custody, History
    from ledger.domain.judging import Event

app = typer.Typer(no_args_is_help=True, help="Look at single items.")


@app.callback()
def group() -> None:
    """Look at single items."""


@app.command("show")
def show(
    item: Annotated[str, typer.Argument(help="What is printed on it, or its id, item:….")],
    *,
    at: Annotated[
        int | None, typer.Option("--at", min=1, max=MOST_ENTRIES, help="As known at this position, not now.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show an item: state, lineage, who had it and where, and every statement about it, with its breaches.

    Of a statement about many items an item shows what was wrong with itself, and with no other.

    What is printed on it may be its label, an old one or its lot; where several items bear it, they are listed.

    With --at, what was recorded later is left out, corrections too: the answer is what anybody could know then. Exit
    code 11: a statement about the item says what this program is too old for; --at shows what was known before it.
    """
    with open_store(read_settings()) as store:
        labels = Labels(lambda: store)
        tag = labels.id_of(item, "item", "ITEM")
        history = history_of(store, tag, at)
        subject = history.subject
        if not isinstance(subject, Item):
            raise TypeError("an item's tag folds to an item")
        ancestors = ancestors_of(store, subject, history.position)
        said = {
            "as_known_at": history.position,
            "item": _state_object(subject),
            "sample": sample_object(subject, ancestors),
            "ancestors": [one.id for one in ancestors],
            "children": children_of(history, subject.id),
            "custody": [_custody_object(one) for one in custody_of(history)],
            "history": [_event_object(event, history, tag) for event in history.events],
        }
        for note in labels.notes:
            say(note)
        print_object(said) if as_json else _print(said, labels)


def _print(said: dict[str, Any], labels: Labels) -> None:
    item = said["item"]
    state = [
        (name, _flat(value)) for name, value in item.items() if value not in (None, [], (), False) and name != "known"
    ]
    made = [(name, ", ".join(said[name])) for name in ("ancestors", "children")]
    print_pairs((name, labels.told(value)) for name, value in (*state, *made))
    if said["sample"]:
        typer.echo("\nSample")
        print_pairs((name.replace("_", " "), _flat(value)) for name, value in said["sample"].items())
    typer.echo(f"\nCustody, as known at position {said['as_known_at']}")
    print_table(
        ("from", "to", "party", "site", "place", "told"),
        [
            (
                _to_second(one["began"]),
                _to_second(one["ended"]),
                *_named(labels, one["party"], one["site"]),
                one["place"],
                _told(one),
            )
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
                labels.told(", ".join(f"{who['party']} {who['person']} ({who['role']})" for who in one["signers"])),
                labels.told(told_words(one["breaches"])),
                _told(one),
                "yes" if one["counts"] else "no: corrected or voided",
            )
            for one in said["history"]
        ],
    )


def _to_second(written: str | None) -> str | None:
    """Return an instant for people, who do not read fractions of a second."""
    return None if written is None else f"{written.partition('.')[0]}Z"


def _named(labels: Labels, *ids: str | None) -> tuple[str, ...]:
    return tuple("" if one is None else labels.named(Tag(one)) for one in ids)


_OF_SAMPLE: Final = frozenset({"sample", "kept", "thawed_at", "origin", "shown_from", "approval_number"})


def _state_object(item: Item) -> dict[str, Any]:
    """Return an item's state; what it is as a sample is told apart from it."""
    state: dict[str, Any] = msgspec.to_builtins(item, order="deterministic")
    if item.quantity is not None:
        state["quantity"] = {"value": format_decimal(item.quantity.value), "unit": item.quantity.unit}
    return {
        name: value
        for name, value in state.items()
        if name not in {"sample", "kept", "thawed_at", "origin", "shown_from", "approval_number"}
    }


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
