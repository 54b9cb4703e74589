"""What assessment meetings decided: products, pass rate, reasons for failure, and how long rectifications took.

"Risk-assessment meetings: products, pass rate, reasons for failure, rectification time." Every figure is counted from
the record: a meeting that is voided is in none of them, a correction counts as it now stands.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ledger.domain.states.risk import Assessment, Meeting, Outcome
from ledger.domain.states.subjects import Case
from ledger.ids import Tag
from projections.questions.folded import subjects_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime, timedelta

    from ledger.domain.judging import Event
    from ledger.domain.states.risk import OutcomeReason
    from ledger.ids import CaseId, PartyId


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting.

    enterprises: the applicants whose products it decided on. outcomes: how many products by outcome.
    reasons: how often each was given; a product may be kept back for several.
    """

    case: CaseId
    held_at: datetime | None
    body: PartyId
    enterprises: frozenset[PartyId]
    outcomes: Mapping[Outcome, int]
    reasons: Mapping[OutcomeReason, int]

    @property
    def products(self) -> int:
        """Return how many products it decided on."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class RectificationRow:
    """One nonconformity that a visit found. verified_at: None: not put right yet."""

    case: CaseId
    applicant: PartyId
    number: str
    found_at: datetime
    verified_at: datetime | None

    @property
    def took(self) -> timedelta | None:
        """Return how long it was until it was put right and verified; None: it is not yet."""
        return None if self.verified_at is None else self.verified_at - self.found_at


@dataclass(frozen=True, slots=True)
class MeetingsAnswer:
    """All meetings, oldest first, and what they come to."""

    meetings: tuple[MeetingRow, ...]
    rectifications: tuple[RectificationRow, ...]

    @property
    def participations(self) -> int:
        """Return how often an enterprise had products in a meeting: once for each meeting."""
        return sum(len(one.enterprises) for one in self.meetings)

    @property
    def products(self) -> int:
        """Return how many decisions on products there were."""
        return sum(one.products for one in self.meetings)

    @property
    def passed(self) -> int:
        """Return how many products passed."""
        return sum(one.outcomes.get(Outcome.PASS, 0) for one in self.meetings)

    @property
    def pass_rate(self) -> Fraction | None:
        """Return the share of decisions by which a product passed; None: nothing was decided."""
        return Fraction(self.passed, self.products) if self.products else None

    @property
    def reasons(self) -> Mapping[OutcomeReason, int]:
        """Return how often each reason was given, in all meetings."""
        total: Counter[OutcomeReason] = Counter()
        for one in self.meetings:
            total.update(one.reasons)
        return total


def meetings(events: Iterable[Event[Any]]) -> MeetingsAnswer:
    """Return what meetings decided, and the rectifications of the assessments.

    events: oldest first; of each case all that bear its tag.
    """
    cases = subjects_of(events, "case")
    rows = [row for case in cases.values() if isinstance(case, Case) and (row := _meeting(case, cases)) is not None]
    rectified = [row for case in cases.values() if isinstance(case, Case) for row in _rectifications(case)]
    return MeetingsAnswer(
        tuple(sorted(rows, key=lambda row: (str(row.held_at), row.case))),
        tuple(sorted(rectified, key=lambda row: (row.found_at, row.case, row.number))),
    )


def _meeting(case: Case, cases: Mapping[Tag, Any]) -> MeetingRow | None:
    meeting = case.detail
    if not isinstance(meeting, Meeting):
        return None
    assessed = (getattr(cases.get(Tag(one.assessment)), "detail", None) for one in meeting.outcomes)
    return MeetingRow(
        case.id,
        case.opened_on,
        meeting.body,
        frozenset(one.applicant for one in assessed if isinstance(one, Assessment)),
        Counter(one.outcome for one in meeting.outcomes),
        Counter(reason for one in meeting.outcomes for reason in one.reasons),
    )


def _rectifications(case: Case) -> Iterator[RectificationRow]:
    assessment = case.detail
    if isinstance(assessment, Assessment):
        for one in assessment.rectifications.values():
            yield RectificationRow(case.id, assessment.applicant, one.number, one.found_at, one.verified_at)
