"""Questions about items on their way and in hand: a small history is recorded, and the answer folded from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.custody.carriage import Decision, ExcursionDispositioned, ShipmentPacked, TemperatureRecorded
from ledger.domain.custody.discrepancy import Difference
from ledger.domain.judging import Signed
from ledger.domain.states.subjects import ItemStatus
from ledger.domain.supervision.consent import ConsentWithdrawn
from ledger.ids import CaseId, ItemId
from projections.questions.goods.ancestors import ancestry
from projections.questions.goods.custody_chain import custody_chain
from projections.questions.goods.discrepancies import discrepancies
from projections.questions.goods.excursions import excursions, undecided, used_after
from projections.questions.goods.handovers import one_sided
from projections.questions.goods.whereabouts import whereabouts
from tests.spec import bench
from tests.spec.custody.test_discrepancy import CASE, GIVEN, recorded, resolved
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
    received,
    released,
    stored,
)
from tests.spec.owing.scenes import voided
from tests.spec.parties import LABORATORY
from tests.spec.supervision.test_keeping import COMMITTEE
from tests.spec.supervision.test_recalls import POOL, pooled, used
from tests.spec.world import NOON, corrected, events_of, said

# Where it was, as it was known


@pytest.mark.question("whereabouts")
def test_where_an_item_was_is_told_as_it_was_known_and_as_it_is_known_now() -> None:
    given = in_stock()
    mended = corrected(given[-1], stored((A, "F1/B2")).body)
    *known, correction = events_of([*given, replace(mended, occurred_at=NOON)])
    answer = whereabouts(known, [correction], A, NOON)
    assert answer.known_then is not None
    assert answer.known_now is not None
    assert (answer.known_then.place, answer.known_now.place, answer.changed) == ("F1/A1", "F1/B2", True)
    assert not whereabouts([*known, correction], [], A, NOON).changed
    assert answer.told_since == correction


@pytest.mark.question("whereabouts")
def test_where_an_item_is_told_to_have_been_names_what_told_it_last() -> None:
    given, later = in_stock(), NOON + timedelta(hours=1)
    moved, again = (said(stored((A, to)).body, LABORATORY, at=at) for to, at in (("F1/B2", NOON), ("F1/B3", later)))
    *known, told, after = events_of([*given, moved, again])
    assert whereabouts(known, [told, after], A, NOON).told_since == told, "the other happened later"
    *_, void = events_of([*given, moved, voided(moved, later)])
    answer = whereabouts([*known, told], [void], A, NOON)
    assert (answer.known_then.place, answer.known_now.place) == ("F1/B2", "F1/A1")  # type: ignore[union-attr]
    assert answer.told_since == void


def test_an_item_that_had_not_come_onto_the_record_was_nowhere() -> None:
    events = events_of(in_stock())
    assert whereabouts(events, [], A, NOON - timedelta(seconds=1)).known_now is None
    answer = whereabouts([], events, A, NOON)
    assert (answer.known_then, answer.changed) == (None, True)


# Ancestors, back to approvals and consents


@pytest.mark.question("ancestors")
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


@pytest.mark.question("discrepancies")
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


@pytest.mark.question("discrepancies")
def test_discrepancies_are_told_as_they_were_found_whatever_their_cases_are_called() -> None:
    first = recorded()
    then = replace(recorded(), body=replace(first.body, case=CaseId("case:0")), occurred_at=LATER)
    rows = discrepancies(events_of([*GIVEN, first, then]))
    assert [row.case for row in rows] == [CASE, "case:0"]
    assert rows[1].case < CASE


@pytest.mark.question("discrepancies")
def test_a_resolved_discrepancy_tells_how_long_it_took_and_whether_customs_know() -> None:
    late = replace(resolved(), occurred_at=LATER)
    [row] = discrepancies(events_of([*GIVEN, recorded(), late]))
    assert (row.resolution, row.took, row.reported) == ("reported-to-customs", timedelta(hours=1), True)
    [row] = discrepancies(events_of([*GIVEN, recorded(by=CUSTOMS)]))
    assert (row.took, row.reported) == (None, True)


# One-sided handovers


@pytest.mark.question("unanswered-handovers")
def test_a_hand_over_that_nobody_answered_is_told() -> None:
    answer = one_sided(events_of([*carried(), handed_over(CARRIER, LABORATORY.party)]))
    assert [(one.where.item, one.giver, one.receiver, one.since) for one in answer.unanswered] == [
        (A, CARRIER.party, LABORATORY.party, NOON),
        (B, CARRIER.party, LABORATORY.party, NOON),
    ]
    assert (answer.ungiven, answer.nobodys) == ((), ())


@pytest.mark.question("taken-unasked")
def test_what_was_taken_though_nobody_gave_it_is_told() -> None:
    taken = accepted(LABORATORY, items=(A,))
    answer = one_sided(events_of([*carried(), taken]))
    assert [(one.item, one.statement, one.had, one.taker) for one in answer.ungiven] == [
        (A, taken.id, CARRIER.party, LABORATORY.party)
    ]
    assert one_sided(events_of(delivered())).ungiven == ()


@pytest.mark.question("nobodys")
@pytest.mark.parametrize("more", [[], [released()]], ids=["announced", "released"])
def test_what_is_in_nobodys_hands_is_told(more: list[Signed[Any]]) -> None:
    answer = one_sided(events_of([*announced(), *more]))
    assert [(one.item, one.status) for one in answer.nobodys] == [
        (A, ItemStatus.EXPECTED),
        (B, ItemStatus.EXPECTED),
    ]


# The whole chain of custody


@pytest.mark.question("custody-chain")
def test_the_chain_tells_every_hand_over_with_seals_and_temperature() -> None:
    packed = said(ShipmentPacked(items=(A, B), packing_instruction="p650", seals=("S1",), consignment=GOODS), CARRIER)
    over = handed_over(CARRIER, LABORATORY.party, seals=("S2",), temperature="-71")
    chain = custody_chain(events_of([*carried(), packed, over, accepted(LABORATORY, temperature="-70"), received()]), A)
    assert [(one.kind, one.had, one.has, one.giver, one.taker, one.gap) for one in chain.links] == [
        ("custody.accepted/1", None, CARRIER.party, None, CARRIER.party, False),
        ("custody.handed-over/1", CARRIER.party, CARRIER.party, CARRIER.party, LABORATORY.party, False),
        ("custody.accepted/1", CARRIER.party, LABORATORY.party, CARRIER.party, LABORATORY.party, False),
        ("item.received/1", LABORATORY.party, LABORATORY.party, None, LABORATORY.party, False),
    ]
    assert [(one.seals, one.seen, one.seals_differ, one.temperature) for one in chain.links[1:3]] == [
        (("S1",), ("S2",), True, "-71"),
        (("S2",), None, None, "-70"),
    ]
    assert (chain.custodian, chain.open_to, chain.gaps) == (LABORATORY.party, None, ())


@pytest.mark.question("custody-chain")
def test_a_missing_link_is_a_gap_and_an_open_offer_is_told() -> None:
    chain = custody_chain(events_of([*carried(), accepted(LABORATORY)]), A)
    assert [(one.had, one.taker) for one in chain.gaps] == [(CARRIER.party, LABORATORY.party)]
    assert custody_chain(events_of([*carried(), handed_over(CARRIER, LABORATORY.party)]), A).open_to == LABORATORY.party
    assert custody_chain([], A).links == ()


def test_the_chain_of_what_was_made_begins_with_that_of_what_it_was_made_of() -> None:
    """Up to then: what becomes of the rest later is no part of it."""
    given = [
        *bench.vials(),
        bench.aliquoted(bench.child(bench.C, "1"), residual="9", at=NOON),
        warm((bench.A,)),
        warm((bench.C,)),
    ]
    chain = custody_chain(events_of(given), bench.C)
    assert [(one.item, one.kind, one.has) for one in chain.links] == [
        (bench.A, "item.received/1", LABORATORY.party),
        (bench.C, "item.aliquoted/1", LABORATORY.party),
    ]
    assert [(one.item, one.out) for one in chain.measured] == [(bench.C, True)]


# Excursions of temperature


def warm(items: tuple[ItemId, ...] = (A,), high: str | None = "-60") -> Signed[Any]:
    body = TemperatureRecorded(
        items=items,
        device="logger-1",
        start=NOON,
        end=NOON + timedelta(hours=1),
        minimum="-79",
        maximum="-20",
        high=high,
    )
    return said(body, LABORATORY, at=NOON + timedelta(hours=1))


def decided(decision: Decision, hour: int) -> Signed[Any]:
    body = ExcursionDispositioned(items=(bench.A,), decision=decision)
    return said(body, LABORATORY, at=NOON + timedelta(hours=hour))


@pytest.mark.question("excursions")
def test_an_excursion_is_open_until_it_is_decided_and_quarantine_decides_nothing() -> None:
    given = [*bench.vials(), warm((bench.A,))]
    [row] = undecided(events_of(given))
    assert (row.item, row.device, row.minimum, row.maximum, row.low, row.high) == (
        bench.A,
        "logger-1",
        "-79",
        "-20",
        None,
        "-60",
    )
    assert (row.at_most, row.quarantined_at, row.decision) == (timedelta(hours=1), None, None)
    given.append(decided(Decision.QUARANTINE, 2))
    [row] = undecided(events_of(given))
    assert row.quarantined_at == NOON + timedelta(hours=2)
    assert undecided(events_of([*given, decided(Decision.DISCARD, 3)])) == ()
    [row] = excursions(events_of([*given, decided(Decision.USE, 3)]))
    assert (row.decision, row.decided_at) == (Decision.USE, NOON + timedelta(hours=3))
    assert excursions(events_of([*bench.vials(), warm((bench.A,), high=None)])) == ()


@pytest.mark.question("used-after-excursion")
def test_what_is_used_after_an_excursion_is_told_with_whether_that_was_allowed_by_then() -> None:
    made = bench.aliquoted(bench.child(bench.C, "1"), residual="9", at=NOON + timedelta(hours=2))
    given = [
        *bench.vials(),
        used(bench.A, at=NOON - timedelta(hours=1)),
        warm((bench.A,)),
        made,
        used(bench.C, at=NOON + timedelta(hours=3)),
        decided(Decision.USE, 4),
        used(bench.A, at=NOON + timedelta(hours=5)),
        used(bench.B, at=NOON + timedelta(hours=6)),
    ]
    [row] = used_after(events_of(given))
    assert [(one.item, one.kind, one.cleared) for one in row.used] == [
        (bench.A, "item.aliquoted/1", False),
        (bench.C, "item.used/1", False),
        (bench.A, "item.used/1", True),
    ]
    allowed = [one for one in given if one.kind != "item.aliquoted/1" and one.body is not given[-4].body]
    assert used_after(events_of(allowed)) == ()
