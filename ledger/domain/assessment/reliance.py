"""A report relied on again: for another application, when only the quantity grows, also by another district.

Whether a report still holds is told by its days and by its permit; that the risk of a product is unchanged no record
can see, and who relies on it answers for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from ledger.domain.assessment.applications import waiting
from ledger.domain.assessment.classes import capability_on
from ledger.domain.authorisation.drawing import IN_FORCE
from ledger.domain.bodies.vocabulary import Body, CaseRef, District, LineNo, Reference
from ledger.domain.cases import concerned, with_detail
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.risk import Assessment, Reliance, Report
from ledger.domain.states.subjects import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.bodies.products import Product
    from ledger.domain.states.application import Application

# Bodies


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

RULES = (RELIED_ON, STILL_VALID, SAME_PRODUCT, SAME_CAPABILITY)

# Judge


def judge_relied_on(world: World, said: Signed[RiskAssessmentReliedOn], rules: RulePack) -> Iterator[Breach]:
    """Judge that a report is relied on. Raises Refused: RSK-40. Returns RSK-41, PMT-23, RSK-42, RSK-43."""
    body, day = said.body, rules.working_days.local_date(said.occurred_at)
    assessment, report, application = _relied(world, said)
    if not report.valid_from <= day <= report.valid_to:
        yield STILL_VALID.breach((body.case,), day=day, valid_from=report.valid_from, valid_to=report.valid_to)
    elif (
        report.permit is not None and (state := world.permit(report.permit).why_not(said.occurred_at, day)) is not None
    ):
        yield IN_FORCE.breach((body.case,), permit=report.permit, day=day, state=state)
    asked = {one.line: one for one in application.products}
    reported = {one.line: one for one in assessment.products if one.line in report.passed}
    other = [one.line for one in body.lines if _but_quantity(asked[one.line]) != _of(reported, one.reported)]
    if other:
        yield SAME_PRODUCT.breach((body.case, body.application), count=len(other), lines=list(map(str, other)))
    yield from _capability_changed(world, assessment, report, said, rules)


def _capability_changed(
    world: World, assessment: Assessment, report: Report, said: Signed[RiskAssessmentReliedOn], rules: RulePack
) -> Iterator[Breach]:
    """Return RSK-43 where the record knows the capability on both days, and it is another one."""
    unit, local = world.party(assessment.using_unit), rules.working_days.local_date
    then, now = capability_on(unit, local(report.issued_at)), capability_on(unit, local(said.occurred_at))
    if then is not None and now is not None and then.level != now.level:
        yield SAME_CAPABILITY.breach((said.body.case,), before=then.level, capability=now.level)


def _relied(world: World, said: Signed[RiskAssessmentReliedOn]) -> tuple[Assessment, Report, Application]:
    body = said.body
    assessment = world.case(body.case).detail
    if not isinstance(assessment, Assessment) or assessment.report is None:
        raise RELIED_ON.refuse(f"{body.case} has no report")
    application = waiting(world, body.application, RELIED_ON)
    check_connected(said, (application.applicant,), RELIED_ON, body.application)
    lines, known = [one.line for one in body.lines], {one.line for one in application.products}
    if len(set(lines)) < len(lines) or not known.issuperset(lines):
        raise RELIED_ON.refuse(f"{body.application} has other lines than those named")
    if any(one.application == body.application for one in assessment.reliances):
        raise RELIED_ON.refuse(f"{body.application} relies on {body.case} already")
    return assessment, assessment.report, application


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


# Effect


def relied_on(case: Case, event: Event[RiskAssessmentReliedOn]) -> Case:
    """Return the assessment with one application more that rests on its report."""
    assessment, body = concerned(case, event, Assessment), event.said.body
    if assessment is None:
        return case
    reliance = Reliance(application=body.application, at=event.said.occurred_at, district=body.district)
    return with_detail(case, reliances=(*assessment.reliances, reliance))
