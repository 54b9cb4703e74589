"""Rows that are not written yet: of one batch while a log is followed, all there are while views are made anew."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from projections.views.catalogue import VIEWS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.ids import Tag
    from projections.views.view import Cell, Row, View


class Rows:
    """Of each view the last row with each key, and the subjects whose earlier rows count no more."""

    def __init__(self) -> None:
        """Start with none."""
        self._rows: dict[str, defaultdict[Cell, dict[tuple[Cell, ...], Row]]] = {
            view.name: defaultdict(dict) for view in VIEWS
        }
        self._cleared: dict[str, set[Tag]] = {view.name: set() for view in VIEWS}

    def put(self, view: View, row: Row) -> None:
        """Take a row in the place of one with the same key."""
        self._rows[view.name][row[0]][row[: view.key]] = row

    def clear(self, view: View, subject: Tag) -> None:
        """Let no row of a subject count that came before, written or not."""
        self._rows[view.name].pop(subject, None)
        self._cleared[view.name].add(subject)

    def cleared(self, view: View) -> Collection[Tag]:
        """Return the subjects whose written rows count no more."""
        return self._cleared[view.name]

    def of(self, view: View) -> Iterator[Row]:
        """Yield the rows of a view, in the order of nothing."""
        return (row for rows in self._rows[view.name].values() for row in rows.values())
