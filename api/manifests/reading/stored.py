"""From what a workbook stores of a cell to the cell: texts, numbers with their formats, dates.

Nothing is computed: of a formula counts what the spreadsheet stored last, if it stored anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING, Final

from api.manifests.reading.formats import GENERAL, is_of_time
from api.manifests.reading.grid import Cell, Faulty, Moment, Number
from api.manifests.reading.parts import unescaped
from api.manifests.reading.texts import of_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

RULES: Final = {
    "IMP-10": "A formula that is imported has a result that the spreadsheet stored.",
}

_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,3})?", re.ASCII
)
_FIFTEEN_DIGITS: Final = Context(prec=15, rounding=ROUND_HALF_EVEN)
"""What spreadsheets show and compare; they store 17, so that 3 * 0.4 is stored as 1.2000000000000002."""
_FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001  what a spreadsheet says has no zone
_FIRST_DAY_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_DAY: Final = 2_958_466  # the day behind 31 December 9999
_MARCH_1900: Final = 61  # before it, spreadsheets count a 29 February 1900 that there was not
_NO_RESULT: Final = Faulty(
    "IMP-10",
    "is a formula without a stored result: open the file in a spreadsheet, save it, and import it again",
)


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of a workbook name by number, and how it counts.

    since_1904: whether days are counted from 1904 instead of 1900.
    stale: whether its formulas are to be computed when it is opened, so that nobody has computed them yet.
    """

    file: str
    texts: Sequence[str]
    formats: Sequence[str]
    since_1904: bool
    stale: bool


@dataclass(slots=True)
class Stored:
    """A cell as it is stored (18.3.1.4): its sort ``t``, its style ``s``, whether it has a formula, and its value."""

    sort: str
    style: str
    formula: bool = False
    value: str = ""


class NotReadable(ValueError):
    """What a cell stores is not of the sort that it says."""


def cell_of(book: Book, place: str, stored: Stored) -> Cell:
    """Return a cell with its type.

    place: for problems.

    Raises NotReadable; Malformed: IMP-01 its text is too long.
    """
    if stored.formula and _has_no_result(book, stored):
        return _NO_RESULT
    if not stored.value:
        return None
    match stored.sort:
        case "s":
            return of_cell(place, _text_at(book.texts, stored.value), typed=True)
        case "str" | "inlineStr" | "e":
            return of_cell(place, unescaped(stored.value), typed=True)
        case "b":
            return stored.value in {"1", "true"}
        case "d":
            return _of_iso(stored.value)
        case "n":
            return _of_number(book, stored)
        case _:
            raise NotReadable


def _has_no_result(book: Book, stored: Stored) -> bool:
    """Say whether nobody has computed a formula: programs that write one store nothing, or 0, and ask to compute it."""
    return (not stored.value and stored.sort != "str") or (book.stale and stored.value == "0")


def _text_at(texts: Sequence[str], index: str) -> str:
    if not index.isascii() or not index.isdecimal() or len(index) > 9 or int(index) >= len(texts):
        raise NotReadable
    return texts[int(index)]


def _of_iso(written: str) -> Moment:
    try:
        found = datetime.fromisoformat(written.removesuffix("Z"))
    except ValueError:
        raise NotReadable from None
    return Moment(found.replace(tzinfo=None))


def _of_number(book: Book, stored: Stored) -> Cell:
    written = stored.value.strip()
    if _NUMBER.fullmatch(written) is None:
        raise NotReadable
    value = _FIFTEEN_DIGITS.create_decimal(written)
    code = _format_of(book, stored.style)
    return Moment(_moment(value, since_1904=book.since_1904)) if is_of_time(code) else Number(value, code)


def _format_of(book: Book, style: str) -> str:
    if not style.isascii() or not style.isdecimal() or len(style) > 9 or int(style) >= len(book.formats):
        return GENERAL
    return book.formats[int(style)]


def _moment(value: Decimal, *, since_1904: bool) -> datetime | None:
    """Return the date and time that a number of days is; None of a time alone, or where there is no such day."""
    first, least = (_FIRST_DAY_1904, 0) if since_1904 else (_FIRST_DAY, _MARCH_1900)
    if not least <= value < _LAST_DAY - (first - _FIRST_DAY).days:
        return None
    return first + timedelta(seconds=int((value * 86_400).to_integral_value()))
