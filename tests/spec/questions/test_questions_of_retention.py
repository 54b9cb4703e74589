"""Questions about how long records are kept: a small history is recorded, and the answer folded from it."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import date

import pytest
from msgspec.structs import replace

from ledger.domain.ending.exits import ActivityEnded
from ledger.domain.law.rules import Retained
from ledger.domain.supervision.keeping import LegalHoldPlaced, RetentionSet
from projections.questions.records.retention import SORTS, Term, ending, longest, retention
from tests.spec.bench import (
    CASE,
    CUSTOMS,
    GOODS,
    LAB,
    VARIOLA,
    A,
    C,
    vials,
)
from tests.spec.owing.scenes import told as recorded
from tests.spec.parties import LABORATORY
from tests.spec.questions.test_questions_after_entry import LATER, MADE
from tests.spec.supervision.test_keeping import PLACED
from tests.spec.supervision.test_recalls import used
from tests.spec.world import packs, said


def test_the_longest_term_wins_and_one_without_an_end_has_none() -> None:
    day, sort = date(2026, 9, 1), Retained.USE_RECORDS
    short, long = (Term(sort, day, date(year, 9, 1), "", verified=True) for year in (2028, 2030))
    assert longest([short, long]) == date(2030, 9, 1)
    assert longest([short, changed(long, until=None)]) is None


def test_records_are_kept_by_every_rule_that_holds_for_them() -> None:
    kept = {one.kind: one for one in retention(recorded([*vials(), used()]), packs())}
    assert kept["item.used/1"].until == date(2028, 9, 1)
    assert kept["consignment.released/1"].until == date(2029, 8, 30)
    assert kept["approval.granted/1"].until == date(2029, 8, 30)
    dangerous = recorded([*vials(agent=VARIOLA), used()])
    kept = {one.kind: one for one in retention(dangerous, packs())}
    sorts = {one.sort: one.until for one in kept["item.used/1"].terms}
    assert sorts[Retained.HAZARDOUS_INVENTORY] == date(2046, 9, 1)
    assert sorts[Retained.HIGH_PATHOGENIC_FILES] is None
    assert kept["item.used/1"].until is None
    ended = said(ActivityEnded(site=LAB, project="p"), LABORATORY, at=LATER)
    kept = {one.kind: one for one in retention([*dangerous, *recorded([*vials(), used(), ended])[-1:]], packs())}
    assert kept["item.used/1"].until == date(2046, 9, 1)


@pytest.mark.question("retention-ending", "legal-holds")
def test_what_ends_in_a_period_is_told_with_its_legal_holds() -> None:
    hold = said(replace(PLACED, items=(), consignment=GOODS), CUSTOMS)
    rows = ending(recorded([*vials(), used(), hold]), packs(), date(2028, 1, 1), date(2028, 12, 31))
    assert [(row.kind, row.until, row.holds) for row in rows] == [("item.used/1", date(2028, 9, 1), (CASE,))]
    set_longer = said(
        RetentionSet(record=Retained.USE_RECORDS, since=date(2026, 9, 1), until=date(2031, 9, 1), items=(A,)),
        LABORATORY,
        at=LATER,
    )
    longer = recorded([*vials(), used(), set_longer])
    assert ending(longer, packs(), date(2028, 1, 1), date(2028, 12, 31)) == ()
    [row] = ending(longer, packs(), date(2031, 1, 1), date(2031, 12, 31))
    assert [one.set_by for one in row.terms] == [None, set_longer.id]


def test_a_legal_hold_on_an_item_keeps_what_is_told_of_what_was_made_of_it() -> None:
    hold = said(LegalHoldPlaced(case=CASE, ground=PLACED.ground, items=(A,)), LABORATORY)
    kept = {one.kind: one.holds for one in retention(recorded([*vials(), MADE, hold, used(C, at=LATER)]), packs())}
    assert (kept["item.used/1"], kept["item.aliquoted/1"]) == ((CASE,), (CASE,))


def test_every_sort_of_record_is_one_of_some_kind() -> None:
    assert {sort for sorts in SORTS.values() for sort in sorts} == set(Retained)
