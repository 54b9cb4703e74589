"""Risk assessments from the request to what is put right after a visit: RSK-01 to RSK-08, RSK-20 to RSK-23."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.assessment.on_site import RiskAssessmentVisited, Verification, due_day
from ledger.domain.assessment.risk import RiskAssessmentCompletenessAnswered, RiskAssessmentRequested
from ledger.domain.bodies.products import Paper
from ledger.domain.judging import Signed
from ledger.domain.states.subjects import CaseStatus
from ledger.ids import CaseId, PartyId, SiteId
from tests.spec import before_entry
from tests.spec.assessing import (
    COMPLETE,
    FILED,
    HELD,
    INSTITUTE,
    LACKING,
    PANEL,
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
from tests.spec.before_entry import STRAIN, by_applicant, by_customs, on
from tests.spec.crossing import RIVAL
from tests.spec.parties import IMPORTER, registered
from tests.spec.world import breaches, grounds, judged, refused, rules_at, said, state_of


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
