"""Risk assessments from the request to the report, and reports relied on again: RSK-01 to RSK-08, RSK-20 to RSK-43."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.assessment.applications import ApplicationSubmitted
from ledger.domain.assessment.capability import CheckedItem, Conformity, UnitAssessed
from ledger.domain.assessment.on_site import RiskAssessmentVisited, Verification, due_day
from ledger.domain.assessment.reliance import ReliedLine, RiskAssessmentReliedOn
from ledger.domain.assessment.reports import ReportedLine, RiskAssessmentReported
from ledger.domain.assessment.risk import RiskAssessmentCompletenessAnswered, RiskAssessmentRequested
from ledger.domain.authorisation.changes import PermitSuspended
from ledger.domain.authorisation.permits import PermitRecorded, PermittedLine
from ledger.domain.bodies.products import Paper
from ledger.domain.bodies.vocabulary import Amount, Body, Reference
from ledger.domain.judging import Signed
from ledger.domain.law.schemes import Scheme
from ledger.domain.states.risk import Outcome, OutcomeReason
from ledger.domain.states.subjects import CaseStatus
from ledger.ids import CaseId, PartyId, PermitId, SiteId
from tests.spec import before_entry
from tests.spec.assessing import (
    COMPLETE,
    FILED,
    HELD,
    INSTITUTE,
    LACKING,
    PANEL,
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
from tests.spec.before_entry import APPLIED, STRAIN, by_applicant, by_customs, on
from tests.spec.crossing import RIVAL
from tests.spec.parties import IMPORTER, LABORATORY, registered
from tests.spec.world import breaches, grounds, judged, refused, rules_at, said, state_of

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


def test_an_assessment_goes_from_its_request_to_its_report() -> None:
    given = [*before_entry.accepted(), registered(INSTITUTE.party)]
    for one in (
        by_applicant(REQUESTED, 2),
        by_institute(LACKING, 3),
        by_applicant(FILED, 6),
        by_institute(COMPLETE, 7),
        by_institute(PANEL, 8),
        by_institute(VISITED, 9),
        by_applicant(RECTIFIED, 20),
        by_institute(VERIFIED, 21),
        by_institute(HELD, 21),
        by_institute(REPORTED, 22),
    ):
        assert judged(given, one) == []
        given.append(one)
    found = assessment(given)
    assert found.report is not None
    assert (found.report.number, found.report.passed, found.report.district) == ("PG-1", frozenset({1, 2}), "nanjing")
    assert state_of(given, RISK).status is CaseStatus.CLOSED


def changed(**changes: Any) -> RiskAssessmentRequested:  # noqa: ANN401  members of a body
    return replace(REQUESTED, **changes)


@pytest.mark.rule("RSK-01", "RSK-02", "RSK-05", "APP-04")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(changed(body=PartyId("party:nobody")), "RSK-01", id="by nobody"),
        pytest.param(changed(using_unit=PartyId("party:nobody")), "RSK-01", id="to be used by nobody"),
        pytest.param(changed(body=IMPORTER.party), "RSK-01", id="by itself"),
        pytest.param(changed(applicant=RIVAL.party), "RSK-02", id="for another party"),
        pytest.param(changed(application=CaseId("case:none")), "RSK-05", id="no application"),
        pytest.param(changed(products=(STRAIN, STRAIN)), "APP-04", id="a line twice"),
    ],
)
def test_a_request_that_contradicts_the_record_is_refused(body: RiskAssessmentRequested, rule: str) -> None:
    given = [*before_entry.accepted(), registered(INSTITUTE.party)]
    assert refused(given, by_applicant(body, 2)) == rule
    assert refused(requested(), by_applicant(REQUESTED, 3)) == "RSK-01"


@pytest.mark.rule("RSK-06")
def test_an_assessment_begins_when_its_application_is_accepted() -> None:
    given = [*before_entry.submitted(), registered(INSTITUTE.party)]
    [breach] = breaches(given, by_applicant(REQUESTED, 2))
    assert (breach.rule, breach.given, grounds(breach)) == (
        "RSK-06",
        {"case": before_entry.CASE},
        ("255/2024 Art. 5", True),
    )
    assert judged(given, by_applicant(changed(application=None), 2)) == []


@pytest.mark.rule("RSK-07")
@pytest.mark.parametrize(("day", "rules"), [(9, []), (10, ["RSK-07"])])
def test_the_body_answers_within_five_working_days(day: int, rules: list[str]) -> None:
    """Requested on Thursday 13 August 2026; the fifth working day after it is Thursday 20 August."""
    assert judged(requested(), by_institute(COMPLETE, day)) == rules


@pytest.mark.rule("RSK-07")
def test_a_late_answer_has_the_clause_of_the_rule_pack() -> None:
    [breach] = breaches(requested(), by_institute(COMPLETE, 10))
    assert breach.given == {"days": 6, "term": 5, "unit": "working-days"}
    assert grounds(breach) == ("255/2024 Art. 5", True)


@pytest.mark.rule("RSK-08")
def test_everything_that_is_missing_is_told_at_once() -> None:
    given = [*requested(), by_institute(LACKING, 3), by_applicant(FILED, 6)]
    assert judged(given, by_institute(replace(LACKING, missing=(Paper.TRANSPORT_PLAN,)), 7)) == []
    [breach] = breaches(given, by_institute(replace(LACKING, missing=(Paper.ETHICS_APPROVAL,)), 7))
    assert breach.given == {"papers": ("ethics-approval",), "count": 1}


@pytest.mark.rule("RSK-02", "RSK-03", "RSK-04")
@pytest.mark.parametrize(
    ("given", "when", "rule"),
    [
        pytest.param(before_entry.accepted(), by_institute(COMPLETE, 3), "RSK-03", id="no assessment"),
        pytest.param(
            [*requested(), by_institute(COMPLETE, 3)], by_institute(COMPLETE, 4), "RSK-03", id="answered twice"
        ),
        pytest.param(requested(), said(COMPLETE, RIVAL, at=on(3)), "RSK-04", id="by a stranger"),
        pytest.param(requested(), said(FILED, RIVAL, at=on(3)), "RSK-02", id="filed by a stranger"),
        pytest.param(reported(), by_institute(REPORTED, 22), "RSK-03", id="reported twice"),
        pytest.param(reported(), by_applicant(FILED, 22), "RSK-03", id="filed after the report"),
    ],
)
def test_a_step_that_does_not_follow_is_refused(given: list[Signed[Any]], when: Signed[Any], rule: str) -> None:
    assert refused(given, when) == rule


def test_a_dossier_of_which_nothing_is_said_to_be_missing_is_complete() -> None:
    answered = by_institute(RiskAssessmentCompletenessAnswered(case=RISK), 3)
    assert judged(requested(), answered) == []
    assert assessment([*requested(), answered]).missing == frozenset()


def test_an_authority_may_state_what_the_body_that_it_entrusts_did() -> None:
    assert judged(requested(), by_customs(COMPLETE, 3)) == []


@pytest.mark.rule("RSK-20", "RSK-21", "CON-23")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(VISITED, site=SiteId("site:nowhere")), "RSK-20", id="elsewhere"),
        pytest.param(replace(VISITED, nonconformities=VISITED.nonconformities[:1] * 2), "RSK-21", id="a number twice"),
        pytest.param(replace(VISITED, due_on=date(2026, 8, 1)), "CON-23", id="due before the visit"),
    ],
)
def test_a_visit_that_contradicts_the_record_is_refused(body: RiskAssessmentVisited, rule: str) -> None:
    assert refused(decided(), by_institute(body, 12)) == rule


@pytest.mark.rule("RSK-22")
@pytest.mark.parametrize(
    ("due_on", "longer", "rules"),
    [
        (date(2026, 9, 22), False, []),
        (date(2026, 9, 23), False, ["RSK-22"]),
        (date(2026, 10, 22), True, []),
        (date(2026, 10, 23), True, ["RSK-22"]),
    ],
)
def test_what_differs_is_put_right_within_30_days_or_60_if_the_applicant_needs_longer(
    due_on: date, longer: bool, rules: list[str]
) -> None:
    """The visit is on 23 August 2026."""
    visit = by_institute(replace(VISITED, due_on=due_on, longer=longer), 12)
    assert judged(decided(), visit) == rules
    for breach in breaches(decided(), visit):
        assert breach.given["term"] == (60 if longer else 30)
        assert grounds(breach) == ("255/2024 Art. 9", True)


@pytest.mark.rule("RSK-23")
@pytest.mark.parametrize(("due_on", "last"), [(None, 42), (date(2026, 8, 31), 20)])
def test_what_differs_is_put_right_by_its_day(due_on: date | None, last: int) -> None:
    given = [*decided(), by_institute(replace(VISITED, due_on=due_on), 12)]
    assert judged(given, by_applicant(RECTIFIED, last)) == []
    assert judged(given, by_applicant(RECTIFIED, last + 1)) == ["RSK-23"]
    [first, *_] = assessment(given).rectifications.values()
    assert due_day(first, rules_at(on(12))) == on(last).date()


@pytest.mark.rule("RSK-21")
def test_only_what_waits_is_rectified_and_verified() -> None:
    given = [*decided(), by_institute(VISITED, 12)]
    assert refused(given, by_institute(VERIFIED, 13)) == "RSK-21"
    assert refused(given, by_applicant(replace(RECTIFIED, numbers=("N9",)), 13)) == "RSK-21"
    given.append(by_applicant(RECTIFIED, 13))
    assert refused(given, by_applicant(RECTIFIED, 14)) == "RSK-21"
    insufficient = by_institute(replace(VERIFIED, verification=Verification.INSUFFICIENT), 14)
    assert judged([*given, insufficient], by_applicant(RECTIFIED, 15)) == []


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
