"""Arrival and customs declaration: CON-20 to CON-37, APR-30 and APR-31."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.approval.changes import ApprovalSuspended
from ledger.domain.bodies.vocabulary import WriteOff
from ledger.domain.border.entry import ConsignmentArrived, ConsignmentDeclared
from ledger.domain.judging import Signed
from ledger.domain.law.rules import EntryDate, RulePack
from ledger.domain.states.border import Consignment, ConsignmentStatus
from ledger.domain.window import entry_breaches
from ledger.errors import Refused
from ledger.ids import ConsignmentId
from tests.spec.crossing import (
    ANNOUNCEMENT,
    APPROVAL,
    APPROVED,
    BROKER,
    CARRIER,
    CONSIGNMENT,
    DECLARATION,
    OFFICER,
    OTHER_CONSIGNMENT,
    RIVAL,
    SINGLE,
    approved,
    declared,
    declared_on_line,
    listed,
    on_line,
    released,
    second,
)
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import NOON, breaches, corrected, grounds, judged, refused, rules_at, said, state_of

ARRIVAL = ConsignmentArrived(consignment=CONSIGNMENT, packages=2, arrived_on=NOON, port_code="2301")
SECOND = replace(DECLARATION, consignment=OTHER_CONSIGNMENT, lines=(declared_on_line(1, "2"),))


def declaring(**changes: Any) -> ConsignmentDeclared:  # noqa: ANN401  members of a body
    return replace(DECLARATION, **changes)


def test_a_declaration_reserves_what_it_declares() -> None:
    assert judged(listed(), said(DECLARATION, BROKER)) == []
    lines = state_of(declared(), APPROVAL).lines
    assert {number: str(line.remaining) for number, line in lines.items()} == {1: "7 vial", 2: "3.5 mL"}
    assert lines[1].reserved[CONSIGNMENT] == 3
    assert not lines[1].committed


def test_goods_may_be_declared_before_they_arrive() -> None:
    arrival = said(ARRIVAL, CARRIER)
    assert judged(declared(), arrival) == []
    consignment = state_of([*declared(), arrival], CONSIGNMENT)
    assert (consignment.status, consignment.arrived_on) == (ConsignmentStatus.DECLARED, NOON)


@pytest.mark.rule("CON-20", "CON-21", "CON-22")
def test_goods_arrive_once_and_not_in_the_future_and_strangers_say_nothing() -> None:
    assert refused([*listed(), said(ARRIVAL, CARRIER)], said(ARRIVAL, OFFICER)) == "CON-20"
    assert refused(listed(), said(ARRIVAL, RIVAL)) == "CON-21"
    later = replace(ARRIVAL, arrived_on=NOON + timedelta(minutes=1))
    assert refused(listed(), said(later, CARRIER)) == "CON-22"


@pytest.mark.rule("CON-03", "CON-10", "CON-13", "CON-22", "CON-33", "BAL-02", "BAL-03")
@pytest.mark.parametrize(
    ("body", "by", "rule"),
    [
        pytest.param(DECLARATION, RIVAL, "CON-03", id="another applicant"),
        pytest.param(declaring(consignment=ConsignmentId("consignment:none")), IMPORTER, "CON-10", id="not announced"),
        pytest.param(declaring(declared_on=date(2026, 9, 2)), IMPORTER, "CON-22", id="in the future"),
        pytest.param(declaring(lines=(declared_on_line(1, "11"),)), IMPORTER, "CON-33", id="over the approval"),
        pytest.param(declaring(lines=(declared_on_line(1, "1"),) * 2), IMPORTER, "BAL-02", id="a line twice"),
        pytest.param(declaring(lines=(declared_on_line(2, "1", "tube"),)), IMPORTER, "BAL-03", id="no conversion"),
    ],
)
def test_a_declaration_that_contradicts_the_record_is_refused(
    body: ConsignmentDeclared,
    by: Any,  # noqa: ANN401  a signer
    rule: str,
) -> None:
    assert refused(listed(), said(body, by)) == rule


@pytest.mark.rule("PRT-04")
def test_nothing_is_not_declared() -> None:
    nothing = declaring(lines=(declared_on_line(1, "0"), declared_on_line(2, "1.5", "mL")))
    assert refused(listed(), said(nothing, BROKER)) == "PRT-04"


@pytest.mark.rule("CON-13")
def test_only_announced_lines_are_declared() -> None:
    given = [*approved(), said(replace(ANNOUNCEMENT, lines=(on_line(1, "3"),)), BROKER)]
    assert refused(given, said(DECLARATION, BROKER)) == "CON-13"


@pytest.mark.rule("CON-30")
def test_the_same_goods_are_declared_once() -> None:
    assert refused(declared(), said(DECLARATION, BROKER)) == "CON-30"
    assert refused(declared(), said(declaring(declaration_number="D-2"), IMPORTER)) == "CON-30"


@pytest.mark.rule("CON-33")
def test_batches_share_what_the_line_has_left() -> None:
    given = [*declared(), second()]
    assert judged(given, said(replace(SECOND, lines=(declared_on_line(1, "7"),)), BROKER)) == ["CON-36"]
    assert refused(given, said(replace(SECOND, lines=(declared_on_line(1, "8"),)), BROKER)) == "CON-33"


@pytest.mark.rule("CON-34")
def test_an_approval_of_single_use_serves_one_consignment() -> None:
    assert refused([*declared(SINGLE), second()], said(SECOND, BROKER)) == "CON-34"
    assert refused([*released(SINGLE), second()], said(SECOND, BROKER)) == "CON-34"


@pytest.mark.rule("CON-35")
def test_of_two_norms_the_stricter_is_broken_where_the_approval_allows_batches() -> None:
    batches = replace(SINGLE, write_off=WriteOff.BATCH)
    assert judged([*declared(batches), second()], said(SECOND, BROKER)) == ["CON-35"]


@pytest.mark.rule("CON-36")
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((declared_on_line(1, "2"), declared_on_line(2, "1.5", "mL")), id="less of a line"),
        pytest.param((declared_on_line(1, "4"), declared_on_line(2, "1.5", "mL")), id="more of a line"),
        pytest.param((declared_on_line(1, "3"),), id="a line left out"),
    ],
)
def test_what_is_declared_is_what_was_announced(lines: Any) -> None:  # noqa: ANN401  declared lines
    assert judged(listed(), said(declaring(lines=lines), BROKER)) == ["CON-36"]


@pytest.mark.rule("APR-30")
@pytest.mark.parametrize(
    ("day", "rules"),
    [
        (date(2026, 8, 14), ["APR-30"]),
        (date(2026, 8, 15), []),
        (date(2026, 12, 31), []),
        (date(2027, 1, 1), ["APR-30"]),
    ],
)
def test_the_day_of_the_declaration_lies_in_the_validity(day: date, rules: list[str]) -> None:
    late = said(declaring(declared_on=day), BROKER, at=NOON + timedelta(days=200))
    assert judged(listed(), late) == rules


@pytest.mark.rule("APR-30")
def test_which_date_counts_is_marked_as_unverified() -> None:
    [breach] = breaches(listed(), said(declaring(declared_on=date(2026, 8, 14)), BROKER))
    assert not grounds(breach)[1]


@pytest.mark.rule("APR-31")
@pytest.mark.parametrize(("day", "rules"), [(date(2026, 8, 31), []), (date(2026, 9, 1), ["APR-31"])])
def test_a_suspension_counts_from_its_day_on(day: date, rules: list[str]) -> None:
    given = [*listed(), said(ApprovalSuspended(approval=APPROVAL, ground="investigation"), OFFICER)]
    assert judged(given, said(declaring(declared_on=day), BROKER)) == rules


@pytest.mark.rule("APR-30", "APR-31")
@pytest.mark.parametrize("counted", list(EntryDate))
def test_the_rule_pack_says_which_date_counts(counted: EntryDate) -> None:
    pack = pack_counting(counted)
    approval = state_of(approved(), APPROVAL)
    goods = Consignment(id=CONSIGNMENT)
    for entry in EntryDate:
        found = [breach.rule for breach in entry_breaches(goods, [approval], date(2027, 1, 1), entry, pack)]
        assert found == (["APR-30"] if entry is counted else [])


def pack_counting(entry: EntryDate) -> RulePack:
    pack = rules_at(NOON)
    assert pack.entry_date is not None
    return dataclasses.replace(pack, entry_date=dataclasses.replace(pack.entry_date, value=entry))


def correction(given: list[Signed[Any]], value: str) -> Signed[Any]:
    original = next(one for one in given if isinstance(one.body, ConsignmentDeclared))
    return corrected(original, declaring(lines=(declared_on_line(1, value), declared_on_line(2, "1.5", "mL"))))


@pytest.mark.parametrize("body", [APPROVED, SINGLE], ids=["batches", "single use"])
def test_a_declaration_is_corrected_after_the_release_up_to_what_was_approved(body: Any) -> None:  # noqa: ANN401
    given = released(body)
    assert judged(given, correction(given, "10")) == ["CON-36"]
    assert refused(given, correction(given, "11")) == "CON-33"


@pytest.mark.rule("CON-37")
def test_a_declaration_is_not_corrected_to_less_than_was_released() -> None:
    given = released()
    assert refused(given, correction(given, "2")) == "CON-37"


def test_the_laboratory_may_state_the_arrival() -> None:
    assert judged(listed(), said(ARRIVAL, LABORATORY)) == []


@pytest.mark.rule("CON-22")
def test_a_date_on_the_wrong_side_of_its_statement_is_told_with_member_and_both_times() -> None:
    late = replace(ARRIVAL, arrived_on=NOON + timedelta(hours=1))
    with pytest.raises(Refused) as caught:
        judged(listed(), said(late, CARRIER))
    assert caught.value.problem == "arrived_on 2026-09-01 05:00 UTC lies after the statement, 2026-09-01 04:00 UTC"
