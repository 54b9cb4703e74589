"""The release and its write-off: BOR-30 to BOR-37."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.approval.approvals import ApprovalGranted, Direction
from ledger.domain.bodies.vocabulary import Grade
from ledger.domain.border.consignments import Route
from ledger.domain.border.entry import judge_consignment_arrived
from ledger.domain.border.inspection import ConsignmentHeld, InspectionResult
from ledger.domain.border.orders import ReturnOrdered
from ledger.domain.border.release import judge_consignment_released
from ledger.domain.judging import Signed
from ledger.domain.law.rules import EntryDate
from ledger.domain.states.border import ConsignmentStatus
from ledger.ids import ApprovalId, CaseId, ItemId
from tests.spec.border.test_entry import ARRIVAL
from tests.spec.crossing import (
    ANNOUNCEMENT,
    APPROVAL,
    APPROVED,
    BROKER,
    CONSIGNMENT,
    DECLARATION,
    INSPECTION,
    LIST,
    OFFICER,
    PARTIES,
    RELEASE,
    RIVAL,
    SECOND_OFFICER,
    SINGLE,
    TUBE,
    VIALS,
    approved,
    declared,
    inspected,
    listed,
    on_line,
    released,
)
from tests.spec.parties import IMPORTER
from tests.spec.world import (
    NOON,
    authority,
    breaches,
    corrected,
    events_of,
    grounds,
    judged,
    refused,
    rules_at,
    said,
    state_of,
    world_of,
)

HOLD = ConsignmentHeld(consignment=CONSIGNMENT, ground="laboratory-test", items=(VIALS[2],))
FIRST_PART = replace(RELEASE, items=VIALS[:2], lines=(on_line(1, "2"),))
SECOND_PART = replace(RELEASE, items=(VIALS[2], TUBE), lines=(on_line(1, "1"), on_line(2, "1.5", "mL")))


def balance(given: list[Signed[Any]]) -> dict[int, tuple[str, str, str]]:
    lines = state_of(given, APPROVAL).lines
    return {
        number: (str(line.reserved_total), str(line.committed_total), str(line.remaining))
        for number, line in lines.items()
    }


def test_a_release_writes_off_what_was_reserved() -> None:
    assert judged(inspected(), said(RELEASE, OFFICER)) == []
    assert balance(inspected()) == {1: ("3", "0", "7 vial"), 2: ("1.5", "0", "3.5 mL")}
    assert balance(released()) == {1: ("0", "3", "7 vial"), 2: ("0.0", "1.5", "3.5 mL")}
    consignment = state_of(released(), CONSIGNMENT)
    assert (consignment.status, consignment.released_on) == (ConsignmentStatus.RELEASED, NOON)
    assert set(consignment.released_items) == {*VIALS, TUBE}
    assert all(state_of(released(), item).released for item in (*VIALS, TUBE))


def test_a_consignment_is_released_in_parts_and_the_clocks_run_from_the_first() -> None:
    given = [*inspected(), said(FIRST_PART, OFFICER)]
    later = said(SECOND_PART, OFFICER, at=NOON + timedelta(days=2))
    assert judged(given, later) == []
    assert state_of([*given, later], CONSIGNMENT).released_on == NOON
    assert balance([*given, later]) == balance(released())


def test_an_approval_of_single_use_has_nothing_left_after_its_write_off() -> None:
    assert judged(inspected(SINGLE), said(RELEASE, OFFICER)) == []
    assert {remaining for _, _, remaining in balance(released(SINGLE)).values()} == {"0 vial", "0 mL"}


@pytest.mark.rule("BOR-35")
def test_an_approval_of_single_use_is_written_off_once() -> None:
    given = [*inspected(SINGLE), said(FIRST_PART, OFFICER)]
    assert refused(given, said(SECOND_PART, OFFICER)) == "BOR-35"


def test_items_held_back_follow_a_single_write_off_without_another() -> None:
    lines = (on_line(1, "3"), on_line(2, "1.5", "mL"))
    given = [*inspected(SINGLE), said(replace(RELEASE, items=VIALS[:2], lines=lines), OFFICER)]
    rest = said(replace(RELEASE, items=(VIALS[2], TUBE), lines=()), OFFICER)
    assert judged(given, rest) == []
    assert balance([*given, rest]) == balance(given)


@pytest.mark.rule("BOR-30")
def test_what_is_not_declared_is_not_released() -> None:
    assert refused(listed(), said(RELEASE, OFFICER)) == "BOR-30"


@pytest.mark.rule("BOR-31")
@pytest.mark.parametrize(
    "held",
    [
        pytest.param(HOLD, id="an item is held"),
        pytest.param(replace(HOLD, items=()), id="the consignment is held"),
        pytest.param(
            ReturnOrdered(
                case=CaseId("case:r-1"),
                consignment=CONSIGNMENT,
                items=(TUBE,),
                notice_number="N-1",
                ground="lot-differs",
                due=NOON + timedelta(days=10),
            ),
            id="an item is ordered away",
        ),
    ],
)
def test_what_is_held_is_not_released(held: Any) -> None:  # noqa: ANN401  a body
    assert refused([*inspected(), said(held, OFFICER)], said(RELEASE, OFFICER)) == "BOR-31"


def test_a_hold_on_one_item_keeps_no_other_back() -> None:
    assert judged([*inspected(), said(HOLD, OFFICER)], said(FIRST_PART, OFFICER)) == []


@pytest.mark.rule("BOR-32")
@pytest.mark.parametrize(
    "items",
    [
        pytest.param((ItemId("item:none"),), id="not of the consignment"),
        pytest.param((VIALS[2], VIALS[2]), id="named twice"),
        pytest.param((VIALS[0],), id="released already"),
    ],
)
def test_items_of_the_consignment_are_released_once(items: tuple[ItemId, ...]) -> None:
    given = [*inspected(), said(FIRST_PART, OFFICER)]
    assert refused(given, said(replace(FIRST_PART, items=items), OFFICER)) == "BOR-32"


@pytest.mark.rule("BOR-33")
def test_no_item_is_released_without_a_write_off_of_its_line() -> None:
    assert refused(inspected(), said(replace(RELEASE, lines=(on_line(1, "3"),)), OFFICER)) == "BOR-33"


@pytest.mark.rule("BOR-34", "CON-13", "CON-21")
def test_a_write_off_stays_within_the_approval_and_the_announcement() -> None:
    over = replace(RELEASE, lines=(on_line(1, "11"), on_line(2, "1.5", "mL")))
    assert refused(inspected(), said(over, OFFICER)) == "BOR-34"
    assert refused(inspected(), said(RELEASE, RIVAL)) == "CON-21"
    one_line = replace(ANNOUNCEMENT, lines=(on_line(1, "3"),))
    lines = DECLARATION.lines[:1]
    given = [*approved(), said(one_line, BROKER), said(LIST, IMPORTER), said(replace(DECLARATION, lines=lines), BROKER)]
    beyond = replace(FIRST_PART, lines=(*FIRST_PART.lines, on_line(2, "1", "mL")))
    assert refused(given, said(beyond, OFFICER)) == "CON-13"


@pytest.mark.rule("BOR-37")
def test_more_than_declared_is_released_only_as_a_breach_and_off_what_is_left() -> None:
    more = said(replace(RELEASE, lines=(on_line(1, "4"), on_line(2, "1.5", "mL"))), OFFICER)
    assert judged(inspected(), more) == ["BOR-37"]
    assert balance([*inspected(), more])[1] == ("0", "4", "6 vial")


@pytest.mark.rule("BOR-36")
@pytest.mark.parametrize("result", [one for one in InspectionResult if one is not InspectionResult.PASSED])
def test_goods_whose_last_inspection_is_not_passed_are_not_to_be_released(result: InspectionResult) -> None:
    given = [*inspected(), said(replace(INSPECTION, result=result), OFFICER, SECOND_OFFICER)]
    assert judged(given, said(RELEASE, OFFICER)) == ["BOR-36"]


@pytest.mark.rule("BOR-36")
@pytest.mark.parametrize(
    ("body", "rules"),
    [
        pytest.param(SINGLE, ["BOR-36"], id="of grade A1 every lot is inspected"),
        pytest.param(APPROVED, [], id="of grade B1 some are"),
        pytest.param(replace(APPROVED, grade=Grade.D), ["BOR-36"], id="of a grade without a rate the law holds"),
    ],
)
def test_whether_an_uninspected_release_is_a_breach_depends_on_the_grade(
    body: ApprovalGranted, rules: list[str]
) -> None:
    assert judged(declared(body), said(RELEASE, OFFICER)) == rules


@pytest.mark.rule("BOR-36")
def test_the_rate_is_marked_as_unverified_and_the_law_is_not() -> None:
    [by_rate] = breaches(declared(SINGLE), said(RELEASE, OFFICER))
    [by_law] = breaches(declared(replace(APPROVED, grade=Grade.D)), said(RELEASE, OFFICER))
    assert (grounds(by_rate)[1], grounds(by_law)[1]) == (False, True)


def test_goods_that_leave_have_rates_of_their_own() -> None:
    leaving = replace(APPROVED, direction=Direction.EXPORT)
    announcement = replace(ANNOUNCEMENT, route=Route.EXPORT, lines=(on_line(1, "3"),))
    declaration = replace(DECLARATION, lines=DECLARATION.lines[:1])
    given = [*approved(leaving), said(announcement, BROKER), said(LIST, IMPORTER), said(declaration, BROKER)]
    assert judged(given, said(FIRST_PART, OFFICER)) == []


@pytest.mark.rule("APR-30")
def test_where_the_arrival_or_the_release_counts_it_is_judged_then() -> None:
    pack = rules_at(NOON)
    assert pack.entry_date is not None
    after = date(2027, 1, 1)
    assert APPROVED.valid_to < after
    at = NOON + timedelta(days=122)
    for entry in (EntryDate.ARRIVED, EntryDate.RELEASED):
        rules = dataclasses.replace(pack, entry_date=dataclasses.replace(pack.entry_date, value=entry))
        world = world_of(events_of(inspected()), at)
        arrival = judge_consignment_arrived(world, said(replace(ARRIVAL, arrived_on=at), BROKER, at=at), rules)
        release = judge_consignment_released(world, said(RELEASE, OFFICER, at=at), rules)
        found = [breach.rule for breach in (*arrival, *release)]
        assert found == ["APR-30"]


@pytest.mark.parametrize("body", [APPROVED, SINGLE], ids=["batches", "single use"])
def test_a_release_is_corrected_as_if_it_had_not_been(body: ApprovalGranted) -> None:
    given = released(body)
    less = corrected(given[-1], replace(RELEASE, lines=(on_line(1, "2"), on_line(2, "1.5", "mL"))))
    assert judged(given, less) == []
    assert str(state_of([*given, less], APPROVAL).lines[1].committed_total) == "2"


def test_the_way_across_the_border_is_stated_by_those_whom_the_catalogue_names() -> None:
    given = released()
    for position in range(len(PARTIES), len(given)):
        assert authority(given[:position], given[position]) == []


def test_a_release_touches_no_other_approval() -> None:
    other = replace(APPROVED, approval=ApprovalId("approval:a-2"))
    given = [*released(), said(other, OFFICER)]
    assert str(state_of(given, "approval:a-2").lines[1].remaining) == "10 vial"
