"""Sixteen meetings of a joint mechanism that decides product by product, with the numbers that its news reported.

272 participations of enterprises, 922 products, of which 870 pass; each application is decided 1 to 3 working days
after what it waited for is there. Who they were was not reported: enterprises and products are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.assessment.applications import ApplicationAccepted, ApplicationSubmitted
from ledger.domain.assessment.decisions import (
    ApplicationDecided,
    ApplicationPaused,
    ApplicationRefused,
    ApplicationResumed,
    DecisionGround,
    Pause,
)
from ledger.domain.assessment.meetings import AssessmentMeetingHeld, ProductOutcome, RiskAssessmentPanelFormed
from ledger.domain.assessment.reports import ReportedLine, RiskAssessmentReported
from ledger.domain.assessment.risk import RiskAssessmentCompletenessAnswered, RiskAssessmentRequested
from ledger.domain.bodies.products import FiledPaper, Paper, Product
from ledger.domain.bodies.vocabulary import Amount, Grade, Role, WriteOff
from ledger.domain.law.deadlines import add_months
from ledger.domain.states.risk import Outcome, OutcomeReason
from ledger.ids import ApprovalId, CaseId
from scripts.demo.stage import Party, Stage, open_log, party

if TYPE_CHECKING:
    from ledger.domain.law.tables import WorkingDays

MEETINGS: Final = 16
AT_A_MEETING: Final = 17
ENTERPRISES: Final = 40
PRODUCTS: Final = 922
FAILED: Final = 52
_PARTICIPATIONS: Final = MEETINGS * AT_A_MEETING
_MORE: Final = PRODUCTS - 3 * _PARTICIPATIONS
"""So many participations bring four products, all others three."""


@dataclass(frozen=True, slots=True)
class Participation:
    """One enterprise at one meeting: its number among all, its products, and how many of them do not pass."""

    number: int
    enterprise: Party
    products: int
    failed: int

    @property
    def application(self) -> CaseId:
        """Return the case of its application."""
        return CaseId(f"case:application-{self.number}")

    @property
    def assessment(self) -> CaseId:
        """Return the case of its risk assessment."""
        return CaseId(f"case:assessment-{self.number}")

    @property
    def approval(self) -> ApprovalId:
        """Return the approval that it gets."""
        return ApprovalId(f"approval:{self.number}")


@dataclass(slots=True)
class Scenario:
    """The scenario on a stage.

    meetings: how many of them are held. fails_more: the number of a participation of which one product more fails.
    """

    stage: Stage
    calendar: WorkingDays
    enterprises: list[Party] = field(default_factory=list)
    meetings: int = MEETINGS
    fails_more: int = 0
    mechanism: Party = field(
        default_factory=lambda: party("mechanism", "Joint Mechanism", "research", Role.ASSESSMENT_BODY)
    )
    customs: Party = field(default_factory=lambda: party("customs", "Jinling Customs", "customs", Role.CUSTOMS))

    def play(self) -> None:
        """Open the log, admit everybody, and hold the meetings, one a week."""
        operator = party("operator", "Operator", "ledger-operator", Role.OPERATOR)
        self.enterprises = [
            party(f"enterprise-{number}", f"Enterprise {number}", "research", Role.APPLICANT)
            for number in range(1, ENTERPRISES + 1)
        ]
        open_log(self.stage, operator, [self.mechanism, self.customs, *self.enterprises])
        for meeting in range(1, self.meetings + 1):
            self._meet(meeting, self._participations(meeting))

    def _participations(self, meeting: int) -> list[Participation]:
        first = (meeting - 1) * AT_A_MEETING
        return [
            Participation(
                number + 1,
                self.enterprises[number % ENTERPRISES],
                3 + (number < _MORE),
                int(number % 5 == 0 and number // 5 < FAILED) + (number + 1 == self.fails_more),
            )
            for number in range(first, first + AT_A_MEETING)
        ]

    def _meet(self, meeting: int, present: list[Participation]) -> None:
        for one in present:
            self._apply(one)
        self._working_days_later(1)
        outcomes = tuple(
            _outcome(one.assessment, line, failed=line <= one.failed)
            for one in present
            for line in range(1, one.products + 1)
        )
        body = AssessmentMeetingHeld(
            case=CaseId(f"case:meeting-{meeting}"),
            body=self.mechanism.id,
            outcomes=outcomes,
            number=f"2026-{meeting}",
        )
        self.stage.say(body, self.mechanism.first)
        self.stage.clock.later(hours=2)
        for one in present:
            self._report(one)
        for days in (1, 2, 3):
            self._working_days_later(1)
            for one in present:
                if one.number % 3 == days - 1:
                    self._decide(one)
        self._working_days_later(2)

    def _apply(self, one: Participation) -> None:
        who, products = one.enterprise, _products(one)
        papers = (FiledPaper(paper=Paper.RISK_DOSSIER, digest="1" * 64),)
        submitted = ApplicationSubmitted(
            case=one.application,
            applicant=who.id,
            direction=Direction.IMPORT,
            products=products,
            papers=papers,
            grade=Grade.B1,
            purposes=("research",),
        )
        self.stage.say(submitted, who.first)
        self.stage.say(ApplicationAccepted(case=one.application, number=f"SL-{one.number}"), self.customs.first)
        waits = ApplicationPaused(case=one.application, pause=Pause.EXPERT_ASSESSMENT)
        self.stage.say(waits, self.customs.first)
        requested = RiskAssessmentRequested(
            case=one.assessment,
            applicant=who.id,
            body=self.mechanism.id,
            products=products,
            papers=papers,
            first=False,
            application=one.application,
        )
        self.stage.say(requested, who.first)
        answered = RiskAssessmentCompletenessAnswered(case=one.assessment, missing=())
        self.stage.say(answered, self.mechanism.first)
        names = ("first", "second", "third")
        panel = RiskAssessmentPanelFormed(
            case=one.assessment, experts=tuple(f"disclose:{name}" for name in names), leader="disclose:first"
        )
        members = {name: f"E-{one.number % 9}{at}" for at, name in enumerate(names)}
        self.stage.say(panel, self.mechanism.first, disclose=members)

    def _report(self, one: Participation) -> None:
        today = self._today()
        lines = tuple(ReportedLine(line=line, passed=line > one.failed) for line in range(1, one.products + 1))
        body = RiskAssessmentReported(
            case=one.assessment,
            number=f"2026-{one.number}",
            lines=lines,
            valid_from=today,
            valid_to=add_months(today, 36),
            district="nanjing",
        )
        self.stage.say(body, self.mechanism.first)
        self.stage.say(ApplicationResumed(case=one.application), self.customs.first)

    def _decide(self, one: Participation) -> None:
        passed = [product for product in _products(one) if product.line > one.failed]
        if not passed:
            number, ground = f"JJ-{one.number}", DecisionGround.ASSESSMENT_FAILED
            self.stage.say(ApplicationRefused(case=one.application, number=number, ground=ground), self.customs.first)
            return
        today = self._today()
        granted = ApprovalGranted(
            approval=one.approval,
            number=f"NJ 2026 {one.number:04d}",
            direction=Direction.IMPORT,
            applicant=one.enterprise.id,
            issued_on=today,
            valid_from=today,
            valid_to=add_months(today, 6) - timedelta(days=1),
            write_off=WriteOff.BATCH,
            follow_up=True,
            grade=Grade.B1,
            purposes=("research",),
            lines=tuple(
                ApprovedLine(line=product.line, name_en=product.name_en, quantity=product.quantity)
                for product in passed
            ),
            assessment_number=f"2026-{one.number}",
        )
        self.stage.say(granted, self.customs.first)
        self.stage.say(ApplicationDecided(case=one.application, approval=one.approval), self.customs.first)

    def _working_days_later(self, days: int) -> None:
        """Let time pass until nine in the morning of a working day."""
        now = self.stage.clock.now()
        day = self.calendar.add_working_days(self.calendar.local_date(now), days)
        nine = self.calendar.end_of_day(day - timedelta(days=1)) + timedelta(hours=9)
        self.stage.clock.later(seconds=(nine - now).total_seconds())

    def _today(self) -> date:
        """Return the local day."""
        return self.calendar.local_date(self.stage.clock.now())


def _products(one: Participation) -> tuple[Product, ...]:
    return tuple(
        Product(line=line, name_en=f"Product {one.number}-{line}", quantity=Amount(value="10", unit="vial"))
        for line in range(1, one.products + 1)
    )


def _outcome(assessment: CaseId, line: int, *, failed: bool) -> ProductOutcome:
    if not failed:
        return ProductOutcome(assessment=assessment, line=line, outcome=Outcome.PASS)
    reasons = (next(iter(OutcomeReason)),)
    return ProductOutcome(assessment=assessment, line=line, outcome=Outcome.FAIL, reasons=reasons)
