"""A box as a grid: rows and columns, as its positions are named. How large a box is, nobody states: it is guessed.

Pure. Of positions such as A1 to H12 the letter is the row; positions such as 1 to 81 are counted row by row. What is
named otherwise is a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

SIZES: Final = ((4, 6), (5, 5), (6, 8), (9, 9), (8, 12), (10, 10), (16, 24))
"""Rows and columns of boxes and plates as they are sold, the smallest first."""

_LETTERED: Final = re.compile("[a-z][1-9][0-9]?")
_NUMBERED: Final = re.compile("[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid. rows: each by its name, with the last steps of its positions, by the ``place_key`` of each.

    numbered: whether the positions are counted through, and no row has a name.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    numbered: bool


def grid_of(steps: Collection[str], size: tuple[int, int] | None = None) -> Grid | None:
    """Return the grid that has these positions; None: they are not named so, or fit into no box that is known.

    steps: the last step of each, by its ``place_key``. size: rows and columns, where somebody says them; a box into
    which the positions do not fit is not taken.
    """
    sizes = (*(() if size is None else (size,)), *SIZES)
    if steps and all(map(_LETTERED.fullmatch, steps)):
        rows = max(ascii_lowercase.index(step[0]) for step in steps) + 1
        columns = max(int(step[1:]) for step in steps)
        fitting = (one for one in sizes if one[0] >= rows and one[1] >= columns)
        return _lettered(*next(fitting, (rows, columns)))
    if steps and all(map(_NUMBERED.fullmatch, steps)):
        most = max(map(int, steps))
        found = next((one for one in sizes if one[0] * one[1] >= most), None)
        return None if found is None else _numbered(*found)
    return None


def _lettered(rows: int, columns: int) -> Grid:
    named = tuple(str(one) for one in range(1, columns + 1))
    letters = ascii_lowercase[:rows]
    return Grid(named, tuple((row.upper(), tuple(f"{row}{one}" for one in named)) for row in letters), numbered=False)


def _numbered(rows: int, columns: int) -> Grid:
    named = tuple(str(one) for one in range(1, columns + 1))
    found = []
    for row in range(rows):
        first = row * columns
        steps = tuple(str(first + one) for one in range(1, columns + 1))
        found.append((f"{steps[0]}–{steps[-1]}", steps))
    return Grid(named, tuple(found), numbered=True)
