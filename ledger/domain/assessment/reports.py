"""The report that a risk assessment ends with.

As a permission it is a permit, which lines, holder and days are recorded of; here is how the assessment came to it, and
what it passes. Who relies on it again is in ``reliance``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.assessment.risk import BODY, going_on
from ledger.domain.bodies.vocabulary import Body, CaseRef, Digest, District, LineNo, Number, PermitRef, Reference
from ledger.domain.cases import concerned
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import add_months
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.law.schemes import Scheme
from ledger.domain.states.risk import Assessment, Outcome, Report
from ledger.domain.states.subjects import Case, CaseStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.states.permit import Permit

# Bodies


class ReportedLine(Body, frozen=True):
    """The result for one product: whether the report passes it."""

    line: LineNo
    passed: bool


class RiskAssessmentReported(Body, frozen=True):
    """The assessment body issues its report, product by product; the assessment ends with it.

    valid_from, valid_to: both days included.
    measures: SHA-256 of what is asked of applicant and supervisors.
    district: of the customs that issue it or entrusted who does.
    permit: the permit that the report is, where it is recorded as one.
    """

    case: CaseRef
    number: Number
    lines: Annotated[tuple[ReportedLine, ...], Meta(min_length=1, max_length=400)]
    valid_from: date
    valid_to: date
    measures: Digest | None = None
    district: District | None = None
    permit: PermitRef | None = None
    reference: Reference | None = None


# Rules

EACH_LINE = Rule("RSK-30", "A report has a result for each product of its assessment, once.", Answer.REFUSAL)
DATES = Rule("RSK-31", "A report does not end before it begins.", Answer.REFUSAL)
VALIDITY = Rule(
    "RSK-32",
    "A report is valid for no longer than the rule pack says.",
    Answer.BREACH,
    parameters=("months", "valid_from", "valid_to"),
    basis=lambda pack, _: pack.assessment_report_validity_months,
)
AS_DECIDED = Rule(
    "RSK-33",
    "A report passes what a meeting passed.",
    Answer.BREACH,
    "255/2024 Arts 6-9",
    Confidence.V,
    ("count", "lines"),
)
VISITED_FIRST = Rule(
    "RSK-34",
    "The place is visited where the applicant is new or the panel asks for it.",
    Answer.BREACH,
    "255/2024 Art. 7",
    Confidence.V,
    ("demanded",),
)
RECTIFIED_FIRST = Rule(
    "RSK-35",
    "Nonconformities are put right, and that is verified, before a product is passed.",
    Answer.BREACH,
    "255/2024 Art. 9",
    Confidence.V,
    ("count",),
)
SAME_PERMIT = Rule(
    "RSK-36", "The permit that a report is has its number, its days and the applicant as its holder.", Answer.REFUSAL
)

RULES = (
    EACH_LINE,
    DATES,
    VALIDITY,
    AS_DECIDED,
    VISITED_FIRST,
    RECTIFIED_FIRST,
    SAME_PERMIT,
)

# Judges


def judge_reported(world: World, said: Signed[RiskAssessmentReported], rules: RulePack) -> Iterator[Breach]:
    """Judge a report. Raises Refused: RSK-03, RSK-04, RSK-30, RSK-31, RSK-36. Returns RSK-32 to RSK-35."""
    body = said.body
    assessment = going_on(world, body.case)
    check_connected(said, (assessment.body, assessment.applicant), BODY, body.case)
    if sorted(one.line for one in body.lines) != sorted(one.line for one in assessment.products):
        raise EACH_LINE.refuse(f"{body.case} has other lines than the report")
    if body.valid_to < body.valid_from:
        raise DATES.refuse(f"it begins on {body.valid_from} and ends on {body.valid_to}")
    if body.permit is not None:
        _check_permit(world.permit(body.permit), body, assessment)
    months = rules.assessment_report_validity_months
    if months is not None and body.valid_to > add_months(body.valid_from, months.value):
        yield VALIDITY.breach((body.case,), months=months.value, valid_from=body.valid_from, valid_to=body.valid_to)
    passed = [one.line for one in body.lines if one.passed]
    yield from _as_decided(assessment, body, passed)
    if passed:
        yield from _before_passing(assessment, body)


def _check_permit(permit: Permit, body: RiskAssessmentReported, assessment: Assessment) -> None:
    recorded = (permit.scheme, permit.number, permit.holder, permit.valid_from, permit.valid_to)
    if recorded != (Scheme.ASSESSMENT_REPORT, body.number, assessment.applicant, body.valid_from, body.valid_to):
        raise SAME_PERMIT.refuse(f"{permit.id} is not recorded as report {body.number} of {assessment.applicant}")


def _as_decided(assessment: Assessment, body: RiskAssessmentReported, passed: list[int]) -> Iterator[Breach]:
    outcomes = {line: assessment.outcomes.get(line) for line in passed}
    other = [line for line, one in outcomes.items() if one is None or one.outcome is not Outcome.PASS]
    if other:
        yield AS_DECIDED.breach((body.case,), count=len(other), lines=list(map(str, other)))


def _before_passing(assessment: Assessment, body: RiskAssessmentReported) -> Iterator[Breach]:
    """Return what is lacking before any product of an assessment may be passed."""
    if assessment.visited_at is None and (assessment.first or assessment.visit_asked):
        yield VISITED_FIRST.breach((body.case,), demanded="new-applicant" if assessment.first else "panel")
    unverified = sum(one.verified_at is None for one in assessment.rectifications.values())
    if unverified:
        yield RECTIFIED_FIRST.breach((body.case,), count=unverified)


# Effects


def reported(case: Case, event: Event[RiskAssessmentReported]) -> Case:
    """Return the assessment as ended by its report."""
    assessment, body = concerned(case, event, Assessment), event.said.body
    if assessment is None:
        return case
    report = Report(
        number=body.number,
        passed=frozenset(one.line for one in body.lines if one.passed),
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        issued_at=event.said.occurred_at,
        district=body.district,
        permit=body.permit,
    )
    return replace(case, status=CaseStatus.CLOSED, detail=replace(assessment, report=report))
