"""Rows of a manifest that are no goods: sums, repeated headers, notes. A stated rule passes them over, and names them.

Nothing is passed over that a mapping does not name; what it names is compared as people compare what is printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from api.manifests.reading.grid import Number, word_key
from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.manifests.reading.grid import Cell, Row

HEADER_AGAIN: Final = "the header once more"
HIDDEN: Final = "hidden"

_WORD_GOES_ON: Final = re.compile(r"[0-9A-Za-z_-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class PassOver:
    """Which rows are passed over.

    headers: those that repeat the header. hidden: those that the spreadsheet hides.
    begins: those whose first value begins with one of these words.
    columns: those whose value in a column, by its ``header_key``, begins with one of its words.
    """

    headers: bool = False
    hidden: bool = False
    begins: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def reason(self, row: Row, places: Mapping[str, int]) -> str | None:
        """Return why a row is passed over; None where it is not.

        places: of the columns, by name.
        """
        if row.fault is not None:
            faults = {"IMP-03": (self.headers, HEADER_AGAIN), "IMP-13": (self.hidden, HIDDEN)}
            stated, reason = faults.get(row.fault.rule, (False, ""))
            return reason if stated else None
        if (found := _beginning(_first(row), self.begins)) is not None:
            return found
        for column, words in self.columns.items():
            place = places.get(column)
            if place is not None and place < len(row.cells):
                found = _beginning(row.cells[place], words)
                if found is not None:
                    return found
        return None


def begins_with(text: str, word: str) -> bool:
    """Say whether a text begins with a word: not only with its letters, where it is of Latin ones."""
    said, asked = word_key(text), word_key(word)
    if not asked or not said.startswith(asked):
        return False
    rest = said[len(asked) :]
    return not (rest and _WORD_GOES_ON.match(asked[-1]) and _WORD_GOES_ON.match(rest))


def _first(row: Row) -> Cell:
    """Return the first cell that holds anything."""
    return next((cell for cell in row.cells if cell is not None), None)


def _beginning(cell: Cell, words: Iterable[str]) -> str | None:
    match cell:
        case str():
            text = cell
        case Number():
            text = format_decimal(cell.value)
        case _:
            return None
    return next((word for word in words if begins_with(text, word)), None)
