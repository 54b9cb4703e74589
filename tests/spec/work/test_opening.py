"""Opening stock: declared once for a site, with what nobody's record shows said in every statement."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from api.telling.samples import sample_object
from ledger.domain.bodies.vocabulary import Body
from ledger.domain.custody.opening import OpenedItem, StockOpened
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemMoved
from ledger.domain.judging import Signatory, Signed
from ledger.domain.states.subjects import Origin
from ledger.domain.work.use import ItemUsed
from ledger.ids import ItemId, Tag
from ledger.reference.activities import Activity
from tests.spec.bench import BEFORE, CELLAR, ELSEWHERE, LAB, OTHER, A, aliquoted, child, ml, site, vials
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, breaches, corrected, judged, refused, said, state_of

DAY = date(2026, 8, 30)
"""The day of the site's registration."""
X, Y, Z = (ItemId(f"item:{one}") for one in "xyz")
OLD = OpenedItem(
    item=X,
    label="old 1",
    quantity=ml("2"),
    type="strain",
    storage="minus-80",
    place="F1/A1",
    received_on=date(2019, 3, 1),
    approval_number="SH 2019/0044",
)
STOCK = StockOpened(site=LAB, opened_on=DAY, items=(OLD,))


def opened(
    *items: OpenedItem, by: tuple[Signatory, ...] = (LABORATORY, SECOND_PERSON), hours: int = -1, **members: object
) -> Signed[Any]:
    body = replace(STOCK, items=items or STOCK.items)
    return said(replace(body, **members), *by, at=NOON + timedelta(hours=hours))


def item(name: ItemId = Y, label: str = "old 2", place: str | None = None, **members: object) -> OpenedItem:
    return replace(OpenedItem(item=name, label=label, place=place), **members)


def act(body: Body) -> Signed[Any]:
    return said(body, LABORATORY, SECOND_PERSON, at=NOON)


@pytest.mark.rule("OPN-04")
def test_stock_is_on_record_as_declared_and_that_nothing_shows_it_stands_in_the_entry() -> None:
    found = breaches([site()], opened(OLD, item()))
    assert [(one.rule, one.subjects, one.given["day"]) for one in found] == [("OPN-04", (Tag(X), Tag(Y)), "2026-08-30")]
    stock = state_of([site(), opened()], X)
    assert (stock.origin, stock.custodian, stock.place) == (Origin.OPENING_STOCK, LABORATORY.party, "F1/A1")
    assert (stock.approval, stock.consignment, stock.released) == (None, None, False)
    shown = sample_object(stock, ())
    assert (shown["origin"], shown["shown_from"]) == (["opening-stock"], "2026-08-30")
    assert shown["approval_declared"] == "SH 2019/0044"
    assert dict(state_of([site(), opened()], LAB).places) == {"f1/a1": (X,)}


def test_stock_is_worked_with_as_everything_else() -> None:
    given = [site(), opened()]
    used = ItemUsed(
        item=X, laboratory=LAB, project="p-7", purpose="research", activity=Activity.UNCULTURED, quantity=ml("1")
    )
    assert judged(given, act(used)) == []
    assert judged(given, aliquoted(child(Z, "1"), residual="1", parent=X)) == []
    moved = ItemMoved(site=LAB, items=(Placed(item=X, place="F1/A2"),), storage="minus-20")
    assert judged(given, act(moved)) == ["STK-09"]


@pytest.mark.rule("OPN-01")
def test_a_site_opens_its_stock_for_one_day_in_as_many_statements_as_it_takes() -> None:
    given = [site(), opened()]
    assert judged(given, opened(item(), hours=0)) == ["OPN-04"]
    assert refused(given, opened(item(), hours=0, opened_on=date(2026, 8, 29))) == "OPN-01"


@pytest.mark.rule("OPN-03")
def test_stock_opened_for_a_day_after_the_sites_registration_is_a_breach() -> None:
    assert judged([site()], opened(opened_on=date(2026, 8, 31))) == ["OPN-03", "OPN-04"]
    assert judged([site()], opened(opened_on=date(2026, 1, 1))) == ["OPN-04"]


@pytest.mark.rule("OPN-02", "COL-01", "COL-02", "CON-22", "GAT-04", "STK-02")
@pytest.mark.parametrize(
    ("when", "rule"),
    [
        pytest.param(opened(item(received_on=date(2026, 8, 31))), "OPN-02", id="received later"),
        pytest.param(opened(item(collected_on=date(2026, 8, 31))), "OPN-02", id="collected later"),
        pytest.param(opened(item(A)), "COL-01", id="an imported item"),
        pytest.param(opened(item(), item(label="old 3")), "COL-01", id="an item twice"),
        pytest.param(opened(item(), item(Z, "OLD 2")), "COL-02", id="a label twice"),
        pytest.param(opened(opened_on=date(2026, 9, 2)), "CON-22", id="tomorrow"),
        pytest.param(opened(site=CELLAR), "GAT-04", id="a site that is none of the party's"),
        pytest.param(opened(item(place="F1"), item(Z, "old 3", "f1")), "STK-02", id="a position twice"),
        pytest.param(opened(item(storage="cold")), "SMP-02", id="in no storage condition"),
    ],
)
def test_opening_is_refused_of(when: Signed[Any], rule: str) -> None:
    assert refused(vials(), when) == rule


@pytest.mark.rule("STK-06")
def test_an_occupied_position_is_a_breach_here_too() -> None:
    assert judged([site(), opened()], opened(item(place="F1/A1"), hours=0)) == ["OPN-04", "STK-06"]


def test_another_sites_stock_is_opened_for_a_day_of_its_own() -> None:
    given = [site(), opened(), site(ELSEWHERE, owner=OTHER)]
    other = said(replace(STOCK, site=ELSEWHERE, opened_on=date(2026, 8, 1), items=(item(),)), OTHER, at=BEFORE)
    assert judged(given, other) == ["OPN-04"]


def test_an_opening_is_corrected_with_its_own_labels_positions_and_day() -> None:
    first = opened(OLD, item())
    given = [site(), first]
    fewer = replace(first.body, items=(replace(OLD, quantity=ml("1.5")), item(place="F1/A2")))
    assert judged(given, corrected(first, fewer)) == ["OPN-04"]
    assert judged(given, corrected(first, replace(first.body, opened_on=date(2026, 8, 1)))) == ["OPN-04"]
    again = [*given, opened(item(Z, "old 3"), hours=0)]
    assert refused(again, corrected(first, replace(first.body, opened_on=date(2026, 8, 1)))) == "OPN-01"
