"""Manifests as they come: XLSX or CSV, read row by row as plain cells. The files are taken to be hostile.

Sizes are checked before anything is unpacked, formulas are never computed, and rows and columns are limited. What the
cells mean is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.manifests.reading.contents import is_workbook
from api.manifests.reading.delimited import first_line, rows_of_csv
from api.manifests.reading.grid import LAST_LINE, MOST_COLUMNS, MOST_ROWS, Cell, Faulty, Number, Row, Sheet, header_key
from api.manifests.reading.texts import visible
from api.manifests.reading.workbook import Workbook
from ledger.errors import Malformed
from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RULES: Final = {
    "IMP-01": "A manifest has at most 32 MiB, unpacked 1,000 parts and 256 MiB, in a row of CSV 131,072 characters, "
    "and in a cell 1,000.",
    "IMP-02": "A manifest is, as its name says, a workbook that can be read, with the sheet asked for, or UTF-8 CSV.",
    "IMP-03": "The header line of a manifest is there, names its columns, each once, and is not repeated.",
    "IMP-04": "A manifest has at most 100,000 rows and 256 columns that hold anything, and 1,048,576 lines.",
    "IMP-14": "Below the header of a manifest stands at least one row.",
}

_PIECE: Final = 2**20
_MOST_BYTES: Final = 32 * 2**20
_MARK: Final = visible("\ufeff")
_REPEATED: Final = Faulty("IMP-03", "repeats the header: delete the line")


def read_sheet(path: Path, name: str | None = None, header: int = 1) -> Sheet:
    """Read a manifest: XLSX, or CSV in UTF-8, separated by commas, semicolons or tabs.

    name: the sheet of a workbook; the first that people see and that holds anything if left out.
    header: the line that names the columns; what stands above is passed over.

    Raises Malformed: IMP-01 too large, IMP-02 not readable, IMP-03 the headers are no headers, IMP-04 too many rows,
    columns or lines, IMP-14 no rows. OSError.
    """
    data = _read(path)
    if is_workbook(path.name, data):
        return Workbook(path.name, data).sheet(name, lambda rows: _sheet(path.name, rows, header))
    first = header - 1 + first_line(data)
    return _sheet(path.name, rows_of_csv(path.name, data, header), first)


def _read(path: Path) -> bytes:
    """Return what is in a file; it may be a pipe, so its size is what comes out of it."""
    pieces: list[bytes] = []
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            pieces.append(piece)
            if len(pieces) * _PIECE > _MOST_BYTES + _PIECE:
                raise Malformed("IMP-01", path.name, f"has more than {_MOST_BYTES} bytes")
    return b"".join(pieces)


def _sheet(file: str, rows: Iterable[Row], header: int) -> Sheet:
    headers: tuple[str, ...] = ()
    found: list[Row] = []
    for row in rows:
        _check_limits(file, row, len(found))
        if row.line == header:
            headers = _headers(file, row)
        elif headers and row.cells:
            found.append(Row(row.line, row.cells, _REPEATED) if _repeats(row, headers) else row)
    if not headers:
        raise Malformed("IMP-03", f"{file} line {header}", "there is no such line to name the columns")
    if not found:
        raise Malformed("IMP-14", file, f"no rows stand below the header in line {header}")
    return Sheet(headers, tuple(found), header)


def _check_limits(file: str, row: Row, rows: int) -> None:
    place = f"{file} line {row.line}"
    if row.line > LAST_LINE:
        raise Malformed("IMP-04", place, f"has more than {LAST_LINE} lines")
    if len(row.cells) > MOST_COLUMNS:
        problem = f"has a value in column {len(row.cells)}, beyond the {MOST_COLUMNS} that a manifest may have"
        raise Malformed("IMP-04", place, problem)
    if rows >= MOST_ROWS and row.cells:
        raise Malformed("IMP-04", place, f"has more than {MOST_ROWS} rows")


def _headers(file: str, row: Row) -> tuple[str, ...]:
    headers = tuple(map(_header, row.cells))
    place = f"{file} line {row.line}"
    named = [header_key(one) for one in headers if one]
    if not named:
        raise Malformed("IMP-03", place, "names no columns")
    for one in named:
        if named.count(one) > 1:
            raise Malformed("IMP-03", place, f'names the column "{one}" twice')
    return headers


def _repeats(row: Row, headers: tuple[str, ...]) -> bool:
    """Say whether a row is the header once more, as in files that were put together; each may begin with its mark."""
    first, *others = map(_header, row.cells)
    again = (first.removeprefix(_MARK), *others)
    return tuple(map(header_key, again)) == tuple(map(header_key, headers))


def _header(cell: Cell) -> str:
    match cell:
        case str():
            return visible(" ".join(cell.split()))
        case Number():
            return format_decimal(cell.value)
        case _:
            return ""
