"""Disposal and destruction: DSP, DST."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from ledger.domain.border.inspection import ConsignmentHeld
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemStored
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import DisposalApproved, DisposalRequested, Method
from ledger.domain.ending.incidents import Loss, LossReported
from ledger.domain.states.subjects import CaseStatus, ItemStatus
from ledger.ids import CaseId
from ledger.quantity import Quantity
from ledger.reference.activities import Material
from tests.spec.bench import (
    CASE,
    CUSTOMS,
    DIGEST,
    GOODS,
    LAB,
    NOBODYS,
    OTHER,
    THIRD_PERSON,
    VARIOLA,
    A,
    B,
    announced,
    approval,
    ml,
    received,
    site,
    vials,
)
from tests.spec.parties import LABORATORY, SECOND_PERSON, admitted
from tests.spec.world import NOON, authority, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed
    from ledger.ids import ItemId

CYCLE = ItemDestroyed(
    laboratory=LAB,
    items=(Destroyed(item=A),),
    method=Method.AUTOCLAVE,
    indicator=Indicator.PASSED,
    case=CASE,
    equipment="autoclave-1",
    cycle="2026-104",
)


def requested(*items: ItemId, by: Signatory = LABORATORY) -> Signed[Any]:
    body = DisposalRequested(case=CASE, items=items or (A,), ground="expired", method=Method.AUTOCLAVE)
    return said(body, by)


def approved(*items: ItemId, by: Signatory = THIRD_PERSON) -> Signed[Any]:
    return said(DisposalApproved(case=CASE, items=items or (A,)), by)


def destroyed(*by: Signatory, **members: object) -> Signed[Any]:
    return said(replace(CYCLE, **members), *(by or (LABORATORY, SECOND_PERSON)))


APPROVED = [requested(A), approved(A)]


def test_a_disposal_is_asked_for_approved_and_carried_out() -> None:
    given = vials()
    for step in (requested(A, B), approved(A, B), destroyed()):
        assert judged(given, step) == []
        given = [*given, step]
    item = state_of(given, A)
    assert (item.status, item.quantity) == (ItemStatus.DISPOSED, Quantity(Decimal(0), "mL"))
    assert state_of(given, B).status is ItemStatus.RECEIVED
    assert state_of(given, CASE).status is CaseStatus.EXECUTED


def test_a_part_of_an_item_is_destroyed() -> None:
    half = destroyed(items=(Destroyed(item=A, quantity=ml("4")),))
    given = [*vials(), *APPROVED, half]
    assert judged(given[:-1], half) == []
    assert (state_of(given, A).quantity, state_of(given, A).status) == (Quantity(Decimal(6), "mL"), ItemStatus.RECEIVED)
    rest = destroyed(items=(Destroyed(item=A, quantity=ml("6")),))
    assert state_of([*given, rest], A).status is ItemStatus.DISPOSED


def test_a_failed_cycle_destroys_nothing() -> None:
    given = [*vials(), *APPROVED, destroyed(indicator=Indicator.FAILED)]
    assert state_of(given, A).quantity == Quantity(Decimal(10), "mL")
    assert state_of(given, CASE).status is CaseStatus.APPROVED
    assert judged(given, destroyed()) == []


def test_what_is_destroyed_leaves_its_position() -> None:
    stored = said(ItemStored(site=LAB, items=(Placed(item=A, place="F1/A1"),)), LABORATORY, SECOND_PERSON)
    assert dict(state_of([*vials(), stored], LAB).places) == {"f1/a1": (A,)}
    assert dict(state_of([*vials(), stored, destroyed()], LAB).places) == {}
    assert dict(state_of([*vials(), stored, destroyed(indicator=Indicator.FAILED)], LAB).places) == {"f1/a1": (A,)}


@pytest.mark.rule("DSP-01", "DSP-02", "DSP-03", "DSP-04", "DST-01")
@pytest.mark.parametrize(
    ("more", "when", "rule"),
    [
        pytest.param([requested(A)], requested(B), "DSP-01", id="a case that is open already"),
        pytest.param([], requested(NOBODYS), "GAT-01", id="an unknown item"),
        pytest.param([], requested(by=OTHER), "GAT-02", id="another party's item"),
        pytest.param([], approved(), "DSP-02", id="approval without request"),
        pytest.param([requested(A)], approved(A, B), "DSP-02", id="approval of what nobody asked for"),
        pytest.param(APPROVED, approved(), "DSP-02", id="a second approval"),
        pytest.param([requested(A)], approved(by=LABORATORY), "DSP-03", id="approval by who asked"),
        pytest.param([requested(A)], approved(by=OTHER), "DSP-04", id="approval by another party"),
        pytest.param([], destroyed(), "DST-01", id="destruction under a case that nobody opened"),
        pytest.param(
            [said(LossReported(case=CaseId("case:2"), items=(B,), loss=Loss.LOST, discovered_at=NOON), LABORATORY)],
            destroyed(case=CaseId("case:2")),
            "DST-01",
            id="destruction under a loss",
        ),
        pytest.param(APPROVED, destroyed(items=(Destroyed(item=A, quantity=ml("11")),)), "PRT-02", id="too much"),
        pytest.param([*APPROVED, destroyed()], destroyed(), "GAT-03", id="a second destruction"),
        pytest.param([], destroyed(items=(Destroyed(item=A), Destroyed(item=A))), "GAT-01", id="an item named twice"),
        pytest.param([], destroyed(OTHER), "GAT-02", id="destruction of another party's item"),
    ],
)
def test_a_disposal_is_refused_of(more: list[Signed[Any]], when: Signed[Any], rule: str) -> None:
    assert refused([*vials(), *more], when) == rule


def test_an_authority_may_approve_a_disposal() -> None:
    assert judged([*vials(), requested()], approved(by=CUSTOMS)) == []


@pytest.mark.rule("DST-02", "DST-03", "DST-04", "DST-05", "DST-06", "GAT-08")
@pytest.mark.parametrize(
    ("more", "when", "broken"),
    [
        pytest.param([], destroyed(case=None), ["DST-02"], id="no disposal"),
        pytest.param([requested()], destroyed(), ["DST-02"], id="not approved yet"),
        pytest.param([requested(A, B), approved(B)], destroyed(), ["DST-02"], id="approved for another item"),
        pytest.param(
            APPROVED,
            destroyed(method=Method.CHEMICAL, evidence=DIGEST),
            ["DST-03"],
            id="another method than the approved one",
        ),
        pytest.param(APPROVED, destroyed(cycle=None), ["DST-04"], id="a cycle without number"),
        pytest.param(APPROVED, destroyed(indicator=Indicator.NONE), ["DST-04"], id="a cycle without indicator"),
        pytest.param(APPROVED, destroyed(indicator=Indicator.FAILED), ["DST-04"], id="a cycle that failed"),
        pytest.param(
            APPROVED, destroyed(method=Method.INCINERATION), ["DST-03", "DST-04"], id="incineration without document"
        ),
        pytest.param(APPROVED, destroyed(THIRD_PERSON, SECOND_PERSON), ["DST-05"], id="carried out by the approver"),
        pytest.param(APPROVED, destroyed(LABORATORY, OTHER), ["DST-06"], id="two performers and no witness"),
        pytest.param(
            [*APPROVED, said(ConsignmentHeld(consignment=GOODS, ground="documents"), CUSTOMS)],
            destroyed(),
            ["GAT-08"],
            id="on hold",
        ),
    ],
)
def test_a_destruction_is_a_breach(more: list[Signed[Any]], when: Signed[Any], broken: list[str]) -> None:
    assert judged([*vials(), *more], when) == broken


def test_a_single_person_destroying_breaks_the_general_rule() -> None:
    given = [*vials(), *APPROVED]
    assert judged(given, destroyed(LABORATORY)) == []
    assert authority(admitted(LABORATORY), destroyed(LABORATORY)) == ["GEN-09"]


@pytest.mark.rule("GAT-06", "GAT-12")
def test_a_destruction_passes_the_gates_of_release_and_level() -> None:
    unreleased = [site(), approval(), *announced(), received(), *APPROVED]
    assert judged(unreleased, destroyed()) == ["GAT-06"]
    dangerous = [*vials(agent=VARIOLA, material=Material.UNCULTURED), *APPROVED]
    assert judged(dangerous, destroyed()) == ["GAT-12"]
