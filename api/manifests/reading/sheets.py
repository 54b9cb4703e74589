"""Manifests as they come: XLSX or CSV, read row by row as plain cells. The files are taken to be hostile.

Sizes are checked before anything is unpacked, formulas are never computed, and rows and columns are limited. What the
cells mean is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from api.manifests.reading.contents import is_workbook
from api.manifests.reading.delimited import first_line, first_rows_of_csv, rows_of_csv
from api.manifests.reading.encodings import Encoding, in_utf_8, is_surely_chinese, likely_encoding
from api.manifests.reading.grid import (
    LAST_LINE,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Faulty,
    Number,
    Row,
    Sheet,
    header_key,
)
from api.manifests.reading.texts import visible
from api.manifests.reading.workbook import Workbook
from ledger.errors import Malformed
from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from api.manifests.reading.encodings import Encoding

RULES: Final = {
    "IMP-01": "A manifest has at most 32 MiB, unpacked 1,000 parts and 256 MiB, in a row of CSV 131,072 characters, "
    "and in a cell 1,000.",
    "IMP-02": "A manifest is, as its name says, a workbook that can be read, with the sheet asked for, or CSV in UTF-8 "
    "or in the encoding that its mapping states.",
    "IMP-03": "The header line of a manifest is there, names its columns, each once, and is not repeated.",
    "IMP-04": "A manifest has at most 100,000 rows and 256 columns that hold anything, and 1,048,576 lines.",
    "IMP-14": "Below the header of a manifest stands at least one row.",
}

MOST_ABOVE: Final = 100
"""Among so many lines that hold anything the header is looked for."""

_PIECE: Final = 2**20
_MOST_BYTES: Final = 32 * 2**20
_MARK: Final = visible("\ufeff")
_REPEATED: Final = Faulty("IMP-03", "repeats the header: delete the line")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands, and how it is taken.

    line: counted from 1, without a first line such as ``sep=;``; None: the first that has all of ``names``.
    names: by their ``header_key``.
    lettered: a name that stands twice is none, so that a mapping can call its columns by their letters.
    """

    line: int | None = 1
    names: frozenset[str] = frozenset()
    lettered: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """A file as it was read, once: it may be a pipe.

    name: for problems. data: its bytes; of CSV in UTF-8, whatever encoding the file is in.
    digest: the SHA-256 of the file, in hex.
    encoding: of CSV, the one that was stated or recognised; None: UTF-8.
    """

    name: str
    data: bytes
    digest: str
    is_workbook: bool
    encoding: Encoding | None = None

    def sheet(self, name: str | None = None, header: Header | None = None) -> Sheet:
        """Return the rows of a sheet.

        name: of a workbook; the first that people see and that holds anything if left out.

        Raises Malformed: as ``read_sheet``.
        """
        header = header or Header()
        if self.is_workbook:
            return Workbook(self.name, self.data).sheet(name, lambda rows: _gathered(self.name, rows, header))
        line = self._found(header) if header.line is None else header.line - 1 + first_line(self.data)
        rows = rows_of_csv(self.name, self.data, line + 1 - first_line(self.data))
        return _gathered(self.name, rows, replace(header, line=line))

    def first_rows(self, name: str | None = None) -> list[Row]:
        """Return the first lines that hold anything, at most 100, each read as the header that it may be.

        Raises Malformed: as ``read_sheet``, but for headers.
        """
        if self.is_workbook:
            return list(Workbook(self.name, self.data).sheet(name, _top).rows)
        return [row for row in first_rows_of_csv(self.name, self.data, MOST_ABOVE) if row.cells]

    def sheet_names(self) -> tuple[str, ...]:
        """Return the sheets of a workbook that people see and that may hold rows; none of CSV. Raises Malformed."""
        return Workbook(self.name, self.data).names() if self.is_workbook else ()

    def header_at(self, line: int) -> Header:
        """Return the header that stands on a line, as a spreadsheet or editor counts it; its names may stand twice."""
        first = 1 if self.is_workbook else first_line(self.data)
        return Header(line + 1 - first, lettered=True)

    def _found(self, header: Header) -> int:
        looking = _Looking(self.name, header.names)
        for row in first_rows_of_csv(self.name, self.data, MOST_ABOVE):
            if row.cells and looking.is_header(row):
                return row.line
        raise looking.not_found()


def read_manifest(path: Path, encoding: Encoding | None = None) -> Manifest:
    """Read a file, of CSV in an encoding; None: in UTF-8, or in GB18030 where it is surely that.

    Spreadsheets in China save CSV so. Other encodings look too much like each other, and are stated or not read.

    Raises Malformed: IMP-01 it is too large, IMP-02 it is no workbook and no CSV. OSError.
    """
    return manifest_of(path.name, _read(path), encoding)


