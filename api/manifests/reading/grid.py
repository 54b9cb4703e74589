"""What a manifest holds, before anybody asks what it means: headers, rows, and cells as they were stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

from ledger.domain.bodies.printed import name_key

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 256
LAST_LINE: Final = 2**20
"""The last line of a spreadsheet; blank lines cost time, though they are no rows."""


_BESIDE_CHINESE: Final = re.compile(r"(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])")


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


@dataclass(frozen=True, slots=True)
class Covered(Faulty):
    """A cell of a column that is merged with the cell above it, which holds the value of both."""

    value: Cell = None


Cell: TypeAlias = "str | bool | Number | Moment | Faulty | None"


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


@lru_cache(maxsize=1_024)
def word_key(written: str) -> str:
    """Return what a word of a manifest is told apart by: as what is printed, and not by blanks around Chinese."""
    return _BESIDE_CHINESE.sub("", name_key(" ".join(written.split())))


def letters(place: int) -> str:
    """Return the letters that spreadsheets show above a column, from 0: A, B … Z, AA."""
    written, number = "", place + 1
    while number:
        number, digit = divmod(number - 1, 26)
        written = chr(ord("A") + digit) + written
    return written


def lettered(place: int) -> str:
    """Return what a mapping calls a column that the header does not name, or names twice, as its ``header_key``."""
    return f"column {letters(place).lower()}"


def header_key(written: str) -> str:
    """Return what the name of a column is told apart by: not by case, nor by the kind and number of its spaces."""
    return " ".join(written.split()).casefold()
