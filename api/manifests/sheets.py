"""Manifests as they come: XLSX or CSV, read row by row as plain cells. The files are taken to be hostile.

Sizes are checked before anything is unpacked, formulas are never computed (what the spreadsheet last stored counts),
and rows and columns are limited. What the cells mean is not known here.
"""

from __future__ import annotations

import csv
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Final, TypeAlias

from openpyxl import load_workbook

from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Cell: TypeAlias = "str | bool | int | Decimal | date | None"

RULES: Final = {
    "IMP-01": "A manifest has at most 32 MiB, unpacked 1,000 parts and 256 MiB, in a row of CSV 131,072 characters, "
    "and in a cell 1,000.",
    "IMP-02": "A manifest is a workbook that can be read and has the sheet asked for, or CSV in UTF-8.",
    "IMP-03": "The header line of a manifest is there and names its columns, each once.",
    "IMP-04": "A manifest has at most 100,000 rows and 256 columns that hold anything, and 1,048,576 lines.",
}

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 256
_LAST_LINE: Final = 2**20  # the last one of a spreadsheet; blank lines cost time, though they are no rows
_MOST_BYTES: Final = 32 * 2**20
_MOST_UNPACKED: Final = 256 * 2**20
_MOST_PARTS: Final = 1_000
_LONGEST_CELL: Final = 1_000
_LONGEST_ROW: Final = 131_072  # the csv module takes no longer cell either
_DELIMITERS: Final = ",;\t"
# What openpyxl raises on files that are not what they say, besides its own exceptions, which are ValueErrors mostly.
_UNREADABLE: Final = (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError)


@dataclass(frozen=True, slots=True)
class Row:
    """One row, up to its last cell that holds anything; line counts from 1 as the spreadsheet or editor shows it."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A manifest's headers, in order, and its rows that hold anything."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(path: Path, name: str | None = None, header: int = 1) -> Sheet:
    """Read a manifest: XLSX if it is named so, otherwise CSV in UTF-8, separated by commas, semicolons or tabs.

    name: the sheet of a workbook; the first if left out.
    header: the line that names the columns; what stands above is passed over.

    Raises Malformed: IMP-01 too large, IMP-02 not readable, IMP-03 the headers are no headers, IMP-04 too many rows,
    columns or lines. OSError.
    """
    if (size := path.stat().st_size) > _MOST_BYTES:
        raise Malformed("IMP-01", path.name, f"{size} bytes, more than {_MOST_BYTES}")
    rows = _workbook(path, name) if path.suffix.lower() in {".xlsx", ".xlsm"} else _csv(path)
    return _sheet(path, rows, header)


def _sheet(path: Path, rows: Iterable[Row], header: int) -> Sheet:
    headers: tuple[str, ...] = ()
    found: list[Row] = []
    for row in rows:
        place = f"{path.name} line {row.line}"
        if row.line > _LAST_LINE:
            raise Malformed("IMP-04", place, f"has more than {_LAST_LINE} lines")
        if len(row.cells) > MOST_COLUMNS:
            problem = f"has a value in column {len(row.cells)}, beyond the {MOST_COLUMNS} that a manifest may have"
            raise Malformed("IMP-04", place, problem)
        if row.line == header:
            headers = _headers(path, row)
        elif headers and row.cells:
            found.append(row)
        if len(found) > MOST_ROWS:
            raise Malformed("IMP-04", place, f"has more than {MOST_ROWS} rows")
    if not headers:
        raise Malformed("IMP-03", f"{path.name} line {header}", "there is no such line to name the columns")
    return Sheet(headers, tuple(found))


def _headers(path: Path, row: Row) -> tuple[str, ...]:
    headers = [str(cell) if cell is not None else "" for cell in row.cells]
    place = f"{path.name} line {row.line}"
    named = [one.casefold() for one in headers if one]
    if not named:
        raise Malformed("IMP-03", place, "names no columns")
    for one in named:
        if named.count(one) > 1:
            raise Malformed("IMP-03", place, f'names the column "{one}" twice')
    return tuple(headers)


def _workbook(path: Path, name: str | None) -> Iterator[Row]:
    try:
        _check_archive(path)
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except _UNREADABLE as error:
        raise Malformed("IMP-02", path.name, f"is not a workbook: {error}") from None
    try:
        if name is not None and name not in book.sheetnames:
            raise Malformed("IMP-02", path.name, f'has no sheet "{name}", but: {", ".join(book.sheetnames)}')
        sheet = book[name or book.sheetnames[0]]
        sheet.reset_dimensions()  # what a workbook says of its size may be wrong, and rows beyond it would be lost
        values = sheet.iter_rows(min_row=1, values_only=True)
        for line, cells in enumerate(values, start=1):
            yield Row(line, _cells(path, line, cells))
    except _UNREADABLE as error:
        raise Malformed("IMP-02", path.name, f"is not a workbook that can be read: {error}") from None
    finally:
        book.close()


def _check_archive(path: Path) -> None:
    """Raise Malformed unless a zip stays small when unpacked; zipfile never unpacks more than the directory says."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED:
        problem = f"unpacks to {len(parts)} parts of {unpacked} bytes, more than {_MOST_PARTS} or {_MOST_UNPACKED}"
        raise Malformed("IMP-01", path.name, problem)


