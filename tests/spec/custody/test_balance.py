"""The mass balance: every amount that came in is on hand or went out by a name."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import pytest

from ledger.domain.bodies.vocabulary import Amount, Packaging
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.codes import Cause
from ledger.domain.custody.custody import CustodyHandedOver, CustodyRefused
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.custody.stock import ItemCheckedOut, ItemReturned, ItemStored
from ledger.domain.ending.incidents import IncidentClosed, Loss, LossReported
from ledger.ids import CaseId
from ledger.store.deciding.earlier import event_of
from projections.balance import LineBalance, mass_balance
from projections.booking import Flow
from scripts.demo.cast import PLASMA, REAGENTS
from tests.spec.crossing import ANNOUNCEMENT, APPROVAL, BROKER, CONSIGNMENT, LAB, LIST, VIALS, approved
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import NOON, events_of, said
from tests.story import story_log

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.judging import Event

HANDED_OVER: Final = CustodyHandedOver((VIALS[2],), IMPORTER.party, 1, Packaging.INTACT)
REFUSED: Final = CustodyRefused((VIALS[2],), "count-differs")
BACK: Final = ItemReturned(site=LAB, items=(Placed(item=VIALS[1], place="B1"),))


@pytest.fixture(scope="module")
def told() -> list[Event[Body]]:
    """The demo's whole story."""
    return [event_of(recorded) for recorded in story_log().read()]


def line(events: list[Event[Body]], approval: str, number: int) -> LineBalance:
    return next(row for row in mass_balance(events) if (row.approval, row.line) == (approval, number))


@pytest.mark.parametrize(("approval", "number"), [(PLASMA, 1), (REAGENTS, 1), (REAGENTS, 2)])
def test_what_was_listed_is_on_hand_or_went_out_by_a_name(told: list[Event[Body]], approval: str, number: int) -> None:
    row = line(told, approval, number)
    gone = sum((amount for flow, amount in row.flows.items() if flow is not Flow.LISTED), Fraction(0))
    assert row.flows[Flow.LISTED] == row.on_hand + gone


def test_what_was_written_off_is_what_was_listed(told: list[Event[Body]]) -> None:
    assert [row.difference for row in mass_balance(told)] == [0, 0, 0, 0]


@pytest.mark.question("balance")
def test_flows_are_counted_by_what_happened(told: list[Event[Body]]) -> None:
    """72 mL of plasma: two samples of 0.1, 20 uses, one vial missing, eight splits that lose 0.02 each."""
    flows = line(told, PLASMA, 1).flows
    assert flows[Flow.LISTED] == 72
    assert flows[Flow.SAMPLED] == Fraction("0.2")
    assert flows[Flow.MISSING] == Fraction("1.8")
    assert flows[Flow.PROCESSED] == Fraction("0.16")
    # One too early, 18 at the bench, one misread as 0.05 and corrected to 0.5, one after the withdrawal.
    assert flows[Flow.USED] == Fraction("0.2") * 19 + Fraction("0.5") + Fraction("0.1")
    assert line(told, PLASMA, 1).on_hand == 0


def test_a_correction_counts_and_the_misread_use_does_not(told: list[Event[Body]]) -> None:
    corrections = [event for event in told if event.said.corrects is not None]
    without = [event for event in told if event not in corrections]
    as_misread = line(without, PLASMA, 1).flows[Flow.USED]
    assert line(told, PLASMA, 1).flows[Flow.USED] - as_misread == Fraction("0.45")


@pytest.mark.question("balance")
def test_amounts_of_one_dimension_are_one_row_in_the_approved_unit() -> None:
    microlitres = (ListedItem(item=VIALS[0], label="s-1", quantity=Amount(value="500", unit="uL")),)
    more = (ListedItem(item=VIALS[1], label="s-2", quantity=Amount(value="0.0015", unit="L")),)
    lists = [
        ItemListed(consignment=CONSIGNMENT, approval=APPROVAL, line=2, items=items) for items in (microlitres, more)
    ]
    (row,) = mass_balance(events_of([*approved(), said(ANNOUNCEMENT, BROKER), *(said(one, IMPORTER) for one in lists)]))
    assert row.unit == "mL"
    assert [row.flows[Flow.LISTED], row.on_hand, row.approved] == [2, 2, 5]


@pytest.mark.parametrize("first", ["g", "mg", "ug"])
def test_what_is_approved_in_no_such_unit_counts_in_the_one_that_came_first(first: str) -> None:
    """Of one list, the one of the item whose id sorts first: in no process another than in the next."""
    units = [first, *(one for one in ("g", "mg", "ug") if one != first)]
    items = tuple(
        ListedItem(item=item, label=item[5:], quantity=Amount(value="1", unit=unit))
        for item, unit in zip(VIALS, units, strict=True)
    )
    listed = ItemListed(consignment=CONSIGNMENT, approval=APPROVAL, line=2, items=items)
    (row,) = mass_balance(events_of([*approved(), said(ANNOUNCEMENT, BROKER), said(listed, IMPORTER)]))
    assert (row.unit, row.difference) == (first, None)


