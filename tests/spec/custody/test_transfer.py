"""Transfer: from site to site, of the same party or of another: TRF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from ledger.domain.approval.changes import ApprovalWithdrawn, OrderOnWithdrawal
from ledger.domain.custody.transfer import Ground, TransferReceived, TransferSent, judge_transfer_sent
from ledger.domain.states.subjects import CaseStatus, ItemStatus
from ledger.ids import ApprovalId, CaseId
from ledger.reference.activities import Material
from tests.spec.goods import (
    ANNEX,
    CLINIC,
    COURIER,
    CUSTOMS,
    DEPOSITORY,
    LAB,
    VARIOLA,
    WARD,
    A,
    B,
    accepted,
    approval,
    delivered,
    handed_over,
    held,
    in_stock,
    stored,
)
from tests.spec.parties import LABORATORY
from tests.spec.world import NOON, events_of, judged, packs, refused, said, state_of, world_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed
    from ledger.ids import ItemId, SiteId

CASE = CaseId("case:transfer")
OTHER_APPROVAL = ApprovalId("approval:2")


def sent(*items: ItemId, by: Signatory = LABORATORY, **members: object) -> Signed[Any]:
    """Return a transfer to the other party's laboratory, which the approval does not name."""
    body = TransferSent(
        case=CASE,
        items=items or (A,),
        from_site=LAB,
        to_site=WARD,
        receiver=CLINIC.party,
        ground=Ground.SAME_APPROVAL,
    )
    return said(replace(body, **members), by)


def inside(*items: ItemId) -> Signed[Any]:
    """Return a transfer to the laboratory's own annex, which the approval does not name either."""
    return sent(*items, to_site=ANNEX, receiver=LABORATORY.party, ground=Ground.SAME_PARTY)


def renewed(*items: ItemId) -> Signed[Any]:
    """Return a transfer under another approval."""
    return sent(*items, ground=Ground.NEW_APPROVAL, approval=OTHER_APPROVAL)


def arrived(*items: ItemId, at: SiteId = WARD, by: Signatory = CLINIC) -> Signed[Any]:
    return said(TransferReceived(case=CASE, items=items or (A,), site=at), by)


def stock(agent: str | None = None, material: Material | None = None) -> list[Signed[Any]]:
    """Return two vials in stock, and another approval that names the other party's laboratory."""
    return [*in_stock(agent=agent, material=material), approval(OTHER_APPROVAL, sites=(WARD,))]


HANDED = handed_over(LABORATORY, CLINIC.party, items=(A,))


def test_items_go_to_another_laboratory_under_its_approval() -> None:
    given = stock()
    for step in (renewed(), HANDED, accepted(CLINIC, items=(A,)), arrived()):
        assert judged(given, step) == []
        given = [*given, step]
    item = state_of(given, A)
    assert (item.status, item.site, item.custodian, item.transfer) == (ItemStatus.RECEIVED, WARD, CLINIC.party, None)
    assert state_of(given, CASE).status is CaseStatus.CLOSED


def test_what_is_sent_leaves_its_position_and_stays_in_the_senders_custody() -> None:
    given = [*stock(), renewed()]
    item = state_of(given, A)
    assert (item.custodian, item.site, item.place, item.transfer) == (LABORATORY.party, None, None, CASE)
    assert not state_of(given, LAB).places


def test_a_party_moves_items_between_its_own_sites() -> None:
    given = [*in_stock(), inside()]
    assert judged(given, arrived(at=ANNEX, by=LABORATORY)) == ["GAT-11"]
    item = state_of([*given, arrived(at=ANNEX, by=LABORATORY)], A)
    assert (item.site, item.custodian) == (ANNEX, LABORATORY.party)


def test_the_receiver_of_an_open_transfer_can_take_the_items_over() -> None:
    assert judged([*stock(), renewed()], accepted(CLINIC, items=(A,))) == ["CUS-09"]


def test_a_transfer_closes_with_its_last_item() -> None:
    given = [*stock(), stored((B, "F1/A2")), renewed(A, B), arrived(B)]
    assert state_of(given, CASE).status is CaseStatus.OPEN
    assert state_of([*given, arrived(A)], CASE).status is CaseStatus.CLOSED


@pytest.mark.rule("TRF-01")
def test_a_transfer_opens_a_new_case() -> None:
    assert refused([*stock(), renewed()], renewed(B)) == "TRF-01"


@pytest.mark.rule("GAT-02", "GAT-04")
def test_a_party_sends_what_it_has_from_its_own_site() -> None:
    assert refused(stock(), sent(by=CLINIC)) == "GAT-02"
    assert refused(stock(), sent(from_site=WARD, to_site=DEPOSITORY)) == "GAT-04"


@pytest.mark.rule("TRF-02")
@pytest.mark.parametrize(
    ("given", "when"),
    [
        pytest.param([*stock(), renewed()], sent(case=CaseId("case:2")), id="on its way already"),
        pytest.param(stock(), sent(from_site=ANNEX), id="at another site"),
        pytest.param(delivered(), sent(), id="not received yet"),
    ],
)
def test_items_are_sent_from_where_they_are(given: list[Signed[Any]], when: Signed[Any]) -> None:
    assert refused(given, when) == "TRF-02"


