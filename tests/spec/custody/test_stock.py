"""Stock: positions, check-outs and counts: STK."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.custody.carriage import Decision, ExcursionDispositioned, TemperatureRecorded
from ledger.domain.custody.stock import Counted, ItemCheckedOut, ItemMoved, ItemReturned, ItemStored, StockCounted
from ledger.ids import ItemId
from tests.spec.goods import (
    ANNEX,
    CLINIC,
    COURIER,
    LAB,
    LATER,
    VARIOLA,
    WARD,
    A,
    B,
    accepted,
    delivered,
    handed_over,
    held,
    in_stock,
    placed,
    received,
    stored,
)
from tests.spec.parties import LABORATORY, SECOND_PERSON, admitted
from tests.spec.world import NOON, authority, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed
    from ledger.ids import SiteId


def moved(*items: tuple[ItemId, str], site: SiteId = LAB, by: Signatory = LABORATORY) -> Signed[Any]:
    return said(ItemMoved(site=site, items=placed(*items)), by)


def out(*items: ItemId) -> Signed[Any]:
    return said(ItemCheckedOut(site=LAB, items=items or (A,), project="p-7", until=LATER), LABORATORY)


@pytest.mark.rule("CON-23")
def test_what_is_checked_out_is_not_to_be_back_before() -> None:
    late = replace(out().body, until=NOON - timedelta(seconds=1))
    assert refused(in_stock(), said(late, LABORATORY)) == "CON-23"
    assert judged(in_stock(), said(replace(late, until=NOON), LABORATORY)) == []


def returned(*items: tuple[ItemId, str]) -> Signed[Any]:
    return said(ItemReturned(site=LAB, items=placed(*items)), LABORATORY)


def counted(*lines: Counted) -> Signed[Any]:
    return said(StockCounted(site=LAB, items=lines), LABORATORY, SECOND_PERSON)


def places(given: list[Signed[Any]]) -> dict[str, str]:
    return {place: " ".join(items) for place, items in state_of(given, LAB).places.items()}


def test_items_are_stored_moved_taken_out_and_put_back() -> None:
    given = in_stock()
    steps = [stored((B, "F1/A2")), moved((A, "F1/A3")), out(A), returned((A, "F1/A1"))]
    after = [
        {"f1/a1": A, "f1/a2": B},
        {"f1/a3": A, "f1/a2": B},
        {"f1/a2": B},
        {"f1/a1": A, "f1/a2": B},
    ]
    for step, expected in zip(steps, after, strict=True):
        assert judged(given, step) == []
        given = [*given, step]
        assert places(given) == expected
    item = state_of(given, A)
    assert (item.place, item.checked_out) == ("F1/A1", None)


def test_what_is_checked_out_is_with_its_party_and_in_no_place() -> None:
    item = state_of([*in_stock(), out(A)], A)
    assert (item.place, item.checked_out, item.custodian) == (None, LABORATORY.party, LABORATORY.party)


@pytest.mark.rule("STK-01")
@pytest.mark.parametrize(
    ("given", "when"),
    [
        pytest.param(delivered(), stored((A, "F1/A1")), id="not received yet"),
        pytest.param(in_stock(), moved((A, "F1/A1"), site=ANNEX), id="at another site of the party"),
    ],
)
def test_only_what_is_here_is_stored(given: list[Signed[Any]], when: Signed[Any]) -> None:
    assert refused(given, when) == "STK-01"


@pytest.mark.rule("GAT-02", "GAT-04")
def test_a_party_stores_what_it_has_at_its_own_sites() -> None:
    gone = [*in_stock(), handed_over(LABORATORY, COURIER.party, site=LAB), accepted(COURIER)]
    assert refused(gone, stored((A, "F1/A1"))) == "GAT-02"
    assert refused(in_stock(), moved((A, "F1/A1"), by=CLINIC)) == "GAT-02"
    assert refused(in_stock(), moved((A, "F1/A1"), site=WARD)) == "GAT-04"


@pytest.mark.rule("STK-02")
def test_two_items_are_not_put_into_one_position() -> None:
    assert refused([*delivered(), received()], stored((A, "F1/A1"), (B, "F1/A1"))) == "STK-02"


@pytest.mark.rule("STK-03")
@pytest.mark.parametrize("when", [out(A), moved((A, "F2/A1")), stored((A, "F2/A1"))])
def test_what_is_checked_out_is_returned_first(when: Signed[Any]) -> None:
    assert refused([*in_stock(), out(A)], when) == "STK-03"


@pytest.mark.rule("STK-04")
def test_only_what_is_checked_out_is_returned() -> None:
    assert refused(in_stock(), returned((A, "F1/A1"))) == "STK-04"


@pytest.mark.rule("STK-05")
def test_a_count_is_in_the_recorded_dimension() -> None:
    line = Counted(item=A, present=True, counted=Amount(value="1", unit="vial"))
    assert refused(in_stock(), counted(line)) == "STK-05"


@pytest.mark.rule("STK-07")
@pytest.mark.parametrize(("value", "rules"), [("1000", []), ("1000.5", ["STK-07"])])
def test_a_count_in_a_smaller_unit_is_compared_by_how_much_it_is(value: str, rules: list[str]) -> None:
    line = Counted(item=A, present=True, counted=Amount(value=value, unit="uL"))
    assert judged(in_stock(), counted(line)) == rules


@pytest.mark.rule("STK-06")
def test_an_occupied_position_is_a_breach_and_recorded_as_it_is() -> None:
    when = stored((B, "F1/A1"))
    assert judged(in_stock(), when) == ["STK-06"]
    assert places([*in_stock(), when]) == {"f1/a1": f"{A} {B}"}
    assert state_of([*in_stock(), when], A).place == "F1/A1"


@pytest.mark.rule("STK-02", "STK-06")
@pytest.mark.parametrize("place", ["f1/a1", "F1/A01", "F01/a1"])
def test_a_position_has_one_name_but_for_case_and_leading_zeros(place: str) -> None:
    given = in_stock()
    assert judged(given, stored((B, place))) == ["STK-06"]
    assert refused(given, moved((A, "F1/A1"), (B, place))) == "STK-02"
    assert judged(given, moved((A, place))) == []
    assert places([*given, moved((A, place)), out(A)]) == {}
    assert state_of([*given, moved((A, place))], A).place == place


def test_two_items_change_places_in_one_statement() -> None:
    given = [*in_stock(), stored((B, "F1/A2"))]
    swap = moved((A, "F1/A2"), (B, "F1/A1"))
    assert judged(given, swap) == []
    assert places([*given, swap]) == {"f1/a1": B, "f1/a2": A}


def test_a_position_is_free_after_a_check_out() -> None:
    assert judged([*in_stock(), out(A)], stored((B, "F1/A1"))) == []


@pytest.mark.rule("STK-07")
@pytest.mark.parametrize(
    ("given", "line", "rules"),
    [
        pytest.param(in_stock(), Counted(item=A, present=True), [], id="there"),
        pytest.param(in_stock(), Counted(item=A, present=False), ["STK-07"], id="not there"),
        pytest.param([*in_stock(), out(A)], Counted(item=A, present=False), [], id="checked out"),
        pytest.param([*in_stock(), out(A)], Counted(item=A, present=True), ["STK-07"], id="there, but checked out"),
        pytest.param(delivered(), Counted(item=A, present=True), ["STK-07"], id="there, but not received"),
        pytest.param(
            in_stock(), Counted(item=A, present=True, counted=Amount(value="1.0", unit="mL")), [], id="as much"
        ),
        pytest.param(
            in_stock(), Counted(item=A, present=True, counted=Amount(value="0.5", unit="mL")), ["STK-07"], id="less"
        ),
    ],
)
def test_a_count_that_differs_from_the_record_is_a_breach(
    given: list[Signed[Any]], line: Counted, rules: list[str]
) -> None:
    assert judged(given, counted(line)) == rules
    assert state_of([*given, counted(line)], A) == state_of(given, A)


@pytest.mark.rule("GAT-08")
def test_what_is_held_is_stored_but_neither_moved_nor_taken_out() -> None:
    given = [*in_stock(), held()]
    assert judged(given, stored((B, "F1/A2"))) == []
    assert judged(given, moved((A, "F1/A2"))) == ["GAT-08"]
    assert judged(given, out(A)) == ["GAT-08"]


@pytest.mark.rule("GAT-08")
def test_what_is_in_quarantine_after_an_excursion_stays_where_it_is() -> None:
    warm = TemperatureRecorded(items=(A,), device="d", start=NOON, end=LATER, minimum="1", maximum="9", high="8")
    quarantined = ExcursionDispositioned(items=(A,), decision=Decision.QUARANTINE)
    given = [*in_stock(), said(warm, LABORATORY), said(quarantined, LABORATORY)]
    assert judged(given, out(A)) == ["GAT-08"]


@pytest.mark.rule("GAT-14")
def test_high_pathogenic_items_are_kept_under_the_locks_of_two_persons() -> None:
    given = [*delivered(agent=VARIOLA), received()]
    alone = said(ItemStored(site=LAB, items=placed((A, "F1/A1"))), LABORATORY)
    assert judged(given, alone) == ["GAT-14"]
    assert judged(given, stored((A, "F1/A1"))) == []
    assert judged([*given, stored((A, "F1/A1"))], out(A)) == ["GAT-14"]


@pytest.mark.rule("GEN-09")
def test_stock_is_counted_by_two_persons() -> None:
    alone = said(counted(Counted(item=A, present=True)).body, LABORATORY)
    given = admitted(LABORATORY, SECOND_PERSON)
    assert authority(given, alone) == ["GEN-09"]
    assert authority(given, counted(Counted(item=A, present=True))) == []
