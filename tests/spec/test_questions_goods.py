"""Questions about items on their way and in hand: a small history is recorded, and the answer folded from it."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import timedelta
from typing import Any

import pytest

from ledger.domain.custody.discrepancy import Difference
from ledger.domain.judging import Signed
from ledger.domain.state import ItemStatus
from ledger.domain.supervision.consent import ConsentWithdrawn
from ledger.ids import ItemId
from projections.questions.goods.ancestors import ancestry
from projections.questions.goods.discrepancies import discrepancies
from projections.questions.goods.handovers import one_sided
from projections.questions.goods.whereabouts import whereabouts
from tests.spec import bench
from tests.spec.goods import (
    CARRIER,
    CUSTOMS,
    GOODS,
    LATER,
    A,
    B,
    accepted,
    announced,
    carried,
    delivered,
    handed_over,
    in_stock,
    released,
    stored,
)
from tests.spec.parties import LABORATORY
from tests.spec.test_discrepancy import CASE, GIVEN, recorded, resolved
from tests.spec.test_keeping import COMMITTEE
from tests.spec.test_recalls import POOL, pooled
from tests.spec.world import NOON, corrected, events_of, said

# Where it was, as it was known


def test_where_an_item_was_is_told_as_it_was_known_and_as_it_is_known_now() -> None:
    given = in_stock()
    mended = corrected(given[-1], stored((A, "F1/B2")).body)
    events = events_of([*given, changed(mended, occurred_at=NOON)])
    events[-1] = changed(events[-1], recorded=LATER)
    answer = whereabouts(events, A, NOON, NOON + timedelta(seconds=1))
    assert answer.known_then is not None
    assert answer.known_now is not None
    assert (answer.known_then.place, answer.known_now.place, answer.changed) == ("F1/A1", "F1/B2", True)
    assert not whereabouts(events, A, NOON, LATER).changed


def test_an_item_that_had_not_come_onto_the_record_was_nowhere() -> None:
    events = events_of(in_stock())
    assert whereabouts(events, A, NOON - timedelta(seconds=1), LATER).known_now is None
    answer = whereabouts(events, A, NOON, NOON)
    assert (answer.known_then, answer.changed) == (None, True)


# Ancestors, back to approvals and consents


def test_all_that_an_item_was_made_of_is_told_back_to_approvals_and_consents() -> None:
    withdrawn = said(ConsentWithdrawn(case=bench.CASE, items=(bench.A,), dispose=True), COMMITTEE, at=NOON)
    answer = ancestry(events_of([*bench.vials(), pooled(), withdrawn]), POOL)
    assert [(one.item, one.parents, one.consignment) for one in answer.rows] == [
        (POOL, (bench.A, bench.B), None),
        (bench.A, (), bench.GOODS),
        (bench.B, (), bench.GOODS),
    ]
    assert answer.approvals == (bench.APPROVAL,)
    assert [one.item for one in answer.roots] == [bench.A, bench.B]
    assert [one.withdrawn for one in answer.rows] == [(bench.CASE,), (bench.CASE,), ()]
    assert answer.consents == ()
    assert ancestry(events_of(bench.vials()), ItemId("item:no")).rows == ()
    assert ancestry([], ItemId("item:no")).rows == ()


# Discrepancies


def test_a_discrepancy_is_open_until_it_is_resolved() -> None:
    [row] = discrepancies(events_of([*GIVEN, recorded()]))
    assert (row.case, row.consignment, row.difference, row.items) == (CASE, GOODS, Difference.QUANTITY, (A,))
    assert (row.by, row.found_at, row.resolution, row.took, row.reported) == (
        LABORATORY.party,
        NOON,
        None,
        None,
        False,
    )


def test_a_resolved_discrepancy_tells_how_long_it_took_and_whether_customs_know() -> None:
    late = changed(resolved(), occurred_at=LATER)
    [row] = discrepancies(events_of([*GIVEN, recorded(), late]))
    assert (row.resolution, row.took, row.reported) == ("reported-to-customs", timedelta(hours=1), True)
    [row] = discrepancies(events_of([*GIVEN, recorded(by=CUSTOMS)]))
    assert (row.took, row.reported) == (None, True)


# One-sided handovers


def test_a_hand_over_that_nobody_answered_is_told() -> None:
    answer = one_sided(events_of([*carried(), handed_over(CARRIER, LABORATORY.party)]))
    assert [(one.where.item, one.giver, one.receiver, one.since) for one in answer.unanswered] == [
        (A, CARRIER.party, LABORATORY.party, NOON),
        (B, CARRIER.party, LABORATORY.party, NOON),
    ]
    assert (answer.ungiven, answer.nobodys) == ((), ())


def test_what_was_taken_though_nobody_gave_it_is_told() -> None:
    taken = accepted(LABORATORY, items=(A,))
    answer = one_sided(events_of([*carried(), taken]))
    assert [(one.item, one.statement, one.had, one.taker) for one in answer.ungiven] == [
        (A, taken.id, CARRIER.party, LABORATORY.party)
    ]
    assert one_sided(events_of(delivered())).ungiven == ()


@pytest.mark.parametrize("more", [[], [released()]], ids=["announced", "released"])
def test_what_is_in_nobodys_hands_is_told(more: list[Signed[Any]]) -> None:
    answer = one_sided(events_of([*announced(), *more]))
    assert [(one.item, one.status) for one in answer.nobodys] == [
        (A, ItemStatus.EXPECTED),
        (B, ItemStatus.EXPECTED),
    ]
