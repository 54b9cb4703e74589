"""What is still held though the work that it was for has ended.

"Material still held > 6 months after the activity ended." The months are the rule pack's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.ending.deposit import DEPOSITORY
from ledger.domain.law.deadlines import deadline
from ledger.domain.work.checks import GONE
from ledger.domain.work.contents import high_pathogenic
from projections.questions.record import Record, Where

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Item
    from ledger.ids import SiteId


@dataclass(frozen=True, slots=True)
class LeftRow:
    """An item that the end of an activity lists as left, or that was made of such, and that is still there.

    activity: the site and the project that ended.
    dangerous: whether it is high-pathogenic, of which alone the law has it destroyed or deposited; None: not known.
    due: when the term for that is over; None: no term is known, or none is asked.
    overdue: whether it was at the instant asked for.
    """

    where: Where
    activity: tuple[SiteId, str]
    ended_at: datetime
    dangerous: bool | None
    due: datetime | None
    overdue: bool | None


def left_over(events: Iterable[Event[Any]], editions: Editions, at: datetime) -> tuple[LeftRow, ...]:
    """Return what is left of activities that ended: neither gone nor in a depository; by activity, then by item.

    editions: each activity is asked by the one that its end was judged by. at: by which a term is over or not.
    """
    record = Record(events)
    return tuple(row for end in record.of_kinds("activity.ended/1") for row in _rows(record, end, editions, at))


def _rows(record: Record, end: Event[Any], editions: Editions, at: datetime) -> list[LeftRow]:
    body, rules, since = end.said.body, editions.by_name(end.rules), end.said.occurred_at
    term = None if rules is None else rules.destroy_or_deposit_months
    last = None if term is None or rules is None else deadline(since, term, rules.working_days)
    rows = []
    for item in record.items:
        if _is_over(record, item) or all(one.id not in body.items for one in record.world.lineage(item.id)):
            continue
        dangerous = None if rules is None else high_pathogenic(record.world, (item.id,), rules)
        due = last if dangerous else None
        place = record.where(item)
        rows.append(LeftRow(place, (body.site, body.project), since, dangerous, due, None if due is None else due < at))
    return rows


def _is_over(record: Record, item: Item) -> bool:
    deposited = item.site is not None and record.world.site(item.site).use == DEPOSITORY
    return item.status in GONE or deposited
