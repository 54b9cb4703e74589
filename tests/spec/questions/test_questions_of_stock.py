"""Questions about what is kept and how it ends: a small history is recorded, and the answer folded from it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.custody.stock import Counted, StockCounted
from ledger.domain.ending.destruction import Destroyed, Indicator
from ledger.domain.ending.disposal import Method
from ledger.domain.ending.exits import ActivityEnded
from ledger.quantity import Quantity
from projections.questions.ending.disposals import Lack, disposals, lacking
from projections.questions.ending.left_over import left_over
from projections.questions.ending.waste import manifests, uncertified, waste_in_store
from projections.questions.goods.both_sides import both_sides
from projections.questions.goods.stock import not_counted, not_returned, unexplained, variances
from projections.questions.supervision.samples import samples
from tests.spec import goods
from tests.spec.bench import CASE, CONTRACTOR, LAB, VARIOLA, A, B, C, aliquoted, child, ml, vials
from tests.spec.border.test_border import SAMPLES
from tests.spec.crossing import CONSIGNMENT, OFFICER, TUBE, declared, inspected
from tests.spec.custody import test_stock
from tests.spec.custody.test_transfer import arrived, renewed, stock
from tests.spec.ending.test_disposal import APPROVED, CYCLE, destroyed
from tests.spec.ending.test_waste import burnt, certified, handed_over
from tests.spec.owing.scenes import told as recorded
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.supervision.test_incidents import lost
from tests.spec.world import NOON, events_of, packs, said

if TYPE_CHECKING:
    from ledger.domain.judging import Signed

DAY: Final = timedelta(days=1)
LATER: Final = NOON + timedelta(hours=1)


# Disposals without witness, method evidence, indicator result or contractor certificate


@pytest.mark.question("unproved-disposals")
@pytest.mark.parametrize(
    ("body", "witnessed", "lacks"),
    [
        pytest.param(CYCLE, True, (), id="in order"),
        pytest.param(CYCLE, False, (Lack.WITNESS,), id="no witness"),
        pytest.param(replace(CYCLE, cycle=None), True, (Lack.EVIDENCE,), id="no cycle"),
        pytest.param(replace(CYCLE, indicator=Indicator.NONE), True, (Lack.INDICATOR,), id="no indicator"),
        pytest.param(replace(CYCLE, indicator=Indicator.FAILED), True, (Lack.INDICATOR,), id="failed"),
        pytest.param(replace(CYCLE, method=Method.INCINERATION), True, (Lack.EVIDENCE,), id="no document"),
    ],
)
def test_a_disposal_tells_what_it_does_not_show(body: Any, witnessed: bool, lacks: tuple[Lack, ...]) -> None:  # noqa: ANN401
    signers = destroyed().signers if witnessed else destroyed().signers[:1]
    [row] = disposals(events_of([*vials(), *APPROVED, said(body, *signers)]))
    assert (row.items, row.method, row.lacks) == ((A,), body.method, lacks)


@pytest.mark.question("unproved-disposals")
def test_a_disposal_lacks_the_certificate_of_the_contractor_that_has_the_remains() -> None:
    given = [*burnt(), handed_over()]
    assert [(one.kind, one.lacks, one.uncertified) for one in lacking(events_of(given))] == [
        ("item.destroyed/1", (Lack.CERTIFICATE,), (CASE,)),
        ("waste.handed-over/1", (Lack.CERTIFICATE,), (CASE,)),
    ]
    assert lacking(events_of([*given, certified()])) == ()


# Waste stored for too long; manifests without certificate


@pytest.mark.question("waste-manifests")
def test_waste_is_told_with_how_long_it_was_stored_and_its_certificate() -> None:
    late = handed_over(stored_since=LATER - 4 * DAY)
    [row] = manifests(recorded([*burnt(), late]), packs())
    assert (row.case, row.number, row.contractor, row.stored) == (CASE, "32-1", CONTRACTOR.party, 4 * DAY)
    assert (row.overstayed, row.certificate) == (True, None)
    [row] = manifests(recorded([*burnt(), handed_over(), certified()]), packs())
    assert (row.overstayed, row.certificate, row.certified_at) == (False, "7", LATER)
    assert uncertified(recorded([*burnt(), handed_over(), certified()]), packs()) == ()
    [row] = uncertified(events_of([*burnt(), late]), packs())
    assert (row.due, row.overstayed) == (None, None)


def test_of_what_is_burnt_no_waste_is_left_that_the_record_knows_the_age_of() -> None:
    ash = said(replace(CYCLE, method=Method.INCINERATION), *destroyed().signers)
    [row] = manifests(recorded([*vials(), *APPROVED, ash, handed_over(stored_since=LATER)]), packs())
    assert row.stored_since == LATER
    assert waste_in_store(recorded([*vials(), *APPROVED, ash]), packs(), LATER) == ()


def test_waste_is_no_younger_than_the_record_has_it_whatever_its_giver_says() -> None:
    [row] = manifests(recorded([*burnt(), handed_over(stored_since=LATER)]), packs())
    assert (row.stored_since, row.stored) == (NOON, LATER - NOON)
    assert row.overstayed is False


@pytest.mark.question("waste-in-store")
def test_waste_that_waits_in_store_is_told_until_it_is_handed_over() -> None:
    [row] = waste_in_store(recorded(burnt()), packs(), NOON + 4 * DAY)
    assert (row.item, row.holder, row.since, row.overdue) == (A, LABORATORY.party, NOON, True)
    [row] = waste_in_store(recorded([*burnt(), handed_over()]), packs(), NOON)
    assert not row.overdue
    assert waste_in_store(recorded([*burnt(), handed_over()]), packs(), LATER) == ()


# Material that is still held after the activity ended


def ended(*items: Any) -> Signed[Any]:  # noqa: ANN401
    return said(ActivityEnded(site=LAB, project="p-1", items=items), LABORATORY, at=LATER)


@pytest.mark.question("left-over")
def test_what_is_left_of_an_activity_is_told_with_when_its_term_is_over() -> None:
    given = [*vials(agent=VARIOLA), ended(A)]
    [row] = left_over(recorded(given), packs(), LATER + 200 * DAY)
    assert (row.where.item, row.activity, row.ended_at) == (A, (LAB, "p-1"), LATER)
    assert (row.dangerous, row.overdue) == (True, True)
    [row] = left_over(recorded(given), packs(), LATER + 100 * DAY)
    assert row.overdue is False
    [row] = left_over(events_of(given), packs(), LATER + 200 * DAY)
    assert (row.dangerous, row.due, row.overdue) == (None, None, None)
    [row] = left_over(recorded([*vials(), ended(A)]), packs(), LATER + 200 * DAY)
    assert (row.dangerous, row.due, row.overdue) == (False, None, None)


def test_what_was_made_of_what_is_left_is_left_and_what_was_destroyed_is_not() -> None:
    made = aliquoted(child(C, "2"), residual="8", at=LATER + DAY)
    given = [*vials(), ended(A), made]
    assert [row.where.item for row in left_over(recorded(given), packs(), LATER)] == [A, C]
    gone = said(replace(CYCLE, items=(Destroyed(item=A),), case=None), *destroyed().signers, at=LATER + 2 * DAY)
    assert [row.where.item for row in left_over(recorded([*given, gone]), packs(), LATER)] == [C]


# Check-outs not returned; items not counted; unexplained differences


@pytest.mark.question("checked-out")
def test_what_is_checked_out_is_told_until_it_is_put_back() -> None:
    given = [*goods.in_stock(), test_stock.out()]
    [row] = not_returned(recorded(given), packs(), LATER + DAY)
    assert (row.where.item, row.by, row.since, row.due) == (goods.A, LABORATORY.party, NOON, LATER)
    assert row.overdue
    assert not_returned(recorded([*given, test_stock.returned((goods.A, "F1/A1"))]), packs(), LATER) == ()


@pytest.mark.question("uncounted")
def test_what_was_not_counted_in_its_time_is_told() -> None:
    given = [*goods.in_stock(), test_stock.counted(Counted(item=goods.A, present=True))]
    later = NOON + 1000 * DAY
    assert {row.where.item for row in not_counted(recorded(given), packs(), later)} == {goods.A, goods.B}
    again = replace(given[-1], id=said(given[-1].body, LABORATORY).id, occurred_at=later - DAY)
    assert {row.where.item for row in not_counted(recorded([*given, again]), packs(), later)} == {goods.B}
    assert not_counted(recorded(given), packs(), NOON + DAY) == ()


def counted(line: Counted, *, at: Any = NOON) -> Signed[Any]:  # noqa: ANN401
    return said(StockCounted(site=LAB, items=(line,)), LABORATORY, SECOND_PERSON, at=at)


@pytest.mark.question("variances")
def test_a_difference_is_told_until_somebody_answers_for_it() -> None:
    given = [*vials(), counted(Counted(item=A, present=False)), counted(Counted(item=B, present=True))]
    [row] = unexplained(events_of(given))
    assert (row.found.item, row.site, row.recorded_at, row.recorded) == (A, LAB, LAB, Quantity(Decimal(10), "mL"))
    loss = lost(A, at=LATER)
    assert unexplained(events_of([*given, loss])) == ()
    assert [one.answered_by for one in variances(events_of([*given, loss]))] == [loss.id]


def test_a_later_count_that_agrees_answers_for_a_difference_and_one_that_differs_does_not() -> None:
    given = [*vials(), counted(Counted(item=A, present=True, counted=ml("9")))]
    same = counted(Counted(item=A, present=True, counted=ml("9")), at=LATER)
    assert len(unexplained(events_of([*given, same]))) == 2
    right = counted(Counted(item=A, present=True, counted=ml("10")), at=LATER)
    assert [one.answered_by for one in variances(events_of([*given, right]))] == [right.id]


# Official samples, their results and their quantity


@pytest.mark.question("samples")
def test_samples_are_told_with_their_quantity_and_the_inspections_that_follow() -> None:
    taken = said(SAMPLES, OFFICER, at=inspected()[-1].occurred_at - timedelta(seconds=1))
    inspection = inspected()[-1]
    [row] = samples(events_of([*declared(), taken, inspection]))
    assert (row.statement, row.by, row.consignment, row.case) == (taken.id, OFFICER.party, CONSIGNMENT, None)
    assert row.taken == ((TUBE, Quantity(Decimal("0.25"), "mL")),)
    assert row.results == ((inspection.id, "passed"),)
    later = replace(taken, occurred_at=inspection.occurred_at + timedelta(seconds=1))
    [row] = samples(events_of([*declared(), inspection, later]))
    assert row.results == ()


# What both sides say of one hand-over or transfer


@pytest.mark.question("both-sides")
def test_both_sides_of_a_hand_over_are_compared() -> None:
    given = goods.handed_over(goods.CARRIER, LABORATORY.party, temperature="-70")
    same = goods.accepted(LABORATORY, temperature="-70", at=LATER)
    [row] = both_sides(events_of([*goods.carried(), given, same]))
    assert (row.giver, row.receiver, row.given, row.taken) == (
        goods.CARRIER.party,
        LABORATORY.party,
        given.id,
        (same.id,),
    )
    assert row.agree
    other = goods.accepted(LABORATORY, temperature="-60", count=1, at=LATER)
    [row] = both_sides(events_of([*goods.carried(), given, other]))
    assert (row.differing, row.missing, row.agree) == (("count", "temperature"), frozenset(), False)
    part = goods.accepted(LABORATORY, items=(goods.A,), at=LATER)
    [row] = both_sides(events_of([*goods.carried(), given, part]))
    assert (row.differing, set(row.missing)) == ((), {goods.B})


def test_what_nobody_says_was_taken_is_missing_and_what_both_signed_agrees() -> None:
    given = goods.handed_over(goods.CARRIER, LABORATORY.party)
    [row] = both_sides(events_of([*goods.carried(), given]))
    assert (row.taken, set(row.missing)) == ((), {goods.A, goods.B})
    again = goods.handed_over(goods.CARRIER, LABORATORY.party)
    last = goods.accepted(LABORATORY, at=LATER)
    first, second = both_sides(events_of([*goods.carried(), given, again, last]))
    assert (first.taken, second.taken) == ((), (last.id,))
    both = goods.handed_over(goods.CARRIER, LABORATORY.party, replace(LABORATORY, meaning="received"))
    [row] = both_sides(events_of([*goods.carried(), both]))
    assert (row.taken, row.agree) == ((both.id,), True)


@pytest.mark.question("both-sides")
def test_a_transfer_is_compared_with_what_arrived_and_where() -> None:
    sent = renewed(goods.A)
    *_, row = both_sides(events_of([*stock(), sent]))
    assert (row.given, row.taken, set(row.missing)) == (sent.id, (), {goods.A})
    *_, row = both_sides(events_of([*stock(), sent, arrived(goods.A)]))
    assert row.agree
    *_, row = both_sides(events_of([*stock(), sent, arrived(goods.A, at=goods.DEPOSITORY)]))
    assert row.differing == ("site",)
