"""What became of the goods of an approval that was withdrawn.

"Approval withdrawn on date D: which items, where, what happened to each, by when."
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.states.border import Approval, ApprovalStatus
from ledger.domain.window import status_at
from ledger.domain.work.checks import GONE
from projections.questions.record import Record, Where

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Case, Item
    from ledger.ids import ApprovalId, CaseId, ItemId


@dataclass(frozen=True, slots=True)
class WithdrawnItem:
    """An item that came in under the approval, or was made of such.

    order: the order to return or destroy that it is under, or was; None: nobody ordered anything. due: its date.
    ended_by, ended_at: by a statement of which kind it went, and when; None: it is still there.
    """

    where: Where
    order: CaseId | None
    due: datetime | None
    ended_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An approval that is withdrawn, since when, and all of its items by ascending id."""

    approval: ApprovalId
    number: str
    since: datetime
    items: tuple[WithdrawnItem, ...]

    @property
    def left(self) -> tuple[WithdrawnItem, ...]:
        """Return the items that are still there."""
        return tuple(one for one in self.items if one.ended_at is None)

    @property
    def unordered(self) -> tuple[WithdrawnItem, ...]:
        """Return the items that are still there and under no order."""
        return tuple(one for one in self.left if one.order is None)


def withdrawals(events: Iterable[Event[Any]]) -> tuple[Withdrawal, ...]:
    """Return the approvals that are withdrawn now, by ascending id, with what became of their items."""
    record, rows = Record(events), []
    orders = _orders(record)
    for tag in record.of_type("approval"):
        approval = record.world.subjects[tag]
        if isinstance(approval, Approval) and status_at(approval, record.world.now) is ApprovalStatus.WITHDRAWN:
            since = next(at for at, status in approval.history if status is ApprovalStatus.WITHDRAWN)
            items = [one for one in record.below({tag}) if approval in record.world.approvals_of([one.id])]
            told = tuple(_item(record, one, orders[one.id]) for one in items)
            rows.append(Withdrawal(approval.id, approval.number, since, told))
    return tuple(rows)


def _orders(record: Record) -> defaultdict[ItemId, list[Case]]:
    """Return by item the orders to return or destroy it."""
    found: defaultdict[ItemId, list[Case]] = defaultdict(list)
    for case in record.cases:
        for item in case.items if case.matter in {"return", "destruction"} else ():
            found[item].append(case)
    return found


def _item(record: Record, item: Item, orders: Iterable[Case]) -> WithdrawnItem:
    order = max(orders, key=lambda case: str(case.opened_on), default=None)
    end = record.ended(item.id, GONE)
    return WithdrawnItem(
        record.where(item),
        None if order is None else order.id,
        None if order is None else order.due,
        None if end is None else end.said.kind,
        None if end is None else end.said.occurred_at,
    )
