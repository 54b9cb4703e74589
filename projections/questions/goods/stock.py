"""What was taken out and not put back, what was not counted, and what a count found otherwise.

"Check-outs not returned; items not counted for N months; unexplained variances." The months are the rule pack's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import place_of
from ledger.domain.custody.stock import differs
from ledger.domain.states.subjects import Item
from ledger.ids import ItemId, Tag
from ledger.statement.duties import DUTIES, obligations
from projections.questions.record import Record, Where

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.custody.stock import Counted
    from ledger.domain.duties.duty import Editions
    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from ledger.ids import PartyId, SiteId, StatementId
    from ledger.quantity import Quantity

_ANSWERS: Final = frozenset({"discrepancy.recorded/1", "loss.reported/1", "incident.reported/1"})
"""The kinds by which somebody answers for a difference."""


@dataclass(frozen=True, slots=True)
class OwedRow:
    """An item that is to be put back, or to be counted.

    by: who has it out, or keeps it. since: when it was taken out, or last counted, or put into stock.
    due: None: nobody said until when. overdue: at the instant asked for.
    """

    where: Where
    by: PartyId | None
    since: datetime
    due: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class VarianceRow:
    """What a count found otherwise than it was recorded.

    recorded_at: the site where the record had it then. recorded: how much of it the record had; None: not stated.
    answered_by: the statement that answers for it since: a discrepancy, a loss, or a count that agrees; None: none.
    """

    count: StatementId
    at: datetime
    site: SiteId
    found: Counted
    recorded_at: SiteId | None
    recorded: Quantity | None
    answered_by: StatementId | None


def not_returned(events: Iterable[Event[Any]], editions: Editions, at: datetime) -> tuple[OwedRow, ...]:
    """Return what is checked out at an instant, by all that is told now; what was taken out first comes first."""
    return _owed(events, editions, at, "return-checkout")


def not_counted(events: Iterable[Event[Any]], editions: Editions, at: datetime) -> tuple[OwedRow, ...]:
    """Return what stands in stock and whose time to be counted is over at an instant, by all that is told now."""
    return tuple(one for one in _owed(events, editions, at, "count-stock") if one.overdue)


def variances(events: Iterable[Event[Any]]) -> tuple[VarianceRow, ...]:
    """Return what counts found otherwise than recorded, oldest count first; a count that is corrected as it stands."""
    record = Record(events)
    counts = record.of_kinds("stock.counted/1")
    rows = (_variance(record, event, line) for event in counts for line in event.said.body.items)
    return tuple(row for row in rows if row is not None)


def unexplained(events: Iterable[Event[Any]]) -> tuple[VarianceRow, ...]:
    """Return the differences for which nobody has answered."""
    return tuple(one for one in variances(events) if one.answered_by is None)


def _owed(events: Iterable[Event[Any]], editions: Editions, at: datetime, duty: str) -> tuple[OwedRow, ...]:
    record = Record(events)
    owed = obligations(record.events, editions, duties=(DUTIES[duty],))
    return tuple(_owed_row(record, one, at) for one in owed if one.owed_at(at))


def _owed_row(record: Record, one: Obligation, at: datetime) -> OwedRow:
    where = record.where(record.world.item(ItemId(one.subject)))
    return OwedRow(where, one.owed.debtor, one.since, one.due, one.overdue_at(at))


def _variance(record: Record, count: Event[Any], line: Counted) -> VarianceRow | None:
    site, item = count.said.body.site, Item(id=line.item)
    answered: StatementId | None = None
    for event, before, _ in record.steps(Tag(line.item)):
        if event.said.id == count.said.id and isinstance(before, Item):
            item = before
        elif place_of(event) > place_of(count) and answered is None and _answers(event, line.item, before):
            answered = event.said.id
    if not differs(item, line, site):
        return None
    return VarianceRow(count.said.id, count.said.occurred_at, site, line, item.site, item.quantity, answered)


def _answers(event: Event[Any], item: ItemId, before: object) -> bool:
    """Say whether a later statement answers for a difference of an item."""
    if event.said.kind != "stock.counted/1":
        return event.said.kind in _ANSWERS
    lines = [one for one in event.said.body.items if one.item == item]
    return isinstance(before, Item) and all(not differs(before, one, event.said.body.site) for one in lines)
