"""Questions about findings and visits: a small history is recorded, and the answer folded from it."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from msgspec.structs import replace

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.supervision.conclusions import SupervisionClosed
from projections.questions.supervision.supervisions import findings, visits_due
from tests.spec.bench import (
    CUSTOMS,
)
from tests.spec.owing.scenes import told as recorded
from tests.spec.questions.test_questions_after_entry import LATER, ORDER
from tests.spec.supervision.test_findings import AGAIN, CORRECTED, DUE, OBJECTED, RAISED, VERIFIED, told
from tests.spec.supervision.test_measures import CLOSED
from tests.spec.supervision.test_supervision import CASE as VISITED
from tests.spec.supervision.test_supervision import PLAN, UNIT, planned, visited
from tests.spec.world import NOON, events_of, packs, said


@pytest.mark.question("findings")
def test_findings_are_told_by_unit_with_those_that_are_late_and_repeated() -> None:
    second = replace(RAISED, finding=2)
    third = replace(RAISED, finding=3)
    given = told(RAISED, CORRECTED, VERIFIED, second, replace(OBJECTED, finding=2), third)
    [row] = findings(recorded(given), packs(), NOON)
    assert row.unit == UNIT.party
    assert [one.finding.number for one in row.open] == [2, 3]
    assert row.overdue == ()
    assert row.days_to_close == Fraction(120, 86_400)
    [row] = findings(recorded(given), packs(), DUE + timedelta(seconds=1))
    assert [one.finding.number for one in row.overdue] == [3]
    assert [one.finding.number for one in row.waiting] == [2]  # the unit objected in time: nobody has decided
    [row] = findings(recorded(told(RAISED, CORRECTED, VERIFIED, AGAIN)), packs(), NOON)
    assert [one.finding.number for one in row.repeated] == [1]
    assert row.days_to_close is None
    assert findings(recorded(planned()), packs(), NOON) == ()


def test_a_finding_that_is_voided_is_in_no_count() -> None:
    given = told(RAISED)
    voiding = said(StatementVoided(statement=given[-1].id, ground="entered-twice"), CUSTOMS, at=LATER)
    assert findings(recorded([*given, voiding]), packs(), NOON) == ()


@pytest.mark.question("visits-due")
def test_visits_that_are_due_are_told_worst_class_first() -> None:
    other = said(replace(PLAN, case=ORDER, unit_class=4, visits=4, approvals=()), CUSTOMS)
    rows = visits_due(events_of([*planned(), other, visited()]))
    assert [(row.case, row.unit_class, row.asked, row.made, row.missing) for row in rows] == [
        (ORDER, 4, 4, 0, 4),
        (VISITED, 2, 2, 1, 1),
    ]
    assert {row.due_on for row in rows} == {date(2027, 8, 31)}


@pytest.mark.question("visits-due")
def test_what_is_visited_often_enough_or_closed_asks_for_nothing_and_names_the_next() -> None:
    closed = said(SupervisionClosed(case=VISITED, conclusion=CLOSED.conclusion, next_on=date(2027, 3, 1)), CUSTOMS)
    once = replace(PLAN, visits=1, unit_class=1)
    assert visits_due(events_of([*planned(once), visited()])) == ()
    assert visits_due(events_of([*planned(), closed])) == ()
    again = said(replace(PLAN, case=ORDER), CUSTOMS, at=LATER)
    [row] = visits_due(events_of([*planned(), closed, again]))
    assert row.next_on == date(2027, 3, 1)
