"""Recalls that a lot or a donor narrows, and the mates of pools: HLD and RCL."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.judging import Signed
from ledger.domain.supervision.recalls import (
    RecallAsked,
    RecallExtended,
    RecallOrdered,
)
from ledger.ids import ConsignmentId, ItemId
from tests.spec.bench import (
    APPROVAL,
    BEFORE,
    CASE,
    CUSTOMS,
    GOODS,
    A,
    B,
    C,
    aliquoted,
    announced,
    approval,
    child,
    ml,
    received,
    released,
    site,
    vials,
)
from tests.spec.parties import IMPORTER
from tests.spec.supervision.test_recalls import (
    DONOR,
    LATER,
    OF_APPROVAL,
    OF_GOODS,
    ORDERED,
    POOL,
    pooled,
    recalled,
    used,
)
from tests.spec.world import judged, refused, said


def lot(item: ItemId, number: str | None, donor: str | None = None) -> ListedItem:
    return ListedItem(item=item, label=item[5:], quantity=ml("10"), lot=number, donor=donor)


def lots() -> list[Signed[Any]]:
    """Return two vials of two lots and two donors, released and received."""
    listed = ItemListed(
        consignment=GOODS, approval=APPROVAL, line=1, items=(lot(A, "L 7", DONOR), lot(B, "l 8", "e" * 43))
    )
    return [
        site(),
        approval(),
        announced()[0],
        committed(said(listed, IMPORTER, at=BEFORE)),
        released(),
        received(),
    ]


def committed(statement: Signed[Any]) -> Signed[Any]:
    return replace(statement, commits=frozenset({DONOR, "e" * 43}))


@pytest.mark.parametrize(
    "root",
    [
        pytest.param(replace(OF_GOODS, lot="l 7"), id="a lot of a consignment"),
        pytest.param(replace(OF_APPROVAL, lot="L 7"), id="a lot of an approval"),
        pytest.param(replace(OF_GOODS, donor=DONOR), id="a donor of a consignment"),
        pytest.param(replace(ORDERED, lot="L 7", donor=DONOR), id="an item of a lot and a donor"),
    ],
)
def test_a_lot_or_a_donor_narrows_a_recall(root: RecallOrdered) -> None:
    assert judged(lots(), recalled(root)) == []
    assert judged([*lots(), recalled(root)], used(A)) == ["GAT-08"]
    assert judged([*lots(), recalled(root)], used(B)) == []


@pytest.mark.rule("RCL-09", "RCL-06")
def test_a_recall_of_a_lot_takes_in_what_is_found_of_it_later() -> None:
    given = [*vials(), *announced(C, goods=ConsignmentId("consignment:2")), recalled(replace(OF_GOODS, lot="L 7"))]
    assert refused(given, said(RecallExtended(case=CASE, asked=RecallAsked.HOLD, items=(C,)), CUSTOMS)) == "HLD-03"
    given = [*lots(), recalled(replace(OF_GOODS, lot="L 8"))]
    more = RecallExtended(case=CASE, asked=RecallAsked.HOLD, items=(B,))
    assert judged(given, said(more, CUSTOMS)) == []
    assert refused(given, said(replace(more, asked=RecallAsked.DESTROY), CUSTOMS)) == "RCL-09"
    assert refused([*vials(), recalled()], said(more, CUSTOMS)) == "RCL-06"
    assert refused(given, said(replace(more, items=()), CUSTOMS)) == "RCL-06"


@pytest.mark.rule("RCL-03")
def test_pool_mates_are_held_where_the_order_names_them() -> None:
    given = [*vials(), pooled()]
    order = recalled(replace(ORDERED, pools=(POOL,), mates=(B,)))
    assert judged(given, order) == []
    assert judged([*given, order], used(B)) == ["GAT-08"]
    later = said(RecallExtended(case=CASE, asked=RecallAsked.HOLD, pools=(POOL,), mates=(B,)), CUSTOMS)
    assert judged([*given, recalled()], later) == []
    assert judged([*given, recalled(), later], used(B, at=LATER)) == ["GAT-08"]


@pytest.mark.rule("RCL-03")
@pytest.mark.parametrize(
    ("pools", "mates"),
    [
        pytest.param((B,), (A,), id="no pool of what is recalled"),
        pytest.param((POOL,), (C,), id="not in that pool"),
        pytest.param((), (B,), id="no pool named"),
    ],
)
def test_who_went_into_no_pool_is_no_mate(pools: tuple[ItemId, ...], mates: tuple[ItemId, ...]) -> None:
    given = [*vials(), pooled(), aliquoted(child(C, "1"), residual="8", parent=B)]
    assert refused(given, recalled(replace(ORDERED, pools=pools, mates=mates), at=LATER)) == "RCL-03"
