"""The report that a risk assessment ends with, and that it is relied on again when only the quantity grows.

Whether a report still holds is told by its days; that the risk of a product is unchanged no record can see, and who
relies on it answers for that.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.application_state import Application
from ledger.domain.assessment.classes import capability_on
from ledger.domain.assessment.risk import BODY, concerned, going_on
from ledger.domain.connection import check_connected
from ledger.domain.deadlines import add_months
from ledger.domain.judging import Answer, Event, Rule, Signed, World
from ledger.domain.risk_state import Assessment, Outcome, Reliance, Report
from ledger.domain.rules import Confidence, RulePack
from ledger.domain.state import Case, CaseStatus
from ledger.domain.vocabulary import Body, CaseRef, Digest, District, LineNo, Number, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.products import Product

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
    """

    case: CaseRef
    number: Number
    lines: Annotated[tuple[ReportedLine, ...], Meta(min_length=1, max_length=400)]
    valid_from: date
    valid_to: date
    measures: Digest | None = None
    district: District | None = None
    reference: Reference | None = None


class ReliedLine(Body, frozen=True):
    """A line of an application, and the line of the report that it rests on."""

    line: LineNo
    reported: LineNo


class RiskAssessmentReliedOn(Body, frozen=True):
    """An authority relies on a report for another application, for which no risk is assessed again.

    district: of the customs that rely on it, which may be another one than that of the report.
    """

    case: CaseRef
    application: CaseRef
    lines: Annotated[tuple[ReliedLine, ...], Meta(min_length=1, max_length=400)]
    district: District | None = None
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
RELIED_ON = Rule(
    "RSK-40", "A report that was issued is relied on, once for an application, line by line.", Answer.REFUSAL
)
STILL_VALID = Rule(
    "RSK-41",
    "A report is relied on while it is valid.",
    Answer.BREACH,
    parameters=("day", "valid_from", "valid_to"),
    basis=lambda pack, _: pack.assessment_report_validity_months,
)
SAME_PRODUCT = Rule(
    "RSK-42",
    "A report is relied on for products that it passes, when nothing but their quantity is another one.",
    Answer.BREACH,
    "255/2024 Art. 11",
    Confidence.V,
    ("count", "lines"),
)
SAME_CAPABILITY = Rule(
    "RSK-43",
    "A report is relied on while the capability of the unit that uses the products is unchanged.",
    Answer.BREACH,
    "255/2024 Art. 11",
    Confidence.V,
    ("before", "capability"),
)

RULES = (
    EACH_LINE,
    DATES,
    VALIDITY,
    AS_DECIDED,
    VISITED_FIRST,
    RECTIFIED_FIRST,
    RELIED_ON,
    STILL_VALID,
    SAME_PRODUCT,
    SAME_CAPABILITY,
)

# Judges


def judge_reported(world: World, said: Signed[RiskAssessmentReported], rules: RulePack) -> Iterator[Breach]:
    """Judge a report. Raises Refused: RSK-03, RSK-04, RSK-30, RSK-31. Returns RSK-32, RSK-33, RSK-34, RSK-35."""
    body = said.body
    assessment = going_on(world, body.case)
    check_connected(said, (assessment.body, assessment.applicant), BODY, body.case)
    if sorted(one.line for one in body.lines) != sorted(one.line for one in assessment.products):
        raise EACH_LINE.refuse(f"{body.case} has other lines than the report")
    if body.valid_to < body.valid_from:
        raise DATES.refuse(f"it begins on {body.valid_from} and ends on {body.valid_to}")
    months = rules.assessment_report_validity_months
    if months is not None and body.valid_to > add_months(body.valid_from, months.value):
        yield VALIDITY.breach((body.case,), months=months.value, valid_from=body.valid_from, valid_to=body.valid_to)
    passed = [one.line for one in body.lines if one.passed]
    yield from _as_decided(assessment, body, passed)
    if passed:
        yield from _before_passing(assessment, body)


