"""How units stand with who supervises them: findings, and visits that are still to be made.

"Findings per unit: open, overdue, repeated; average days to close." "Next supervision visits due by unit class."
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ledger.domain.duties.obligation import State
from ledger.domain.states.subjects import CaseStatus
from ledger.domain.states.supervision import Finding, FindingStatus, Supervision
from ledger.ids import CaseId, Tag
from ledger.statement.duties import DUTIES, obligations
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Case
    from ledger.ids import PartyId


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding of a unit, as it stands at the instant asked for.

    overdue: that its date has passed, and that it was the unit's turn then. waits: that it is the authority's turn: the
        unit objected to it, or says that it has corrected it.
    """

    unit: PartyId
    case: CaseId
    finding: Finding
    overdue: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class FindingsOfUnit:
    """The findings of one unit, by case and number."""

    unit: PartyId
    findings: tuple[FindingRow, ...]

    @property
    def open(self) -> tuple[FindingRow, ...]:
        """Return those that are not settled."""
        return tuple(one for one in self.findings if one.finding.settled_at is None)

    @property
    def overdue(self) -> tuple[FindingRow, ...]:
        """Return those whose date has passed, and that are not settled."""
        return tuple(one for one in self.findings if one.overdue)

    @property
    def waiting(self) -> tuple[FindingRow, ...]:
        """Return those that wait for the authority."""
        return tuple(one for one in self.findings if one.waits)

    @property
    def repeated(self) -> tuple[FindingRow, ...]:
        """Return those that were found more than once."""
        return tuple(one for one in self.findings if one.finding.times > 1)

    @property
    def days_to_close(self) -> Fraction | None:
        """Return how many days it took on average from the raising to the verification; None: none is verified."""
        took = [
            one.finding.settled_at - one.finding.since
            for one in self.findings
            if one.finding.settled_at is not None and one.finding.status is FindingStatus.VERIFIED
        ]
        total = sum(took, timedelta())
        return Fraction(total // timedelta(seconds=1), len(took) * 86_400) if took else None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A supervision that is open, with the visits that it still asks for.

    unit_class: as its plan states; None: it states none. asked, made: how many visits. last: when the last was made.
    due_on: the last day of the plan's period, by which those that are missing are to be made. next_on: the day that
        an earlier supervision of the unit named for the next visit; None: none did.
    """

    unit: PartyId
    case: CaseId
    unit_class: int | None
    asked: int
    made: int
    last: datetime | None
    due_on: date
    next_on: date | None

    @property
    def missing(self) -> int:
        """Return how many visits are still to be made."""
        return max(self.asked - self.made, 0)


@dataclass(frozen=True, slots=True)
class NextVisitRow:
    """A visit that an authority named when it closed a supervision, and that was not made since.

    case: the supervision that was closed. by: the authority, None: the unit recorded it from a document.
    """

    unit: PartyId
    case: CaseId
    by: PartyId | None
    due: datetime
    overdue: bool


def next_visits(events: Iterable[Event[Any]], editions: Editions, at: datetime) -> tuple[NextVisitRow, ...]:
    """Return the visits that were named and are still to be made at an instant, the earliest first."""
    owed = obligations(events, editions, duties=(DUTIES["visit-next"],))
    rows = [
        NextVisitRow(one.owed.creditor, CaseId(one.subject), one.owed.debtor, one.due, one.overdue_at(at))
        for one in owed
        if one.owed_at(at) and one.due is not None and one.owed.creditor is not None
    ]
    return tuple(sorted(rows, key=lambda row: (row.due, row.unit, row.case)))


def findings(events: Iterable[Event[Any]], editions: Editions, at: datetime) -> tuple[FindingsOfUnit, ...]:
    """Return the findings of every unit that has some, by ascending unit, as they stand at an instant.

    events: oldest first, up to when it is asked as of. at: by which a date has passed or not.
    """
    record = Record(events)
    corrections = obligations(record.events, editions, duties=(DUTIES["correct-finding"],))
    owed = {(one.subject, one.owed.key): one for one in corrections}  # of one that was reopened the last
    rows: defaultdict[PartyId, list[FindingRow]] = defaultdict(list)
    for case, supervision in _supervisions(record):
        for number, one in sorted(supervision.findings.items()):
            due = owed[Tag(case.id), str(number)]
            row = FindingRow(supervision.unit, case.id, one, due.overdue_at(at), due.state_at(at) is State.PAUSED)
            rows[supervision.unit].append(row)
    return tuple(FindingsOfUnit(unit, tuple(rows[unit])) for unit in sorted(rows))


def visits_due(events: Iterable[Event[Any]]) -> tuple[VisitRow, ...]:
    """Return the open supervisions that still ask for visits: the worst class first, then the earliest date."""
    record = Record(events)
    plans = {one.said.body.case: one.said.body for one in record.of_kinds("supervision.planned/1")}
    named = _named(record)
    rows = []
    for case, supervision in _supervisions(record):
        plan = plans[case.id]
        row = VisitRow(
            supervision.unit,
            case.id,
            plan.unit_class,
            plan.visits,
            len(supervision.visits),
            max(supervision.visits, default=None),
            plan.period_to,
            named.get(supervision.unit),
        )
        if case.status is not CaseStatus.CLOSED and row.missing:
            rows.append(row)
    return tuple(sorted(rows, key=lambda row: (-(row.unit_class or 0), row.due_on, row.unit, row.case)))


def _supervisions(record: Record) -> list[tuple[Case, Supervision]]:
    return [(case, case.detail) for case in record.cases if isinstance(case.detail, Supervision)]


def _named(record: Record) -> dict[PartyId, date]:
    """Return by unit the day of the next visit that the last supervision closed named."""
    found: dict[PartyId, date] = {}
    for event in record.of_kinds("supervision.closed/1"):
        body = event.said.body
        if body.next_on is not None:
            detail = record.world.case(body.case).detail
            if isinstance(detail, Supervision):
                found[detail.unit] = body.next_on
    return found
