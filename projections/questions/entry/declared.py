"""What was declared to customs that its approval did not cover.

"Consignments declared beyond approved quantity, or outside validity, or while suspended." Asked of the record as it
counts now: an approval that was corrected after the declaration shows here, where no breach could be told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.states.border import Approval, ApprovalStatus
from ledger.domain.window import ENTRY_STANDING, ENTRY_VALID, is_valid, status_at
from ledger.ids import Tag
from ledger.quantity import Quantity
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ledger.domain.judging import Event
    from ledger.domain.law.tables import WorkingDays
    from ledger.ids import ApprovalId, ConsignmentId, StatementId

KIND: Final = "consignment.declared/1"
_TOLD: Final = frozenset({ENTRY_VALID.id, ENTRY_STANDING.id})


@dataclass(frozen=True, slots=True)
class Beyond:
    """A line of which more was taken, with this declaration, than is approved. by: how much more."""

    line: int
    approved: Quantity
    by: Quantity


@dataclass(frozen=True, slots=True)
class UncoveredRow:
    """A declaration that an approval did not cover.

    beyond: the lines whose approved quantity it exceeds, by their numbers. outside: whether its day is beyond the
        validity. status: what the approval was at the end of that day.
    told: the rules on this whose breach the declaration's signers acknowledged; where another date counts as the
        entry's, they are told with the statement of that date.
    """

    consignment: ConsignmentId
    statement: StatementId
    declared_on: date
    approval: ApprovalId
    beyond: tuple[Beyond, ...]
    outside: bool
    status: ApprovalStatus
    told: tuple[str, ...]


def uncovered(events: Iterable[Event[Any]], calendar: WorkingDays) -> tuple[UncoveredRow, ...]:
    """Return the declarations that an approval did not cover, by approval and then in their order.

    calendar: tells when the local day of a declaration ends.
    """
    record, rows = Record(events), []
    for tag in record.of_type("approval"):
        for event, _, approval in record.steps(tag):
            if event.said.kind == KIND and isinstance(approval, Approval):
                row = _row(event, approval, calendar)
                if row.beyond or row.outside or row.status is not ApprovalStatus.GRANTED:
                    rows.append(row)
    return tuple(rows)


def may_be_uncovered(event: Event[Any], approval: Approval) -> bool:
    """Say whether there is a calendar by which an approval did not cover a declaration. approval: after the event.

    Wherever it is told in days, the local day of a declaration ends within two days from when it begins in UTC.
    """
    day = event.said.body.declared_on
    begins = datetime.combine(day, time.min, UTC)
    later = {status for at, status in approval.history if timedelta(0) < at - begins <= timedelta(days=2)}
    then = later | {status_at(approval, begins)}
    beyond = any(_beyond(event.said.body.consignment, approval))
    return beyond or not is_valid(approval, day) or then != {ApprovalStatus.GRANTED}


def _row(event: Event[Any], approval: Approval, calendar: WorkingDays) -> UncoveredRow:
    body = event.said.body
    return UncoveredRow(
        body.consignment,
        event.said.id,
        body.declared_on,
        approval.id,
        tuple(_beyond(body.consignment, approval)),
        not is_valid(approval, body.declared_on),
        status_at(approval, calendar.end_of_day(body.declared_on)),
        tuple(one.rule for one in event.breaches if one.rule in _TOLD and one.concerns(Tag(approval.id))),
    )


def _beyond(consignment: ConsignmentId, approval: Approval) -> Iterator[Beyond]:
    for number, line in sorted(approval.lines.items()):
        over = line.reserved_total + line.committed_total - line.approved.value
        if line.declared.get(consignment) and over > Decimal(0):
            yield Beyond(number, line.approved, Quantity(over, line.approved.unit))
