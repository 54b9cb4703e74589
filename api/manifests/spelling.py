"""How one manifest writes what it means, as its mapping states: another word, another decimal mark, another date.

Each of these is a rule for one column, written down before anything is imported. What no rule states stays as it is,
and is a problem where the member does not take it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from api.manifests.reading.grid import Covered, Moment, Number, word_key
from ledger.domain.bodies.printed import in_one_spelling

if TYPE_CHECKING:
    from api.manifests.reading.grid import Cell


class DateOrder(StrEnum):
    """In which order a manifest writes its dates."""

    YEAR_FIRST = "year-month-day"
    DAY_FIRST = "day-month-year"
    MONTH_FIRST = "month-day-year"


_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE: Final = re.compile(r"(\w+)\s*[-/.年 ]\s*(\w+)\s*[-/.月 ]\s*(\w+?)日?(?:\s+0?0:00(?::00)?)?", re.ASCII)
_WITHOUT_MARKS: Final = re.compile("([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_PLACES: Final = {
    DateOrder.YEAR_FIRST: (0, 1, 2),
    DateOrder.DAY_FIRST: (2, 1, 0),
    DateOrder.MONTH_FIRST: (2, 0, 1),
}
_COMMA: Final = re.compile(r"(?P<whole>[0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+)(?:,(?P<part>[0-9]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the cells of one column are read.

    values: by ``word_key``, what stands for what; "" for nothing.
    dates: the order of its dates; None: only year-month-day with hyphens counts.
    one_spelling: full-width characters, and spaces and hyphens of other kinds, count as the plain ones.
    decimal_comma: the fraction stands behind a comma.
    merged: a cell merged with others below it holds for all of them.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    dates: DateOrder | None = None
    one_spelling: bool = False
    decimal_comma: bool = False
    merged: bool = False

    def of(self, cell: Cell) -> Cell:
        """Return what a cell means."""
        if isinstance(cell, Covered) and self.merged:
            cell = cell.value
        return cell if isinstance(cell, Moment | Number) or not isinstance(cell, str) else self.of_text(cell)

    def of_text(self, text: str) -> str | None:
        """Return what a text, or one part of it, means; None where that is nothing."""
        if self.one_spelling:
            text = in_one_spelling(text)
        if (meant := self.values.get(word_key(text))) is not None:
            return meant or None
        if self.dates is not None and (day := day_in(text, self.dates)) is not None:
            return day
        return with_point(text) if self.decimal_comma else text


AS_IT_STANDS: Final = Spelling()


def day_in(text: str, order: DateOrder) -> str | None:
    """Return a date as ``2026-03-01``; None where the text is none in this order."""
    found = _DATE.fullmatch(text.strip())
    if found is None and order is DateOrder.YEAR_FIRST:
        found = _WITHOUT_MARKS.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (found.groups()[place] for place in _PLACES[order])
    named = month[:3].lower()
    number = str(_MONTHS.index(named) + 1) if named in _MONTHS else month
    if not (len(year) == 4 and year.isdecimal() and number.isdecimal() and day.isdecimal()):
        return None
    try:
        return date(int(year), int(number), int(day)).isoformat()
    except ValueError:
        return None


def with_point(text: str) -> str:
    """Return a number whose fraction stands behind a comma as a plain decimal; whatever else as it is."""
    found = _COMMA.fullmatch(text)
    if found is None:
        return text
    whole = found["whole"].replace(".", "").replace(" ", "")
    return whole if found["part"] is None else f"{whole}.{found['part']}"
