"""An answer as a table for other programs: its cells as values, and as CSV in which nothing is taken for a formula."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import dropwhile
from typing import TYPE_CHECKING, Any, Final, TextIO, TypeAlias

from api.asking.cells import columns_of
from api.language import column_head, label
from ledger.clock import format_time
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, PartyId, PermitId, SiteId, Tag
from ledger.quantity import format_decimal
from projections.asked.question import Amount, Celsius

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from api.asking.cells import Column
    from ledger.words.table import Language
    from projections.asked.question import Question, Row, Why

Cell: TypeAlias = str | int | bool | Decimal | datetime | date | None

_FORMULA: Final = tuple("=+-@＝＋－＠−")  # spreadsheets take full-width ones too
_BREAKS: Final = ("\t", "\r", "\n")
_GUARD: Final = "'"
_NUMBERS: Final = (Amount, Celsius)
"""What is written as a number: below zero it begins as a formula does, and is none."""
_NAMED: Final = frozenset({ApprovalId, CaseId, ConsignmentId, ItemId, PartyId, PermitId, SiteId, Tag})
"""What columns hold of which people know a name; it stands in a column of its own, behind the id."""

WHY: Final = ("rests", "clause", "confidence", "edition", "position", "kind", "at", "since", "due", "closed_by")
"""What stands behind the columns of the question's own: why the row is there."""


def heads(question: Question, language: Language) -> list[str]:
    """Return the heads of a table, in the reader's language."""
    own: list[str] = []
    for column in columns_of(question.row):
        told = column_head(column.name, language)
        named = label("{name} ({id})", language).format(name=told, id=label("name", language))
        own += [told, named] if _has_name(column) else [told]
    return [*own, *(column_head(f"why {name}".replace("_", " "), language) for name in WHY)]


def cells(question: Question, row: Row, called: Callable[[Tag], str | None]) -> Iterator[Cell]:
    """Yield the cells of a row, as many as there are heads. called: what a subject is called by people."""
    for column in columns_of(question.row):
        value = getattr(row, column.name)
        yield _cell(value, column.holds)
        if _has_name(column):
            yield None if value is None else called(Tag(value))
    yield from _why(row.why)


def write_csv(file: TextIO, head: Sequence[str], rows: Iterable[Iterable[Cell]]) -> None:
    """Write a table as CSV (RFC 4180), with instants in UTC.

    Every cell is quoted: where a spreadsheet separates by another character, none of a text begins a new cell.
    """
    writer = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([guarded(one) for one in head])
    writer.writerows([written(one) for one in row] for row in rows)


def written(cell: Cell) -> str:
    """Return a cell as a text of CSV: numbers and times as they are, and texts so that none is taken for a formula."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return format_time(cell)
        case Decimal():
            return format_decimal(cell)
        case date() | int():
            return str(cell)
        case _:
            return guarded(cell)


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe stands before one that begins as such.

    Blanks, and what is not seen, are passed over: some programs strip them before they look.
    """
    seen = "".join(dropwhile(_is_unseen, text))
    return f"{_GUARD}{text}" if text.startswith(_BREAKS) or seen.startswith(_FORMULA) else text


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char)[0] in "ZC"  # separators and blanks; controls and what only formats


def _has_name(column: Column) -> bool:
    return column.holds in _NAMED and not column.many


def _why(why: Why) -> Iterator[Cell]:
    for name in WHY:
        yield _cell(getattr(why, name), None)


def _cell(value: Any, holds: Any) -> Cell:  # noqa: ANN401  a cell of any row, and the type of its column
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    if isinstance(value, StrEnum):
        return str(value.value)
    if holds in _NUMBERS and value is not None and "/" not in value:
        return Decimal(value)
    held: Cell = value
    return held