@pytest.mark.rule("TRF-03")
@pytest.mark.parametrize(
    "when", [sent(receiver=COURIER.party), sent(to_site=LAB, receiver=LABORATORY.party, ground=Ground.SAME_PARTY)]
)
def test_a_transfer_goes_to_another_site_of_its_receiver(when: Signed[Any]) -> None:
    assert refused(stock(), when) == "TRF-03"


@pytest.mark.rule("TRF-04")
@pytest.mark.parametrize(
    "when",
    [
        pytest.param(sent(ground=Ground.SAME_PARTY), id="same party, but to another"),
        pytest.param(sent(to_site=ANNEX, receiver=LABORATORY.party), id="to itself, on another ground"),
        pytest.param(sent(ground=Ground.NEW_APPROVAL), id="a new approval that is not named"),
        pytest.param(sent(approval=OTHER_APPROVAL), id="an approval on another ground"),
        pytest.param(sent(ground=Ground.NEW_APPROVAL, approval=ApprovalId("approval:9")), id="an unknown approval"),
    ],
)
def test_the_ground_of_a_transfer_fits_its_parties_and_approval(when: Signed[Any]) -> None:
    assert refused(stock(), when) == "TRF-04"


@pytest.mark.rule("TRF-05")
@pytest.mark.parametrize(
    ("given", "when"),
    [
        pytest.param(stock(), arrived(), id="nothing was sent"),
        pytest.param([*stock(), renewed()], arrived(by=COURIER), id="sent to another party"),
        pytest.param([*stock(), renewed()], arrived(B), id="not of the transfer"),
        pytest.param([*stock(), renewed(), arrived()], arrived(), id="received already"),
    ],
)
def test_a_transfer_is_received_by_whom_it_was_sent_to(given: list[Signed[Any]], when: Signed[Any]) -> None:
    assert refused(given, when) == "TRF-05"


@pytest.mark.rule("GAT-11")
def test_a_site_that_the_approval_does_not_name_is_a_breach() -> None:
    assert judged(stock(), sent()) == ["GAT-11"]
    assert judged(stock(), inside()) == ["GAT-11"]
    elsewhere = approval(ApprovalId("approval:3"), sites=(ANNEX,))
    when = sent(ground=Ground.NEW_APPROVAL, approval=ApprovalId("approval:3"))
    assert judged([*stock(), elsewhere], when) == ["GAT-11"]


def test_a_depository_needs_no_place_on_the_approval_and_no_level() -> None:
    when = sent(to_site=DEPOSITORY, ground=Ground.DEPOSITORY)
    assert judged(stock(VARIOLA, Material.CULTURE), when) == []


@pytest.mark.rule("GAT-12")
def test_a_laboratory_of_too_low_a_level_is_a_breach() -> None:
    assert judged(stock(VARIOLA, Material.UNCULTURED), renewed()) == ["GAT-12"]


@pytest.mark.rule("GAT-07", "GAT-10")
def test_to_another_party_goes_only_what_may_be_used() -> None:
    withdrawn = ApprovalWithdrawn(approval=ApprovalId("approval:1"), ground="fraud", order=OrderOnWithdrawal.RETURN)
    given = [*stock(), approval(follow_up=True), said(withdrawn, CUSTOMS)]
    assert judged(given, renewed()) == ["GAT-07", "GAT-10"]
    assert judged(given, inside()) == ["GAT-11"]


@pytest.mark.rule("GAT-08")
def test_held_items_are_neither_sent_nor_received() -> None:
    assert judged([*stock(), held()], renewed()) == ["GAT-08"]
    given = [*stock(), renewed(), HANDED, held()]
    assert judged(given, arrived()) == ["GAT-08"]


@pytest.mark.rule("TRF-06")
@pytest.mark.parametrize(
    ("when", "rules"),
    [(renewed(), ["TRF-06"]), (sent(authorisation="CDC 1"), ["GAT-11"]), (inside(), ["GAT-11"])],
)
def test_where_the_pack_asks_for_it_a_transfer_has_a_permit(when: Signed[Any], rules: list[str]) -> None:
    world = world_of(events_of(stock()), NOON)
    american = packs().at_instant("US", NOON)
    assert [breach.rule for breach in judge_transfer_sent(world, when, american)] == rules


@pytest.mark.rule("TRF-07")
def test_a_receipt_at_another_site_than_sent_to_is_a_breach() -> None:
    given = [*stock(), renewed(), HANDED]
    assert judged(given, arrived(at=DEPOSITORY)) == ["GAT-11", "TRF-07"]


@pytest.mark.rule("TRF-08")
def test_a_transfer_that_nobody_handed_over_is_a_gap() -> None:
    given = [*stock(), renewed()]
    assert judged(given, arrived()) == ["TRF-08"]
    assert state_of([*given, arrived()], A).custodian == CLINIC.party


@pytest.mark.rule("GAT-14")
def test_one_person_receives_no_high_pathogenic_transfer() -> None:
    given = [*stock(VARIOLA, Material.INACTIVATED), renewed(), HANDED]
    assert judged(given, arrived()) == ["GAT-14"]
