"""An answer as a table for other programs: CSV, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TextIO, TypeAlias

from api.asking.cells import columns_of
from ledger.clock import format_time
from projections.asked.question import Amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from projections.asked.question import Question, Row, Why

Cell: TypeAlias = str | int | bool | datetime | date | Amount | None

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_GUARD: Final = "'"

WHY: Final = ("rests", "clause", "confidence", "edition", "position", "kind", "at", "since", "due", "closed_by")
"""What stands behind the columns of the question's own: why the row is there."""


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe stands before one that begins as such."""
    return f"{_GUARD}{text}" if text.startswith(_FORMULA) else text


def heads(question: Question, tell: Callable[[str], str]) -> list[str]:
    """Return the heads of a table. tell: what a column is called in the reader's language."""
    own = [tell(one.name.replace("_", " ")) for one in columns_of(question.row)]
    return [*own, *(tell(f"why {name}".replace("_", " ")) for name in WHY)]


def cells(question: Question, row: Row) -> Iterator[Cell]:
    """Yield the cells of a row: values as they are, lists as texts."""
    for column in columns_of(question.row):
        yield _cell(getattr(row, column.name))
    yield from _why(row.why)


def write_csv(file: TextIO, head: Sequence[str], rows: Iterator[list[Cell]]) -> int:
    """Write a table as CSV (RFC 4180), with instants in UTC; return how many rows it has."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([guarded(one) for one in head])
    number = 0
    for number, row in enumerate(rows, start=1):  # noqa: B007  the last one is how many there are
        writer.writerow([written(one) for one in row])
    return number


def written(cell: Cell) -> str:
    """Return a cell as a text of CSV: a number is one, and what only begins as a formula is guarded."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return format_time(cell)
        case date() | int():
            return str(cell)
        case _:
            return str(cell) if is_number(cell) else guarded(cell)


def is_number(text: str) -> bool:
    """Say whether a text is a plain decimal number, and so no formula though it begins with a minus."""
    whole, _, fraction = text.removeprefix("-").partition(".")
    return whole.isascii() and whole.isdecimal() and (not fraction or (fraction.isascii() and fraction.isdecimal()))


def _why(why: Why) -> Iterator[Cell]:
    for name in WHY:
        yield _cell(getattr(why, name))


def _cell(value: Any) -> Cell:  # noqa: ANN401  a cell of any row
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    if isinstance(value, StrEnum):
        return str(value.value)
    held: Cell = value
    return held
