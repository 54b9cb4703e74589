"""The cells of an answer: what each column holds, and how that is told to people or written into a table.

What a column holds follows from its type in the row, and from nothing else: an id is named, a code is told by its table
of words, an instant in the local time of the rules, a number stays a number.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin, get_type_hints

from api.language import label
from ledger.domain import border_state, rules, state, vocabulary
from ledger.domain.custody import discrepancy
from ledger.ids import is_statement_id, is_tag
from ledger.words.table import kinds_in, words_in
from ledger.words.telling import code_word, name_of
from ledger.words.times import zoned
from projections.asked.question import KindName, Person

if TYPE_CHECKING:
    from ledger.words.telling import Reader

TABLES: Final[Mapping[type, str]] = {
    border_state.ApprovalStatus: "approval_status",
    discrepancy.Difference: "discrepancy",
    rules.Confidence: "confidence",
    state.ItemStatus: "item_status",
    state.Origin: "origin",
    vocabulary.Grade: "grade",
}
"""The tables of words of the closed lists that columns hold."""

MOST_TOLD: Final = 8
"""Of a list in a cell people are told so many; all of it stands in what programs read."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the row, and the type of one value in it. many: it holds a list of these."""

    name: str
    holds: Any
    many: bool = False


@cache
def columns_of(row: type) -> tuple[Column, ...]:
    """Return the columns of a type of rows, without why they are there."""
    hints = get_type_hints(row)
    return tuple(_column(one.name, hints[one.name]) for one in fields(row) if one.name != "why")


def _column(name: str, hint: Any) -> Column:  # noqa: ANN401  a type
    if get_origin(hint) in {types.UnionType, typing.Union}:
        (hint,) = (one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is tuple:
        return Column(name, get_args(hint)[0], many=True)
    return Column(name, hint)


def told(value: object, column: Column, reader: Reader) -> str:
    """Return what a cell says to people; "" of what is not known."""
    if value is None:
        return ""
    if not column.many or not isinstance(value, tuple):
        return _told(value, column.holds, reader)
    between = words_in(reader.language).form["between"]
    first = between.join(_told(one, column.holds, reader) for one in value[:MOST_TOLD])
    if len(value) <= MOST_TOLD:
        return first
    return label("{first} and {number} more", reader.language).format(first=first, number=len(value) - MOST_TOLD)


def _told(value: object, holds: Any, reader: Reader) -> str:  # noqa: ANN401  a type
    if isinstance(value, bool):
        return label("yes" if value else "no", reader.language)
    if isinstance(value, datetime):
        return zoned(value, reader.zone, reader.language)
    if isinstance(value, StrEnum):
        return code_word(TABLES[type(value)], value, reader)
    text = str(value)
    if holds is KindName:
        return kind_word(text, reader)
    if holds is Person:
        party, _, code = text.partition(" ")
        return label("{name}, person {code}", reader.language).format(name=name_of(party, reader), code=code)
    return named(text, reader) if is_tag(text) or is_statement_id(text) else text


def kind_word(kind: str, reader: Reader) -> str:
    """Return what a kind of statement is called."""
    known = kinds_in(reader.language).get(kind)
    return kind if known is None else known.name


def named(ident: str, reader: Reader) -> str:
    """Return a subject by its name, or by its id where it has none."""
    return name_of(ident, reader)
