"""Custody: who has items, and how they pass from hand to hand: CUS."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger.breach import Breach
from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.border.executions import ReturnExecuted
from ledger.domain.border.orders import ReturnOrdered
from ledger.domain.custody.carriage import ShipmentPacked
from ledger.domain.custody.chain import keepers
from ledger.domain.custody.custody import CustodyRefused
from ledger.domain.judging import Signed
from ledger.domain.states.subjects import Handover, ItemStatus
from ledger.ids import CaseId, ConsignmentId, ItemId, PartyId, Tag
from ledger.words.sentences import breach_words
from tests.spec.goods import (
    CARRIER,
    CLINIC,
    COURIER,
    CUSTOMS,
    GOODS,
    LAB,
    LATER,
    SECOND_ESCORT,
    VARIOLA,
    A,
    B,
    accepted,
    announced,
    carried,
    delivered,
    handed_over,
    held,
    in_stock,
    received,
    released,
)
from tests.spec.parties import IMPORTER, LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, breaches, events_of, grounds, judged, refused, said, signer, state_of, world_of

TAKES = signer("party:laboratory", LABORATORY.role, meaning="received")
TO_LAB = handed_over(CARRIER, LABORATORY.party)


def rejected(*items: ItemId) -> Signed[Any]:
    return said(CustodyRefused(items=items or (A, B), ground="leaking"), LABORATORY)


def sealed(*seals: str) -> Signed[Any]:
    return said(ShipmentPacked(items=(A, B), packing_instruction="p650", seals=seals), IMPORTER)


def test_items_pass_from_abroad_by_the_carrier_to_the_laboratory_without_a_breach() -> None:
    first = accepted(CARRIER)
    assert judged(announced(), first) == []
    assert judged([*announced(), first, released()], TO_LAB) == []
    given = [*carried(), TO_LAB]
    assert state_of(given, A).custodian == CARRIER.party
    assert state_of(given, A).handover == Handover(CARRIER.party, LABORATORY.party, NOON)
    assert judged(given, accepted(LABORATORY, giver=CARRIER.party, consignment=GOODS)) == []
    assert state_of(delivered(), A).custodian == LABORATORY.party


def test_the_applicant_hands_over_what_nobody_has_yet() -> None:
    assert judged(announced(), handed_over(IMPORTER, CARRIER.party)) == []


def test_custody_passes_at_once_where_the_receiver_signs_too() -> None:
    both = handed_over(CARRIER, LABORATORY.party, TAKES)
    assert judged(carried(), both) == []
    item = state_of([*carried(), both], A)
    assert (item.custodian, item.handover, item.status) == (LABORATORY.party, None, ItemStatus.IN_TRANSIT)


def test_a_witness_of_the_receiver_takes_nothing() -> None:
    item = state_of([*carried(), handed_over(CARRIER, LABORATORY.party, SECOND_PERSON)], A)
    assert item.custodian == CARRIER.party


def test_a_refused_hand_over_leaves_the_items_with_the_giver() -> None:
    given = [*carried(), TO_LAB, rejected(A)]
    assert judged(given[:-1], rejected(A)) == []
    assert (state_of(given, A).custodian, state_of(given, A).handover) == (CARRIER.party, None)
    assert state_of(given, B).handover is not None


def test_a_receiver_named_by_the_custodian_needs_no_other_tie() -> None:
    assert judged([*carried(), handed_over(CARRIER, COURIER.party)], accepted(COURIER)) == []


@pytest.mark.rule("CUS-01")
def test_items_are_of_the_consignment_named() -> None:
    assert refused(carried(), handed_over(CARRIER, LABORATORY.party, consignment=ConsignmentId("consignment:2"))) == (
        "CUS-01"
    )


def test_an_item_that_nobody_listed_or_that_is_named_twice_is_refused() -> None:
    assert refused(carried(), handed_over(CARRIER, LABORATORY.party, items=(ItemId("item:x"),))) == "GAT-01"
    assert refused(carried(), handed_over(CARRIER, LABORATORY.party, items=(A, A))) == "GAT-01"


@pytest.mark.rule("CUS-03")
@pytest.mark.parametrize(
    ("given", "giver"),
    [
        pytest.param(carried(), LABORATORY, id="another party has them"),
        pytest.param(announced(), CARRIER, id="nobody has them, and it is not the applicant"),
        pytest.param([*carried(), TO_LAB, accepted(LABORATORY)], CARRIER, id="they were passed on"),
    ],
)
def test_only_who_has_items_hands_them_over(given: list[Signed[Any]], giver: Any) -> None:  # noqa: ANN401  a signer
    assert refused(given, handed_over(giver, COURIER.party)) == "CUS-03"


@pytest.mark.rule("CUS-04")
@pytest.mark.parametrize("receiver", [CARRIER.party, PartyId("party:nobody")])
def test_items_are_handed_to_another_registered_party(receiver: PartyId) -> None:
    assert refused(carried(), handed_over(CARRIER, receiver)) == "CUS-04"


@pytest.mark.rule("CUS-04")
def test_nobody_accepts_what_it_has() -> None:
    assert refused(carried(), accepted(CARRIER)) == "CUS-04"
    assert refused(announced(), accepted(CARRIER, giver=CARRIER.party)) == "CUS-04"


@pytest.mark.rule("CUS-05")
@pytest.mark.parametrize("given", [announced(), carried(), [*carried(), TO_LAB]])
def test_a_party_that_the_record_does_not_connect_takes_nothing(given: list[Signed[Any]]) -> None:
    assert refused(given, accepted(CLINIC)) == "CUS-05"


@pytest.mark.rule("CUS-06")
@pytest.mark.parametrize("given", [carried(), [*carried(), handed_over(CARRIER, COURIER.party)], delivered()])
def test_only_an_unanswered_hand_over_is_refused_by_its_receiver(given: list[Signed[Any]]) -> None:
    assert refused(given, rejected()) == "CUS-06"


@pytest.mark.rule("CUS-07")
def test_nobody_but_the_receiver_signs_as_received() -> None:
    stranger = signer(CLINIC.party, CLINIC.role, meaning="received")
    assert refused(carried(), handed_over(CARRIER, LABORATORY.party, stranger)) == "CUS-07"


@pytest.mark.rule("STK-08")
def test_stored_items_change_hands_at_their_site_and_leave_their_position_free() -> None:
    assert refused(in_stock(), handed_over(LABORATORY, COURIER.party)) == "STK-08"
    out = handed_over(LABORATORY, COURIER.party, site=LAB)
    assert judged(in_stock(), out) == []
    assert state_of([*in_stock(), out], A).place is None
    assert not state_of([*in_stock(), out], LAB).places


@pytest.mark.rule("CUS-09")
@pytest.mark.parametrize(
    ("given", "when"),
    [
        pytest.param(carried(), accepted(LABORATORY), id="from another party's hands"),
        pytest.param([*announced(), released()], accepted(LABORATORY), id="past the carriers that are named"),
        pytest.param(
            [*carried(), handed_over(CARRIER, COURIER.party)], accepted(LABORATORY), id="handed over to somebody else"
        ),
        pytest.param([*carried(), TO_LAB], accepted(LABORATORY, giver=COURIER.party), id="from another giver"),
    ],
)
def test_custody_without_a_hand_over_is_a_gap(given: list[Signed[Any]], when: Signed[Any]) -> None:
    assert judged(given, when) == ["CUS-09"]
    assert state_of([*given, when], A).custodian == LABORATORY.party


def test_where_no_carrier_is_named_the_consignee_is_the_first_in_the_chain() -> None:
    assert judged([*announced(carriers=()), released()], accepted(LABORATORY)) == []


@pytest.mark.rule("CUS-10")
def test_a_count_that_is_not_that_of_the_items_is_a_breach() -> None:
    assert judged(carried(), handed_over(CARRIER, COURIER.party, count=1)) == ["CUS-10"]


@pytest.mark.rule("CUS-11")
@pytest.mark.parametrize(
    ("seals", "rules"),
    [
        pytest.param(("S2", "S1"), [], id="the same in another order"),
        pytest.param(("s1", "s2"), [], id="the same in small letters"),
        pytest.param(("S1",), ["CUS-11"], id="one is gone"),
        pytest.param(("S1", "S2", "S3"), ["CUS-11"], id="one more"),
        pytest.param((), ["CUS-11"], id="none left"),
        pytest.param(None, [], id="nobody looked"),
    ],
)
def test_seals_are_compared_with_those_recorded_before(seals: tuple[str, ...] | None, rules: list[str]) -> None:
    assert judged([*announced(), sealed("S1", "S2")], accepted(CARRIER, seals=seals)) == rules


def test_the_seals_last_seen_are_those_compared_with() -> None:
    given = [*announced(), sealed("S1"), accepted(CARRIER, seals=("S2",)), released()]
    assert judged(given, handed_over(CARRIER, COURIER.party, seals=("S2",))) == []


@pytest.mark.rule("CUS-12")
def test_damaged_packaging_is_a_breach() -> None:
    assert judged(announced(), accepted(CARRIER, packaging=Packaging.DAMAGED)) == ["CUS-12"]


@pytest.mark.rule("CUS-13")
@pytest.mark.parametrize(("hours", "rules"), [(1, []), (24 * 14, ["CUS-13"])])
def test_a_hand_over_that_waits_too_long_is_a_breach(hours: int, rules: list[str]) -> None:
    when = accepted(LABORATORY, at=NOON + timedelta(hours=hours))
    assert judged([*carried(), TO_LAB], when) == rules


@pytest.mark.rule("GAT-06")
def test_unreleased_items_travel_to_the_port_but_not_to_the_laboratory() -> None:
    given = [*announced(), accepted(CARRIER)]
    assert judged(given, handed_over(CARRIER, COURIER.party)) == []
    assert judged(given, TO_LAB) == ["GAT-06"]
    assert judged([*given, TO_LAB], accepted(LABORATORY)) == ["GAT-06"]


@pytest.mark.rule("GAT-08")
def test_held_items_do_not_move() -> None:
    assert judged([*carried(), held()], handed_over(CARRIER, COURIER.party)) == ["GAT-08"]


@pytest.mark.rule("GAT-08")
def test_what_is_ordered_away_moves_under_its_order_only() -> None:
    order = CaseId("case:return")
    ordered = said(
        ReturnOrdered(
            case=order, consignment=GOODS, items=(A, B), notice_number="1", ground="quantity-exceeds", due=LATER
        ),
        CUSTOMS,
    )
    assert judged([*carried(), ordered], handed_over(CARRIER, COURIER.party)) == ["GAT-08"]
    assert judged([*carried(), ordered], handed_over(CARRIER, COURIER.party, order=order)) == []


@pytest.mark.rule("GAT-14")
def test_high_pathogenic_items_travel_with_two_escorts() -> None:
    given = announced(agent=VARIOLA)
    assert judged(given, accepted(CARRIER)) == ["GAT-14"]
    assert judged(given, accepted(CARRIER, SECOND_ESCORT)) == []


def test_items_that_leave_the_laboratory_are_on_their_way_again() -> None:
    item = state_of([*in_stock(), handed_over(LABORATORY, COURIER.party, site=LAB), accepted(COURIER)], A)
    assert (item.status, item.site, item.custodian) == (ItemStatus.IN_TRANSIT, None, COURIER.party)


def test_a_breach_names_what_is_broken() -> None:
    (gap,) = breaches(carried(), accepted(LABORATORY))
    assert gap == Breach("CUS-09", (Tag(A), Tag(B)), (("party", "party:laboratory"),))
    assert breach_words(gap) == "no hand-over to party:laboratory is recorded: item:a, item:b"
    assert grounds(gap) == ("WS 233-2017 7.9.6", True)


def test_before_anybody_has_an_item_its_consignment_says_who_may_speak_for_it() -> None:
    world = world_of(events_of(announced()), NOON)
    assert keepers(world, A) == {IMPORTER.party, LABORATORY.party, CARRIER.party}
    world = world_of(events_of([*delivered(), received()]), NOON)
    assert keepers(world, A) == {LABORATORY.party}


@pytest.mark.rule("CUS-02")
def test_what_was_returned_changes_hands_no_more() -> None:
    order = CaseId("case:return")
    gone = said(
        ReturnExecuted(case=order, consignment=GOODS, items=(A,), evidence="0" * 64),
        CUSTOMS,
    )
    assert refused([*carried(), gone], handed_over(CARRIER, COURIER.party)) == "CUS-02"


@pytest.mark.rule("GEN-12")
def test_custody_passes_in_the_order_of_time() -> None:
    given = [*announced(), accepted(CARRIER, at=LATER), released()]
    early = handed_over(CARRIER, LABORATORY.party)
    assert judged(given, early) == ["GEN-12"]
    assert judged([*carried(), handed_over(CARRIER, LABORATORY.party)], accepted(LABORATORY, at=LATER)) == []
    assert judged([*carried(), early], accepted(LABORATORY, at=NOON - timedelta(hours=1))) == [
        "GEN-12",
        "CUS-09",
        "GAT-06",
    ]
