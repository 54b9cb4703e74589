"""What is owed, from the views: the same pages as from the log, and no row that the log does not make."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.errors import IntegrityFailed, NotFound
from ledger.ids import ItemId, Tag
from projections.obligations import Asked, Part, Place, Standing
from tests.authors import START
from tests.imports import LAB, LABORATORY, open_ledger, record_all, to_the_bench, use, voiding
from tests.viewed import viewed
from tests.worklists import SOON, check_worklist, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Database
    from tests.viewed import Viewed

A: Final = ItemId("item:A")
B: Final = ItemId("item:B")


@pytest.fixture
def views(embedded_database: Database) -> Iterator[Viewed]:
    """Two vials at the bench, one of them used up, with what was said wrong on the way."""
    with viewed(embedded_database) as views, closing(open_ledger(views.store)) as ledger:
        record_all(ledger, to_the_bench(A, B))
        views.follow()
        wrong = use(B, "4")
        record_all(ledger, [use(A, "10"), wrong, voiding(wrong)])
        views.follow(most=1)
        yield views


def test_pages_are_those_of_the_log_however_it_is_narrowed(views: Viewed) -> None:
    assert check_worklist(views, (), (Tag(A),), (Tag(B), Tag(LAB)), (Tag(LABORATORY.party),)) > 10
    assert check_worklist(views, (), district="0001") == 0


@pytest.mark.parametrize(
    "change",
    [
        "due = due + interval '1 day'",
        "debtor = 'party:another'",
        "ended = null",
        "key = 'another'",
        "about = about || array['item:C']",
        "settled_at = settled_at - interval '1 hour'",
    ],
)
def test_a_row_that_was_changed_is_never_told(views: Viewed, change: str) -> None:
    with views.session.lend() as connection:
        statement: Any = f"update obligation set {change} where subject = 'item:A' or subject = 'item:B'"
        connection.execute(statement)
    with pytest.raises(IntegrityFailed, match=r"vialog_views\.obligation, row item:"):
        for standing in (None, Standing.MET, Standing.LAPSED):
            page_of(views, Asked(SOON, standing=standing), Part(100))
    with pytest.raises(IntegrityFailed):
        views.check()


def test_of_an_instant_before_the_newest_act_and_by_other_editions_the_log_tells(views: Viewed) -> None:
    assert page_of(views, Asked(START - timedelta(days=1)), Part(10)) is None
    assert page_of(views, Asked(START + timedelta(days=3650)), Part(10)) is None


@pytest.mark.parametrize("place", ["", "7", "x/y/item:A/", "7/count-stock/A/"])
def test_what_is_no_place_is_said_to_be_none(place: str) -> None:
    with pytest.raises(NotFound, match="is no obligation behind which a page begins"):
        Place.read(place)


def test_a_page_begins_behind_what_is_on_record_alone(views: Viewed) -> None:
    nowhere = Place(7_000, "count-stock", str(A), "")
    assert Place.read(str(nowhere)) == nowhere
    with pytest.raises(NotFound, match="there is no obligation 7000/count-stock/item:A/ behind"):
        page_of(views, Asked(SOON), Part(10, nowhere))
