"""What labels are printed on: sheets of labels on A4 paper, and rolls of one label after the other. In millimetres."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ledger.errors import Malformed

PAGE: Final = (210.0, 297.0)
"""A4 (ISO 216), in millimetres."""
_SMALLEST, _LARGEST = 8.0, 200.0
_SIZE: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)x([0-9]{1,3}(?:\.[0-9]{1,2})?)\Z")
_GRID: Final = re.compile(r"([0-9]{1,2})x([0-9]{1,2})\Z")

RULES: Final = {
    "LBL-02": "A label is as large as its DataMatrix needs, and fits its sheet.",
}


@dataclass(frozen=True, slots=True)
class Size:
    """The size of one label."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of labels. left, top: where the first one begins. across, down: from one label to the next."""

    columns: int
    rows: int
    size: Size
    left: float
    top: float
    across: float
    down: float

    @property
    def labels(self) -> int:
        """Return how many labels a sheet has."""
        return self.columns * self.rows

    def place(self, number: int) -> tuple[float, float]:
        """Return where a label of a sheet is, from the left and from the top; 0 is the first, row by row."""
        row, column = divmod(number, self.columns)
        return self.left + column * self.across, self.top + row * self.down


SHEETS: Final[Mapping[str, Sheet]] = {
    "2x7": Sheet(2, 7, Size(99.1, 38.1), 4.65, 15.15, 101.6, 38.1),
    "3x7": Sheet(3, 7, Size(63.5, 38.1), 7.2, 15.15, 66.0, 38.1),
    "3x8": Sheet(3, 8, Size(70.0, 37.0), 0.0, 0.5, 70.0, 37.0),
    "4x12": Sheet(4, 12, Size(45.7, 21.2), 9.7, 21.3, 48.3, 21.2),
    "5x13": Sheet(5, 13, Size(38.1, 21.2), 4.65, 10.7, 40.6, 21.2),
    "7x27": Sheet(7, 27, Size(25.4, 10.0), 8.5, 13.5, 27.9, 10.0),
}
"""Common sheets, by their columns and rows."""
USUAL_SHEET: Final = "5x13"
USUAL_SIZE: Final = "38x19"


def sheet_of(grid: str, margins: str | None = None) -> Sheet:
    """Return a sheet. grid: columns and rows, ``5x13``. margins: left and top, ``4.7x10.7``; None: as it is sold.

    With margins, the labels share evenly what these leave of the page. Raises Malformed LBL-02.
    """
    if margins is None and grid in SHEETS:
        return SHEETS[grid]
    counted, beside = _GRID.match(grid), _SIZE.match(margins or "0x0")
    if counted is None or beside is None:
        raise Malformed("LBL-02", "sheet", f"columns and rows are written as {USUAL_SHEET}, margins as 4.7x10.7")
    columns, rows = int(counted[1]), int(counted[2])
    left, top = float(beside[1]), float(beside[2])
    if not columns or not rows:
        raise Malformed("LBL-02", "sheet", "a sheet has at least one label")
    across, down = (PAGE[0] - 2 * left) / columns, (PAGE[1] - 2 * top) / rows
    return Sheet(columns, rows, _checked(Size(across, down)), left, top, across, down)


def size_of(text: str) -> Size:
    """Return the size of a label, written as width and height: ``38x19``. Raises Malformed LBL-02."""
    if (found := _SIZE.match(text)) is None:
        raise Malformed("LBL-02", "size", f"the size of a label is written as {USUAL_SIZE}, in millimetres")
    return _checked(Size(float(found[1]), float(found[2])))


def _checked(size: Size) -> Size:
    if not all(_SMALLEST <= one <= _LARGEST for one in (size.width, size.height)):
        told = f"a label is {_SMALLEST:g} to {_LARGEST:g} mm wide and high"
        raise Malformed("LBL-02", "size", told)
    return size
