"""Use and testing, with the gates that all work must pass: USE, GAT, PRT."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.domain.approval.changes import ApprovalWithdrawn, OrderOnWithdrawal
from ledger.domain.bodies.vocabulary import Amount, Packaging
from ledger.domain.border.destination import UseConsented
from ledger.domain.border.inspection import ConsignmentHeld
from ledger.domain.custody.carriage import Decision, ExcursionDispositioned, TemperatureRecorded
from ledger.domain.custody.custody import CustodyAccepted
from ledger.domain.custody.receipt import Condition
from ledger.domain.judging import Signatory, Signed
from ledger.domain.registry.parties import SiteChanged
from ledger.domain.states.subjects import ItemStatus
from ledger.domain.work.inactivation import InactivationVerified, ItemInactivated, Outcome
from ledger.domain.work.use import ItemTested, ItemUsed
from ledger.ids import ItemId, SiteId
from ledger.quantity import Quantity
from ledger.reference.activities import Activity, Material
from tests.spec.bench import (
    BEFORE,
    CELLAR,
    CUSTOMS,
    ELSEWHERE,
    GOODS,
    LAB,
    NOBODYS,
    OTHER,
    VARIOLA,
    A,
    B,
    C,
    aliquoted,
    announced,
    approval,
    child,
    ml,
    received,
    released,
    site,
    vials,
)
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, breaches, grounds, judged, refused, said, state_of

LATER = NOON + timedelta(hours=1)


def used(
    value: str | None = "1",
    *,
    item: ItemId = A,
    laboratory: SiteId = LAB,
    purpose: str = "research",
    activity: Activity = Activity.UNCULTURED,
    amount: Amount | None = None,
    by: tuple[Signatory, ...] = (LABORATORY,),
    at: datetime = LATER,
) -> Signed[Any]:
    quantity = amount or (None if value is None else ml(value))
    body = ItemUsed(
        item=item, laboratory=laboratory, project="p-7", purpose=purpose, activity=activity, quantity=quantity
    )
    return said(body, *by, at=at)


def warmed(item: ItemId) -> Signed[Any]:
    body = TemperatureRecorded(
        items=(item,), device="logger-1", start=BEFORE, end=BEFORE, minimum="-20", maximum="8", high="-15"
    )
    return said(body, LABORATORY, at=BEFORE)


def test_a_use_in_order_breaks_nothing_and_leaves_less() -> None:
    assert judged(vials(), used("4")) == []
    assert state_of([*vials(), used("4")], A).quantity == Quantity(value=Decimal(6), unit="mL")


def test_an_item_used_up_is_depleted() -> None:
    assert state_of([*vials(), used("10")], A).status is ItemStatus.DEPLETED


def test_what_nobody_measured_leaves_an_unknown_quantity() -> None:
    assert state_of([*vials(), used(None)], A).quantity is None


@pytest.mark.rule("GAT-01", "GAT-02", "GAT-03", "GAT-04", "PRT-01", "PRT-02")
@pytest.mark.parametrize(
    ("more", "when", "rule"),
    [
        pytest.param([], used(item=NOBODYS), "GAT-01", id="an item that nobody listed"),
        pytest.param([], used(by=(OTHER,)), "GAT-02", id="an item in another party's custody"),
        pytest.param([used("10")], used("1"), "GAT-03", id="an item used up"),
        pytest.param([received(A, condition=Condition.MISSING)], used("1"), "GAT-03", id="an item that is missing"),
        pytest.param([site(ELSEWHERE, owner=OTHER)], used(laboratory=ELSEWHERE), "GAT-04", id="another's laboratory"),
        pytest.param([], used(laboratory=CELLAR), "GAT-04", id="a laboratory that is not registered"),
        pytest.param([], used(amount=Amount(value="1", unit="vial")), "PRT-01", id="another dimension than the item's"),
        pytest.param([used("7")], used("4"), "PRT-02", id="more than is left"),
        pytest.param([], used(amount=Amount(value="1", unit="pint")), "UNI-01", id="a unit that is not permitted"),
    ],
)
def test_a_use_is_refused_of(more: list[Signed[Any]], when: Signed[Any], rule: str) -> None:
    assert refused([*vials(), *more], when) == rule


def test_a_use_in_another_unit_of_the_dimension_is_written_off_in_the_items_own() -> None:
    measured = used(amount=Amount(value="250", unit="uL"))
    assert judged(vials(), measured) == []
    assert str(state_of([*vials(), measured], A).quantity) == "9.75 mL"


@pytest.mark.rule("PRT-02", "PRT-05")
def test_what_is_taken_in_another_unit_is_exact_or_refused() -> None:
    assert refused(vials(), used(amount=Amount(value="0.0000001", unit="uL"))) == "PRT-05"
    assert refused(vials(), used(amount=Amount(value="10000.001", unit="uL"))) == "PRT-02"


@pytest.mark.rule("GAT-01")
def test_a_statement_names_each_item_once() -> None:
    body = ItemTested(items=(A, A), laboratory=LAB, test="pcr", activity=Activity.UNCULTURED)
    assert refused(vials(), said(body, LABORATORY, at=LATER)) == "GAT-01"


@pytest.mark.rule("GAT-05")
def test_use_before_receipt_is_a_breach() -> None:
    accepted = CustodyAccepted(items=(A,), count=1, packaging=Packaging.INTACT)
    given = [site(), approval(), *announced(), released(), said(accepted, LABORATORY, at=BEFORE)]
    assert judged(given, used()) == ["GAT-05"]


@pytest.mark.rule("GAT-06", "GEN-12")
def test_use_before_release_is_a_breach_whenever_it_is_told() -> None:
    given = [site(), approval(), *announced(), received()]
    release = released(at=LATER + timedelta(hours=1))
    assert judged(given, used()) == ["GAT-06"]
    assert judged([*given, release], used(), now=LATER + timedelta(hours=2)) == ["GEN-12", "GAT-06"]


@pytest.mark.rule("GAT-07")
def test_use_under_follow_up_before_the_consent_of_customs_is_a_breach() -> None:
    given = vials(follow_up=True)
    assert judged(given, used()) == ["GAT-07"]
    assert judged([*given, said(UseConsented(consignment=GOODS), CUSTOMS, at=BEFORE)], used()) == []


@pytest.mark.rule("GAT-08")
@pytest.mark.parametrize(
    "held_items",
    [pytest.param((), id="the consignment"), pytest.param((A,), id="the item"), pytest.param((B,), id="-")],
)
def test_use_of_what_is_held_is_a_breach(held_items: tuple[ItemId, ...]) -> None:
    hold = said(ConsignmentHeld(consignment=GOODS, ground="documents", items=held_items), CUSTOMS, at=BEFORE)
    assert judged([*vials(), hold], used()) == ([] if held_items == (B,) else ["GAT-08"])


@pytest.mark.rule("GAT-08", "GAT-09")
@pytest.mark.parametrize(("what", "rule"), [("hold", "GAT-08"), ("warm", "GAT-09")])
def test_a_childs_use_is_judged_by_what_happened_to_its_parent(what: str, rule: str) -> None:
    hold = said(ConsignmentHeld(consignment=GOODS, ground="documents", items=(A,)), CUSTOMS, at=BEFORE)
    given = [*vials(), hold if what == "hold" else warmed(A), aliquoted(child(C, "5"), residual="5")]
    assert judged(given, used(item=C)) == [rule]


@pytest.mark.rule("GAT-09")
def test_use_after_an_undecided_excursion_is_a_breach() -> None:
    assert judged([*vials(), warmed(A)], used()) == ["GAT-09"]


@pytest.mark.rule("GAT-10")
def test_use_under_a_withdrawn_approval_is_a_breach_unless_it_came_before() -> None:
    body = ApprovalWithdrawn(approval=approval().body.approval, ground="fraud", order=OrderOnWithdrawal.DESTROY)
    given = [*vials(), said(body, CUSTOMS, at=LATER)]
    assert judged(given, used(at=LATER + timedelta(minutes=1))) == ["GAT-10"]
    assert judged(given, used(at=NOON)) == []


@pytest.mark.rule("GAT-11", "GAT-12")
def test_use_in_a_laboratory_that_the_approval_does_not_name_is_a_breach() -> None:
    given = [*vials(), site(CELLAR, level=2)]
    assert judged(given, used(laboratory=CELLAR)) == ["GAT-11"]


@pytest.mark.rule("GAT-12")
@pytest.mark.parametrize(
    ("activity", "material", "level", "broken"),
    [
        pytest.param(Activity.CULTURE, None, 3, ["GAT-12"], id="culture needs 4"),
        pytest.param(Activity.CULTURE, None, 4, [], id="culture in 4"),
        pytest.param(Activity.UNCULTURED, Material.UNCULTURED, 3, [], id="specimens need 3"),
        pytest.param(Activity.UNCULTURED, Material.UNCULTURED, None, ["GAT-12"], id="a laboratory without a level"),
        pytest.param(Activity.UNCULTURED, Material.CULTURE, 3, ["GAT-12"], id="a live culture called a specimen"),
    ],
)
def test_the_level_follows_agent_activity_and_state(
    activity: Activity, material: Material | None, level: int | None, broken: list[str]
) -> None:
    given = vials(agent=VARIOLA, material=material, level=level)
    assert judged(given, used(activity=activity, by=(LABORATORY, SECOND_PERSON))) == broken


@pytest.mark.rule("GAT-13")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(SiteChanged(site=LAB, active=False), id="out of service"),
        pytest.param(SiteChanged(site=LAB, level=3, certificate_to=date(2026, 8, 31)), id="accreditation ended"),
    ],
)
def test_work_in_a_laboratory_that_may_not_work_is_a_breach(change: SiteChanged) -> None:
    assert judged([*vials(), said(change, LABORATORY, at=BEFORE)], used()) == ["GAT-13"]


@pytest.mark.rule("GAT-14")
def test_high_pathogenic_work_by_one_person_is_a_breach_of_the_packs_clause() -> None:
    found = breaches(vials(agent=VARIOLA, level=4), used())
    assert [one.rule for one in found] == ["GAT-14"]
    assert grounds(found[0])[0] == "State Council Order 424 Arts 33-36"


@pytest.mark.rule("GAT-15")
def test_use_for_another_purpose_is_a_breach() -> None:
    assert judged(vials(), used(purpose="sale")) == ["GAT-15"]


@pytest.mark.rule("PRT-03")
def test_taking_an_unknown_amount_or_from_an_unknown_amount_is_a_breach() -> None:
    assert judged(vials(), used(None)) == ["PRT-03"]
    assert judged(vials(quantity=None), used("1")) == ["PRT-03"]


def inactivated(*items: ItemId, at: datetime = NOON) -> Signed[Any]:
    return said(ItemInactivated(items=items or (A,), laboratory=LAB, method="heat"), LABORATORY, SECOND_PERSON, at=at)


def verified(*items: ItemId, result: Outcome = Outcome.PASSED, at: datetime = NOON) -> Signed[Any]:
    body = InactivationVerified(items=items or (A,), laboratory=LAB, result=result, test="culture")
    return said(body, LABORATORY, SECOND_PERSON, at=at)


TWO = (LABORATORY, SECOND_PERSON)
SPLIT = aliquoted(child(C, "5"), residual="5", at=NOON + timedelta(minutes=1))


@pytest.mark.rule("USE-01", "GAT-12")
@pytest.mark.parametrize(
    ("more", "item", "broken"),
    [
        pytest.param([], A, ["GAT-12", "USE-01"], id="nothing done"),
        pytest.param([inactivated()], A, ["GAT-12", "USE-01"], id="done, not verified"),
        pytest.param([inactivated(), verified()], A, [], id="verified"),
        pytest.param([inactivated(), verified(result=Outcome.FAILED)], A, ["GAT-12", "USE-01"], id="failed"),
        pytest.param([inactivated(), SPLIT, verified()], C, [], id="of what a child was made of"),
        pytest.param([SPLIT, inactivated(at=LATER), verified(at=LATER)], C, ["GAT-12", "USE-01"], id="after the child"),
        pytest.param(
            [inactivated(), SPLIT, verified(), verified(C, result=Outcome.FAILED)],
            C,
            ["GAT-12", "USE-01"],
            id="the child's own test failed",
        ),
    ],
)
def test_only_a_verified_inactivation_lowers_the_level(
    more: list[Signed[Any]], item: ItemId, broken: list[str]
) -> None:
    given = [*vials(agent=VARIOLA, material=Material.UNCULTURED), *more]
    assert judged(given, used(item=item, activity=Activity.NONINFECTIOUS, by=TWO)) == broken


def test_a_test_uses_nothing_up_and_passes_the_same_gates() -> None:
    body = ItemTested(items=(A, B), laboratory=LAB, test="pcr", activity=Activity.UNCULTURED)
    test = said(body, LABORATORY, at=LATER)
    assert judged(vials(), test) == []
    assert judged(vials(follow_up=True), test) == ["GAT-07"]
    assert state_of([*vials(), test], A).quantity == Quantity(value=Decimal(10), unit="mL")


@pytest.mark.rule("GAT-08", "GAT-09")
def test_what_was_made_before_an_excursion_was_not_in_it() -> None:
    split = aliquoted(child(C, "4"), residual="6", at=BEFORE + timedelta(hours=1))
    stayed_warm = [
        said(
            TemperatureRecorded(
                items=(A,), device="logger-1", start=start, end=start, minimum="-20", maximum="8", high="-15"
            ),
            LABORATORY,
        )
        for start in (BEFORE, BEFORE + timedelta(hours=2))
    ]
    held = said(ExcursionDispositioned(items=(A,), decision=Decision.QUARANTINE), LABORATORY)
    later = [*vials(), split, stayed_warm[1], held]
    assert judged(later, used(item=C)) == []
    assert judged(later, used()) == ["GAT-08", "GAT-09"]
    assert judged([*vials(), split, *stayed_warm, held], used(item=C)) == ["GAT-08", "GAT-09"]
