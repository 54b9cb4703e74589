"""Questions about approvals and what enters under them: a small history is recorded, and the answer folded from it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pytest
from msgspec.structs import replace

from ledger.breach import Breach
from ledger.domain.approval.changes import ApprovalSuspended, ApprovalWithdrawn, OrderOnWithdrawal
from ledger.domain.bodies.vocabulary import Grade, WriteOff
from ledger.domain.border.destination import DestinationDeclared
from ledger.domain.custody.receipt import Condition
from ledger.domain.judging import Signed
from ledger.domain.states.border import ApprovalStatus
from ledger.ids import ApprovalId, Tag
from ledger.quantity import Quantity
from projections.questions.entry.balances import OpenLine, open_lines
from projections.questions.entry.declared import Beyond, uncovered
from projections.questions.entry.remaining import remaining
from projections.questions.entry.undeclared import undeclared
from projections.questions.entry.write_offs import written_off_again
from tests.spec import bench
from tests.spec.crossing import (
    APPROVAL,
    APPROVED,
    CONSIGNMENT,
    DECLARATION,
    OFFICER,
    OTHER_CONSIGNMENT,
    RELEASE,
    SINGLE,
    TUBE,
    VIALS,
    approved,
    declared,
    declared_on_line,
    listed,
    on_line,
    released,
    second,
)
from tests.spec.owing.scenes import told as recorded
from tests.spec.parties import LABORATORY
from tests.spec.world import NOON, corrected, events_of, packs, rules_at, said

CALENDAR: Final = rules_at(NOON).working_days
ARRIVED: Final = DestinationDeclared(consignment=CONSIGNMENT, receipt_number="Q-1", declared_on=date(2026, 10, 3))


def vials(number: str) -> Quantity:
    return Quantity(Decimal(number), "vial")


# Lines that do not close, and the difference


def rows_of(given: list[Signed[Any]]) -> dict[int, OpenLine]:
    return {row.line: row for row in open_lines(events_of(given))}


def test_lines_whose_papers_agree_with_the_goods_close() -> None:
    assert rows_of(released()) == {}
    assert rows_of(approved()) == {}


@pytest.mark.question("open-lines")
def test_a_line_of_which_more_was_written_off_than_listed_does_not_close() -> None:
    given = [*declared(), said(replace(RELEASE, lines=(on_line(1, "4"), on_line(2, "1.5", "mL"))), OFFICER)]
    [row] = rows_of(given).values()
    assert (row.approval, row.line, row.papers, row.unexplained, row.closes) == (
        APPROVAL,
        1,
        Fraction(1),
        Fraction(0),
        False,
    )


def test_what_is_of_no_known_quantity_keeps_its_line_from_closing() -> None:
    unmeasured = replace(listed()[-1].body, items=(replace(listed()[-1].body.items[0], quantity=None),))
    given = released()
    at = next(i for i, one in enumerate(given) if one.kind == "item.listed/1" and one.body.line == 2)
    given[at] = replace(given[at], body=unmeasured)
    [row] = rows_of(given).values()
    assert (row.line, row.balance, row.unmeasured, row.closes) == (2, None, (TUBE,), None)


@pytest.mark.question("open-lines")
def test_what_is_missing_is_told_as_unexplained() -> None:
    missing = [*bench.vials()[:-1], bench.received(bench.A, condition=Condition.MISSING)]
    [row] = rows_of(missing).values()
    assert (row.approval, row.papers, row.unexplained, row.closes) == (
        bench.APPROVAL,
        None,
        Fraction(10),
        False,
    )
    assert row.unexplained_by == (len(missing),)


# Declared at destination in time


@pytest.mark.question("late-declarations")
def test_what_is_not_declared_at_destination_is_told_with_the_days_it_is_late() -> None:
    events = recorded(released())
    assert undeclared(events, packs(), NOON + timedelta(days=30)) == ()
    [row] = undeclared(events, packs(), NOON + timedelta(days=33))
    assert (row.consignment, row.by, row.released_at, row.declared_at) == (CONSIGNMENT, LABORATORY.party, NOON, None)
    assert row.items == tuple(sorted((*VIALS, TUBE)))
    assert row.days_late == 3


@pytest.mark.question("late-declarations")
def test_what_was_declared_late_stays_told_and_what_is_not_followed_up_owes_nothing() -> None:
    late = said(ARRIVED, LABORATORY, at=NOON + timedelta(days=32))
    events = recorded([*released(), late])
    [row] = undeclared(events, packs(), NOON + timedelta(days=90))
    assert (row.declared_at, row.days_late) == (late.occurred_at, 2)
    [before] = undeclared(events, packs(), NOON + timedelta(days=31))
    assert (before.declared_at, before.days_late) == (None, 1)
    free = recorded(released(replace(APPROVED, follow_up=False)))
    assert undeclared(free, packs(), NOON + timedelta(days=90)) == ()


# What is left of each approval, and for how long


@pytest.mark.question("remaining")
def test_what_is_left_of_each_approval_is_told_with_its_days() -> None:
    untouched = ApprovalId("approval:a-2")
    other = said(replace(APPROVED, approval=untouched, valid_to=date(2026, 9, 30)), OFFICER)
    first, second_row = remaining(events_of([*released(), other]), date(2026, 9, 1))
    assert (first.approval, first.days, first.unused) == (untouched, 29, True)
    assert (second_row.approval, second_row.days, second_row.unused) == (APPROVAL, 121, False)
    assert [(one.line, str(one.approved), str(one.remaining)) for one in second_row.lines] == [
        (1, "10 vial", "7 vial"),
        (2, "5 mL", "3.5 mL"),
    ]


@pytest.mark.question("remaining")
def test_what_is_declared_is_set_aside_and_an_approval_that_ended_has_nothing_left() -> None:
    [row] = remaining(events_of(declared()), date(2026, 9, 1))
    assert (str(row.lines[0].reserved), str(row.lines[0].remaining), row.unused) == ("3 vial", "7 vial", False)
    [last] = remaining(events_of(declared()), date(2026, 12, 31))
    assert last.days == 0
    assert remaining(events_of(declared()), date(2027, 1, 1)) == ()
    gone = ApprovalWithdrawn(approval=APPROVAL, ground="laboratory-differs", order=OrderOnWithdrawal.RETURN)
    assert remaining(events_of([*approved(), said(gone, OFFICER)]), date(2026, 9, 1)) == ()


# Declared beyond what is approved


def test_a_declaration_within_its_approval_is_not_told() -> None:
    assert uncovered(events_of(declared()), CALENDAR) == ()


@pytest.mark.question("uncovered")
def test_a_declaration_beyond_a_quantity_that_was_corrected_is_told() -> None:
    grant = approved()[-1]
    smaller = (replace(APPROVED.lines[0], quantity=replace(APPROVED.lines[0].quantity, value="2")), APPROVED.lines[1])
    given = declared()
    at = next(i for i, one in enumerate(given) if one.kind == grant.kind)
    [row] = uncovered(events_of([*given, corrected(given[at], replace(APPROVED, lines=smaller))]), CALENDAR)
    assert (row.consignment, row.declared_on, row.approval) == (CONSIGNMENT, date(2026, 9, 1), APPROVAL)
    assert row.beyond == (Beyond(1, vials("2"), vials("1")),)
    assert (row.outside, row.status, row.told) == (False, ApprovalStatus.GRANTED, ())


@pytest.mark.question("uncovered")
def test_a_declaration_outside_validity_is_told_with_what_its_signers_were_told() -> None:
    events = events_of(declared(replace(APPROVED, valid_from=date(2026, 9, 2))))
    events[-1] = replace(events[-1], breaches=(Breach("APR-30", (Tag(APPROVAL),)), Breach("CON-36", (Tag(APPROVAL),))))
    [row] = uncovered(events, CALENDAR)
    assert (row.outside, row.beyond, row.told) == (True, (), ("APR-30",))


@pytest.mark.question("uncovered")
def test_a_declaration_while_the_approval_was_suspended_is_told() -> None:
    stopped = said(ApprovalSuspended(approval=APPROVAL, ground="investigation"), OFFICER, at=NOON - timedelta(hours=1))
    [row] = uncovered(events_of([*listed(), stopped, declared()[-1]]), CALENDAR)
    assert (row.status, row.outside, row.beyond) == (ApprovalStatus.SUSPENDED, False, ())


# Single use, written off more than once


def twice() -> list[Signed[Any]]:
    """Return two consignments under the approval, declared and released."""
    more = replace(DECLARATION, consignment=OTHER_CONSIGNMENT, lines=(declared_on_line(1, "2"),))
    again = replace(RELEASE, consignment=OTHER_CONSIGNMENT, items=(VIALS[0],), lines=(on_line(1, "2"),))
    return [second(), said(more, LABORATORY), said(again, OFFICER)]


@pytest.mark.question("single-use")
@pytest.mark.parametrize(
    ("body", "single"),
    [
        pytest.param(SINGLE, [True, True], id="of single use"),
        pytest.param(replace(APPROVED, grade=Grade.A1), [True, True], id="by its grade alone"),
        pytest.param(APPROVED, [], id="in batches"),
    ],
)
def test_single_use_that_was_written_off_twice_is_told(body: Any, single: list[bool]) -> None:  # noqa: ANN401
    rows = written_off_again(recorded([*released(body), *twice()]), packs())
    assert [one.single for row in rows for one in row.write_offs] == single
    assert [one.consignment for row in rows for one in row.write_offs] == [CONSIGNMENT, OTHER_CONSIGNMENT][
        : len(single)
    ]
    assert written_off_again(recorded(released(body)), packs()) == ()


def test_where_the_edition_is_not_at_hand_single_use_is_not_known() -> None:
    graded = replace(APPROVED, grade=Grade.A1, write_off=WriteOff.BATCH)
    [row] = written_off_again(events_of([*released(graded), *twice()]), packs())
    assert [one.single for one in row.write_offs] == [None, None]
