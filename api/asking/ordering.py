"""In which order people are shown the rows of an answer: what one event put there, by what is printed on the items."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, TypeVar

from projections.asked.question import Row
from projections.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.domain.judging import Event
    from ledger.ids import Tag
    from ledger.words.table import Language

OneRow = TypeVar("OneRow", bound=Row)
_NUMBER: Final = re.compile(r"([0-9]+)")


def by_labels(rows: Sequence[OneRow], events: Iterable[Event[Any]], language: Language) -> tuple[OneRow, ...]:
    """Return rows in the order in which people look for them: PL-2 before PL-10.

    Rows that follow each other and that one event put there are ordered by their items' labels; all others stay where
    the answer has them. Ids are drawn by lot, so that their order tells nobody anything.
    """
    if len({getattr(row, "item", None) for row in rows}) < 2:  # nothing to order
        return tuple(rows)
    names = Names(events)
    ordered: list[OneRow] = []
    for _, alike in groupby(rows, key=lambda row: row.why.position):
        ordered += sorted(alike, key=lambda row: _natural(row.item, names, language))  # type: ignore[attr-defined]
    return tuple(ordered)


def _natural(item: Tag, names: Names, language: Language) -> tuple[tuple[int, str], ...]:
    """Return what orders a label as people read it: its numbers by what they count."""
    parts = _NUMBER.split(names.called(item, language) or item)
    return tuple((int(one), "") if one.isdecimal() else (-1, one) for one in parts if one)
