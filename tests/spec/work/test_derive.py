"""Making items from items: DER, MAK."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.border.listing import ItemListed
from ledger.domain.judging import Signed
from ledger.domain.states.subjects import ItemStatus
from ledger.domain.work.derive import ItemAliquoted, ItemDerived, ItemPooled, ItemPropagated
from ledger.domain.work.making import Child, Output
from ledger.domain.work.portions import Portion
from ledger.domain.work.use import ItemUsed
from ledger.ids import ApprovalId, ConsignmentId, ItemId
from ledger.quantity import Quantity
from ledger.reference.activities import Activity, Material
from tests.spec.bench import (
    GOODS,
    LAB,
    NOBODYS,
    OTHER,
    VARIOLA,
    A,
    B,
    C,
    D,
    aliquoted,
    announced,
    approval,
    child,
    ml,
    received,
    released,
    vials,
)
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, corrected, judged, refused, said, state_of

LATER = NOON + timedelta(hours=1)


def part(item: ItemId, value: str, unit: str = "mL") -> Portion:
    return Portion(item=item, quantity=Amount(value=value, unit=unit))


def pooled(*inputs: Portion, value: str, loss: str = "0", item: ItemId = C, label: str | None = None) -> Signed[Any]:
    body = ItemPooled(inputs=inputs, laboratory=LAB, output=child(item, value, label), loss=ml(loss))
    return said(body, LABORATORY, at=NOON)


def derived(*inputs: Portion, item: ItemId = C, value: str = "50", unit: str = "uL") -> Signed[Any]:
    output = Output(item=item, type="dna", quantity=Amount(value=value, unit=unit))
    return said(ItemDerived(inputs=inputs, laboratory=LAB, outputs=(output,), method="extraction"), LABORATORY)


def propagated(seed: Portion, item: ItemId = C) -> Signed[Any]:
    body = ItemPropagated(seed=seed, laboratory=LAB, passage=3, outputs=(Output(item=item, type="culture"),))
    return said(body, LABORATORY, SECOND_PERSON, at=NOON)


def volume(given: list[Signed[Any]], item: ItemId) -> Decimal:
    quantity: Quantity = state_of(given, item).quantity
    return quantity.value


def test_aliquots_hold_what_their_parent_gave_and_have_what_it_came_in_under() -> None:
    given = [*vials(), aliquoted(child(C, "4", "c-1"), child(D, "3"), residual="2", loss="1")]
    assert [volume(given, one) for one in (A, C, D)] == [2, 4, 3]
    made = state_of(given, C)
    assert (made.parents, made.custodian, made.site, made.status) == ((A,), LABORATORY.party, LAB, ItemStatus.RECEIVED)
    assert state_of(given, GOODS).labels["c-1"] == C
    assert judged(given[:-1], given[-1]) == []


def test_an_item_divided_without_residual_is_depleted() -> None:
    assert state_of([*vials(), aliquoted(child(C, "10"), residual="0")], A).status is ItemStatus.DEPLETED


def test_the_residual_is_what_is_known_of_a_parent_of_unknown_quantity() -> None:
    given = vials(quantity=None)
    split = aliquoted(child(C, "4"), residual="2")
    assert judged(given, split) == ["PRT-03"]
    assert volume([*given, split], A) == 2


def test_what_is_divided_or_joined_adds_up_in_whatever_unit_of_its_dimension() -> None:
    small = Child(item=C, quantity=Amount(value="500", unit="uL"))
    split = aliquoted(small, child(D, "3"), residual="5.5", loss="1")
    assert judged(vials(), split) == []
    assert [str(state_of([*vials(), split], one).quantity) for one in (A, C, D)] == ["5.5 mL", "500 uL", "3 mL"]
    joined = pooled(part(A, "5"), part(B, "5000", "uL"), value="10")
    assert judged(vials(), joined) == []
    assert [str(state_of([*vials(), joined], one).quantity) for one in (B, C)] == ["5 mL", "10 mL"]


@pytest.mark.rule("DER-01", "DER-02", "MAK-01", "MAK-02")
@pytest.mark.parametrize(
    ("when", "rule"),
    [
        pytest.param(aliquoted(child(C, "4"), residual="5"), "DER-01", id="less than the parent"),
        pytest.param(aliquoted(child(C, "8"), residual="5"), "DER-01", id="more than the parent"),
        pytest.param(aliquoted(child(B, "4"), residual="6"), "MAK-01", id="a child that is an item already"),
        pytest.param(aliquoted(child(A, "4"), residual="6"), "MAK-01", id="a child that is its parent"),
        pytest.param(aliquoted(child(C, "4"), child(C, "4"), residual="2"), "MAK-01", id="two children of one id"),
        pytest.param(aliquoted(child(C, "4", "b"), residual="6"), "MAK-02", id="a label of the consignment"),
        pytest.param(aliquoted(child(C, "4", "B"), residual="6"), "MAK-02", id="a label in capitals"),
        pytest.param(
            aliquoted(child(C, "4", "x"), child(D, "4", "x"), residual="2"), "MAK-02", id="two children of one label"
        ),
        pytest.param(
            aliquoted(child(C, "4", "x"), child(D, "4", "Ｘ"), residual="2"), "MAK-02", id="two labels that look alike"
        ),
        pytest.param(
            aliquoted(Child(item=C, quantity=Amount(value="1", unit="vial")), residual="9"),
            "PRT-01",
            id="another dimension",
        ),
        pytest.param(aliquoted(child(C, "4"), residual="6", parent=NOBODYS), "GAT-01", id="an unknown parent"),
        pytest.param(pooled(part(A, "5"), part(B, "5"), value="9"), "DER-01", id="a pool of less than its inputs"),
        pytest.param(pooled(part(A, "5"), part(A, "5"), value="10"), "GAT-01", id="a pool of one item twice"),
        pytest.param(pooled(part(A, "5"), part(B, "11"), value="16"), "PRT-02", id="a pool of more than there is"),
        pytest.param(
            pooled(part(A, "5"), part(B, "5"), value="10", label="a"), "MAK-02", id="a pool with an input's label"
        ),
        pytest.param(derived(part(A, "11")), "PRT-02", id="a derivation from more than there is"),
        pytest.param(derived(part(A, "1"), value="1.5", unit="vial"), "UNI-02", id="half a vial"),
        pytest.param(propagated(part(A, "1"), item=B), "MAK-01", id="a culture that is an item already"),
    ],
)
def test_a_making_is_refused_of(when: Signed[Any], rule: str) -> None:
    assert refused(vials(), when) == rule


@pytest.mark.rule("DER-02")
def test_what_is_of_unknown_quantity_is_divided_and_pooled_in_one_dimension() -> None:
    given = vials(quantity=None)
    mixed = aliquoted(Child(item=C, quantity=Amount(value="1", unit="vial")), residual="9")
    assert refused(given, mixed) == "DER-02"
    assert refused(given, pooled(part(A, "5"), part(B, "5", "vial"), value="10")) == "DER-02"


@pytest.mark.rule("GAT-01")
def test_a_corrected_making_does_not_make_an_item_of_itself() -> None:
    first = aliquoted(child(C, "4"), residual="6")
    second = aliquoted(child(D, "2"), residual="2", parent=C, at=LATER)
    circle = ItemAliquoted(parent=D, laboratory=LAB, children=(child(C, "1"),), residual=ml("1"), loss=ml("0"))
    correction = said(circle, LABORATORY, at=LATER, corrects=first.id, reason="wrong-item")
    assert refused([*vials(), first, second], correction) == "GAT-01"


@pytest.mark.rule("PRT-04")
@pytest.mark.parametrize(
    "when",
    [
        pytest.param(aliquoted(child(C, "0"), residual="10"), id="an empty child"),
        pytest.param(
            said(
                ItemDerived(
                    inputs=(Portion(item=A, quantity=ml("0")),),
                    laboratory=LAB,
                    outputs=(Output(item=C, type="dna"),),
                    method="extraction",
                ),
                LABORATORY,
            ),
            id="made of nothing",
        ),
    ],
)
def test_nothing_is_made_of_nothing(when: Signed[Any]) -> None:
    assert refused(vials(), when) == "PRT-04"


def test_a_label_of_another_child_is_not_used_again() -> None:
    given = [*vials(), aliquoted(child(C, "4", "c-1"), residual="6")]
    assert refused(given, aliquoted(child(D, "1", "c-1"), residual="5")) == "MAK-02"


def test_a_derivative_may_be_in_another_unit_and_inherits_its_approval() -> None:
    given = [*vials(follow_up=True), derived(part(A, "1"), part(B, "2"))]
    assert [volume(given, one) for one in (A, B, C)] == [9, 8, 50]
    assert state_of(given, C).parents == (A, B)
    use = ItemUsed(
        item=C,
        laboratory=LAB,
        project="p",
        purpose="sale",
        activity=Activity.UNCULTURED,
        quantity=Amount(value="1", unit="uL"),
    )
    assert judged(given, said(use, LABORATORY, at=LATER)) == ["GAT-07", "GAT-15"]


def test_a_pool_in_order_breaks_nothing() -> None:
    pool = pooled(part(A, "5"), part(B, "5"), value="9", loss="1")
    assert judged(vials(), pool) == []
    assert [volume([*vials(), pool], one) for one in (A, B, C)] == [5, 5, 9]


@pytest.mark.rule("DER-03")
def test_a_pool_of_what_came_in_for_different_purposes_is_a_breach() -> None:
    other, goods = ApprovalId("approval:2"), ConsignmentId("consignment:2")
    given = [
        *vials(),
        approval(other, purposes=("clinical-trial",)),
        *announced(D, goods=goods, under=other),
        released(D, goods=goods),
        received(D, goods=goods),
    ]
    assert judged(given, pooled(part(A, "5"), part(D, "5"), value="10")) == ["DER-03"]
    assert judged(given, pooled(part(A, "5"), part(B, "5"), value="10")) == []


def test_a_culture_is_work_with_culture_and_stays_one() -> None:
    grown = propagated(part(A, "1"))
    assert judged(vials(agent=VARIOLA, material=Material.UNCULTURED, level=3), grown) == ["GAT-12"]
    given = [*vials(agent=VARIOLA, material=Material.UNCULTURED, level=3), grown]
    use = ItemUsed(item=C, laboratory=LAB, project="p", purpose="research", activity=Activity.UNCULTURED)
    assert judged(given, said(use, LABORATORY, SECOND_PERSON, at=LATER)) == ["GAT-12", "PRT-03"]


@pytest.mark.parametrize(
    "when", [derived(part(A, "1")), propagated(part(A, "1")), pooled(part(A, "1"), part(B, "1"), value="2")]
)
def test_making_passes_the_gates_of_use(when: Signed[Any]) -> None:
    assert judged(vials(follow_up=True), when) == ["GAT-07"]


def test_nobody_makes_items_of_what_another_party_has() -> None:
    body = aliquoted(child(C, "4"), residual="6").body
    assert refused(vials(), said(body, OTHER)) == "GAT-02"


def _listed_as(given: list[Signed[Any]], value: str) -> Signed[Any]:
    listing = next(one for one in given if isinstance(one.body, ItemListed))
    items = tuple(replace(one, quantity=ml(value)) for one in listing.body.items)
    return corrected(listing, replace(listing.body, items=items))


@pytest.mark.rule("DER-01")
@pytest.mark.parametrize(("residual", "listed"), [("0", "1000"), ("3", "1000"), ("3", "10")])
def test_a_corrected_list_gives_a_divided_item_back_no_more_than_its_residual(residual: str, listed: str) -> None:
    aliquots = aliquoted(child(C, str(10 - int(residual))), residual=residual)
    given = [*vials(), aliquots]
    after = state_of([*given, _listed_as(given, listed)], A)
    assert after.quantity == ml(residual).quantity
    assert (after.status is ItemStatus.DEPLETED) == (residual == "0")


@pytest.mark.rule("COR-06")
def test_a_list_is_not_corrected_to_less_than_was_taken_out_of_an_item() -> None:
    given = [*vials(), aliquoted(child(C, "7"), residual="3")]
    assert state_of([*given, _listed_as(given, "8")], A).quantity == ml("1").quantity
    assert refused(given, _listed_as(given, "6")) == "COR-06"
