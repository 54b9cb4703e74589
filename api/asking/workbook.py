"""An answer as an XLSX workbook: its rows on one sheet, what it rests on on another. Loaded only where somebody asks.

Numbers and instants stay what they are; every text is a text to the spreadsheet, whatever it begins with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from api.asking.sheets import written
from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.asking.sheets import Cell

MOST_ROWS: Final = 1_048_575
"""So many rows has a sheet, besides the head (ECMA-376)."""
_LONGEST: Final = 32_767  # characters of a cell
_DIGITS: Final = 15  # of a number that a spreadsheet keeps exactly
_FIRST: Final = 1900  # the first year that a spreadsheet has days of
_WIDEST: Final = 400  # pixels of a column, where a cell is long


@dataclass(frozen=True, slots=True)
class _Looks:
    """How the cells of a sheet look. text: of what is a text, and stays one when somebody edits it."""

    text: Any
    day: Any
    instant: Any


def workbook(
    head: Sequence[str], rows: Iterable[Sequence[Cell]], about: Sequence[tuple[str, str]], made: datetime
) -> bytes:
    """Return a workbook as the bytes of its file, with instants in UTC.

    head: of the columns. about: what the answer rests on, as names and values. made: the instant of the answer: the
    same answer makes the same file.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _plain(made)})
        day, instant = (book.add_format({"num_format": one}) for one in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
        plain = _Looks(book.add_format({"quote_prefix": True}), day, instant)
        bold = replace(plain, text=book.add_format({"bold": True, "quote_prefix": True}))
        answer, rests = book.add_worksheet("answer"), book.add_worksheet("about")
        _fill(answer, [head], bold)
        _fill(answer, rows, plain, first=1)
        answer.freeze_panes(1, 0)
        _fill(rests, about, plain)
        for sheet in (answer, rests):
            sheet.autofit(_WIDEST)
    return file.getvalue()


def is_exact(number: Decimal) -> bool:
    """Say whether a spreadsheet keeps a number to its last digit; others stay texts."""
    return len(format_decimal(number).lstrip("-").replace(".", "").lstrip("0")) <= _DIGITS


def _fill(sheet: Any, lines: Iterable[Sequence[Cell]], looks: _Looks, first: int = 0) -> None:  # noqa: ANN401
    for number, line in enumerate(lines, start=first):
        for column, cell in enumerate(line):
            _write(sheet, (number, column), cell, looks)


def _write(sheet: Any, place: tuple[int, int], cell: Cell, looks: _Looks) -> None:  # noqa: ANN401  the library's
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(*place, cell)
        case date() if cell.year < _FIRST:
            sheet.write_string(*place, written(cell), looks.text)
        case datetime():
            sheet.write_datetime(*place, _plain(cell), looks.instant)
        case date():
            sheet.write_datetime(*place, cell, looks.day)
        case Decimal() | int() if is_exact(Decimal(cell)):
            sheet.write_number(*place, float(cell))
        case Decimal() | int():
            sheet.write_string(*place, written(cell), looks.text)
        case _:
            sheet.write_string(*place, _fitting(cell), looks.text)


def _plain(instant: datetime) -> datetime:
    """Return an instant in UTC without its zone, which a spreadsheet does not have."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def _fitting(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]} …"
