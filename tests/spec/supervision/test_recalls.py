"""Recalls, and what a hold of a case reaches: HLD and RCL."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.custody.custody import CustodyHandedOver
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import DisposalApproved, DisposalRequested, Method
from ledger.domain.judging import Signed
from ledger.domain.states.holding import Asked
from ledger.domain.states.subjects import CaseStatus
from ledger.domain.supervision.recalls import (
    RecallAsked,
    RecallConfirmed,
    RecallGround,
    RecallLifted,
    RecallOrdered,
)
from ledger.domain.work.derive import ItemPooled
from ledger.domain.work.portions import Portion
from ledger.domain.work.use import ItemUsed
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId
from ledger.reference.activities import Activity
from tests.spec.bench import (
    APPROVAL,
    BEFORE,
    CASE,
    CUSTOMS,
    GOODS,
    LAB,
    NOBODYS,
    OTHER,
    THIRD_PERSON,
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
    site,
    vials,
)
from tests.spec.parties import IMPORTER, LABORATORY, SECOND_PERSON, registered
from tests.spec.world import NOON, corrected, judged, refused, said, state_of

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.bodies.vocabulary import Body

DISPOSAL: Final = CaseId("case:disposal")
EARLIER, LATER = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
DONOR: Final = "d" * 43
ORDERED: Final = RecallOrdered(case=CASE, ground=RecallGround.CONTAMINATION, asked=RecallAsked.HOLD, items=(A,))
OF_GOODS: Final = replace(ORDERED, items=(), consignment=GOODS)
OF_APPROVAL: Final = replace(ORDERED, items=(), approval=APPROVAL)
ROOTS: Final = [
    pytest.param(ORDERED, id="an item"),
    pytest.param(OF_GOODS, id="a consignment"),
    pytest.param(OF_APPROVAL, id="an approval"),
]
POOL: Final = ItemId("item:pool")
LIFTED: Final = RecallLifted(case=CASE, items=(A,))


def recalled(body: RecallOrdered = ORDERED, at: datetime = EARLIER) -> Signed[Any]:
    return said(body, CUSTOMS, at=at)


def used(item: ItemId = A, at: datetime = NOON) -> Signed[Any]:
    body = ItemUsed(
        item=item, laboratory=LAB, project="p", purpose="research", activity=Activity.UNCULTURED, quantity=ml("1")
    )
    return said(body, LABORATORY, SECOND_PERSON, at=at)


def pooled(at: datetime = BEFORE + timedelta(hours=2)) -> Signed[Any]:
    body = ItemPooled(
        inputs=(Portion(item=A, quantity=ml("1")), Portion(item=B, quantity=ml("1"))),
        laboratory=LAB,
        output=child(POOL, "2"),
        loss=ml("0"),
    )
    return said(body, LABORATORY, SECOND_PERSON, at=at)


@pytest.mark.parametrize("root", ROOTS)
def test_what_is_recalled_is_used_no_more(root: RecallOrdered) -> None:
    assert judged(vials(), recalled(root)) == []
    assert judged([*vials(), recalled(root)], used()) == ["GAT-08"]


@pytest.mark.rule("GAT-08")
@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("made_at", [EARLIER - timedelta(hours=1), EARLIER + timedelta(minutes=1)])
def test_what_was_or_will_be_made_of_it_is_recalled_too(root: RecallOrdered, made_at: datetime) -> None:
    made = aliquoted(child(C, "2"), residual="8", at=made_at)
    further = aliquoted(child(D, "1"), residual="1", parent=C, at=made_at + timedelta(minutes=1))
    given = sorted([made, further, recalled(root)], key=lambda one: one.occurred_at)
    for item in (C, D):
        assert judged([*vials(), *given], used(item)) == ["GAT-08"]


def test_a_recall_of_an_item_leaves_what_came_in_beside_it() -> None:
    assert judged([*vials(), recalled()], used(B)) == []
    assert judged([*vials(), pooled(), recalled()], used(B)) == []
    assert judged([*vials(), pooled(), recalled()], used(POOL)) == ["GAT-08"]


@pytest.mark.parametrize("root", ROOTS)
def test_a_use_before_the_recall_is_judged_by_its_own_time_whenever_it_is_told(root: RecallOrdered) -> None:
    given = [*vials(), recalled(root, at=NOON)]
    assert "GAT-08" not in judged(given, used(at=EARLIER), now=LATER)


@pytest.mark.parametrize(
    ("root", "end"),
    [
        pytest.param(ORDERED, LIFTED, id="an item"),
        pytest.param(OF_GOODS, replace(LIFTED, items=(), consignment=GOODS), id="a consignment"),
        pytest.param(OF_APPROVAL, replace(LIFTED, items=(), approval=APPROVAL), id="an approval"),
    ],
)
def test_what_a_recall_lets_go_is_free_and_only_from_then_on(root: RecallOrdered, end: RecallLifted) -> None:
    lifted = said(end, CUSTOMS, at=NOON)
    given = [*vials(), recalled(root)]
    assert judged(given, lifted) == []
    assert state_of([*given, lifted], CASE).status is CaseStatus.CLOSED
    assert judged([*given, lifted], used(at=LATER)) == []
    assert "GAT-08" in judged([*given, lifted], used(at=NOON - timedelta(minutes=1)), now=LATER)


def test_a_recall_of_several_items_is_lifted_item_by_item() -> None:
    given = [*vials(), recalled(replace(ORDERED, items=(A, B))), said(LIFTED, CUSTOMS)]
    assert state_of(given, CASE).status is CaseStatus.OPEN
    assert judged(given, used(B, at=LATER)) == ["GAT-08"]
    assert judged(given, used(A, at=LATER)) == []


def test_a_recall_that_is_taken_back_never_was() -> None:
    order = recalled()
    other = corrected(order, replace(ORDERED, items=(B,)))
    assert judged([*vials(), order, other], used(A, at=LATER)) == []
    assert judged([*vials(), order, other], used(B, at=LATER)) == ["GAT-08"]


@pytest.mark.parametrize("root", ROOTS)
def test_a_recall_that_is_voided_holds_nothing(root: RecallOrdered) -> None:
    order = recalled(root)
    voiding = said(StatementVoided(statement=order.id, ground="entered-twice"), CUSTOMS, at=NOON)
    assert judged([*vials(), order], voiding) == []
    assert judged([*vials(), order, voiding], used(A, at=LATER)) == []


@pytest.mark.parametrize(("asked", "broken"), [("hold", ["GAT-08"]), ("return", ["GAT-08"]), ("destroy", [])])
def test_a_recall_to_destroy_does_not_bar_the_destruction(asked: str, broken: list[str]) -> None:
    order = recalled(replace(ORDERED, asked=RecallAsked(asked)))
    given = [
        *vials(),
        order,
        said(DisposalRequested(case=DISPOSAL, items=(A,), ground="expired", method=Method.CHEMICAL), LABORATORY),
        said(DisposalApproved(case=DISPOSAL, items=(A,)), THIRD_PERSON),
    ]
    body = ItemDestroyed(
        laboratory=LAB,
        items=(Destroyed(item=A),),
        method=Method.CHEMICAL,
        case=DISPOSAL,
        indicator=Indicator.PASSED,
        evidence="0" * 64,
    )
    done = said(body, LABORATORY, SECOND_PERSON)
    assert judged(given, done) == broken


def test_what_is_recalled_is_handed_over_by_naming_the_recall() -> None:
    given = [*vials(), registered(IMPORTER.party), recalled(replace(ORDERED, asked=RecallAsked.RETURN))]
    body = CustodyHandedOver(items=(A,), receiver=IMPORTER.party, count=1, packaging=Packaging.INTACT)
    assert judged(given, said(body, LABORATORY)) == ["GAT-08"]
    assert judged(given, said(replace(body, order=CASE), LABORATORY)) == []


def test_goods_that_are_recalled_before_their_release_are_held_after_it() -> None:
    given = [site(), approval(), *announced(), recalled(OF_GOODS, at=BEFORE), released(), received()]
    assert judged(given, used()) == ["GAT-08"]


@pytest.mark.rule("RCL-07", "RCL-08")
def test_each_holder_confirms_what_it_has() -> None:
    order = recalled(replace(OF_GOODS, confirm_by=NOON))
    given = [*vials(), aliquoted(child(C, "2"), residual="8", at=BEFORE + timedelta(hours=1)), order]
    confirmed = said(RecallConfirmed(case=CASE, items=(A, B, C)), LABORATORY)
    assert judged(given, confirmed) == []
    assert state_of([*given, confirmed], CASE).detail.confirmed == {LABORATORY.party}
    late = said(RecallConfirmed(case=CASE), LABORATORY, at=LATER)
    assert judged(given, late) == ["RCL-08"]
    assert refused(given, said(RecallConfirmed(case=CASE, items=(A,)), OTHER)) == "RCL-07"
    other = [*vials(), recalled()]
    assert refused(other, said(RecallConfirmed(case=CASE, items=(B,)), LABORATORY)) == "RCL-07"


@pytest.mark.rule("HLD-01", "HLD-02", "HLD-03", "RCL-01", "RCL-02", "CON-23")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(ORDERED, items=()), "HLD-01", id="no root"),
        pytest.param(replace(ORDERED, consignment=GOODS), "HLD-01", id="two roots"),
        pytest.param(replace(ORDERED, items=(NOBODYS,)), "HLD-02", id="an unknown item"),
        pytest.param(replace(ORDERED, items=(A, A)), "HLD-02", id="an item twice"),
        pytest.param(replace(OF_GOODS, consignment=ConsignmentId("consignment:no")), "HLD-02", id="no consignment"),
        pytest.param(replace(OF_APPROVAL, approval=ApprovalId("approval:no")), "HLD-02", id="no approval"),
        pytest.param(replace(ORDERED, lot="L 7"), "HLD-03", id="an item of no lot"),
        pytest.param(replace(ORDERED, donor=DONOR), "HLD-03", id="an item of no donor"),
        pytest.param(replace(ORDERED, confirm_by=BEFORE), "CON-23", id="to be confirmed before it is ordered"),
    ],
)
def test_a_recall_that_contradicts_the_record_is_refused(body: RecallOrdered, rule: str) -> None:
    assert refused(vials(), recalled(body)) == rule


@pytest.mark.rule("RCL-02", "RCL-01")
def test_who_has_nothing_to_do_with_it_recalls_nothing() -> None:
    assert judged(vials(), said(ORDERED, LABORATORY)) == []
    assert judged(vials(), said(OF_APPROVAL, IMPORTER)) == []
    assert judged(vials(), said(OF_GOODS, IMPORTER)) == []
    assert refused(vials(), said(ORDERED, OTHER)) == "RCL-02"
    assert refused(vials(), said(OF_APPROVAL, LABORATORY)) == "RCL-02"
    assert refused([*vials(), recalled()], recalled()) == "RCL-01"


@pytest.mark.rule("RCL-04", "RCL-05", "HLD-04")
@pytest.mark.parametrize(
    ("more", "body", "by", "rule"),
    [
        pytest.param([], LIFTED, CUSTOMS, "RCL-04", id="no recall"),
        pytest.param([recalled(), said(LIFTED, CUSTOMS)], LIFTED, CUSTOMS, "RCL-04", id="a closed one"),
        pytest.param([recalled()], LIFTED, LABORATORY, "RCL-05", id="somebody else's"),
        pytest.param([recalled()], replace(LIFTED, items=(B,)), CUSTOMS, "HLD-04", id="another item"),
        pytest.param([recalled()], replace(LIFTED, items=()), CUSTOMS, "HLD-04", id="nothing"),
        pytest.param([recalled()], replace(LIFTED, items=(), approval=APPROVAL), CUSTOMS, "HLD-04", id="another root"),
        pytest.param([recalled()], RecallConfirmed(case=DISPOSAL), LABORATORY, "RCL-04", id="confirmed, no recall"),
    ],
)
def test_a_recall_is_lifted_by_who_ordered_it(more: list[Signed[Any]], body: Body, by: Any, rule: str) -> None:  # noqa: ANN401
    assert refused([*vials(), *more], said(body, by, at=LATER)) == rule


def test_a_hold_is_a_word_among_those_of_its_item() -> None:
    assert state_of([*vials(), recalled()], A).holds == {f"{CASE}/{Asked.HOLD}"}
