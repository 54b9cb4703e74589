"""What is left of each approval, and for how long.

"Remaining quantity and days of each approval; which will expire unused."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.states.border import Approval, ApprovalStatus
from ledger.domain.window import is_expired
from ledger.quantity import Quantity
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ledger.domain.judging import Event
    from ledger.ids import ApprovalId, PartyId


@dataclass(frozen=True, slots=True)
class LineLeft:
    """What is left of a line. remaining: what may still be declared; reserved: declared, and not written off yet."""

    line: int
    product: str
    approved: Quantity
    reserved: Quantity
    remaining: Quantity


@dataclass(frozen=True, slots=True)
class ApprovalLeft:
    """An approval that is neither expired nor withdrawn.

    days: how many follow the day that is asked about until its last one; 0 on that one; None: its end is not known.
    unused: whether nothing of any line was ever set aside or written off that still is; so it will expire unused
        unless somebody declares goods in these days.
    """

    approval: ApprovalId
    number: str
    applicant: PartyId | None
    status: ApprovalStatus
    days: int | None
    unused: bool
    lines: tuple[LineLeft, ...]


def remaining(events: Iterable[Event[Any]], day: date) -> tuple[ApprovalLeft, ...]:
    """Return what is left of each approval on a local day, by all that is on record, those that end first first."""
    record = Record(events)
    subjects = (record.world.subjects[tag] for tag in record.of_type("approval"))
    rows = [
        _row(one, day)
        for one in subjects
        if isinstance(one, Approval)
        and one.known
        and one.status is not ApprovalStatus.WITHDRAWN
        and not is_expired(one, day)
    ]
    return tuple(sorted(rows, key=lambda row: (row.days is None, row.days or 0, row.approval)))


def _row(approval: Approval, day: date) -> ApprovalLeft:
    return ApprovalLeft(
        approval.id,
        approval.number,
        approval.applicant,
        approval.status,
        None if approval.valid_to is None else (approval.valid_to - day).days,
        not any(line.reserved_total or line.committed_total for line in approval.lines.values()),
        tuple(
            LineLeft(number, one.product, one.approved, Quantity(one.reserved_total, one.approved.unit), one.remaining)
            for number, one in sorted(approval.lines.items())
        ),
    )
