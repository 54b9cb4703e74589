"""Receipt: what a laboratory finds when goods arrive: RCP-01 to RCP-09."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from rpds import HashTrieSet

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.custody.carriage import ShipmentPacked
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem, judge_item_received
from ledger.domain.judging import World
from ledger.domain.states.subjects import ItemStatus
from ledger.ids import ConsignmentId, Tag
from ledger.quantity import Quantity, parse_decimal
from ledger.reference.activities import Material
from tests.spec.goods import (
    ANNEX,
    CARRIER,
    GOODS,
    LAB,
    VARIOLA,
    WARD,
    A,
    B,
    accepted,
    announced,
    carried,
    delivered,
    handed_over,
    held,
    received,
    released,
)
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import NOON, events_of, judged, refused, rules_at, said, state_of, world_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signed


def arrived(item: ReceivedItem) -> Signed[Any]:
    return received(items=(item, ReceivedItem(item=B, condition=Condition.INTACT)))


def test_a_receipt_in_order_breaks_nothing() -> None:
    assert judged(delivered(), received()) == []
    item = state_of([*delivered(), received()], A)
    assert (item.status, item.site, item.custodian) == (ItemStatus.RECEIVED, LAB, LABORATORY.party)
    assert (item.condition, item.quantity) == ("intact", Quantity(parse_decimal("1"), "mL"))
    assert state_of([*delivered(), received()], GOODS).received_items == HashTrieSet([A, B])


def test_what_is_stated_missing_is_answered_for_and_no_longer_missing_once_it_is_received() -> None:
    told = [*delivered(), received(A), received(B, condition=Condition.MISSING)]
    found = state_of(told, GOODS)
    assert (found.received_items, found.missing_items) == (HashTrieSet([A, B]), HashTrieSet([B]))
    later = state_of([*told, received(B)], GOODS)
    assert (later.received_items, later.missing_items) == (HashTrieSet([A, B]), HashTrieSet())


def test_a_receipt_takes_up_the_carriers_hand_over() -> None:
    given = [*carried(), handed_over(CARRIER, LABORATORY.party)]
    assert judged(given, received()) == []
    assert state_of([*given, received()], A).custodian == LABORATORY.party


def test_a_measured_quantity_counts_and_an_unmeasured_one_stays() -> None:
    line = ReceivedItem(item=A, condition=Condition.INTACT, quantity=Amount(value="0.9", unit="mL"))
    assert state_of([*delivered(), arrived(line)], A).quantity == Quantity(parse_decimal("0.9"), "mL")
    assert state_of([*delivered(), arrived(line)], B).quantity == Quantity(parse_decimal("1"), "mL")


def test_a_quantity_is_in_a_permitted_unit() -> None:
    line = ReceivedItem(item=A, condition=Condition.INTACT, quantity=Amount(value="1", unit="bucket"))
    assert refused(delivered(), arrived(line)) == "UNI-01"


@pytest.mark.rule("PRT-01")
def test_a_quantity_is_measured_in_the_dimension_of_the_record() -> None:
    line = ReceivedItem(item=A, condition=Condition.INTACT, quantity=Amount(value="1", unit="vial"))
    assert refused(delivered(), arrived(line)) == "PRT-01"


@pytest.mark.rule("RCP-09")
def test_a_quantity_measured_in_a_smaller_unit_is_recorded_in_the_items_own() -> None:
    as_listed = ReceivedItem(item=A, condition=Condition.INTACT, quantity=Amount(value="1000", unit="uL"))
    less = ReceivedItem(item=A, condition=Condition.INTACT, quantity=Amount(value="900", unit="uL"))
    assert judged(delivered(), arrived(as_listed)) == []
    assert judged(delivered(), arrived(less)) == ["RCP-09"]
    assert str(state_of([*delivered(), arrived(less)], A).quantity) == "0.9 mL"


@pytest.mark.rule("RCP-09")
@pytest.mark.parametrize(("value", "rules"), [("1000000", ["RCP-09"]), ("0.9", ["RCP-09"]), ("1.0", [])])
def test_a_measured_quantity_that_is_not_the_recorded_one_is_a_breach(value: str, rules: list[str]) -> None:
    line = ReceivedItem(item=A, condition=Condition.INTACT, quantity=Amount(value=value, unit="mL"))
    assert judged(delivered(), arrived(line)) == rules


@pytest.mark.rule("RCP-01")
def test_a_receipt_names_the_consignment_of_its_items() -> None:
    assert refused(delivered(), received(consignment=ConsignmentId("consignment:2"))) == "RCP-01"


@pytest.mark.rule("GAT-04")
def test_a_laboratory_receives_at_its_own_sites() -> None:
    assert refused(delivered(), received(laboratory=WARD)) == "GAT-04"


@pytest.mark.rule("RCP-02")
def test_an_item_is_received_once() -> None:
    assert refused([*delivered(), received(A)], received()) == "RCP-02"


def test_a_missing_item_that_turns_up_is_received_after_all() -> None:
    given = [*delivered(), received(B), received(A, condition=Condition.MISSING)]
    assert judged(given, received(A)) == []


@pytest.mark.rule("GAT-06")
def test_a_receipt_before_release_is_a_breach() -> None:
    given = [*announced(), accepted(CARRIER), handed_over(CARRIER, LABORATORY.party), accepted(LABORATORY)]
    assert judged(given, received()) == ["GAT-06"]


@pytest.mark.rule("GAT-11")
def test_a_receipt_at_a_site_that_the_approval_does_not_name_is_a_breach() -> None:
    assert judged(delivered(), received(laboratory=ANNEX)) == ["GAT-11"]


@pytest.mark.rule("GAT-12")
def test_a_laboratory_below_the_level_that_its_material_requires_is_a_breach() -> None:
    assert judged(delivered(agent=VARIOLA, material=Material.UNCULTURED), received()) == ["GAT-12"]
    assert judged(delivered(agent=VARIOLA, material=Material.INACTIVATED), received()) == []


@pytest.mark.rule("GAT-14")
def test_one_person_receives_no_high_pathogenic_items() -> None:
    alone = said(received().body, LABORATORY)
    assert judged(delivered(agent=VARIOLA, material=Material.INACTIVATED), alone) == ["GAT-14"]
    assert judged(delivered(), alone) == []


@pytest.mark.rule("GAT-08")
def test_what_is_held_is_received_only_if_the_laboratory_had_taken_it_before() -> None:
    assert judged([*delivered(), held()], received()) == []
    assert judged([*carried(), handed_over(CARRIER, LABORATORY.party), held()], received()) == ["GAT-08"]


@pytest.mark.rule("RCP-03")
@pytest.mark.parametrize(("seal", "rules"), [("S1", []), ("s2", []), ("S9", ["RCP-03"]), (None, [])])
def test_an_item_arrives_under_a_recorded_seal(seal: str | None, rules: list[str]) -> None:
    packed = said(ShipmentPacked(items=(A, B), packing_instruction="p650", seals=("S1", "S2")), IMPORTER)
    given = [*announced(), packed, accepted(CARRIER), released(), handed_over(CARRIER, LABORATORY.party)]
    line = ReceivedItem(item=A, condition=Condition.INTACT, seal=seal)
    assert judged(given, arrived(line)) == rules
    assert state_of([*given, arrived(line)], A).seals == frozenset()


@pytest.mark.rule("RCP-04")
@pytest.mark.parametrize(
    ("given", "rules"),
    [
        pytest.param(delivered(), ["RCP-04"], id="one is not named"),
        pytest.param([*delivered(), received(B)], [], id="one was received before"),
    ],
)
def test_all_that_was_released_is_received(given: list[Signed[Any]], rules: list[str]) -> None:
    world = world_of(events_of(given), NOON)
    goods = replace(world.consignment(GOODS), released_items=HashTrieSet([A, B]))
    world = World({**world.subjects, Tag(GOODS): goods}, NOON, world.size)
    assert [breach.rule for breach in judge_item_received(world, received(A), rules_at(NOON))] == rules


@pytest.mark.rule("RCP-05")
def test_a_missing_item_is_a_breach_and_stays_with_its_custodian() -> None:
    given, when = [*carried(), received(B)], received(A, condition=Condition.MISSING)
    assert judged(given, when) == ["RCP-05"]
    item = state_of([*given, when], A)
    assert (item.status, item.custodian, item.site) == (ItemStatus.MISSING, CARRIER.party, None)


@pytest.mark.rule("RCP-06")
@pytest.mark.parametrize("condition", [Condition.DAMAGED, Condition.LEAKING, Condition.THAWED])
def test_items_that_do_not_arrive_intact_are_a_breach(condition: Condition) -> None:
    assert judged(delivered(), received(condition=condition)) == ["RCP-06"]


@pytest.mark.rule("RCP-07")
def test_documents_that_do_not_match_the_goods_are_a_breach() -> None:
    assert judged(delivered(), received(documents=Documents.MISMATCH)) == ["RCP-07"]


@pytest.mark.rule("RCP-08")
@pytest.mark.parametrize(
    "given",
    [
        pytest.param(carried(), id="still in the carrier's hands"),
        pytest.param([*announced(), released()], id="never in anybody's hands"),
    ],
)
def test_a_receipt_of_what_was_never_handed_over_is_a_gap(given: list[Signed[Any]]) -> None:
    assert judged(given, received()) == ["RCP-08"]
    assert state_of([*given, received()], A).custodian == LABORATORY.party


def test_a_receipt_changes_nothing_of_other_items_and_consignments() -> None:
    event = events_of([*delivered(), received(A)])[-1]
    assert isinstance(event.said.body, ItemReceived)
    assert state_of([*delivered(), received(A)], B) == state_of(delivered(), B)
