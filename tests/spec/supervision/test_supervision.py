"""Plans and visits: SUP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Grade, Reference, Role
from ledger.domain.states.supervision import Area
from ledger.domain.supervision.plans import Basis, SupervisionDelegated, SupervisionJoined, SupervisionPlanned
from ledger.domain.supervision.visits import (
    Because,
    Checked,
    Conclusion,
    Form,
    PointResult,
    SupervisionVisited,
    UnitSigned,
)
from ledger.domain.work.portions import Portion
from ledger.ids import ApprovalId, CaseId
from tests.spec.assessment.test_unit_classes import ASSESSED
from tests.spec.bench import (
    APPROVAL,
    CUSTOMS,
    ELSEWHERE,
    LAB,
    OTHER,
    A,
    ml,
    site,
    vials,
)
from tests.spec.parties import IMPORTER, LABORATORY, registered
from tests.spec.world import NOON, breaches, judged, refused, said, signer, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signed

CASE: Final = CaseId("case:visit")
ORDER: Final = CaseId("case:order")
SECOND: Final = signer("party:customs", Role.CUSTOMS, person="p-2", meaning="witnessed")
MARKET: Final = signer("party:market", Role.MARKET_AUTHORITY)
BRANCH: Final = signer("party:branch", Role.CUSTOMS)
UNIT: Final = LABORATORY
REFERENCE: Final = Reference(document="JG 2026/1", issued_by="Jinling Customs", digest="0" * 64)
PLAN: Final = SupervisionPlanned(
    case=CASE,
    party=UNIT.party,
    basis=Basis.CLASS,
    areas=(Area.STORAGE, Area.USE),
    period_from=date(2026, 9, 1),
    period_to=date(2027, 8, 31),
    visits=2,
    unit_class=2,
    approvals=(APPROVAL,),
)
POINTS: Final = (
    Checked(point="B2.10", result=PointResult.CONFORMS),
    Checked(point="B1.4", result=PointResult.DOES_NOT_CONFORM, starred=True),
    Checked(point="B1.5", result=PointResult.NOT_DONE, because=Because.NO_ACCESS),
)
VISIT: Final = SupervisionVisited(
    case=CASE,
    party=UNIT.party,
    site=LAB,
    form=Form.AQSIQ_269_2015,
    points=POINTS,
    conclusion=Conclusion.RECTIFY,
    unit_signed=UnitSigned.SIGNED,
)


def unit() -> list[Signed[Any]]:
    """Return two vials at a registered unit, and the other parties."""
    return [registered(UNIT.party), registered(BRANCH.party), *vials(), site(ELSEWHERE, owner=OTHER)]


def planned(body: SupervisionPlanned = PLAN) -> list[Signed[Any]]:
    return [*unit(), said(body, CUSTOMS)]


def visited(body: SupervisionVisited = VISIT) -> Signed[Any]:
    return said(body, CUSTOMS, SECOND, UNIT)


def test_a_plan_opens_the_case_of_a_unit() -> None:
    assert judged(unit(), said(PLAN, CUSTOMS)) == []
    detail = state_of(planned(), CASE).detail
    assert (detail.unit, detail.approvals) == (UNIT.party, {APPROVAL})
    assert detail.takes_part(CUSTOMS.party, Area.USE)
    assert not detail.takes_part(CUSTOMS.party, Area.WASTE)


@pytest.mark.rule("SUP-01", "SUP-02", "SUP-03", "SUP-06")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(PLAN, party=MARKET.party), "SUP-02", id="an unregistered unit"),
        pytest.param(replace(PLAN, sites=(ELSEWHERE,)), "SUP-02", id="another party's site"),
        pytest.param(replace(PLAN, approvals=(ApprovalId("approval:no"),)), "SUP-02", id="no approval"),
        pytest.param(replace(PLAN, period_to=date(2026, 8, 31)), "SUP-03", id="a period that ends before it begins"),
    ],
)
def test_a_plan_that_contradicts_the_record_is_refused(body: SupervisionPlanned, rule: str) -> None:
    assert refused(unit(), said(body, CUSTOMS)) == rule
    assert refused(planned(), said(PLAN, CUSTOMS)) == "SUP-01"
    assert refused(unit(), said(PLAN, CUSTOMS, UNIT)) == "SUP-06"


def test_a_unit_may_record_its_plan_from_the_document_and_takes_no_part_by_that() -> None:
    recorded = said(replace(PLAN, reference=REFERENCE), UNIT)
    assert judged(unit(), recorded) == []
    assert not state_of([*unit(), recorded], CASE).detail.takes_part(UNIT.party)


@pytest.mark.rule("SUP-16")
def test_a_document_of_a_supervision_is_recorded_by_who_is_concerned_by_it() -> None:
    plan, visit = replace(PLAN, reference=REFERENCE), replace(VISIT, reference=REFERENCE)
    assert judged(unit(), said(plan, IMPORTER)) == []
    assert refused(unit(), said(plan, OTHER)) == "SUP-16"
    assert refused(unit(), said(replace(plan, approvals=()), IMPORTER)) == "SUP-16"
    assert judged(planned(), said(visit, IMPORTER)) == []
    assert refused(planned(), said(visit, OTHER)) == "SUP-16"
    assert refused(planned(), said(visit, UNIT, OTHER)) == "SUP-16"


@pytest.mark.rule("SUP-07")
@pytest.mark.parametrize(
    ("body", "broken"),
    [
        pytest.param(replace(PLAN, visits=1), ["SUP-07"], id="one visit a year of class 2"),
        pytest.param(replace(PLAN, visits=1, period_to=date(2027, 2, 28)), [], id="one visit in half a year"),
        pytest.param(replace(PLAN, visits=1, unit_class=1), [], id="class 1"),
        pytest.param(replace(PLAN, visits=1, unit_class=None), [], id="of no class"),
        pytest.param(replace(PLAN, visits=1, basis=Basis.CAUSE), [], id="for a cause"),
    ],
)
def test_a_unit_is_visited_as_often_as_its_class_asks(body: SupervisionPlanned, broken: list[str]) -> None:
    assert judged(unit(), said(body, CUSTOMS)) == broken


def test_several_departments_take_part_each_with_its_areas() -> None:
    joined = said(SupervisionJoined(case=CASE, areas=(Area.SALE,)), MARKET)
    assert judged(planned(), joined) == []
    detail = state_of([*planned(), joined], CASE).detail
    assert detail.takes_part(MARKET.party, Area.SALE)
    assert not detail.takes_part(MARKET.party, Area.USE)
    assert refused(unit(), joined) == "SUP-04"
    assert refused(planned(), said(VISIT, MARKET, UNIT)) == "SUP-05"
    assert judged([*planned(), joined], said(VISIT, MARKET, CUSTOMS, UNIT)) == []


def test_a_part_is_delegated_to_a_branch_office() -> None:
    delegated = SupervisionDelegated(case=CASE, to=BRANCH.party, areas=(Area.STORAGE,))
    assert judged(planned(), said(delegated, CUSTOMS)) == []
    detail = state_of([*planned(), said(delegated, CUSTOMS)], CASE).detail
    assert detail.takes_part(BRANCH.party, Area.STORAGE)
    assert refused(planned(), said(replace(delegated, areas=(Area.WASTE,)), CUSTOMS)) == "SUP-05"
    assert refused(planned(), said(replace(delegated, to=UNIT.party), CUSTOMS)) == "SUP-02"
    assert refused(planned(), said(replace(delegated, to=OTHER.party), CUSTOMS)) == "SUP-02"


@pytest.mark.rule("SUP-08")
@pytest.mark.parametrize(
    ("grade", "broken"),
    [(Grade.A, ["SUP-08"]), (Grade.B, ["SUP-08"]), (Grade.C, []), (Grade.D, []), (Grade.A1, []), (None, [])],
)
def test_the_grades_of_2015_say_what_is_delegated(grade: Grade | None, broken: list[str]) -> None:
    given = [
        replace(one, body=replace(one.body, grade=grade)) if one.kind == "approval.granted/1" else one
        for one in planned()
    ]
    when = said(SupervisionDelegated(case=CASE, to=BRANCH.party, areas=(Area.USE,)), CUSTOMS)
    assert judged(given, when) == broken


def test_a_visit_is_signed_by_two_officers_and_the_unit() -> None:
    assert judged(planned(), visited()) == []
    assert state_of([*planned(), visited()], CASE).detail.visits == (NOON,)


@pytest.mark.rule("SUP-13")
def test_one_officer_alone_is_a_breach_and_a_document_shows_its_own() -> None:
    assert judged(planned(), said(VISIT, CUSTOMS, UNIT)) == ["SUP-13"]
    assert judged(planned(), said(replace(VISIT, reference=REFERENCE), UNIT)) == []


@pytest.mark.rule("SUP-12")
def test_the_unit_signs_or_its_refusal_is_told() -> None:
    refusal = replace(VISIT, unit_signed=UnitSigned.REFUSED)
    assert judged(planned(), said(refusal, CUSTOMS, SECOND)) == []
    assert refused(planned(), said(VISIT, CUSTOMS, SECOND)) == "SUP-12"
    assert refused(planned(), said(refusal, CUSTOMS, SECOND, UNIT)) == "SUP-12"


@pytest.mark.rule("SUP-04", "SUP-10", "SUP-11")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(VISIT, site=ELSEWHERE), "SUP-10", id="another party's site"),
        pytest.param(replace(VISIT, party=OTHER.party), "SUP-10", id="another unit"),
        pytest.param(replace(VISIT, points=(POINTS[0], POINTS[0])), "SUP-11", id="a point twice"),
        pytest.param(replace(VISIT, points=(replace(POINTS[2], because=None),)), "SUP-11", id="not done, not said why"),
        pytest.param(replace(VISIT, points=(replace(POINTS[0], because=Because.OTHER),)), "SUP-11", id="done, and why"),
        pytest.param(replace(VISIT, case=ORDER), "SUP-04", id="no supervision"),
    ],
)
def test_a_visit_is_refused(body: SupervisionVisited, rule: str) -> None:
    assert refused(planned(), visited(body)) == rule


@pytest.mark.rule("SUP-14")
def test_what_does_not_conform_does_not_pass() -> None:
    assert judged(planned(), visited(replace(VISIT, conclusion=Conclusion.PASSED))) == ["SUP-14"]
    assert judged(planned(), visited(replace(VISIT, conclusion=Conclusion.PASSED, points=POINTS[:1]))) == []


def test_samples_that_officers_take_leave_the_items() -> None:
    body = replace(VISIT, samples=(Portion(item=A, quantity=ml("2")),), seal="S-1")
    assert judged(planned(), visited(body)) == []
    assert str(state_of([*planned(), visited(body)], A).quantity) == "8 mL"
    more = replace(body, samples=(Portion(item=A, quantity=ml("20")),))
    assert refused(planned(), visited(more)) == "PRT-02"


def test_the_parameters_of_a_breach_name_its_number() -> None:
    found = breaches(unit(), said(replace(PLAN, visits=1), CUSTOMS))
    assert found[0].given == {"asked": 2, "count": 1, "unit_class": 2}


@pytest.mark.rule("SUP-09")
@pytest.mark.parametrize(("stated", "broken"), [(2, []), (1, ["SUP-09"]), (None, ["SUP-09"])])
def test_a_plan_states_the_class_that_follows_from_the_record(stated: int | None, broken: list[str]) -> None:
    july = NOON - timedelta(days=60)
    assessed = replace(
        ASSESSED, party=UNIT.party, capability=3, valid_from=date(2026, 6, 1), valid_to=date(2027, 5, 31)
    )
    given = [registered(UNIT.party), said(assessed, CUSTOMS, at=july)]
    plan = replace(PLAN, unit_class=stated, approvals=(), visits=2)
    assert judged(given, said(plan, CUSTOMS, at=july)) == broken
    for_a_cause = replace(plan, basis=Basis.CAUSE)
    assert judged(given, said(for_a_cause, CUSTOMS, at=july)) == (broken if stated else [])
    assert judged(given, said(plan, CUSTOMS)) == []  # under the rules of September no credit has a coefficient


@pytest.mark.rule("SUP-07")
@pytest.mark.parametrize("stated", [1, None])
def test_how_often_is_asked_by_the_class_that_follows_from_the_record(stated: int | None) -> None:
    """Neither a better class that is stated nor none at all makes a plan of fewer visits right."""
    july = NOON - timedelta(days=60)
    assessed = replace(
        ASSESSED, party=UNIT.party, capability=3, valid_from=date(2026, 6, 1), valid_to=date(2027, 5, 31)
    )
    given = [registered(UNIT.party), said(assessed, CUSTOMS, at=july)]
    plan = replace(PLAN, unit_class=stated, approvals=(), visits=1)
    found = breaches(given, said(plan, CUSTOMS, at=july))
    assert [one.rule for one in found] == ["SUP-09", "SUP-07"]
    assert [one.given["unit_class"] for one in found] == [stated, 2]


@pytest.mark.rule("SUP-15")
def test_what_is_told_in_words_stands_in_a_disclosure() -> None:
    note = "n" * 43
    noted = visited(replace(VISIT, unit_signed=UnitSigned.SIGNED_WITH_NOTE, note=note))
    assert refused(planned(), noted) == "SUP-15"
    assert judged(planned(), replace(noted, commits=frozenset({note}))) == []
    described = replace(VISIT, points=(replace(POINTS[1], description=note),))
    assert refused(planned(), visited(described)) == "SUP-15"
