"""Acts in time: what is told in another order than it happened: GEN-12, COR-12."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.clock import format_time
from ledger.domain.acts import BESIDE, BY_POSITION, LINKS
from ledger.domain.approval.changes import ApprovalResumed, ApprovalSuspended, ApprovalWithdrawn, OrderOnWithdrawal
from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.border.destination import UseConsented
from ledger.domain.border.inspection import ConsignmentHeld, ConsignmentHoldLifted
from ledger.domain.custody.custody import CustodyHandedOver
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import Counted, ItemMoved, ItemStored, StockCounted
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import DisposalApproved, DisposalRequested, Method
from ledger.domain.judging import Signed
from ledger.domain.registry.parties import SiteChanged
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, Key, Subject
from ledger.domain.work.use import ItemUsed
from ledger.ids import ItemId, Tag
from ledger.reference.activities import Activity
from ledger.statement.catalogue import KINDS
from tests.spec.bench import (
    APPROVAL,
    CASE,
    CUSTOMS,
    DIGEST,
    GOODS,
    LAB,
    OTHER,
    THIRD_PERSON,
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
from tests.spec.parties import LABORATORY, SECOND_PERSON, registered
from tests.spec.world import NOON, breaches, judged, refused, said, state_of

EVENING = NOON + timedelta(hours=6)
TYPES: dict[str, type[Subject]] = {
    "item": Item,
    "consignment": Consignment,
    "case": Case,
    "approval": Approval,
    "permit": Permit,
    "site": Site,
}


def at(hour: int) -> datetime:
    return NOON + timedelta(hours=hour)


def used(value: str, hour: int, item: ItemId = A) -> Signed[Any]:
    body = ItemUsed(
        item=item, laboratory=LAB, project="p", purpose="research", activity=Activity.UNCULTURED, quantity=ml(value)
    )
    return said(body, LABORATORY, at=at(hour))


def stored(place: str, hour: int, item: ItemId = A) -> Signed[Any]:
    return said(ItemStored(site=LAB, items=(Placed(item=item, place=place),)), LABORATORY, at=at(hour))


def moved(place: str, hour: int, item: ItemId = A) -> Signed[Any]:
    return said(ItemMoved(site=LAB, items=(Placed(item=item, place=place),)), LABORATORY, at=at(hour))


def told(given: list[Signed[Any]], when: Signed[Any]) -> list[str]:
    return judged(given, when, now=EVENING)


def test_all_that_is_done_with_an_item_is_a_link_of_its_chain() -> None:
    put_under_a_permit = {"permit.drawn/1"}  # nothing is done with it, and in whatever order it is told, it is under it
    assert {kind.name for kind in KINDS.values() if kind.changes("item")} - LINKS[Item] == put_under_a_permit


@pytest.mark.parametrize("one", TYPES)
def test_links_are_kinds_that_concern_their_subject(one: str) -> None:
    changing = {kind.name for kind in KINDS.values() if kind.changes(one)}
    only_compared = {
        "stock.counted/1",
        "incident.reported/1",
        "disposal.approved/1",
        "activity.ended/1",
        "deposit.receipted/1",
    }
    assert LINKS[TYPES[one]] - changing == (only_compared if one == "item" else set())
    assert BESIDE.get(TYPES[one], frozenset()) <= changing - LINKS[TYPES[one]]


def test_every_type_of_subject_goes_by_position_or_by_its_acts() -> None:
    assert {Party, Key, Approval, Permit} == BY_POSITION
    assert not LINKS.keys() & {Party, Key}
    assert {kind.name for kind in KINDS.values() if kind.changes("case")} == LINKS[Case] | BESIDE[Case]


@pytest.mark.rule("GEN-12")
def test_an_act_before_the_newest_of_its_item_is_a_breach_that_names_both_times() -> None:
    given = [*vials(), stored("F2/A1", 3)]
    assert told(given, moved("F9/C3", 4)) == []
    assert told(given, moved("F9/C3", 3)) == []
    (breach,) = breaches(given, moved("F9/C3", 0), now=EVENING)
    assert (breach.rule, breach.subjects) == ("GEN-12", (Tag(A),))
    assert breach.given == {"occurred": format_time(at(0)), "newest": format_time(at(3))}


def test_what_is_told_of_an_item_breaks_no_order_of_another() -> None:
    assert told([*vials(), used("1", 3)], used("1", 1, B)) == []


def test_two_benches_that_receive_one_consignment_break_nothing() -> None:
    given = [site(), approval(), *announced(), released()]
    first, second = replace(received(A), occurred_at=at(2)), replace(received(B), occurred_at=at(1))
    assert told([*given, first], second) == []
    assert state_of([*given, first, second], GOODS) == state_of([*given, second, first], GOODS)


def test_what_is_follows_the_acts_and_not_the_telling() -> None:
    given = [*vials(), stored("F2/A1", 3), moved("F9/C3", 0)]
    item, bench = state_of(given, A), state_of(given, LAB)
    assert (item.place, item.acted_at) == ("F2/A1", at(3))
    assert dict(bench.places) == {"f2/a1": (A,)}


@pytest.mark.rule("STK-06")
def test_a_position_is_asked_whether_it_was_free_then_and_has_been_since() -> None:
    given = [*vials(), stored("F1", 1, B), moved("F2", 3, B)]
    assert told(given, stored("F1", 2)) == ["STK-06"]
    assert told(given, stored("F1", 4)) == []
    assert told(given, stored("F2", 2)) == ["STK-06"]
    assert told([*given, stored("F5", 5)], stored("F2", 2)) == ["GEN-12"]


def test_what_is_received_stands_nowhere_whatever_is_told_of_before() -> None:
    given = [site(), approval(), *announced(), released(), replace(received(), occurred_at=at(2)), moved("F9", 1)]
    assert state_of(given, A).place is None
    assert not state_of(given, LAB).places
    assert told(given, stored("F9", 3, B)) == []


@pytest.mark.rule("GAT-07", "GAT-08", "GAT-10", "GAT-12")
def test_what_the_law_asks_before_an_act_is_asked_of_its_time() -> None:
    consent = said(UseConsented(consignment=GOODS), CUSTOMS, at=at(2))
    assert told([*vials(follow_up=True), consent], used("1", 3)) == []
    assert told([*vials(follow_up=True), consent], used("1", 1)) == ["GAT-07"]
    held = said(ConsignmentHeld(consignment=GOODS, ground="documents"), CUSTOMS, at=at(1))
    lifted = said(ConsignmentHoldLifted(consignment=GOODS, ground="documents"), CUSTOMS, at=at(3))
    assert [told([*vials(), held, lifted], used("1", hour)) for hour in (0, 2, 4)] == [[], ["GAT-08"], []]
    gone = said(ApprovalWithdrawn(approval=APPROVAL, ground="fraud", order=OrderOnWithdrawal.NONE), CUSTOMS, at=at(2))
    assert [told([*vials(), gone], used("1", hour)) for hour in (1, 3)] == [[], ["GAT-10"]]
    lower = said(SiteChanged(site=LAB, active=False), LABORATORY, at=at(2))
    assert [told([*vials(), lower], used("1", hour)) for hour in (1, 3)] == [[], ["GAT-13"]]


@pytest.mark.rule("GAT-05", "GEN-12")
def test_a_use_before_the_receipt_is_recorded_as_such() -> None:
    given = [site(), approval(), *announced(), released(), replace(received(), occurred_at=at(2))]
    assert told(given, used("1", 1)) == ["GEN-12", "GAT-05"]


def test_what_happened_to_an_item_before_its_end_can_still_be_told() -> None:
    destroyed = ItemDestroyed(
        laboratory=LAB,
        items=(Destroyed(item=A),),
        method=Method.CHEMICAL,
        indicator=Indicator.NONE,
        evidence=DIGEST,
    )
    given = [*vials(), said(destroyed, LABORATORY, SECOND_PERSON, at=at(4))]
    assert told(given, used("3", 2)) == ["GEN-12"]
    assert refused(given, used("3", 5), now=EVENING) == "GAT-03"


@pytest.mark.rule("COR-06")
def test_an_act_told_late_takes_no_more_than_later_ones_have_left() -> None:
    assert told([*vials(), used("5", 3)], used("5", 1)) == ["GEN-12"]
    assert refused([*vials(), used("5", 3)], used("6", 1), now=EVENING) == "COR-06"


def given_away(hour: int, receiver: Any = OTHER) -> Signed[Any]:  # noqa: ANN401  a signer
    body = CustodyHandedOver(items=(A,), receiver=receiver.party, count=1, packaging=Packaging.INTACT)
    return said(body, LABORATORY, replace(receiver, meaning="received"), at=at(hour))


@pytest.mark.rule("COR-12")
def test_an_act_told_late_puts_no_item_into_two_hands() -> None:
    given = [registered(OTHER.party), *vials()]
    assert told([*given, used("1", 3)], given_away(4)) == []
    assert refused([*given, used("1", 3)], given_away(2), now=EVENING) == "COR-12"


@pytest.mark.rule("COR-12")
def test_a_hold_is_not_lifted_twice_by_one_told_late() -> None:
    held = said(ConsignmentHeld(consignment=GOODS, ground="documents"), CUSTOMS, at=at(1))
    lifted = ConsignmentHoldLifted(consignment=GOODS, ground="documents")
    given = [*vials(), held, said(lifted, CUSTOMS, at=at(4))]
    assert refused(given, said(lifted, CUSTOMS, at=at(2)), now=EVENING) == "COR-12"


@pytest.mark.rule("GEN-12", "APR-23")
def test_an_approvals_status_follows_its_decisions() -> None:
    suspended = said(ApprovalSuspended(approval=APPROVAL, ground="fraud"), CUSTOMS, at=at(1))
    resumed = said(ApprovalResumed(approval=APPROVAL), CUSTOMS, at=at(2))
    late = said(ApprovalSuspended(approval=APPROVAL, ground="investigation"), CUSTOMS, at=at(0))
    given = [approval(), suspended, resumed]
    assert refused([approval(), suspended], late, now=EVENING) == "COR-12"
    again = said(ApprovalSuspended(approval=APPROVAL, ground="investigation"), CUSTOMS, at=at(3))
    assert told([approval(), again], replace(resumed, occurred_at=at(4))) == []
    assert [status for _, status in state_of([approval(), resumed, suspended], APPROVAL).history] == [
        status for _, status in state_of(given, APPROVAL).history
    ]


@pytest.mark.rule("GEN-12", "DST-02")
def test_a_disposal_approved_in_time_and_told_late_is_told_out_of_order() -> None:
    asked = DisposalRequested(case=CASE, items=(A, B), ground="expired", method=Method.CHEMICAL)
    approved = DisposalApproved(case=CASE, items=(A, B))
    given = [*vials(), said(asked, LABORATORY, at=at(0))]

    def destroyed(item: ItemId, hour: int) -> Signed[Any]:
        body = ItemDestroyed(
            laboratory=LAB,
            items=(Destroyed(item=item),),
            method=Method.CHEMICAL,
            indicator=Indicator.NONE,
            evidence=DIGEST,
            case=CASE,
        )
        return said(body, LABORATORY, SECOND_PERSON, at=at(hour))

    late = said(approved, THIRD_PERSON, at=at(1))
    assert told(given, destroyed(A, 3)) == ["DST-02"]
    assert told([*given, destroyed(A, 3)], late) == ["GEN-12"]
    assert told([*given, late, destroyed(A, 3)], destroyed(B, 2)) == []
    assert state_of([*given, destroyed(A, 3), late], CASE) == state_of([*given, late, destroyed(A, 3)], CASE)


@pytest.mark.rule("GEN-12", "STK-07")
def test_a_count_is_compared_with_what_the_item_was_then() -> None:
    there = StockCounted(site=LAB, items=(Counted(item=A, present=True, counted=ml("10")),))
    given = [*vials(), used("4", 3)]
    assert told(given, said(there, LABORATORY, SECOND_PERSON, at=at(2))) == ["GEN-12"]
    assert told(given, said(there, LABORATORY, SECOND_PERSON, at=at(4))) == ["STK-07"]


def test_a_child_is_not_used_before_it_is_made_without_a_word() -> None:
    split = aliquoted(child(C, "4"), residual="6", at=at(2))
    assert told([*vials(), split], used("1", 1, C)) == ["GEN-12"]
    item = state_of([*vials(), split, used("1", 1, C)], C)
    assert (item.known, item.quantity.value) == (True, 3)
