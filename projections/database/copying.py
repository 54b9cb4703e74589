"""Rows as PostgreSQL's COPY reads them: lines of text, cells between tabs. The driver looks up each cell's type anew.

Here it is looked up once for many cells of a column, and they are looked through for what is to be escaped in one go.
PostgreSQL's documentation, COPY, "Text Format"; arrays as "Array Value Input" has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from projections.views.view import Cell

_ROWS: Final = 500
"""How many rows are handed over at once."""

_LATELY: Final = 10_000
"""How many instants and lists are remembered as they are written: each stands in several cells behind each other."""

_NOTHING: Final = r"\N"


def written(rows: Iterable[Sequence[Cell | bytes]]) -> Iterator[str]:
    """Yield the lines of some rows, many in one text."""
    left = iter(rows)
    while some := list(islice(left, _ROWS)):
        columns = map(_column, zip(*some, strict=True))
        yield "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"


def _column(cells: Sequence[Cell | bytes]) -> Iterable[str]:
    types = {*map(type, cells)} - {NoneType}
    if types == {str} and _is_plain("".join(filter(None, cells))):  # type: ignore[arg-type]
        return [_NOTHING if cell is None else cell for cell in cells]  # type: ignore[misc]
    write = _WRITING.get(types.pop(), _any) if len(types) == 1 else _any
    return [_NOTHING if cell is None else write(cell) for cell in cells]


def _any(cell: Cell | bytes) -> str:
    return _WRITING.get(type(cell), _text)(cell)


def _text(text: str) -> str:
    return text if _is_plain(text) else _escaped(text)


def _is_plain(text: str) -> bool:
    return text.isprintable() and "\\" not in text


@lru_cache(_LATELY)
def _date(cell: date) -> str:
    return cell.isoformat()


@lru_cache(_LATELY)
def _array(words: tuple[str, ...]) -> str:
    quoted = (word.replace("\\", r"\\").replace('"', r"\"") for word in words)
    return _escaped("{" + ",".join(f'"{word}"' for word in quoted) + "}")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


_WRITING: Final[Mapping[type, Callable[[Any], str]]] = {
    str: _text,
    bool: lambda yes: "t" if yes else "f",
    int: str,
    Decimal: str,
    datetime: _date,
    date: _date,
    tuple: _array,
    bytes: lambda data: rf"\\x{data.hex()}",
}
"""By the type of a cell how it is written."""
