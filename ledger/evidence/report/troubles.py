"""What went wrong with a bundle's subject, by its own events and by what was decided on what it came in under."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.custody.carriage import TemperatureRecorded, left_range
from ledger.evidence.report.facts import Fact, fact_of
from ledger.evidence.report.standing import rows_of
from ledger.ids import type_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.judging import Event
    from ledger.evidence.report.standing import Standing, Stated
    from ledger.words.template import JsonValue

TROUBLE: Final = (
    *("approval.suspended/1", "approval.withdrawn/1", "consignment.held/1", "custody.refused/1"),
    *("destruction.ordered/1", "discrepancy.recorded/1", "incident.reported/1", "loss.reported/1", "return.ordered/1"),
    *("consent.withdrawn/1", "legal-hold.placed/1", "recall.extended/1", "recall.ordered/1"),
)
"""The kinds of which every statement says that something went wrong."""

ENDS: Final = {
    "approval.suspended/1": ("approval.resumed/1", ("approval",)),
    "consignment.held/1": ("consignment.hold-lifted/1", ("consignment", "ground")),
    "destruction.ordered/1": ("destruction.executed/1", ("case",)),
    "discrepancy.recorded/1": ("discrepancy.resolved/1", ("case",)),
    "incident.reported/1": ("incident.closed/1", ("case",)),
    "legal-hold.placed/1": ("legal-hold.lifted/1", ("case",)),
    "loss.reported/1": ("incident.closed/1", ("case",)),
    "recall.extended/1": ("recall.lifted/1", ("case",)),
    "recall.ordered/1": ("recall.lifted/1", ("case",)),
    "return.ordered/1": ("return.executed/1", ("case",)),
    "temperature.recorded/1": ("excursion.dispositioned/1", ()),
}
"""By kind the one that ends it, and the members by which the two belong together."""

_INTACT: Final = "intact"
_RECEIVED: Final = "item.received/1"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A statement that says that something went wrong.

    at: its position. beside: what is told with it: its end, or that none is here; what it says of the subject itself.
    """

    at: int
    beside: tuple[Fact, ...]


def troubles(known: Standing) -> list[Trouble]:
    """Return the statements that say so, as they count now, in the order of the acts.

    Of an approval and a consignment under which an item came in, those that are about all of it, or about that item.
    """
    found = [event for event in known.events if _is_about(known, event) and _is_trouble(known, event)]
    told = sorted(found, key=lambda one: (known.signed(one).occurred_at, known.at(known.signed(one))))
    return [Trouble(known.at(known.signed(one)), tuple(_beside(known, one))) for one in told]


def _is_about(known: Standing, event: Event[Any]) -> bool:
    goods = {*known.approvals, *known.consignments}
    return known.subject in event.tags or (not goods.isdisjoint(event.tags) and _is_meant(known, event))


def _is_meant(known: Standing, event: Event[Any]) -> bool:
    items = known.signed(event).body.get("items")
    return not isinstance(items, list) or not items or any(isinstance(one, str) and one in known.roots for one in items)


def _is_trouble(known: Standing, event: Event[Any]) -> bool:
    said = known.signed(event)
    if said.kind == _RECEIVED:
        return any(row.get("condition") != _INTACT for row in rows_of(said.body.get("items")))
    if isinstance(event.said.body, TemperatureRecorded):
        return left_range(event.said.body)
    return said.kind in TROUBLE


# What is told with it


def _beside(known: Standing, event: Event[Any]) -> Iterator[Fact]:
    said = known.signed(event)
    if said.kind in ENDS:
        ends = _ends(known, said)
        yield from (fact_of(known, "ended", one) for one in ends)
        if not ends:
            yield Fact("unended", {})
    if said.kind == _RECEIVED:
        yield from _received(known, said)
    elif type_of(known.subject) == "item" and known.subject not in event.tags and not said.body.get("items"):
        yield Fact("unnamed", {})


def _ends(known: Standing, said: Stated) -> list[Stated]:
    """Return what ended it: of an item the first that is about it."""
    kind, members = ENDS[said.kind]
    found = [
        one
        for event in known.events
        if (one := known.signed(event)).kind == kind
        and _is_about(known, event)
        and all(one.body.get(name) == said.body.get(name) for name in members)
        and one.body.get("decision") != "quarantine"
        and (one.occurred_at, known.at(one)) > (said.occurred_at, known.at(said))
    ]
    told = sorted(found, key=lambda one: (one.occurred_at, known.at(one)))
    return told[:1] if type_of(known.subject) == "item" else told


def _received(known: Standing, said: Stated) -> Iterator[Fact]:
    """Yield how the subject itself arrived, among all that came with it."""
    rows = rows_of(said.body.get("items"))
    counts = Counter(str(row.get("condition")) for row in rows)
    told: list[JsonValue] = [{"condition": one, "number": number} for one, number in sorted(counts.items())]
    for row in rows:
        if row.get("item") == known.subject:
            values = {"subject": known.subject, "condition": row.get("condition"), "number": len(rows), "counts": told}
            yield Fact("received", values)
            return
