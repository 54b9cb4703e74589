"""Rows as PostgreSQL's COPY reads them: lines of text, cells between tabs. The driver looks up each cell's type anew.

PostgreSQL's documentation, COPY, "Text Format"; arrays as "Array Value Input" has them.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from projections.views.view import Cell

_ROWS: Final = 500
"""How many rows are handed over at once."""

_LATELY: Final = 10_000
"""How many instants and lists are remembered as they are written: each stands in several cells behind each other."""


def written(rows: Iterable[Sequence[Cell | bytes]]) -> Iterator[str]:
    """Yield the lines of some rows, many in one text."""
    lines = ("\t".join(map(_cell, row)) + "\n" for row in rows)
    while some := "".join(islice(lines, _ROWS)):
        yield some


def _cell(cell: Cell | bytes) -> str:
    if cell is None:
        return r"\N"
    if isinstance(cell, str):
        return cell if cell.isprintable() and "\\" not in cell else _escaped(cell)
    if isinstance(cell, bool):
        return "t" if cell else "f"
    if isinstance(cell, date):  # an instant is one, too
        return _date(cell)
    if isinstance(cell, tuple):
        return _array(cell)
    if isinstance(cell, bytes):
        return rf"\\x{cell.hex()}"
    return str(cell)


@lru_cache(_LATELY)
def _date(cell: date) -> str:
    return cell.isoformat()


@lru_cache(_LATELY)
def _array(words: tuple[str, ...]) -> str:
    quoted = (word.replace("\\", r"\\").replace('"', r"\"") for word in words)
    return _escaped("{" + ",".join(f'"{word}"' for word in quoted) + "}")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
