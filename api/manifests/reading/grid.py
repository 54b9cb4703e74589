"""What a manifest holds, before anybody asks what it means: headers, rows, and cells as they were stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeAlias

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 256
LAST_LINE: Final = 2**20
"""The last line of a spreadsheet; blank lines cost time, though they are no rows."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a spreadsheet, to the 15 digits that it counts with, and the format that it is shown in."""

    value: Decimal
    format: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A number that a spreadsheet shows as a date or a time.

    value: on the wall of the one who wrote it, without a zone; None of a time without a date.
    """

    value: datetime | None


@dataclass(frozen=True, slots=True)
class Faulty:
    """A cell whose value cannot be told, and why; it matters only if the cell is imported."""

    rule: str
    problem: str


Cell: TypeAlias = str | bool | Number | Moment | Faulty | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row, up to its last cell that holds anything.

    line: from 1, as the spreadsheet or editor shows it.
    fault: what is wrong with the row as a whole.
    """

    line: int
    cells: tuple[Cell, ...]
    fault: Faulty | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A manifest's headers, in order, and its rows that hold anything.

    header: the line of the headers.
    hidden: the columns that the spreadsheet does not show, from 0.
    typed: whether the cells know what they are, as those of a workbook do; in CSV all are texts.
    others: the sheets of the workbook that were not read.
    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    header: int = 1
    hidden: frozenset[int] = frozenset()
    typed: bool = False
    others: tuple[str, ...] = ()


def header_key(written: str) -> str:
    """Return what the name of a column is told apart by: not by case, nor by the kind and number of its spaces."""
    return " ".join(written.split()).casefold()
