"""Acts told in another order than they happened, on each store: counted where they belong, and never silently."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from api.telling.histories import history_of
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemMoved, ItemStored
from ledger.domain.states.subjects import Item
from ledger.errors import NeedsAcknowledgement
from ledger.ids import Tag
from tests.authors import START
from tests.contracts.vials import A, B, left
from tests.imports import LAB, LABORATORY, TestClock, answer_of, handed_in, state, together, told, use

if TYPE_CHECKING:
    from ledger.service import Ledger
    from ledger.statement.authoring import Made

LATE = {"GEN-12": "late-entry"}


def put(place: str, minute: int, *, acknowledged: bool = True, stored: bool = False) -> Made:
    """Return the storing or moving of a vial some minutes after everything else."""
    items = (Placed(item=A, place=place),)
    body = ItemStored(site=LAB, items=items) if stored else ItemMoved(site=LAB, items=items)
    at = START + timedelta(minutes=minute)
    return state(body, LABORATORY, acknowledges=LATE if acknowledged else {}, at=at)


def place_of(ledger: Ledger) -> str | None:
    item = history_of(ledger.store, Tag(A)).subject
    assert isinstance(item, Item)
    return item.place


@pytest.mark.rule("GEN-12")
def test_what_is_told_late_is_acknowledged_and_overrides_nothing_newer(ledger: Ledger) -> None:
    assert told(answer_of(ledger.submit(handed_in(put("F2", 3, acknowledged=False, stored=True))))) == "recorded"
    refused = answer_of(ledger.submit(handed_in(put("F9", 1, acknowledged=False))))
    assert isinstance(refused, NeedsAcknowledgement)
    assert [breach.rule for breach in refused.breaches] == ["GEN-12"]
    answer = answer_of(ledger.submit(handed_in(put("F9", 1))))
    assert not isinstance(answer, Exception)
    assert [breach.rule for breach in answer.breaches] == ["GEN-12"]
    assert place_of(ledger) == "F2"


def test_what_is_signed_offline_acknowledges_beforehand_that_it_may_come_late(ledger: Ledger) -> None:
    answer = answer_of(ledger.submit(handed_in(put("F2", 3, stored=True))))
    assert not isinstance(answer, Exception)
    assert answer.breaches == ()


def test_the_order_of_the_acts_counts_within_one_batch(ledger: Ledger, clock: TestClock) -> None:
    minutes = [2, 4, 1, 3, 0]
    statements = [put(f"F{minute}", minute) for minute in minutes]
    answers = together(ledger, clock, *map(handed_in, (*statements, use(B, "1"))))
    assert [told(one) for one in answers] == ["recorded"] * 6
    assert place_of(ledger) == "F4"


@pytest.mark.rule("COR-06")
def test_less_than_nothing_is_not_left_by_what_is_told_late(ledger: Ledger, clock: TestClock) -> None:
    later, early = START + timedelta(minutes=4), START + timedelta(minutes=1)
    amounts = [("6", later), ("6", early), ("4", early)]
    answers = together(ledger, clock, *(handed_in(use(A, amount, at=at)) for amount, at in amounts))
    assert [told(one) for one in answers] == ["recorded", "COR-06", "recorded"]
    assert left(ledger, A) == "0 mL"
