"""CSV: one text with a mark between two values, taken to be hostile. All of its cells are texts."""

from __future__ import annotations

import csv
import re
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Final

from api.manifests.reading.encodings import Encoding, likely_encoding
from api.manifests.reading.grid import Cell, Row
from api.manifests.reading.texts import of_cell
from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_ROW: Final = 131_072  # the csv module takes no longer cell either
_SEPARATORS: Final = ",;\t"
_SAID: Final = re.compile(r'"?sep=(?P<separator>[^\r\n"]*)"?[\r\n]*', re.IGNORECASE)
_MAY_BE_SAID: Final = ",;\t|"
_QUOTED: Final = re.compile(r'"[^"]*"')
_REMEDY: Final = "save the file as CSV UTF-8, or as XLSX"
# The byte order marks of what is no UTF-8, and how many bits a unit of it has.
_WIDE: Final = (
    (b"\xff\xfe\0\0", 32),
    (b"\0\0\xfe\xff", 32),
    (b"\xff\xfe", 16),
    (b"\xfe\xff", 16),
)
_GBK: Final = "GB18030 or GBK, in which Chinese spreadsheets save CSV"
_OTHER: Final = "Windows-1252 or another encoding of one country"
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


def rows_of_csv(file: str, data: bytes, header: int) -> Iterator[Row]:
    """Yield the header line of a CSV file and the rows below it; the header decides what separates the values.

    header: the line of the headers, not counting a first line such as ``sep=;``.

    Raises Malformed: IMP-01 a row or cell is too long, IMP-02 it is not CSV in UTF-8.
    """
    _check_encoding(file, data)
    said = _separator_said(file, data)
    above = header - 1 + (said is not None)
    separator = said or _Lines(file, data).after(above).separator()
    lines = _Lines(file, data).after(above)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for cells in reader:
            yield Row(lines.first, _cells(file, lines.first, cells))
            lines.end_row()
    except csv.Error:
        problem = "a quoted text is not closed, or goes on behind its closing quote: a quote in a text is written twice"
        raise Malformed("IMP-02", f"{file} line {lines.line}", f"is not CSV: {problem}") from None


def first_rows_of_csv(file: str, data: bytes, most: int) -> Iterator[Row]:
    """Yield each of the first lines of a CSV file as the header that it may be, separated as it asks for itself.

    most: how many. A line that is none of CSV, such as one within a quoted text, is left out.

    Raises Malformed: as rows_of_csv.
    """
    _check_encoding(file, data)
    said = _separator_said(file, data)
    for above in range(said is not None, most + (said is not None)):
        separator = said or _Lines(file, data).after(above).separator()
        lines = _Lines(file, data).after(above)
        try:
            cells = next(csv.reader(lines, delimiter=separator, strict=True), None)
            if cells is None:
                return
            yield Row(lines.first, _cells(file, lines.first, cells))
        except csv.Error:
            continue


def first_line(data: bytes) -> int:
    """Return the line at which a CSV file's own lines begin: 2 where the first one says the separator."""
    return 1 if _SAID.fullmatch(_head(data)) is None else 2


def _separator_said(file: str, data: bytes) -> str | None:
    found = _SAID.fullmatch(_head(data))
    if found is None:
        return None
    if len(found["separator"]) != 1 or found["separator"] not in _MAY_BE_SAID:
        problem = "says a separator that is none of comma, semicolon, tab and |: separate the values by one of these"
        raise Malformed("IMP-02", f"{file} line 1", problem)
    return found["separator"]


def _head(data: bytes) -> str:
    """Return the first line, if it is not longer than one that says the separator."""
    with TextIOWrapper(BytesIO(data[:20]), encoding="utf-8-sig", errors="replace", newline="") as text:
        return text.readline()


def _check_encoding(file: str, data: bytes) -> None:
    for mark, bits in _WIDE:
        if data.startswith(mark):
            raise Malformed("IMP-02", file, f"is not UTF-8 but UTF-{bits}; {_REMEDY}")
    if (place := data.find(b"\0")) >= 0:
        if data.count(b"\0", 0, 1_000) * 4 > len(data[:1_000]):
            raise Malformed("IMP-02", file, f"is not UTF-8 (it looks like UTF-16); {_REMEDY}")
        raise Malformed("IMP-02", f"{file} line {_line_at(data, place)}", "holds a byte 0, so it is damaged or no text")
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        looks_like = _GBK if likely_encoding(data) is Encoding.GB18030 else _OTHER
        problem = f"is not UTF-8 (it looks like {looks_like}); {_REMEDY}"
        raise Malformed("IMP-02", f"{file} line {_line_at(data, error.start)}", problem) from None


def _line_at(data: bytes, place: int) -> int:
    return sum(1 for _ in _LINE_END.finditer(data, 0, place)) + 1


class _Lines:
    """The lines of a CSV file, and for one row no more of them than a row may have: a quote may never be closed.

    first: the line at which the present row begins; its quoted cells may run over several lines.
    line: the last one that was read.
    """

    def __init__(self, file: str, data: bytes) -> None:
        self.first = 1
        self.line = 0
        self._file = file
        self._text = TextIOWrapper(BytesIO(data), encoding="utf-8-sig", newline="")
        self._characters = 0  # of the present row

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self.line += 1
        self._characters += len(line)
        if self._characters > _LONGEST_ROW:
            problem = f"more than {_LONGEST_ROW} characters in a row"
            raise Malformed("IMP-01", f"{self._file} line {self.first}", problem)
        return line

    def end_row(self) -> None:
        """Begin the next row behind the lines that were read."""
        self.first = self.line + 1
        self._characters = 0

    def after(self, lines: int) -> _Lines:
        """Pass over some lines, whatever they hold."""
        for _ in range(lines):
            if next(self, None) is None:
                break
            self.end_row()
        return self

    def separator(self) -> str:
        """Return what separates the most values in the next row; a comma where nothing does."""
        row = ""
        for line in self:
            row += line
            if row.count('"') % 2 == 0:
                break
        return max(_SEPARATORS, key=_QUOTED.sub("", row).count)


def _cells(file: str, line: int, cells: list[str]) -> tuple[Cell, ...]:
    found = [of_cell(f"{file} line {line}, column {column}", text, typed=False) for column, text in enumerate(cells, 1)]
    while found and found[-1] is None:
        found.pop()
    return tuple(found)