def test_amounts_in_another_unit_are_compared_by_the_signed_conversion(told: list[Event[Body]]) -> None:
    antibody = line(told, REAGENTS, 1)
    assert antibody.unit == "mL"
    assert (antibody.approved, antibody.written_off) == (Fraction(100), Fraction(65))


def _of_three(*told: Body) -> LineBalance:
    """Return the line of three vials of one each after what the laboratory tells of them."""
    listed = [*approved(), said(ANNOUNCEMENT, BROKER), said(LIST, IMPORTER)]
    return line(events_of([*listed, *(said(one, LABORATORY) for one in told)]), APPROVAL, 1)


def _receipt(*conditions: Condition, measured: str | None = None) -> ItemReceived:
    quantity = None if measured is None else Amount(value=measured, unit="vial")
    lines = tuple(
        ReceivedItem(item=item, condition=one, quantity=None if one is Condition.MISSING else quantity)
        for item, one in zip(VIALS, conditions, strict=False)
    )
    return ItemReceived(consignment=CONSIGNMENT, laboratory=LAB, items=lines, documents=Documents.MATCH)


SHORT: Final = _receipt(Condition.MISSING, Condition.INTACT, Condition.INTACT)
LOSS: Final = LossReported(case=CaseId("case:1"), items=VIALS[:1], loss=Loss.LOST, discovered_at=NOON)
FOUND: Final = IncidentClosed(case=CaseId("case:1"), cause=Cause("other"), items=VIALS[:1], found=VIALS[:1])


@pytest.mark.question("balance")
@pytest.mark.parametrize(
    ("told", "due"),
    [
        pytest.param([SHORT], {Flow.MISSING: 1}, id="missing"),
        pytest.param([SHORT, LOSS], {Flow.LOST: 1}, id="missing, and then lost"),
        pytest.param([SHORT, LOSS, FOUND], {}, id="missing, lost, and found"),
        pytest.param([SHORT, _receipt(Condition.INTACT)], {}, id="missing, and received later"),
        pytest.param(
            [SHORT, _receipt(Condition.INTACT, measured="0.4")], {Flow.ADJUSTED: 0.6}, id="found, and not whole"
        ),
        pytest.param([LOSS], {Flow.LOST: 1}, id="lost on the way"),
        pytest.param([LOSS, SHORT], {Flow.MISSING: 1}, id="lost, and then told as missing"),
    ],
)
def test_what_is_missing_is_so_until_it_is_lost_or_found(told: list[Body], due: dict[Flow, float]) -> None:
    row = _of_three(*told)
    out = {flow: amount for flow, amount in row.flows.items() if amount and flow is not Flow.LISTED}
    assert out == {flow: Fraction(str(amount)) for flow, amount in due.items()}
    assert row.on_hand + sum(out.values()) == row.flows[Flow.LISTED] == 3


@pytest.mark.question("open-lines")
@pytest.mark.parametrize(
    ("told", "due"),
    [
        pytest.param([SHORT], [0], id="missing"),
        pytest.param([SHORT, LOSS], [], id="missing, and then lost"),
        pytest.param([SHORT, LOSS, FOUND], [], id="missing, lost, and found"),
        pytest.param([SHORT, _receipt(Condition.INTACT, measured="0.4")], [1], id="found, and not whole"),
        pytest.param([LOSS, SHORT], [1], id="lost, and then told as missing"),
        pytest.param([SHORT, _receipt(Condition.INTACT), SHORT], [0, 1, 2], id="missing, found, and missing again"),
    ],
)
def test_what_is_unexplained_is_told_with_the_acts_by_which_it_is(told: list[Body], due: list[int]) -> None:
    first = len(approved()) + 3
    assert _of_three(*told).unexplained_by == tuple(first + one for one in due)


@pytest.mark.question("balance")
def test_what_is_on_hand_is_in_transit_until_received_and_in_use_until_returned() -> None:
    """Three vials of 1 mL: one is never received, one checked out, one at rest and then handed over."""
    vials = tuple(ListedItem(item=one, label=one[5:], quantity=Amount(value="1", unit="mL")) for one in VIALS)
    came = ItemListed(consignment=CONSIGNMENT, approval=APPROVAL, line=2, items=vials)
    lines = tuple(ReceivedItem(item=one, condition=Condition.INTACT) for one in VIALS[1:])
    here = ItemReceived(consignment=CONSIGNMENT, laboratory=LAB, items=lines, documents=Documents.MATCH)
    stored = ItemStored(site=LAB, items=tuple(Placed(item=one, place=one[5:]) for one in VIALS[1:]))
    out = ItemCheckedOut(site=LAB, items=(VIALS[1],), project="p1")
    told = [*approved(), said(ANNOUNCEMENT, BROKER), said(came, IMPORTER)]
    found: list[tuple[Fraction, ...]] = []
    for body in (None, here, stored, out, HANDED_OVER, REFUSED, BACK):
        told += [] if body is None else [said(body, LABORATORY)]
        (row,) = mass_balance(events_of(told))
        found.append((row.on_hand, row.in_transit, row.in_use))
    told_of = [tuple(map(int, row)) for row in found]
    assert told_of == [(3, 3, 0), (3, 1, 0), (3, 1, 0), (3, 1, 1), (3, 2, 1), (3, 1, 1), (3, 1, 0)]
