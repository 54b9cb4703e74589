"""Discrepancies and labels: RCP-10 to RCP-16."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.custody.discrepancy import Difference, DiscrepancyRecorded, DiscrepancyResolved, ItemLabelled
from ledger.domain.states.subjects import CaseStatus
from ledger.ids import CaseId, ConsignmentId, ItemId
from tests.spec.goods import CLINIC, CUSTOMS, GOODS, A, B, announced, carried, delivered, received
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed

CASE = CaseId("case:1")
GIVEN = [*delivered(), received()]


def recorded(
    *items: ItemId,
    difference: Difference = Difference.QUANTITY,
    consignment: ConsignmentId = GOODS,
    by: Signatory = LABORATORY,
) -> Signed[Any]:
    body = DiscrepancyRecorded(case=CASE, consignment=consignment, items=items or (A,), discrepancy=difference)
    return said(body, by)


def resolved(*items: ItemId, by: Signatory = LABORATORY) -> Signed[Any]:
    return said(DiscrepancyResolved(case=CASE, items=items or (A,), resolution="reported-to-customs"), by)


def labelled(item: ItemId, label: str, by: Signatory = LABORATORY) -> Signed[Any]:
    return said(ItemLabelled(item=item, label=label), by)


def test_a_discrepancy_is_recorded_and_resolved() -> None:
    assert judged(GIVEN, recorded()) == []
    assert judged([*GIVEN, recorded()], resolved()) == []
    assert state_of([*GIVEN, recorded()], CASE).status is CaseStatus.OPEN
    assert state_of([*GIVEN, recorded(), resolved()], CASE).status is CaseStatus.CLOSED


def test_an_extra_item_need_not_be_listed() -> None:
    extra = ItemId("item:extra")
    assert judged(GIVEN, recorded(extra, difference=Difference.EXTRA)) == []
    assert refused(GIVEN, recorded(extra, difference=Difference.DAMAGED)) == "GAT-01"


@pytest.mark.rule("RCP-10")
def test_a_discrepancy_opens_a_new_case() -> None:
    assert refused([*GIVEN, recorded()], recorded(B)) == "RCP-10"


@pytest.mark.rule("RCP-11")
def test_a_discrepancy_is_about_an_announced_consignment() -> None:
    assert refused(GIVEN, recorded(consignment=ConsignmentId("consignment:2"))) == "RCP-11"


@pytest.mark.rule("RCP-12")
def test_a_stranger_records_no_discrepancy() -> None:
    assert refused(GIVEN, recorded(by=CLINIC)) == "RCP-12"
    assert judged(GIVEN, recorded(by=CUSTOMS)) == []


@pytest.mark.rule("RCP-13")
@pytest.mark.parametrize(
    ("given", "when"),
    [
        pytest.param(GIVEN, resolved(), id="nothing recorded"),
        pytest.param([*GIVEN, recorded(), resolved()], resolved(), id="resolved already"),
        pytest.param([*GIVEN, recorded()], resolved(B), id="about another item"),
    ],
)
def test_an_open_discrepancy_is_resolved_as_a_whole(given: list[Signed[Any]], when: Signed[Any]) -> None:
    assert refused(given, when) == "RCP-13"


@pytest.mark.rule("RCP-14")
def test_a_discrepancy_is_resolved_by_who_recorded_it_or_customs() -> None:
    assert refused([*GIVEN, recorded()], resolved(by=IMPORTER)) == "RCP-14"
    assert judged([*GIVEN, recorded()], resolved(by=CUSTOMS)) == []


def test_an_item_gets_another_label() -> None:
    given = [*GIVEN, labelled(A, "L-1")]
    assert judged(GIVEN, labelled(A, "L-1")) == []
    assert state_of(given, A).label == "L-1"
    assert state_of(given, GOODS).labels["l-1"] == A


@pytest.mark.rule("RCP-15")
def test_an_item_is_labelled_by_who_has_it() -> None:
    assert refused(carried(), labelled(A, "L-1")) == "RCP-15"
    assert judged(announced(), labelled(A, "L-1", by=IMPORTER)) == []


@pytest.mark.rule("RCP-16")
@pytest.mark.parametrize("label", ["b", "B", "L-1", "l-1", "Ｌ-1"])
def test_a_label_is_on_one_item_for_ever(label: str) -> None:
    given = [*GIVEN, labelled(B, "L-1"), labelled(B, "L-2")]
    assert refused(given, labelled(A, label)) == "RCP-16"
    assert judged(given, labelled(B, label)) == []
