"""One sheet of a workbook, line by line, and what people do not see of it as it is stored: hidden, or merged."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from api.manifests.reading.grid import MOST_COLUMNS, Cell, Covered, Faulty, Row, Sheet, letters
from api.manifests.reading.stored import Book, NotReadable, Stored, cell_of
from api.manifests.reading.texts import LONGEST_CELL
from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from api.manifests.reading.parts import Parts

RULES: Final = {
    "IMP-11": "No cell that is imported is merged with another one.",
    "IMP-13": "What is imported is not hidden.",
}

_PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_MOST_MERGED: Final = 100_000
_MOST_MERGED_CELLS: Final = 1_000_000
_TRUE: Final = frozenset({"1", "true"})
_HIDDEN: Final = Faulty("IMP-13", "is hidden in the spreadsheet: show all rows, or delete it")


class _Range(NamedTuple):
    """Merged cells: from one line and column to others, all from 1, the ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Worksheet:
    """One sheet of an open workbook."""

    def __init__(self, parts: Parts, book: Book, part: str) -> None:
        self._parts, self._book, self._part = parts, book, part

    def holds_anything(self) -> bool:
        """Say whether any cell holds anything. Raises as ``read``."""
        return any(row.cells for row in self._rows(_Elements(self._book)))

    def read(self, gather: Callable[[Iterator[Row]], Sheet], others: tuple[str, ...]) -> Sheet:
        """Read the sheet.

        gather: takes the headers and the rows out of its lines.
        others: the names of the other sheets.

        Raises Malformed: IMP-02 it is damaged, IMP-01 a cell is too long; what ``gather`` raises.
        """
        elements = _Elements(self._book)
        sheet = gather(self._rows(elements))
        return replace(
            sheet,
            rows=self._unmerged(sheet, elements.merged),
            hidden=frozenset(elements.hidden),
            typed=True,
            others=others,
        )

    def _rows(self, elements: _Elements) -> Iterator[Row]:
        """Yield the lines that hold anything, those read so far, then the next."""
        try:
            for _ in self._parts.pieces(self._part, elements):
                yield from elements.taken()
            yield from elements.taken()
        except NotReadable:
            raise self._parts.damaged(self._part) from None

    def _unmerged(self, sheet: Sheet, merged: list[_Range]) -> tuple[Row, ...]:
        """Return the rows with each cell named that shows nothing of its own, because another one covers it."""
        lines = [row.line for row in sheet.rows]
        covered: dict[int, dict[int, Faulty]] = {}
        count = 0
        for one in merged:
            fault = Faulty("IMP-11", f"{_merged_with(one)}: unmerge the cells and write the value into each of them")
            first = bisect_left(lines, one.top)
            below = Covered(
                fault.rule, fault.problem, _first_of(one, sheet.rows[first]) if first < len(lines) else None
            )
            for index in range(first, bisect_left(lines, one.bottom + 1)):
                for column in range(one.left, min(one.right, len(sheet.headers)) + 1):
                    count += 1
                    if lines[index] != one.top and column == one.left:
                        covered.setdefault(index, {})[column - 1] = below
                    elif (lines[index], column) != (one.top, one.left):
                        covered.setdefault(index, {})[column - 1] = fault
                if count > _MOST_MERGED_CELLS:
                    raise Malformed("IMP-04", self._book.file, f"has more than {_MOST_MERGED_CELLS} merged cells")
        rows = list(sheet.rows)
        for index, faults in covered.items():
            rows[index] = replace(rows[index], cells=_cells({**dict(enumerate(rows[index].cells)), **faults}))
        return tuple(rows)


class _Elements:
    """The elements of a sheet, as far as they say what is in it."""

    def __init__(self, book: Book) -> None:
        self.merged: list[_Range] = []
        self.hidden: set[int] = set()
        self._book = book
        self._rows: list[Row] = []
        self._line = 0
        self._fault: Faulty | None = None
        self._cells: dict[int, Cell] = {}
        self._column = -1
        self._stored: Stored | None = None
        self._value: list[str] = []
        self._reads = ""  # the element whose text is read: v, t or nothing

    def taken(self) -> list[Row]:
        """Return the rows that were read since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "row":
                self._start_row(attributes)
            case "c":
                self._start_cell(attributes)
            case "f" if self._stored is not None:
                self._stored.formula = True
            case "v" | "t" | "rPh":
                self._reads = name if self._reads != "rPh" else "rPh"
            case "col" if _is_hidden(attributes, "width"):
                first, last = _number(attributes.get("min", "")), _number(attributes.get("max", ""))
                self.hidden |= set(range(first - 1, min(last, MOST_COLUMNS)))
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case _:
                pass

    def text(self, data: str) -> None:
        if self._reads in {"v", "t"} and sum(map(len, self._value)) <= LONGEST_CELL:
            self._value.append(data)

    def end(self, name: str) -> None:
        match name:
            case "row":
                if cells := _cells(self._cells):
                    self._rows.append(Row(self._line, cells, self._fault))
                self._cells = {}
            case "c" if self._stored is not None:
                self._stored.value = "".join(self._value)
                place = f"{self._book.file} line {self._line}, column {self._column + 1}"
                self._cells[self._column] = cell_of(self._book, place, self._stored)
                self._stored = None
            case "v" | "t" | "rPh":
                self._reads = "" if self._reads == name else self._reads
            case _:
                pass

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        line = _number(attributes["r"]) if "r" in attributes else self._line + 1
        if line <= self._line:
            raise NotReadable
        self._line, self._column = line, -1
        self._fault = _HIDDEN if _is_hidden(attributes, "ht") else None

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        column = _place(attributes["r"])[1] - 1 if "r" in attributes else self._column + 1
        if column <= self._column:
            raise NotReadable
        self._column, self._value = column, []
        self._stored = Stored(attributes.get("t", "n"), attributes.get("s", "0"))

    def _merge(self, written: str) -> None:
        first, _, last = written.partition(":")
        found = _Range(*_place(first), *_place(last or first))
        if len(self.merged) == _MOST_MERGED:
            raise Malformed("IMP-04", self._book.file, f"has more than {_MOST_MERGED} merged cells")
        self.merged.append(found)


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Say whether a line or column is hidden, or of no size."""
    return attributes.get("hidden") in _TRUE or attributes.get(size) in {"0", "0.0"}


def _number(written: str) -> int:
    if not written.isascii() or not written.isdecimal() or len(written) > 7:
        raise NotReadable
    return int(written)


def _place(written: str) -> tuple[int, int]:
    """Return the line and the column, from 1, of a cell such as B12."""
    found = _PLACE.fullmatch(written)
    if found is None:
        raise NotReadable
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _first_of(one: _Range, row: Row) -> Cell:
    """Return the value that merged cells show, from the row in which they begin."""
    return row.cells[one.left - 1] if row.line == one.top and one.left <= len(row.cells) else None


def _merged_with(one: _Range) -> str:
    return f"is merged with the cell {letters(one.left - 1)}{one.top}"


def _cells(by_column: Mapping[int, Cell]) -> tuple[Cell, ...]:
    """Return the cells of a row up to the last that holds anything."""
    last = max((column for column, cell in by_column.items() if cell is not None), default=-1)
    return tuple(by_column.get(column) for column in range(last + 1))