def judge_relied_on(world: World, said: Signed[RiskAssessmentReliedOn], rules: RulePack) -> Iterator[Breach]:
    """Judge that a report is relied on. Raises Refused: RSK-40. Returns RSK-41, RSK-42, RSK-43."""
    body, day = said.body, rules.working_days.local_date(said.occurred_at)
    assessment, application = _relied(world, said)
    report = assessment.report
    assert report is not None  # noqa: S101  _relied has looked
    if not report.valid_from <= day <= report.valid_to:
        yield STILL_VALID.breach((body.case,), day=day, valid_from=report.valid_from, valid_to=report.valid_to)
    asked = {one.line: one for one in application.products}
    reported = {one.line: one for one in assessment.products if one.line in report.passed}
    other = [one.line for one in body.lines if _but_quantity(asked[one.line]) != _of(reported, one.reported)]
    if other:
        yield SAME_PRODUCT.breach((body.case, body.application), count=len(other), lines=list(map(str, other)))
    unit = world.party(assessment.using_unit)
    then, now = capability_on(unit, rules.working_days.local_date(report.issued_at)), capability_on(unit, day)
    if then is not None and now is not None and then.level != now.level:  # what nobody assessed is not known to differ
        yield SAME_CAPABILITY.breach((body.case,), before=then.level, capability=now.level)


def _as_decided(assessment: Assessment, body: RiskAssessmentReported, passed: list[int]) -> Iterator[Breach]:
    outcomes = {line: assessment.outcomes.get(line) for line in passed}
    other = [line for line, one in outcomes.items() if one is None or one.outcome is not Outcome.PASS]
    if other:
        yield AS_DECIDED.breach((body.case,), count=len(other), lines=list(map(str, other)))


def _before_passing(assessment: Assessment, body: RiskAssessmentReported) -> Iterator[Breach]:
    """Return what is lacking before any product of an assessment may be passed."""
    if assessment.visited_at is None:
        asked = any(one.on_site for one in assessment.outcomes.values())
        if assessment.first or asked:
            yield VISITED_FIRST.breach((body.case,), demanded="new-applicant" if assessment.first else "panel")
    unverified = sum(one.verified_at is None for one in assessment.rectifications.values())
    if unverified:
        yield RECTIFIED_FIRST.breach((body.case,), count=unverified)


def _relied(world: World, said: Signed[RiskAssessmentReliedOn]) -> tuple[Assessment, Application]:
    body = said.body
    assessment, application = world.case(body.case).detail, world.case(body.application).detail
    if not isinstance(assessment, Assessment) or assessment.report is None:
        raise RELIED_ON.refuse(f"{body.case} has no report")
    if not isinstance(application, Application) or application.ended is not None:
        raise RELIED_ON.refuse(f"{body.application} is no application that waits")
    check_connected(said, (application.applicant,), RELIED_ON, body.application)
    lines, known = [one.line for one in body.lines], {one.line for one in application.products}
    if len(set(lines)) < len(lines) or not known.issuperset(lines):
        raise RELIED_ON.refuse(f"{body.application} has other lines than those named")
    if any(one.application == body.application for one in assessment.reliances):
        raise RELIED_ON.refuse(f"{body.application} relies on {body.case} already")
    return assessment, application


def _but_quantity(product: Product) -> tuple[object, ...]:
    """Return what makes a product the same one, whatever its line and its papers are called."""
    return (
        product.name_en,
        frozenset(product.agents),
        product.material,
        product.specification,
        product.manufacturer,
        product.origin,
        product.quantity.unit,
    )


def _of(reported: dict[int, Product], line: int) -> tuple[object, ...] | None:
    return _but_quantity(reported[line]) if line in reported else None


# Effects


def reported(case: Case, event: Event[RiskAssessmentReported]) -> Case:
    """Return the assessment as ended by its report."""
    assessment, body = concerned(case, event), event.said.body
    if assessment is None:
        return case
    report = Report(
        number=body.number,
        passed=frozenset(one.line for one in body.lines if one.passed),
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        issued_at=event.said.occurred_at,
        district=body.district,
    )
    return replace(case, status=CaseStatus.CLOSED, detail=replace(assessment, report=report))


def relied_on(case: Case, event: Event[RiskAssessmentReliedOn]) -> Case:
    """Return the assessment with one application more that rests on its report."""
    assessment, body = concerned(case, event), event.said.body
    if assessment is None:
        return case
    reliance = Reliance(application=body.application, at=event.said.occurred_at, district=body.district)
    return replace(case, detail=replace(assessment, reliances=(*assessment.reliances, reliance)))
