"""Checking: the log folded again from its first entry, and every row and note held against what that makes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed, NotFound
from projections.database.tables import BEGUN, NOTED, noted_rows
from projections.running.rebuilding import Folding, whole
from projections.views.catalogue import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from projections.database.tables import Tables
    from projections.folding.applying import Noting
    from projections.folding.bound import Bound
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
    with tables.still(for_long=True) as still, whole():
        upto, folding = still.standing.position, Folding(log, still.standing.position)
        folding.go_on(upto, lambda position: told(position, upto))
        folding.grow()
        if folding.bound.tree.peaks != still.standing.bound.tree.peaks:
            raise IntegrityFailed(
                f"the log's entries up to position {upto} are not those that the views were made of: their tree differs"
            )
        if folding.standing.editions != still.standing.editions:
            raise NotFound(BEGUN)
        passed = dict(folding.bound.roots)
        folding.compare()
        _check_bound(still.standing.bound, passed, folding.bound.checked)
        notings = list(folding.notings())
        rows = {
            view.name: _compare(view.name, view.columns, view.key, _all(notings, view), still.every(view))
            for view in VIEWS
        }
        for name, columns in NOTED.items():
            due = chain.from_iterable(noted_rows(noting)[name] for noting in notings)
            _compare(name, columns, 1, due, still.noted(name))
    return Checked(upto, rows, folding.bound.checked)


def _all(notings: Iterable[Noting], view: View) -> Iterator[Row]:
    return chain.from_iterable(noting.rows.of(view) for noting in notings)


def _check_bound(stored: Bound, passed: dict[int, bytes], checked: int) -> None:
    """Compare what the runner notes of checkpoints; one may have been published since it last looked.

    passed: by size the root at every state entry. checked: the largest checkpoint up to there.
    """
    if stored.checked > checked or stored.checked not in {0, *passed}:
        raise IntegrityFailed(
            f"vialog_views.runner says that the log was held against a checkpoint of {stored.checked} entries, and "
            "there is none"
        )
    due = {(size, root) for size, root in passed.items() if size > stored.checked}
    if wrong := sorted(due ^ set(stored.roots.items())):
        raise IntegrityFailed(f"vialog_views.passed, row {wrong[0][0]}: the root is not the one that the log makes")


def _compare(table: str, columns: Sequence[str], key: int, due: Iterable[Row], stored: Iterable[Row]) -> int:
    """Compare the rows of a table, and return how many they are. key: so many of the first columns are its key."""
    wanted, count = {row[:key]: row for row in due}, 0
    for row in stored:
        count += 1
        expected = wanted.pop(row[:key], None)
        if expected is None:
            raise IntegrityFailed(f"vialog_views.{table}, row {_named(row[:key])}: the log makes no such row")
        for name, found, should in zip(columns, row, expected, strict=True):
            if found != should:
                raise IntegrityFailed(
                    f"vialog_views.{table}, row {_named(row[:key])}: {name} is {_told(found)}, and the log makes it "
                    f"{_told(should)}"
                )
    if wanted:
        raise IntegrityFailed(f"vialog_views.{table}, row {_named(min(wanted, key=str))}: it is missing")
    return count


def _named(key: Row) -> str:
    return " ".join(map(str, key))


def _told(cell: object) -> str:
    return "nothing" if cell is None else " ".join(map(str, cell)) if isinstance(cell, tuple) else str(cell)
