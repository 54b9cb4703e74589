"""Returns and destructions, ordered and carried out: ORD-01 to ORD-14."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, Reference
from ledger.domain.border.executions import DestructionExecuted, ReturnExecuted
from ledger.domain.border.orders import DestructionOrdered, ReturnOrdered
from ledger.domain.ending.disposal import Method
from ledger.domain.judging import Signed
from ledger.domain.states.border import ConsignmentStatus
from ledger.domain.states.subjects import CaseStatus, ItemStatus
from ledger.ids import CaseId, ConsignmentId, ItemId
from tests.spec.border.test_entry import SECOND
from tests.spec.crossing import (
    APPROVAL,
    CONSIGNMENT,
    OFFICER,
    OTHER_CONSIGNMENT,
    RIVAL,
    SINGLE,
    TUBE,
    VIALS,
    inspected,
    on_line,
    released,
    second,
)
from tests.spec.parties import IMPORTER, LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, judged, refused, said, state_of

DUE = NOON + timedelta(days=10)
CASE, OTHER_CASE = CaseId("case:o-1"), CaseId("case:o-2")
ALL = (*VIALS, TUBE)
REFERENCE = Reference(document="N-1", issued_by="Customs", digest="0" * 64)
RETURN = ReturnOrdered(
    case=CASE, consignment=CONSIGNMENT, items=ALL, notice_number="N-1", ground="lot-differs", due=DUE
)
DESTROY = DestructionOrdered(
    case=CASE, consignment=CONSIGNMENT, items=ALL, notice_number="N-1", ground="lot-differs", due=DUE
)
RETURNED = ReturnExecuted(
    case=CASE,
    consignment=CONSIGNMENT,
    items=ALL,
    evidence="0" * 64,
    freed=(on_line(1, "3"), on_line(2, "1.5", "mL")),
    export_declaration="E-1",
)
DESTROYED = DestructionExecuted(
    case=CASE, consignment=CONSIGNMENT, items=ALL, method=Method.INCINERATION, evidence="0" * 64
)


def ordered(body: Body = RETURN, given: list[Signed[Any]] | None = None) -> list[Signed[Any]]:
    return [*(inspected() if given is None else given), said(body, OFFICER)]


@pytest.mark.parametrize("body", [RETURN, DESTROY], ids=["return", "destruction"])
def test_an_order_opens_a_case_and_holds_its_items(body: Body) -> None:
    assert judged(inspected(), said(body, OFFICER)) == []
    case, item = state_of(ordered(body), CASE), state_of(ordered(body), TUBE)
    assert (case.status, case.items, case.due) == (CaseStatus.OPEN, set(ALL), DUE)
    assert (item.ordered, item.holds) == (CASE, {CASE})


@pytest.mark.rule("CON-23")
@pytest.mark.parametrize("body", [RETURN, DESTROY], ids=["return", "destruction"])
def test_an_order_is_not_due_before_it_is_given(body: Body) -> None:
    assert judged(inspected(), said(replace(body, due=NOON), OFFICER)) == []
    assert refused(inspected(), said(replace(body, due=NOON - timedelta(seconds=1)), OFFICER)) == "CON-23"


def test_a_return_before_the_release_frees_what_was_reserved() -> None:
    assert judged(ordered(), said(RETURNED, IMPORTER)) == []
    given = [*ordered(), said(RETURNED, IMPORTER)]
    lines = state_of(given, APPROVAL).lines
    assert {number: line.remaining for number, line in lines.items()} == {
        number: line.approved for number, line in lines.items()
    }
    item = state_of(given, TUBE)
    assert (item.status, item.ordered, item.holds) == (ItemStatus.RETURNED, None, frozenset())
    assert state_of(given, CASE).status is CaseStatus.EXECUTED
    assert state_of(given, CONSIGNMENT).status is ConsignmentStatus.RETURNED


def test_a_freed_approval_of_single_use_serves_another_consignment() -> None:
    given = [*ordered(RETURN, inspected(SINGLE)), said(RETURNED, IMPORTER), second()]
    assert judged(given, said(SECOND, IMPORTER)) == []


@pytest.mark.rule("ORD-12")
def test_a_return_after_the_release_frees_nothing() -> None:
    given = ordered(RETURN, released())
    assert refused(given, said(RETURNED, IMPORTER)) == "ORD-12"
    returned = said(replace(RETURNED, freed=()), IMPORTER)
    assert judged(given, returned) == []
    assert str(state_of([*given, returned], APPROVAL).lines[1].committed_total) == "3"


@pytest.mark.rule("ORD-12")
@pytest.mark.parametrize(
    "freed",
    [
        pytest.param((on_line(1, "4"),), id="more than is reserved"),
        pytest.param((on_line(2, "1", "mL"),), id="of a line of which nothing is returned"),
    ],
)
def test_a_return_frees_what_its_items_had_reserved(freed: Any) -> None:  # noqa: ANN401  amounts
    body = replace(RETURNED, items=VIALS, freed=freed)
    assert refused(ordered(), said(body, IMPORTER)) == "ORD-12"


def test_a_destruction_frees_nothing() -> None:
    given = ordered(DESTROY)
    done = said(DESTROYED, LABORATORY, SECOND_PERSON)
    assert judged(given, done) == []
    assert str(state_of([*given, done], APPROVAL).lines[1].remaining) == "7 vial"
    assert state_of([*given, done], TUBE).status is ItemStatus.DISPOSED
    assert state_of([*given, done], CONSIGNMENT).status is ConsignmentStatus.DESTROYED


def test_an_order_is_carried_out_item_by_item() -> None:
    part = said(replace(RETURNED, items=VIALS, freed=()), IMPORTER)
    given = [*ordered(), part]
    assert state_of(given, CASE).status is CaseStatus.OPEN
    assert state_of(given, TUBE).ordered == CASE
    assert state_of(given, CONSIGNMENT).status is ConsignmentStatus.INSPECTED
    assert judged(given, said(replace(RETURNED, items=(TUBE,), freed=()), IMPORTER)) == []


@pytest.mark.rule("CON-10", "ORD-01", "ORD-03", "ORD-04")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(RETURN, consignment=ConsignmentId("consignment:none")), "CON-10", id="no consignment"),
        pytest.param(RETURN, "ORD-01", id="the case is open"),
        pytest.param(replace(DESTROY, case=OTHER_CASE, items=(ItemId("item:none"),)), "ORD-03", id="unknown item"),
        pytest.param(replace(DESTROY, case=OTHER_CASE, items=(TUBE, TUBE)), "ORD-03", id="an item twice"),
        pytest.param(replace(DESTROY, case=OTHER_CASE, items=(VIALS[0],)), "ORD-04", id="under another order"),
    ],
)
def test_an_order_that_contradicts_the_record_is_refused(body: Body, rule: str) -> None:
    given = ordered(replace(RETURN, items=VIALS))
    assert refused(given, said(body, OFFICER)) == rule


@pytest.mark.rule("ORD-04")
def test_what_is_gone_is_not_ordered_again() -> None:
    given = [*ordered(), said(RETURNED, IMPORTER)]
    assert refused(given, said(replace(DESTROY, case=OTHER_CASE), OFFICER)) == "ORD-04"


@pytest.mark.rule("ORD-02")
@pytest.mark.parametrize("body", [replace(RETURN, case=OTHER_CASE, reference=REFERENCE), RETURNED])
def test_a_stranger_speaks_of_no_order(body: Body) -> None:
    assert refused(ordered(), said(body, RIVAL)) == "ORD-02"


@pytest.mark.rule("ORD-10", "ORD-11")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(RETURNED, case=OTHER_CASE), "ORD-10", id="no such order"),
        pytest.param(DESTROYED, "ORD-10", id="an order of another kind"),
        pytest.param(replace(RETURNED, consignment=OTHER_CONSIGNMENT), "ORD-10", id="of another consignment"),
        pytest.param(replace(RETURNED, items=(TUBE,)), "ORD-11", id="not in the order"),
        pytest.param(replace(RETURNED, items=VIALS[:1], freed=()), "ORD-11", id="returned already"),
        pytest.param(replace(RETURNED, items=(VIALS[1], VIALS[1]), freed=()), "ORD-11", id="an item twice"),
    ],
)
def test_what_no_order_asks_for_is_refused(body: Body, rule: str) -> None:
    returned = said(replace(RETURNED, items=VIALS[:1], freed=()), IMPORTER)
    given = [*ordered(replace(RETURN, items=VIALS)), second(), returned]
    assert refused(given, said(body, IMPORTER)) == rule


@pytest.mark.rule("ORD-13")
def test_an_order_is_carried_out_in_time() -> None:
    assert judged(ordered(), said(RETURNED, IMPORTER, at=DUE)) == []
    assert judged(ordered(), said(RETURNED, IMPORTER, at=DUE + timedelta(seconds=1))) == ["ORD-13"]
    late = said(DESTROYED, LABORATORY, SECOND_PERSON, at=DUE + timedelta(days=1))
    assert judged(ordered(DESTROY), late) == ["ORD-13"]


@pytest.mark.rule("ORD-14")
def test_a_destruction_has_a_witness() -> None:
    assert judged(ordered(DESTROY), said(DESTROYED, LABORATORY)) == ["ORD-14"]
