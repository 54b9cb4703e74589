"""What a pool came in under follows from what it is made of: when that is corrected, its rows are made anew."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import pytest

from ledger.domain.work.derive import ItemAliquoted, ItemPooled
from ledger.domain.work.making import Child
from ledger.domain.work.portions import Portion
from ledger.ids import ItemId
from projections.views.states.items import ITEMS
from tests.contracts.behind import as_admin
from tests.imports import (
    APPROVAL,
    LAB,
    LABORATORY,
    announcement,
    approval,
    declaration,
    founding,
    hand_over,
    laboratory,
    listing,
    ml,
    open_ledger,
    receipt,
    record_all,
    release,
    state,
    use,
    voiding,
)
from tests.viewed import Viewed, balances, booked, naive, viewed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.service import Ledger
    from ledger.statement.authoring import Made
    from tests.servers import Database

A: Final = ItemId("item:A")
B: Final = ItemId("item:B")
POOL: Final = ItemId("item:P")
ALIQUOT: Final = ItemId("item:Q")
BOTH: Final = (1, 2)
Rig = tuple[Viewed, "Ledger"]


def pooled(first: str, second: str, corrects: Made | None = None) -> Made:
    """Return a pool of so many mL of each vial."""
    body = ItemPooled(
        inputs=(Portion(item=A, quantity=ml(first)), Portion(item=B, quantity=ml(second))),
        laboratory=LAB,
        output=Child(item=POOL, quantity=ml(str(int(first) + int(second)))),
        loss=ml("0"),
    )
    if corrects is None:
        return state(body, LABORATORY)
    return state(body, LABORATORY, corrects=corrects.id, reason="misread", acknowledges={"GEN-12": "late-entry"})


@pytest.fixture
def rig(embedded_database: Database) -> Iterator[Rig]:
    """Two vials of 10 mL at the bench, each from a line of its own, and their views."""
    with viewed(embedded_database) as views, closing(open_ledger(views.store)) as ledger:
        record_all(
            ledger,
            [
                *founding(),
                laboratory(),
                approval(numbers=BOTH),
                announcement(quantity="1", numbers=BOTH),
                listing(A),
                listing(B, line=2),
                declaration(quantity="1", numbers=BOTH),
                release(A, B, quantity="1", numbers=BOTH),
                hand_over(A, B),
                receipt(A, B),
            ],
        )
        yield views, ledger


def divided() -> Made:
    """Return a millilitre of the pool in a container of its own."""
    child = Child(item=ALIQUOT, quantity=ml("1"))
    return state(
        ItemAliquoted(parent=POOL, laboratory=LAB, children=(child,), residual=ml("2"), loss=ml("0")), LABORATORY
    )


def shown(views: Viewed, item: ItemId = POOL) -> dict[int, Fraction]:
    """Follow, check everything, and return in mL what of an item was used, by approval line."""
    views.follow()
    views.check()
    rows = views.rows()
    assert booked(rows["booking"]) == balances(views.store)
    used = booked([row for row in rows["booking"] if row[0] == item])
    assert views.compared() == naive(views.store)
    followed = rows
    views.rebuild()
    assert views.rows() == followed
    return {line: sums["used"] * 1000 for (_, line, _), sums in used.items() if "used" in sums}


FORGED: Final = (
    "booking set approval = 'approval:elsewhere'",
    "item set approvals = array['approval:elsewhere'], consignments = array['consignment:elsewhere']",
    "custody set custodian = 'party:elsewhere'",
)


@pytest.mark.parametrize("voids", [False, True], ids=["in its order", "made anew"])
def test_forged_rows_of_an_item_go_into_nothing_that_is_told_of_it_or_made_of_it(
    rig: Rig, embedded_database: Database, *, voids: bool
) -> None:
    views, ledger = rig
    early = use(A, "1")
    record_all(ledger, [early, pooled("1", "2")])
    views.follow()
    before = views.store.head()
    for forged in FORGED:
        as_admin(embedded_database, f"update vialog_views.{forged}")
    record_all(ledger, [*([voiding(early)] if voids else []), divided(), use(POOL, "1"), use(ALIQUOT, "1")])
    views.follow()  # with nothing in memory
    followed = _rows_since(views, before)
    assert len(followed) == 8  # of pool, of what was divided from it, of the new container twice, under two lines
    views.rebuild()
    assert followed == _rows_since(views, before)


def _rows_since(views: Viewed, position: int) -> list[tuple[object, ...]]:
    return [row for row in views.rows()["booking"] if row[1] > position]


def test_a_third_of_a_pool_is_a_third(rig: Rig) -> None:
    views, ledger = rig
    record_all(ledger, [pooled("1", "2"), use(POOL, "1")])
    assert shown(views) == {1: Fraction(1, 3), 2: Fraction(2, 3)}


def test_a_corrected_pool_makes_its_own_rows_and_those_of_its_uses_anew(rig: Rig) -> None:
    views, ledger = rig
    first = pooled("1", "2")
    record_all(ledger, [first, use(POOL, "1")])
    shown(views)
    record_all(ledger, [pooled("2", "2", corrects=first)])
    assert shown(views) == {1: Fraction(1, 2), 2: Fraction(1, 2)}


def test_a_corrected_pool_makes_the_rows_of_what_was_made_of_it_anew(rig: Rig) -> None:
    views, ledger = rig
    first = pooled("1", "2")
    record_all(ledger, [first, divided(), use(ALIQUOT, "1")])
    assert shown(views, ALIQUOT) == {1: Fraction(1, 3), 2: Fraction(2, 3)}
    record_all(ledger, [pooled("2", "1", corrects=first)])
    assert shown(views, ALIQUOT) == {1: Fraction(2, 3), 2: Fraction(1, 3)}


def test_a_voided_use_of_what_was_pooled_leaves_the_pool_as_it_is(rig: Rig) -> None:
    views, ledger = rig
    early = use(A, "1")
    record_all(ledger, [early, pooled("1", "2"), use(POOL, "1")])
    before = shown(views)
    record_all(ledger, [voiding(early)])
    assert shown(views) == before
    (pool,) = [row for row in views.rows()["item"] if row[0] == POOL]
    assert APPROVAL in pool[ITEMS.columns.index("approvals")]