def manifest_of(name: str, data: bytes, encoding: Encoding | None = None) -> Manifest:
    """Read the bytes of a file. name: for problems, and for what it says it is. Raises Malformed: IMP-01, IMP-02."""
    if len(data) > _MOST_BYTES:
        raise Malformed("IMP-01", name, f"has more than {_MOST_BYTES} bytes")
    digest = sha256(data).hexdigest()
    book = is_workbook(name, data)
    if not book and encoding is None and is_surely_chinese(data):
        encoding = Encoding.GB18030
    if not book and encoding is not None:
        data = in_utf_8(name, data, encoding)
    return Manifest(name, data, digest, book, encoding)


def recognised(path: Path) -> Manifest:
    """Read a file, of CSV in the encoding that it is likely to be in. Raises as ``read_manifest``."""
    read = read_manifest(path)
    encoding = None if read.is_workbook or read.encoding else likely_encoding(read.data)
    if encoding is None:
        return read
    return replace(read, data=in_utf_8(path.name, read.data, encoding), encoding=encoding)


def read_sheet(path: Path, name: str | None = None, header: int = 1) -> Sheet:
    """Read a manifest: XLSX, or CSV in UTF-8 or GB18030, separated by commas, semicolons or tabs.

    name: the sheet of a workbook; the first that people see and that holds anything if left out.
    header: the line that names the columns; what stands above is passed over.

    Raises Malformed: IMP-01 too large, IMP-02 not readable, IMP-03 the headers are no headers, IMP-04 too many rows,
    columns or lines, IMP-14 no rows. OSError.
    """
    return read_manifest(path).sheet(name, Header(header))


def _read(path: Path) -> bytes:
    """Return what is in a file; it may be a pipe, so its size is what comes out of it."""
    pieces: list[bytes] = []
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            pieces.append(piece)
            if len(pieces) * _PIECE > _MOST_BYTES + _PIECE:
                raise Malformed("IMP-01", path.name, f"has more than {_MOST_BYTES} bytes")
    return b"".join(pieces)


def _gathered(file: str, rows: Iterable[Row], header: Header) -> Sheet:
    headers: tuple[str, ...] = ()
    found: list[Row] = []
    line = header.line
    looking = _Looking(file, header.names)
    for row in rows:
        _check_limits(file, row, len(found))
        if headers:
            if row.cells:
                found.append(Row(row.line, row.cells, _REPEATED) if _repeats(row, headers) else row)
        elif row.line == line or (line is None and row.cells and looking.is_header(row)):
            line, headers = row.line, _headers(file, row, lettered=header.lettered)
    if line is None:
        raise looking.not_found()
    if not headers:
        raise Malformed("IMP-03", f"{file} line {line}", "there is no such line to name the columns")
    if not found:
        raise Malformed("IMP-14", file, f"no rows stand below the header in line {line}")
    return Sheet(headers, tuple(found), line)


def _top(rows: Iterator[Row]) -> Sheet:
    found = tuple(row for row, _ in zip((row for row in rows if row.cells), range(MOST_ABOVE), strict=False))
    return Sheet((), found, 0)


class _Looking:
    """Looks for the header: the first line that has all of some names."""

    def __init__(self, file: str, names: Collection[str]) -> None:
        self._file, self._names = file, names
        self._lines = 0
        self._nearest, self._lacking = 0, list(names)

    def is_header(self, row: Row) -> bool:
        """Say whether a line that holds something is the header. Raises Malformed: IMP-03 it is none of the first."""
        self._lines += 1
        if self._lines > MOST_ABOVE:
            raise self.not_found()
        named = {header_key(_header(cell)) for cell in row.cells}
        lacking = [name for name in self._names if name not in named]
        if len(lacking) < len(self._lacking):
            self._nearest, self._lacking = row.line, sorted(lacking)
        return not lacking

    def not_found(self) -> Malformed:
        """Return that no line is the header, and which one is nearest to it."""
        if not self._nearest:
            problem = f"none of its first {MOST_ABOVE} lines names any column of the mapping"
        else:
            lacking = ", ".join(f'"{name}"' for name in self._lacking)
            problem = f"no line names all columns of the mapping; the nearest, line {self._nearest}, lacks {lacking}"
        return Malformed("IMP-03", self._file, problem)


def _check_limits(file: str, row: Row, rows: int) -> None:
    place = f"{file} line {row.line}"
    if row.line > LAST_LINE:
        raise Malformed("IMP-04", place, f"has more than {LAST_LINE} lines")
    if len(row.cells) > MOST_COLUMNS:
        problem = f"has a value in column {len(row.cells)}, beyond the {MOST_COLUMNS} that a manifest may have"
        raise Malformed("IMP-04", place, problem)
    if rows >= MOST_ROWS and row.cells:
        raise Malformed("IMP-04", place, f"has more than {MOST_ROWS} rows")


def _headers(file: str, row: Row, *, lettered: bool) -> tuple[str, ...]:
    headers = tuple(map(_header, row.cells))
    place = f"{file} line {row.line}"
    named = [header_key(one) for one in headers if one]
    if not named:
        raise Malformed("IMP-03", place, "names no columns")
    if lettered:
        return tuple(one if named.count(header_key(one)) < 2 else "" for one in headers)
    for one in named:
        if named.count(one) > 1:
            raise Malformed("IMP-03", place, f'names the column "{one}" twice; a mapping can say which is meant')
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
