"""What left its range of temperature, what was decided about it, and what was done with it since.

"Temperature excursions without disposition; items used after one."
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import place_of
from ledger.domain.custody.carriage import Decision, left_range
from ledger.ids import Tag
from projections.questions.record import Record
from projections.questions.work.laboratories import WORK, items_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
    from datetime import datetime, timedelta

    from ledger.domain.judging import Event
    from ledger.ids import ItemId, StatementId

    _Work = tuple[Event[Any], ItemId, Sequence[datetime | None]]
    """A work or a sale, the item that it was done with, and when this was made of another; None: it is that itself."""

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


def excursions(events: Iterable[Event[Any]], *, used: bool = True) -> tuple[ExcursionRow, ...]:
    """Return what left its range, in the order in which the records of temperatures begin.

    events: of a whole log, oldest first. used: False: what was done since is not asked for, and no row tells any.

    Where no range was agreed nothing can be left, and nothing is told; nor of a time that no logger recorded.
    """
    record = Record(events)
    out = [event for event in record.of_kinds("temperature.recorded/1") if left_range(event.said.body)]
    works = _works(record, {item for event in out for item in event.said.body.items}) if used else {}
    rows = [_row(record, works.get(item, ()), event, item) for event in out for item in event.said.body.items]
    return tuple(sorted(rows, key=lambda row: (row.start, row.item, row.statement)))


def undecided(events: Iterable[Event[Any]]) -> tuple[ExcursionRow, ...]:
    """Return the excursions about which nobody has decided."""
    return tuple(row for row in excursions(events) if row.open)


def used_after(events: Iterable[Event[Any]]) -> tuple[ExcursionRow, ...]:
    """Return the excursions after which an item, or what was made of it since, was used before that was allowed."""
    return tuple(row for row in excursions(events) if any(not one.cleared for one in row.used))


def _works(record: Record, warmed: Set[ItemId]) -> Mapping[ItemId, Sequence[_Work]]:
    """Return by item what was done with it, and with what was made of it, in the order of the acts."""
    found: defaultdict[ItemId, list[_Work]] = defaultdict(list)
    for event in record.acts(*_USED):
        for one in items_of(event):
            made: defaultdict[ItemId, list[datetime | None]] = defaultdict(list)
            for ancestor, made_at in record.world.ancestry(one):
                if ancestor.id in warmed:
                    made[ancestor.id].append(made_at)
            for item, times in made.items():
                found[item].append((event, one, times))
    return found


def _row(record: Record, works: Sequence[_Work], event: Event[Any], item: ItemId) -> ExcursionRow:
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
        tuple(_used(works, body.start, cleared)),
    )


def _decisions(record: Record, item: ItemId) -> Iterator[Event[Any]]:
    for event, _, _ in record.steps(Tag(item)):
        if event.said.kind == "excursion.dispositioned/1" and item in event.said.body.items:
            yield event


def _used(works: Sequence[_Work], start: datetime, cleared: datetime | None) -> Iterator[UsedRow]:
    """Yield what was done with an item that left its range then, or with what was made of it since."""
    for event, one, made in works:
        said = event.said
        if said.occurred_at >= start and any(at is None or at >= start for at in made):
            yield UsedRow(
                one, said.id, said.kind, said.occurred_at, cleared is not None and cleared <= said.occurred_at
            )
