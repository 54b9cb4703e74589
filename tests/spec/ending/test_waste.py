"""Waste and its contractor: WST."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import Method
from ledger.domain.ending.waste import WasteCertified, WasteHandedOver
from ledger.domain.states.subjects import CaseStatus, ItemStatus
from ledger.domain.work.inactivation import InactivationVerified, ItemInactivated, Outcome
from tests.spec.bench import CASE, CONTRACTOR, DIGEST, LAB, OTHER, A, B, vials
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, breaches, grounds, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed
    from ledger.ids import ItemId

LATER = NOON + timedelta(hours=1)
MANIFEST = WasteHandedOver(
    case=CASE,
    items=(A,),
    contractor=CONTRACTOR.party,
    manifest_number="32-1",
    weight=Amount(value="0.5", unit="kg"),
    stored_since=NOON,
)


def handed_over(*by: Signatory, **members: object) -> Signed[Any]:
    return said(replace(MANIFEST, **members), *(by or (LABORATORY, CONTRACTOR)), at=LATER)


def certified(*items: ItemId, by: Signatory = CONTRACTOR) -> Signed[Any]:
    return said(WasteCertified(case=CASE, items=items or (A,), certificate_number="7", evidence=DIGEST), by, at=LATER)


def burnt() -> list[Signed[Any]]:
    body = ItemDestroyed(
        laboratory=LAB,
        items=(Destroyed(item=A),),
        method=Method.CHEMICAL,
        indicator=Indicator.NONE,
        evidence=DIGEST,
    )
    return [*vials(), said(body, LABORATORY, SECOND_PERSON)]


def test_waste_goes_to_the_contractor_and_comes_back_as_a_certificate() -> None:
    given = [*burnt(), handed_over()]
    assert judged(burnt(), handed_over()) == []
    assert state_of(given, A).custodian == CONTRACTOR.party
    assert judged(given, certified()) == []
    assert state_of([*given, certified()], CASE).status is CaseStatus.CLOSED


def test_what_was_handed_over_undestroyed_is_gone_with_the_certificate() -> None:
    given = [*vials(), handed_over(), certified()]
    assert state_of(given, A).status is ItemStatus.DISPOSED
    assert refused(given, handed_over()) == "WST-01"


@pytest.mark.rule("WST-01", "WST-02", "WST-03", "WST-04", "WST-05")
@pytest.mark.parametrize(
    ("more", "when", "rule"),
    [
        pytest.param([handed_over()], handed_over(items=(B,)), "WST-01", id="a case that is open already"),
        pytest.param([], handed_over(LABORATORY), "WST-02", id="a hand-over that the contractor does not sign"),
        pytest.param([], handed_over(LABORATORY, OTHER), "WST-02", id="a hand-over that another party signs"),
        pytest.param([], handed_over(weight=Amount(value="1", unit="vial")), "WST-03", id="a weight in vials"),
        pytest.param([], handed_over(stored_since=LATER + timedelta(1)), "WST-04", id="a hand-over before storage"),
        pytest.param([], certified(), "WST-05", id="a certificate without waste"),
        pytest.param([handed_over()], certified(by=OTHER), "WST-05", id="another party's certificate"),
        pytest.param([handed_over()], certified(B), "WST-05", id="a certificate of other items"),
        pytest.param([handed_over(), certified()], certified(), "WST-05", id="a second certificate"),
        pytest.param([], handed_over(OTHER, CONTRACTOR), "GAT-02", id="waste of another party"),
    ],
)
def test_waste_is_refused_of(more: list[Signed[Any]], when: Signed[Any], rule: str) -> None:
    assert refused([*burnt(), *more], when) == rule


@pytest.mark.rule("WST-06")
def test_waste_stored_for_longer_than_the_pack_allows_is_a_breach() -> None:
    found = breaches(burnt(), handed_over(stored_since=NOON - timedelta(days=3)))
    assert [(one.rule, grounds(one)[0]) for one in found] == [("WST-06", "Medical Waste Regulations Art. 17")]
    assert judged(burnt(), handed_over(stored_since=NOON - timedelta(days=2))) == []


@pytest.mark.rule("WST-07")
def test_infectious_waste_is_a_breach_until_its_inactivation_is_verified() -> None:
    heat = said(ItemInactivated(items=(A,), laboratory=LAB, method="heat"), LABORATORY)
    test = said(InactivationVerified(items=(A,), laboratory=LAB, result=Outcome.PASSED, test="culture"), SECOND_PERSON)
    assert judged(vials(), handed_over()) == ["WST-07"]
    assert judged([*vials(), heat], handed_over()) == ["WST-07"]
    assert judged([*vials(), heat, test], handed_over()) == []
