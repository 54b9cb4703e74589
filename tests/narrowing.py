"""Questions over the whole log from the views, held against those of the whole log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ledger.ids import type_of
from ledger.rulepacks.load import load_packs
from projections.asked.answering import answer, read
from projections.asked.narrowed import NARROWED, OWN, narrowed
from projections.asked.question import Asked
from projections.asked.table import QUESTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from tests.viewed import Viewed


def check_narrowed(views: Viewed, at: datetime, until: datetime | None = None) -> set[str]:
    """Compare the rows of questions from the views with those of the whole log. Returns which have some.

    until: as nobody can ask otherwise, the same instant, or None for as it is.
    """
    assert until in {None, at}
    store, answered = views.store, set[str]()
    first, last = date(2026, 1, 1), date(2027, 12, 31)
    asked = Asked((), load_packs(), "CN", at, until, first=first, last=last, days=90, hours=24)
    for name in (*NARROWED, *(OWN.keys() - {"compliance-file"})):
        whole = read(store, QUESTIONS[name], asked, store.head())
        with views.tables.still() as still:
            found = narrowed(QUESTIONS[name], asked, still, store)
        rows = answer(QUESTIONS[name], whole, store.head()).rows
        assert found is None or answer(QUESTIONS[name], found, store.head()).rows == rows, name
        answered |= {name} if found is not None and rows else set()
    return answered | _check_files(views, asked)


def _check_files(views: Viewed, asked: Asked) -> set[str]:
    """Compare the files of all enterprises."""
    store, question, answered = views.store, QUESTIONS["compliance-file"], set[str]()
    whole = read(store, question, asked, store.head())
    for party in sorted({tag for event in whole.events for tag in event.tags if type_of(tag) == "party"}):
        of_it = replace(asked, subject=party)
        with views.tables.still() as still:
            found = narrowed(question, of_it, still, store, few=10_000)
        rows = answer(question, replace(whole, subject=party), store.head()).rows
        assert found is None or answer(question, found, store.head()).rows == rows, party
        answered |= {question.name} if found is not None and rows else set()
    return answered
