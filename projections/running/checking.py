"""Checking: the log folded again from its first entry, and every row held against what that makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed
from projections.running.rebuilding import Folding
from projections.views.catalogue import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from projections.database.tables import Tables
    from projections.running.log import Log
    from projections.views.view import Row, View


@dataclass(frozen=True, slots=True)
class Checked:
    """What was compared. position: up to which event. rows: of each view, by its name. checkpoint: 0: none yet."""

    position: int
    rows: dict[str, int]
    checkpoint: int


def check(log: Log, tables: Tables, told: Callable[[int, int], None]) -> Checked:
    """Fold the log again up to where the views stand, and compare every row.

    told: how far it has come, as position and the last one.

    Raises IntegrityFailed: a row differs, is missing or too many, which is named; or the log cannot be applied.
    NotFound: there are no views of this version. TooOld, Unavailable.
    """
    with tables.still() as still:
        upto, folding = still.standing.position, Folding(log)
        folding.go_on(upto, lambda position: told(position, upto))
        if folding.bound.tree.peaks != still.standing.bound.tree.peaks:
            raise IntegrityFailed(
                f"the log's entries up to position {upto} are not those that the views were made of: their tree differs"
            )
        folding.compare()
        noting = folding.applying.noting()
        rows = {view.name: _compare(view, noting.rows.of(view), still.every(view)) for view in VIEWS}
    return Checked(upto, rows, folding.bound.checked)


def _compare(view: View, due: Iterable[Row], stored: Iterable[Row]) -> int:
    """Compare a view's rows, and return how many they are."""
    wanted, count = {row[: view.key]: row for row in due}, 0
    for row in stored:
        count += 1
        expected = wanted.pop(row[: view.key], None)
        if expected is None:
            raise IntegrityFailed(f"view {view.name}, row {_named(view, row)}: the log makes no such row")
        for name, found, should in zip(view.columns, row, expected, strict=True):
            if found != should:
                raise IntegrityFailed(
                    f"view {view.name}, row {_named(view, row)}: {name} is {_told(found)}, and the log makes it "
                    f"{_told(should)}"
                )
    if wanted:
        missing = min(wanted.values(), key=str)
        raise IntegrityFailed(f"view {view.name}, row {_named(view, missing)}: it is missing")
    return count


def _named(view: View, row: Row) -> str:
    return " ".join(str(cell) for cell in row[: view.key])


def _told(cell: object) -> str:
    return "nothing" if cell is None else " ".join(map(str, cell)) if isinstance(cell, tuple) else str(cell)
