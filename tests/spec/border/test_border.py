"""Inspection, samples and holds: BOR-03 to BOR-21."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, Packaging, Reference
from ledger.domain.border.inspection import (
    Compared,
    ConsignmentHeld,
    ConsignmentHoldLifted,
    ConsignmentInspected,
    ConsignmentSampled,
    InspectionResult,
)
from ledger.domain.border.listing import ListedItem
from ledger.domain.states.border import ConsignmentStatus
from ledger.domain.states.subjects import ItemStatus
from ledger.domain.work.portions import Portion
from ledger.ids import ItemId
from tests.spec.crossing import (
    CONSIGNMENT,
    INSPECTION,
    LIST,
    OFFICER,
    RIVAL,
    SECOND_OFFICER,
    TUBE,
    VIALS,
    amount,
    declared,
    inspected,
    listed,
)
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import judged, refused, said, state_of

REFERENCE = Reference(document="I-1", issued_by="Customs", digest="0" * 64)
HOLD = ConsignmentHeld(consignment=CONSIGNMENT, ground="laboratory-test", items=VIALS[:2])
LIFT = ConsignmentHoldLifted(consignment=CONSIGNMENT, ground="laboratory-test", items=VIALS[:1])
WHOLE = ConsignmentHeld(consignment=CONSIGNMENT, ground="documents")
SAMPLES = ConsignmentSampled(
    consignment=CONSIGNMENT, samples=(Portion(item=TUBE, quantity=amount("0.25", "mL")),), seal="S-1"
)


def test_two_officers_pass_a_declared_consignment() -> None:
    assert judged(declared(), said(INSPECTION, OFFICER, SECOND_OFFICER)) == []
    consignment = state_of(inspected(), CONSIGNMENT)
    assert (consignment.inspection, consignment.status) == ("passed", ConsignmentStatus.INSPECTED)


@pytest.mark.rule("BOR-04")
def test_one_officer_alone_is_too_few() -> None:
    assert judged(declared(), said(INSPECTION, OFFICER)) == ["BOR-04"]


def test_who_records_an_inspection_from_its_document_does_not_sign_for_officers() -> None:
    assert judged(declared(), said(replace(INSPECTION, reference=REFERENCE), IMPORTER)) == []


@pytest.mark.rule("BOR-05")
@pytest.mark.parametrize(
    ("body", "rules"),
    [
        pytest.param(replace(INSPECTION, mismatches=(Compared.LOT,)), ["BOR-05"], id="another lot"),
        pytest.param(replace(INSPECTION, packaging=Packaging.DAMAGED), ["BOR-05"], id="damaged"),
        pytest.param(
            replace(INSPECTION, result=InspectionResult.FAILED, mismatches=(Compared.LOT,)), [], id="failed for it"
        ),
    ],
)
def test_goods_that_differ_do_not_pass(body: ConsignmentInspected, rules: list[str]) -> None:
    assert judged(declared(), said(body, OFFICER, SECOND_OFFICER)) == rules


@pytest.mark.rule("BOR-06")
def test_goods_are_declared_before_they_are_inspected() -> None:
    assert judged(listed(), said(INSPECTION, OFFICER, SECOND_OFFICER)) == ["BOR-06"]


@pytest.mark.rule("CON-21")
@pytest.mark.parametrize("body", [INSPECTION, SAMPLES, HOLD, LIFT])
def test_a_stranger_records_nothing_of_a_consignment(body: Body) -> None:
    assert refused([*inspected(), said(HOLD, OFFICER)], said(replace(body, reference=REFERENCE), RIVAL)) == "CON-21"


def test_samples_leave_the_item() -> None:
    assert judged(inspected(), said(SAMPLES, OFFICER)) == []
    assert str(state_of([*inspected(), said(SAMPLES, OFFICER)], TUBE).quantity) == "1.25 mL"


def test_an_item_that_is_taken_whole_is_depleted() -> None:
    whole = replace(SAMPLES, samples=(Portion(item=VIALS[0], quantity=amount("1")),))
    assert judged(inspected(), said(whole, OFFICER)) == []
    assert state_of([*inspected(), said(whole, OFFICER)], VIALS[0]).status is ItemStatus.DEPLETED


@pytest.mark.rule("BOR-03", "PRT-01", "PRT-02", "UNI-02")
@pytest.mark.parametrize(
    ("item", "value", "unit", "rule"),
    [
        pytest.param("item:none", "1", "vial", "BOR-03", id="of no such item"),
        pytest.param(TUBE, "1", "g", "PRT-01", id="in another unit"),
        pytest.param(TUBE, "1.6", "mL", "PRT-02", id="more than there is"),
        pytest.param(VIALS[0], "0.5", "vial", "UNI-02", id="half a vial"),
    ],
)
def test_samples_that_cannot_be_taken_are_refused(item: str, value: str, unit: str, rule: str) -> None:
    samples = replace(SAMPLES, samples=(Portion(item=ItemId(item), quantity=amount(value, unit)),))
    assert refused(inspected(), said(samples, OFFICER)) == rule


@pytest.mark.rule("PRT-03")
def test_a_sample_of_what_nobody_measured_is_a_breach() -> None:
    unmeasured = replace(LIST, items=(ListedItem(item=ItemId("item:x-1"), label="x-1"),))
    samples = replace(SAMPLES, samples=(Portion(item=ItemId("item:x-1"), quantity=amount("1")),))
    assert judged([*inspected(), said(unmeasured, IMPORTER)], said(samples, OFFICER)) == ["PRT-03"]


def test_a_hold_is_lifted_item_by_item() -> None:
    assert judged(inspected(), said(HOLD, OFFICER)) == []
    held = [*inspected(), said(HOLD, OFFICER)]
    assert judged(held, said(LIFT, OFFICER)) == []
    given = [*held, said(LIFT, OFFICER)]
    assert [bool(state_of(given, item).holds) for item in VIALS] == [False, True, False]
    assert not state_of(given, CONSIGNMENT).holds


def test_lifting_one_ground_leaves_another() -> None:
    other = replace(HOLD, ground="documents")
    given = [*inspected(), said(HOLD, OFFICER), said(other, OFFICER), said(LIFT, OFFICER)]
    assert state_of(given, VIALS[0]).holds == {"consignment:c-1/documents"}


def test_a_whole_consignment_is_held_before_its_items_are_listed() -> None:
    assert judged(listed(), said(WHOLE, OFFICER)) == []
    given = [*listed(), said(WHOLE, OFFICER)]
    assert state_of(given, CONSIGNMENT).holds == {"consignment:c-1/documents"}
    lift = said(ConsignmentHoldLifted(consignment=CONSIGNMENT, ground="documents"), OFFICER)
    assert judged(given, lift) == []
    assert not state_of([*given, lift], CONSIGNMENT).holds


@pytest.mark.rule("BOR-03", "BOR-20", "BOR-21")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(HOLD, "BOR-20", id="held already"),
        pytest.param(WHOLE, "BOR-20", id="held as a whole already"),
        pytest.param(replace(LIFT, ground="documents"), "BOR-21", id="on another ground"),
        pytest.param(replace(LIFT, items=VIALS[2:]), "BOR-21", id="not held"),
        pytest.param(replace(HOLD, items=(VIALS[2], VIALS[2])), "BOR-03", id="an item twice"),
        pytest.param(replace(HOLD, items=(ItemId("item:none"),)), "BOR-03", id="not of the consignment"),
    ],
)
def test_a_hold_that_contradicts_the_record_is_refused(body: Body, rule: str) -> None:
    given: list[Any] = [*inspected(), said(HOLD, OFFICER), said(WHOLE, OFFICER)]
    assert refused(given, said(body, OFFICER)) == rule


def test_the_consignee_records_a_hold_by_reference() -> None:
    assert judged(inspected(), said(replace(HOLD, reference=REFERENCE), LABORATORY)) == []
