"""A risk assessment as the rules' examples tell it: two products of an applicant, on their way through one meeting."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from ledger.domain.assessment.meetings import AssessmentMeetingHeld, ProductOutcome, RiskAssessmentPanelFormed
from ledger.domain.assessment.on_site import (
    Nonconformity,
    RiskAssessmentRectificationVerified,
    RiskAssessmentRectified,
    RiskAssessmentVisited,
    Severity,
    Verification,
)
from ledger.domain.assessment.reports import ReportedLine, RiskAssessmentReported
from ledger.domain.assessment.risk import (
    RiskAssessmentCompletenessAnswered,
    RiskAssessmentRequested,
    RiskAssessmentSupplemented,
)
from ledger.domain.bodies.products import FiledPaper, Paper
from ledger.domain.bodies.vocabulary import Body, Role
from ledger.domain.judging import Signed
from ledger.domain.states.risk import Assessment, Outcome
from ledger.ids import CaseId
from tests.spec import before_entry
from tests.spec.before_entry import PAPER, SERUM, STRAIN, by_applicant, on
from tests.spec.crossing import LAB
from tests.spec.parties import IMPORTER, LABORATORY, registered
from tests.spec.world import said, signer, state_of

RISK: Final = CaseId("case:risk")
MEETING: Final = CaseId("case:meeting")
INSTITUTE: Final = signer("party:institute", Role.ASSESSMENT_BODY)
EXPERTS: Final = tuple(letter * 43 for letter in "abcde")
"""Commitments to the codes of five experts."""

REQUESTED: Final = RiskAssessmentRequested(
    case=RISK,
    applicant=IMPORTER.party,
    body=INSTITUTE.party,
    products=(STRAIN, SERUM),
    papers=(PAPER,),
    first=False,
    application=before_entry.CASE,
    using_unit=LABORATORY.party,
)
COMPLETE: Final = RiskAssessmentCompletenessAnswered(case=RISK)
LACKING: Final = RiskAssessmentCompletenessAnswered(case=RISK, missing=(Paper.WASTE_PLAN, Paper.TRANSPORT_PLAN))
FILED: Final = RiskAssessmentSupplemented(case=RISK, papers=(FiledPaper(paper=Paper.WASTE_PLAN, digest="3" * 64),))
PANEL: Final = RiskAssessmentPanelFormed(case=RISK, experts=EXPERTS[:3], leader=EXPERTS[0], recused=EXPERTS[3:4])
PASSED: Final = tuple(ProductOutcome(assessment=RISK, line=line, outcome=Outcome.PASS) for line in (1, 2))
HELD: Final = AssessmentMeetingHeld(case=MEETING, body=INSTITUTE.party, outcomes=PASSED)
VISITED: Final = RiskAssessmentVisited(
    case=RISK,
    site=LAB,
    nonconformities=(
        Nonconformity(number="N1", severity=Severity.MINOR),
        Nonconformity(number="N2", severity=Severity.MAJOR),
    ),
)
RECTIFIED: Final = RiskAssessmentRectified(case=RISK, numbers=("N1", "N2"), evidence=("4" * 64,))
VERIFIED: Final = RiskAssessmentRectificationVerified(
    case=RISK, numbers=("N1", "N2"), verification=Verification.ACCEPTED
)
REPORTED: Final = RiskAssessmentReported(
    case=RISK,
    number="PG-1",
    lines=(ReportedLine(line=1, passed=True), ReportedLine(line=2, passed=True)),
    valid_from=date(2026, 9, 1),
    valid_to=date(2029, 9, 1),
    district="nanjing",
)


def by_institute(body: Body, day: int, **more: object) -> Signed[Any]:
    """Return a statement of the assessment body some days after the application; a panel's discloses its members."""
    if isinstance(body, RiskAssessmentPanelFormed) and not more:
        more = {"commits": frozenset(EXPERTS)}
    return said(body, INSTITUTE, at=on(day), **more)


def requested() -> list[Signed[Any]]:
    """Return an accepted application, and a request that its risk be assessed."""
    return [*before_entry.accepted(), registered(INSTITUTE.party), by_applicant(REQUESTED, 2)]


def decided(*outcomes: ProductOutcome) -> list[Signed[Any]]:
    """Return an assessment whose panel was formed, and the meeting that decided on its products."""
    held = HELD if not outcomes else AssessmentMeetingHeld(case=MEETING, body=INSTITUTE.party, outcomes=outcomes)
    return [*requested(), by_institute(COMPLETE, 3), by_institute(PANEL, 6), by_institute(held, 10)]


def reported() -> list[Signed[Any]]:
    """Return an assessment that ended with a report which passes both products."""
    return [*decided(), by_institute(REPORTED, 21)]


def assessment(given: list[Signed[Any]]) -> Assessment:
    """Return the assessment as some statements leave it."""
    found = state_of(given, RISK).detail
    assert isinstance(found, Assessment)
    return found
