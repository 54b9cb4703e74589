"""Applications for an approval: APP-01 to APP-11, APR-12, and the days that each of their steps took."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.approval.approvals import Direction
from ledger.domain.assessment.applications import ApplicationSubmitted, ApplicationWithdrawn
from ledger.domain.assessment.days import days_of, decision_due
from ledger.domain.assessment.decisions import (
    ApplicationExtended,
)
from ledger.domain.bodies.vocabulary import Body, Reference
from ledger.domain.judging import Signed
from ledger.domain.states.application import ApplicationEnd, Phase
from ledger.domain.states.subjects import CaseStatus
from ledger.ids import ApprovalId, CaseId, PartyId, SiteId
from tests.spec.before_entry import (
    ACCEPTED,
    APPLIED,
    ASKED,
    CASE,
    DECIDED,
    NOT_ACCEPTED,
    PAUSED,
    REFUSED,
    RESUMED,
    STRAIN,
    SUPPLEMENT,
    accepted,
    application,
    approved,
    by_applicant,
    by_customs,
    on,
    submitted,
)
from tests.spec.crossing import APPROVED, OFFICER, PARTIES, RIVAL, amount
from tests.spec.parties import IMPORTER, registered
from tests.spec.world import breaches, grounds, judged, refused, rules_at, said, state_of

REFERENCE = Reference(document="SL-1", issued_by="Customs", digest="0" * 64)
EXTENDED = ApplicationExtended(case=CASE)


def test_an_application_goes_from_hand_to_hand_until_it_is_granted() -> None:
    given = [*PARTIES]
    for one in (
        by_applicant(APPLIED, 0),
        by_customs(ASKED, 1),
        by_applicant(SUPPLEMENT, 3),
        by_customs(ACCEPTED, 6),
        by_customs(PAUSED, 7),
        by_customs(RESUMED, 17),
        by_customs(APPROVED, 20),
        by_customs(DECIDED, 20),
    ):
        assert judged(given, one) == []
        given.append(one)
    found = application(given)
    assert [step.phase for step in found.steps] == [
        Phase.INTAKE,
        Phase.APPLICANT,
        Phase.INTAKE,
        Phase.DECISION,
        Phase.EXPERT_ASSESSMENT,
        Phase.DECISION,
        Phase.ENDED,
    ]
    assert (found.ended, found.approval) == (ApplicationEnd.GRANTED, APPROVED.approval)
    assert state_of(given, CASE).status is CaseStatus.CLOSED


def test_each_step_has_its_days_and_only_the_decisions_count() -> None:
    given = [*submitted(), by_customs(ASKED, 1), by_applicant(SUPPLEMENT, 3), by_customs(ACCEPTED, 6)]
    given += [by_customs(PAUSED, 7), by_customs(RESUMED, 17)]
    counted = days_of(application(given), rules_at(on(0)).working_days, on(20))
    assert [(step.phase, step.days, step.counts) for step in counted.steps] == [
        (Phase.INTAKE, 1, False),
        (Phase.APPLICANT, 2, False),
        (Phase.INTAKE, 1, False),
        (Phase.DECISION, 1, True),
        (Phase.EXPERT_ASSESSMENT, 8, False),
        (Phase.DECISION, 1, True),
    ]
    assert (counted.counted, counted.whole, counted.calendar, counted.estimate) == (2, 14, "cn-2026", False)


def test_before_it_is_handed_in_an_application_has_no_days() -> None:
    assert days_of(application(submitted()), rules_at(on(0)).working_days, on(-9)).steps == ()


def test_the_calendar_says_from_when_on_its_days_are_estimates() -> None:
    assert days_of(application(accepted()), rules_at(on(0)).working_days, on(200)).estimate


@pytest.mark.rule("APP-10")
@pytest.mark.parametrize(("day", "rules"), [(29, []), (30, ["APP-10"])])
def test_a_decision_is_due_within_the_packs_term_from_the_acceptance(day: int, rules: list[str]) -> None:
    """Accepted on Wednesday 12 August 2026: the twentieth working day after it is Wednesday 9 September."""
    assert judged(approved(day), by_customs(DECIDED, day)) == rules
    assert judged(accepted(), by_customs(REFUSED, day)) == rules


@pytest.mark.rule("APP-10")
def test_a_late_decision_has_the_clause_and_the_mark_of_the_rule_pack() -> None:
    [breach] = breaches(approved(31), by_customs(DECIDED, 31))
    assert breach.given == {"days": 22, "term": 20, "unit": "working-days"}
    assert grounds(breach) == ("Order 281 (article not read)", False)


@pytest.mark.rule("APP-10", "APP-11")
def test_a_term_is_drawn_out_by_the_packs_days_before_it_ends() -> None:
    given = [*accepted(), by_customs(EXTENDED, 20)]
    assert judged([*given, by_customs(APPROVED, 36)], by_customs(DECIDED, 36)) == []
    assert judged(accepted(), by_customs(EXTENDED, 30)) == ["APP-11"]


@pytest.mark.rule("APP-07")
def test_a_term_is_drawn_out_once_and_after_the_acceptance() -> None:
    assert refused([*accepted(), by_customs(EXTENDED, 2)], by_customs(EXTENDED, 3)) == "APP-07"
    assert refused(submitted(), by_customs(EXTENDED, 2)) == "APP-07"


def test_a_decision_is_due_on_a_day_that_moves_with_every_pause() -> None:
    rules = rules_at(on(0))
    assert decision_due(application(submitted()), rules) is None
    due = decision_due(application(accepted()), rules)
    assert due is not None and rules.working_days.local_date(due) == on(29).date()
    assert decision_due(application([*accepted(), by_customs(PAUSED, 6)]), rules) is None
    later = decision_due(application([*accepted(), by_customs(PAUSED, 6), by_customs(RESUMED, 13)]), rules)
    assert later is not None and rules.working_days.local_date(later) == on(36).date()


@pytest.mark.rule("APR-12")
def test_an_individual_applies_for_no_pathogens() -> None:
    given = [*PARTIES, registered(IMPORTER.party, natural_person=True)]
    [breach] = breaches(given, by_applicant(APPLIED, 0))
    assert (breach.rule, grounds(breach)) == ("APR-12", ("Order 281 (article not read)", False))
    assert judged(given, by_applicant(replace(APPLIED, products=(APPLIED.products[1],)), 0)) == []


def changed(**changes: Any) -> ApplicationSubmitted:  # noqa: ANN401  members of a body
    return replace(APPLIED, **changes)


@pytest.mark.rule("APP-01", "APP-02", "APP-04", "APP-05", "PRT-04", "UNI-01")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(changed(applicant=RIVAL.party), "APP-02", id="for another party"),
        pytest.param(changed(applicant=PartyId("party:nobody")), "APP-02", id="for nobody"),
        pytest.param(changed(products=(STRAIN, STRAIN)), "APP-04", id="a line twice"),
        pytest.param(changed(laboratory=SiteId("site:nowhere")), "APP-05", id="unknown laboratory"),
        pytest.param(changed(sites=(SiteId("site:nowhere"),)), "APP-05", id="unknown site"),
        pytest.param(changed(products=(replace(STRAIN, quantity=amount("0")),)), "PRT-04", id="nothing"),
        pytest.param(changed(products=(replace(STRAIN, quantity=amount("1", "ml")),)), "UNI-01", id="no unit"),
    ],
)
def test_an_application_that_contradicts_the_record_is_refused(body: ApplicationSubmitted, rule: str) -> None:
    assert refused(PARTIES, by_applicant(body, 0)) == rule
    assert refused(submitted(), by_applicant(APPLIED, 1)) == "APP-01"


@pytest.mark.rule("APP-03", "APP-07")
@pytest.mark.parametrize(
    ("given", "when", "rule"),
    [
        pytest.param(PARTIES, by_customs(ACCEPTED, 1), "APP-03", id="no application"),
        pytest.param(submitted(), by_customs(DECIDED, 1), "APP-07", id="granted before it is accepted"),
        pytest.param(submitted(), by_customs(REFUSED, 1), "APP-07", id="refused before it is accepted"),
        pytest.param(submitted(), by_customs(PAUSED, 1), "APP-07", id="paused before it is accepted"),
        pytest.param(accepted(), by_customs(ACCEPTED, 2), "APP-07", id="accepted twice"),
        pytest.param(accepted(), by_customs(RESUMED, 2), "APP-07", id="resumed without a pause"),
        pytest.param(accepted(), by_customs(NOT_ACCEPTED, 2), "APP-07", id="not accepted after all"),
        pytest.param(submitted(), by_applicant(SUPPLEMENT, 1), "APP-07", id="nothing was asked for"),
        pytest.param(
            [*submitted(), by_customs(ASKED, 1)], by_customs(ACCEPTED, 2), "APP-07", id="accepted while incomplete"
        ),
        pytest.param([*submitted(), by_customs(ASKED, 1)], by_customs(ASKED, 2), "APP-07", id="asked twice"),
        pytest.param([*accepted(), by_customs(REFUSED, 2)], by_customs(REFUSED, 3), "APP-03", id="decided already"),
    ],
)
def test_a_step_that_does_not_follow_is_refused(given: list[Signed[Any]], when: Signed[Any], rule: str) -> None:
    assert refused(given, when) == rule


@pytest.mark.rule("APP-06")
def test_an_authoritys_act_is_recorded_by_itself_or_by_the_applicant_from_its_document() -> None:
    recorded = replace(ACCEPTED, reference=REFERENCE)
    assert judged(submitted(), by_applicant(recorded, 1)) == []
    assert refused(submitted(), said(recorded, RIVAL, at=on(1))) == "APP-06"


@pytest.mark.rule("APP-02")
@pytest.mark.parametrize("body", [SUPPLEMENT, ApplicationWithdrawn(case=CASE)], ids=["supplement", "withdrawal"])
def test_nobody_else_completes_or_takes_back_an_application(body: Body) -> None:
    given = [*submitted(), by_customs(ASKED, 1)]
    assert refused(given, said(body, RIVAL, at=on(2))) == "APP-02"
    assert judged(given, by_applicant(body, 2)) == []


def test_an_application_that_is_taken_back_waits_no_more() -> None:
    found = application([*accepted(), by_applicant(ApplicationWithdrawn(case=CASE), 3)])
    assert (found.ended, found.phase) == (ApplicationEnd.WITHDRAWN, Phase.ENDED)
    assert days_of(found, rules_at(on(0)).working_days, on(30)).counted == 2


@pytest.mark.rule("APP-08")
@pytest.mark.parametrize(
    "granted",
    [
        pytest.param(replace(APPROVED, approval=ApprovalId("approval:other")), id="not recorded"),
        pytest.param(replace(APPROVED, applicant=RIVAL.party), id="of another party"),
        pytest.param(replace(APPROVED, direction=Direction.EXPORT), id="for the other direction"),
    ],
)
def test_an_application_leads_to_an_approval_of_its_own_party_and_direction(granted: Body) -> None:
    assert refused([*accepted(), said(granted, OFFICER, at=on(2))], by_customs(DECIDED, 2)) == "APP-08"


@pytest.mark.rule("APP-09")
def test_goods_that_are_no_special_items_get_a_decision_not_to_accept_them() -> None:
    for decision in (by_customs(NOT_ACCEPTED, 1), by_customs(replace(NOT_ACCEPTED, lines=(1, 2)), 1)):
        assert judged(submitted(), decision) == []
        found = application([*submitted(), decision])
        assert (found.ended, found.number) == (ApplicationEnd.NOT_ACCEPTED, "BY-1")
    assert refused(submitted(), by_customs(replace(NOT_ACCEPTED, lines=(3,)), 1)) == "APP-09"
    assert refused(submitted(), by_customs(replace(NOT_ACCEPTED, lines=(2, 2)), 1)) == "APP-09"


@pytest.mark.rule("APP-09")
def test_an_application_goes_on_with_the_products_that_are_taken_up() -> None:
    serum, strain = (by_customs(replace(NOT_ACCEPTED, lines=(line,)), 1) for line in (2, 1))
    given = [*submitted(), serum]
    found = application(given)
    assert (found.ended, found.waiting, found.number) == (None, frozenset({1}), "")
    assert judged(given, by_customs(ACCEPTED, 2)) == []
    assert refused(given, serum) == "APP-09"
    assert judged(given, strain) == []
    assert application([*given, strain]).ended is ApplicationEnd.NOT_ACCEPTED


def test_a_statement_about_another_application_changes_none() -> None:
    other = replace(ACCEPTED, case=CaseId("case:other"))
    assert application([*submitted(), by_customs(other, 1)]).accepted_at is None
