"""Questions over the whole log from the views, held against those of the whole log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.rulepacks.load import load_packs
from projections.asked.answering import answer, read
from projections.asked.question import Asked
from projections.asked.table import QUESTIONS
from projections.narrowed import NARROWED, narrowed

if TYPE_CHECKING:
    from datetime import datetime

    from tests.viewed import Viewed


def check_narrowed(views: Viewed, at: datetime, until: datetime | None = None) -> set[str]:
    """Compare the rows of questions from the views with those of the whole log. Returns which have some."""
    store, answered = views.store, set[str]()
    asked = Asked((), load_packs(), "CN", at, until, days=90, hours=24)
    for name in (*NARROWED, "corrections"):
        whole = read(store, QUESTIONS[name], asked, store.head())
        with views.tables.still() as still:
            found = narrowed(QUESTIONS[name], asked, still, store)
        rows = answer(QUESTIONS[name], whole, store.head()).rows
        assert found is None or answer(QUESTIONS[name], found, store.head()).rows == rows, name
        answered |= {name} if found is not None and rows else set()
    return answered
