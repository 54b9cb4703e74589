"""What left its range of temperature, what was decided about it, and what was done with it since.

"Temperature excursions without disposition; items used after one."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import place_of
from ledger.domain.custody.carriage import Decision, left_range
from ledger.ids import Tag
from projections.questions.record import Record
from projections.questions.work.laboratories import WORK, items_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, timedelta

    from ledger.domain.judging import Event
    from ledger.ids import ItemId, StatementId

_USED: Final = (*sorted(WORK), "sale.recorded/1")


@dataclass(frozen=True, slots=True)
class UsedRow:
    """A work on, or a sale of, an item after an excursion, its own or one that it was made after.

    cleared: whether it had been decided by then that the item may be used.
    """

    item: ItemId
    statement: StatementId
    kind: str
    at: datetime
    cleared: bool


@dataclass(frozen=True, slots=True)
class ExcursionRow:
    """A record of temperatures by which an item left the range that was agreed for it, all in °C.

    low, high: that range; None: on that side nothing was agreed.
    quarantined_at: since when it waits in quarantine; decision, decided_at: what was decided at last; None: nothing.
    used: what was done since the record of temperatures begins, with the item and with what was made of it since.
    """

    item: ItemId
    statement: StatementId
    device: str
    start: datetime
    end: datetime
    minimum: str
    maximum: str
    low: str | None
    high: str | None
    quarantined_at: datetime | None
    decision: Decision | None
    decided_at: datetime | None
    used: tuple[UsedRow, ...]

    @property
    def at_most(self) -> timedelta:
        """Return how long it was out of its range at most: the record tells the extremes, and not when they were."""
        return self.end - self.start

    @property
    def open(self) -> bool:
        """Say whether nobody has decided what becomes of the item; in quarantine that is still open."""
        return self.decision is None


def excursions(events: Iterable[Event[Any]]) -> tuple[ExcursionRow, ...]:
    """Return what left its range, in the order in which the records of temperatures begin.

    events: of a whole log, oldest first.

    Where no range was agreed nothing can be left, and nothing is told; nor of a time that no logger recorded.
    """
    record = Record(events)
    works = record.acts(*_USED)
    out = (event for event in record.of_kinds("temperature.recorded/1") if left_range(event.said.body))
    rows = [_row(record, works, event, item) for event in out for item in event.said.body.items]
    return tuple(sorted(rows, key=lambda row: (row.start, row.item, row.statement)))


def undecided(events: Iterable[Event[Any]]) -> tuple[ExcursionRow, ...]:
    """Return the excursions about which nobody has decided."""
    return tuple(row for row in excursions(events) if row.open)


def used_after(events: Iterable[Event[Any]]) -> tuple[ExcursionRow, ...]:
    """Return the excursions after which an item, or what was made of it since, was used before that was allowed."""
    return tuple(row for row in excursions(events) if any(not one.cleared for one in row.used))


def _row(record: Record, works: Sequence[Event[Any]], event: Event[Any], item: ItemId) -> ExcursionRow:
    body = event.said.body
    decisions = [one for one in _decisions(record, item) if place_of(one) > place_of(event)]
    last = next((one for one in decisions if one.said.body.decision is not Decision.QUARANTINE), None)
    waits = next((one for one in decisions if one.said.body.decision is Decision.QUARANTINE), None)
    allowed = last is not None and last.said.body.decision is Decision.USE
    cleared = last.said.occurred_at if last is not None and allowed else None
    return ExcursionRow(
        item,
        event.said.id,
        body.device,
        body.start,
        body.end,
        body.minimum,
        body.maximum,
        body.low,
        body.high,
        None if waits is None else waits.said.occurred_at,
        None if last is None else last.said.body.decision,
        None if last is None else last.said.occurred_at,
        tuple(_used(record, works, (item, body.start), cleared)),
    )


def _decisions(record: Record, item: ItemId) -> Iterator[Event[Any]]:
    for event, _, _ in record.steps(Tag(item)):
        if event.said.kind == "excursion.dispositioned/1" and item in event.said.body.items:
            yield event


def _used(
    record: Record, works: Iterable[Event[Any]], warmed: tuple[ItemId, datetime], cleared: datetime | None
) -> Iterator[UsedRow]:
    item, start = warmed
    for event in works:
        said = event.said
        for one in items_of(event) if said.occurred_at >= start else ():
            if _carries(record, one, item, start):
                allowed = cleared is not None and cleared <= said.occurred_at
                yield UsedRow(one, said.id, said.kind, said.occurred_at, allowed)


def _carries(record: Record, one: ItemId, item: ItemId, start: datetime) -> bool:
    """Say whether an item is the one that left its range, or was made of it since."""
    return any(
        ancestor.id == item and (made_at is None or made_at >= start)
        for ancestor, made_at in record.world.ancestry(one)
    )
