"""The report that a risk assessment ends with, and reports relied on again: RSK-30 to RSK-43."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.assessment.applications import ApplicationSubmitted
from ledger.domain.assessment.capability import CheckedItem, Conformity, UnitAssessed
from ledger.domain.assessment.reliance import ReliedLine, RiskAssessmentReliedOn
from ledger.domain.assessment.reports import ReportedLine, RiskAssessmentReported
from ledger.domain.authorisation.changes import PermitSuspended
from ledger.domain.authorisation.permits import PermitRecorded, PermittedLine
from ledger.domain.bodies.vocabulary import Amount, Body, Reference
from ledger.domain.judging import Signed
from ledger.domain.law.schemes import Scheme
from ledger.domain.states.risk import Outcome, OutcomeReason
from ledger.ids import CaseId, PermitId
from tests.spec.assessing import (
    HELD,
    INSTITUTE,
    PASSED,
    RECTIFIED,
    REPORTED,
    REQUESTED,
    RISK,
    VERIFIED,
    VISITED,
    assessment,
    by_institute,
    decided,
    reported,
    requested,
)
from tests.spec.assessment.test_risk_assessments import changed
from tests.spec.before_entry import APPLIED, STRAIN, by_applicant, by_customs, on
from tests.spec.crossing import RIVAL
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import breaches, grounds, judged, refused, said

REFERENCE = Reference(document="PG-1", issued_by="Institute", digest="0" * 64)
AGAIN = CaseId("case:again")
MORE = replace(
    APPLIED,
    case=AGAIN,
    products=(replace(STRAIN, line=7, quantity=Amount(value="900", unit="vial")),),
    papers=APPLIED.papers,
)
"""Another application for the first product, of more of it."""
RELIED = RiskAssessmentReliedOn(
    case=RISK, application=AGAIN, lines=(ReliedLine(line=7, reported=1),), district="suzhou"
)


@pytest.mark.rule("RSK-30", "RSK-31")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(REPORTED, lines=REPORTED.lines[:1]), "RSK-30", id="a product left out"),
        pytest.param(replace(REPORTED, lines=(*REPORTED.lines, REPORTED.lines[0])), "RSK-30", id="a product twice"),
        pytest.param(replace(REPORTED, valid_to=date(2026, 8, 1)), "RSK-31", id="ends before it begins"),
    ],
)
def test_a_report_that_contradicts_the_record_is_refused(body: RiskAssessmentReported, rule: str) -> None:
    assert refused(decided(), by_institute(body, 21)) == rule


@pytest.mark.rule("RSK-32")
def test_a_report_is_valid_for_three_years() -> None:
    assert judged(decided(), by_institute(REPORTED, 21)) == []
    [breach] = breaches(decided(), by_institute(replace(REPORTED, valid_to=date(2029, 9, 2)), 21))
    assert (breach.rule, breach.given["months"], grounds(breach)) == ("RSK-32", 36, ("255/2024 Art. 11", True))


@pytest.mark.rule("RSK-33")
def test_a_report_passes_what_a_meeting_passed() -> None:
    failed = replace(PASSED[1], outcome=Outcome.FAIL, reasons=(OutcomeReason.RISK_UNCLEAR,))
    [breach] = breaches(decided(PASSED[0], failed), by_institute(REPORTED, 21))
    assert breach.given == {"lines": ("2",), "count": 1}
    honest = replace(REPORTED, lines=(ReportedLine(line=1, passed=True), ReportedLine(line=2, passed=False)))
    assert judged(decided(PASSED[0], failed), by_institute(honest, 21)) == []
    assert judged(requested(), by_institute(REPORTED, 21)) == ["RSK-33"]


@pytest.mark.rule("RSK-34")
def test_the_place_is_visited_of_a_new_applicant_and_where_the_panel_asks_for_it() -> None:
    asked = (replace(PASSED[0], on_site=True), PASSED[1])
    [breach] = breaches(decided(*asked), by_institute(REPORTED, 21))
    assert breach.given == {"demanded": "panel"}
    wanting = (replace(asked[0], outcome=Outcome.SUPPLEMENT, reasons=(OutcomeReason.RISK_UNCLEAR,)), PASSED[1])
    again = by_institute(replace(HELD, case=CaseId("case:second"), outcomes=PASSED[:1]), 12)
    assert judged([*decided(*wanting), again], by_institute(REPORTED, 21)) == ["RSK-34"]
    new = [by_applicant(changed(first=True), 2) if one.body == REQUESTED else one for one in decided()]
    [breach] = breaches(new, by_institute(REPORTED, 21))
    assert breach.given == {"demanded": "new-applicant"}
    visited = by_institute(replace(VISITED, nonconformities=()), 12)
    assert judged([*new, visited], by_institute(REPORTED, 21)) == []
    nothing = replace(REPORTED, lines=tuple(replace(one, passed=False) for one in REPORTED.lines))
    assert judged(new, by_institute(nothing, 21)) == []


@pytest.mark.rule("RSK-35")
def test_what_differs_is_put_right_before_a_product_is_passed() -> None:
    given = [*decided(), by_institute(VISITED, 12), by_applicant(RECTIFIED, 13)]
    one = by_institute(replace(VERIFIED, numbers=("N1",)), 14)
    [breach] = breaches([*given, one], by_institute(REPORTED, 21))
    assert (breach.rule, breach.given) == ("RSK-35", {"count": 1})
    assert judged([*given, by_institute(VERIFIED, 14)], by_institute(REPORTED, 21)) == []


@pytest.mark.rule("RSK-04")
def test_an_applicant_records_a_report_from_its_document() -> None:
    recorded = replace(REPORTED, reference=REFERENCE)
    assert judged(decided(), by_applicant(recorded, 21)) == []
    assert refused(decided(), said(recorded, RIVAL, at=on(21))) == "RSK-04"


PERMIT = PermitRecorded(
    permit=PermitId("permit:pg-1"),
    scheme=Scheme.ASSESSMENT_REPORT,
    number="PG-1",
    holder=IMPORTER.party,
    country="CN",
    issued_on=date(2026, 9, 1),
    valid_from=REPORTED.valid_from,
    valid_to=REPORTED.valid_to,
    lines=(PermittedLine(line=1, name_en="Strain"),),
)


@pytest.mark.rule("RSK-36")
def test_the_permit_that_a_report_is_agrees_with_it() -> None:
    named = by_institute(replace(REPORTED, permit=PERMIT.permit), 21)
    assert judged([*decided(), by_institute(PERMIT, 21)], named) == []
    assert refused(decided(), named) == "RSK-36"
    assert refused([*decided(), by_institute(replace(PERMIT, number="PG-2"), 21)], named) == "RSK-36"


@pytest.mark.rule("PMT-23")
def test_a_report_is_relied_on_while_its_permit_holds() -> None:
    permitted = [*decided(), by_institute(PERMIT, 21), by_institute(replace(REPORTED, permit=PERMIT.permit), 21)]
    given = [*permitted, by_applicant(MORE, 30)]
    assert judged(given, by_customs(RELIED, 31)) == []
    suspended = by_customs(PermitSuspended(permit=PERMIT.permit, ground="laboratory-differs"), 30)
    [breach] = breaches([*given, suspended], by_customs(RELIED, 31))
    assert (breach.rule, breach.given["state"]) == ("PMT-23", "suspended")


def applied_again(body: ApplicationSubmitted = MORE, day: int = 30) -> list[Signed[Any]]:
    """Return an assessment that has its report, and another application."""
    return [*reported(), by_applicant(body, day)]


def test_a_report_is_relied_on_again_when_only_the_quantity_grows_also_in_another_district() -> None:
    statement = by_customs(RELIED, 31)
    assert judged(applied_again(), statement) == []
    found = assessment([*applied_again(), statement])
    assert found.report is not None
    assert [(found.report.district, one.district, one.application) for one in found.reliances] == [
        ("nanjing", "suzhou", AGAIN)
    ]


@pytest.mark.rule("RSK-41")
def test_a_report_is_relied_on_while_it_is_valid() -> None:
    late = 21 + 1100
    [breach] = breaches(applied_again(day=late), by_customs(RELIED, late + 1))
    assert (breach.rule, breach.given["valid_to"]) == ("RSK-41", "2029-09-01")


@pytest.mark.rule("RSK-42")
@pytest.mark.parametrize(
    "changes",
    [{"name_en": "Another strain"}, {"agents": ("virus-2",)}, {"manufacturer": "Others"}, {"origin": "SE"}],
    ids=["name", "agents", "manufacturer", "origin"],
)
def test_a_report_is_relied_on_for_the_same_product(changes: dict[str, Any]) -> None:
    other = replace(MORE, products=(replace(MORE.products[0], **changes),))
    [breach] = breaches(applied_again(other), by_customs(RELIED, 31))
    assert (breach.rule, breach.given, grounds(breach)) == (
        "RSK-42",
        {"lines": ("7",), "count": 1},
        ("255/2024 Art. 11", True),
    )


@pytest.mark.rule("RSK-42")
def test_a_report_is_relied_on_for_products_that_it_passes() -> None:
    passes = replace(REPORTED, lines=(ReportedLine(line=1, passed=False), ReportedLine(line=2, passed=True)))
    given = [*decided(), by_institute(passes, 21), by_applicant(MORE, 30)]
    assert judged(given, by_customs(RELIED, 31)) == ["RSK-42"]


def capability(level: int, first: date, last: date) -> Signed[Any]:
    """Return an assessment of the using unit, confirmed by it."""
    body = UnitAssessed(
        party=LABORATORY.party,
        assessor=INSTITUTE.party,
        scope=("research",),
        checklist="checklist-2015",
        items=(CheckedItem(item="A1.1", result=Conformity.CONFORMS),),
        capability=level,
        valid_from=first,
        valid_to=last,
    )
    return said(body, INSTITUTE, LABORATORY, at=on(2))


@pytest.mark.rule("RSK-43")
def test_a_report_is_relied_on_while_the_using_units_capability_is_unchanged() -> None:
    then, now = capability(2, date(2026, 8, 1), date(2026, 9, 5)), capability(1, date(2026, 9, 6), date(2027, 9, 5))
    [breach] = breaches([*applied_again(), then, now], by_customs(RELIED, 31))
    assert (breach.rule, breach.given) == ("RSK-43", {"before": 2, "capability": 1})
    same = capability(2, date(2026, 9, 6), date(2027, 9, 5))
    assert judged([*applied_again(), then, same], by_customs(RELIED, 31)) == []
    assert judged([*applied_again(), now], by_customs(RELIED, 31)) == []  # of the day of the report nothing is known


@pytest.mark.rule("RSK-40")
@pytest.mark.parametrize(
    ("given", "body"),
    [
        pytest.param([*decided(), by_applicant(MORE, 30)], RELIED, id="no report"),
        pytest.param(reported(), RELIED, id="no application"),
        pytest.param(applied_again(), replace(RELIED, lines=(ReliedLine(line=1, reported=1),)), id="no such line"),
        pytest.param(applied_again(), replace(RELIED, lines=RELIED.lines * 2), id="a line twice"),
        pytest.param([*applied_again(), by_customs(RELIED, 31)], RELIED, id="twice"),
    ],
)
def test_only_an_issued_report_is_relied_on_once_for_an_application(given: list[Signed[Any]], body: Body) -> None:
    assert refused(given, by_customs(body, 32)) == "RSK-40"


@pytest.mark.rule("RSK-40")
def test_a_reliance_is_recorded_by_an_authority_or_by_the_applicant() -> None:
    recorded = replace(RELIED, reference=REFERENCE)
    assert judged(applied_again(), by_applicant(recorded, 31)) == []
    assert refused(applied_again(), said(recorded, RIVAL, at=on(31))) == "RSK-40"