def _csv(path: Path) -> Iterator[Row]:
    data = path.read_bytes()
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = "is not UTF-8; save the file as CSV UTF-8, or as XLSX"
        raise Malformed("IMP-02", f"{path.name} line {line}", problem) from None
    lines = _Lines(path.name, TextIOWrapper(BytesIO(data), encoding="utf-8-sig", newline=""))
    reader = csv.reader(lines, delimiter=lines.delimiter(), strict=True)
    try:
        for cells in reader:
            yield Row(lines.first, _cells(path, lines.first, cells))
            lines.end_row()
    except csv.Error as error:
        raise Malformed("IMP-02", f"{path.name} line {reader.line_num}", f"is not CSV: {error}") from None


class _Lines:
    """The lines of a CSV file, and for one row no more of them than a row may have: a quote may never be closed.

    first: the line at which the present row begins; its quoted cells may run over several lines.
    """

    def __init__(self, file: str, text: TextIOWrapper) -> None:
        self.first = 1
        self._file = file
        self._text = text
        self._line = 0
        self._characters = 0  # of the present row

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self._line += 1
        self._characters += len(line)
        if self._characters > _LONGEST_ROW:
            raise Malformed(
                "IMP-01", f"{self._file} line {self.first}", f"more than {_LONGEST_ROW} characters in a row"
            )
        return line

    def end_row(self) -> None:
        """Begin the next row behind the lines that were read."""
        self.first = self._line + 1
        self._characters = 0

    def delimiter(self) -> str:
        """Return what separates the most columns in the first line that is not blank; a comma where nothing does."""
        first = next((line for line in self._text if line.strip()), "")
        self._text.seek(0)
        return max(_DELIMITERS, key=first.count)


def _cells(path: Path, line: int, cells: Iterable[object]) -> tuple[Cell, ...]:
    found = [_cell(f"{path.name} line {line}, column {column}", value) for column, value in enumerate(cells, 1)]
    while found and found[-1] is None:
        found.pop()
    return tuple(found)


def _cell(place: str, value: object) -> Cell:
    """Return a cell with its type; text without the blanks around it, an empty one as None."""
    match value:
        case None:
            return None
        case str():
            if len(value) > _LONGEST_CELL:
                raise Malformed("IMP-01", place, f"a cell has {len(value)} characters, more than {_LONGEST_CELL}")
            return value.strip() or None
        case bool() | int() | Decimal():
            return value
        case float():
            return Decimal(repr(value))  # the shortest decimal that the spreadsheet's number stands for
        case datetime() if value.time() == time():
            return value.date()
        case date():
            return value
        case _:
            return str(value)
