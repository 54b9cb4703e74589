"""What goods were found to differ in from their papers, and how that was cleared up.

"Discrepancies at receipt: open, resolved, reported or not, time to resolution."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.custody import discrepancy
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from ledger.domain.custody.discrepancy import Difference
    from ledger.domain.judging import Event
    from ledger.ids import CaseId, ConsignmentId, ItemId, PartyId

REPORTED: Final = "reported-to-customs"
"""The code of the resolutions that says that customs were told."""


@dataclass(frozen=True, slots=True)
class DiscrepancyRow:
    """A discrepancy.

    by: who recorded it. resolution, resolved_at: how and when it was cleared up; None: it is open.
    reported: whether the record says that customs know of it: they recorded or resolved it, or the resolution says so.
    """

    case: CaseId
    consignment: ConsignmentId
    difference: Difference
    items: tuple[ItemId, ...]
    by: PartyId
    found_at: datetime
    resolution: str | None
    resolved_at: datetime | None
    reported: bool

    @property
    def took(self) -> timedelta | None:
        """Return how long it was open; None: it still is."""
        return None if self.resolved_at is None else self.resolved_at - self.found_at


def discrepancies(events: Iterable[Event[Any]]) -> tuple[DiscrepancyRow, ...]:
    """Return the discrepancies of a log as they count now, by when they were found: ids of cases tell nothing."""
    record = Record(events)
    found = {one.said.body.case: one for one in record.of_kinds("discrepancy.recorded/1")}
    resolved = {one.said.body.case: one for one in record.of_kinds("discrepancy.resolved/1")}
    cases = [one.id for one in record.cases if one.matter == discrepancy.MATTER and one.id in found]
    rows = (_row(found[case], resolved.get(case)) for case in cases)
    return tuple(sorted(rows, key=lambda row: (row.found_at, row.case)))


def _row(found: Event[Any], resolved: Event[Any] | None) -> DiscrepancyRow:
    body = found.said.body
    return DiscrepancyRow(
        body.case,
        body.consignment,
        body.discrepancy,
        body.items,
        found.said.party,
        found.said.occurred_at,
        None if resolved is None else resolved.said.body.resolution,
        None if resolved is None else resolved.said.occurred_at,
        _by_customs(found)
        or (resolved is not None and (_by_customs(resolved) or resolved.said.body.resolution == REPORTED)),
    )


def _by_customs(event: Event[Any]) -> bool:
    return any(one.role is Role.CUSTOMS for one in event.said.signers)
