"""The cells of an answer: what each column holds, and how that is told to people or written into a table.

What a column holds follows from its type in the row, and from nothing else: an id is named, a code is told by its table
of words, an instant in the local time of the rules, a number stays a number.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin, get_type_hints

from api.asking.products import product_word
from api.language import label, spoken
from ledger import meaning
from ledger.domain.approval import approvals
from ledger.domain.assessment import classes, scope
from ledger.domain.bodies import vocabulary
from ledger.domain.border import inspection
from ledger.domain.custody import carriage, discrepancy
from ledger.domain.duties import obligation
from ledger.domain.ending import disposal, incidents
from ledger.domain.law import rules, schemes
from ledger.domain.states import application, subjects
from ledger.domain.states import border as border_state
from ledger.domain.states import risk as risk_state
from ledger.domain.states import supervision as supervision_state
from ledger.domain.supervision import findings
from ledger.ids import Tag, is_statement_id, is_tag, type_of
from ledger.words.reader import amount_words, code_word, name_of
from ledger.words.table import Language, kinds_in, labels_in, words_in
from ledger.words.times import zoned
from projections.asked.question import Celsius, KindName, Person, Position, Problem, Said, Word
from projections.questions.ending import disposals
from projections.questions.supervision import compliance

if TYPE_CHECKING:
    from ledger.words.reader import Reader

TABLES: Final[Mapping[type, str]] = {
    application.Phase: "phase",
    approvals.Direction: "direction",
    border_state.ApprovalStatus: "approval_status",
    carriage.Decision: "decision",
    classes.Basis: "class_basis",
    classes.Cause: "class_cause",
    discrepancy.Difference: "discrepancy",
    compliance.Sort: "file_sort",
    disposal.Method: "method",
    disposals.Lack: "lack",
    findings.Gravity: "gravity",
    incidents.ReportedTo: "reported_to",
    inspection.InspectionResult: "result",
    meaning.Meaning: "meaning",
    obligation.State: "obligation",
    risk_state.Outcome: "assessment_outcome",
    risk_state.OutcomeReason: "outcome_reason",
    rules.Confidence: "confidence",
    rules.Retained: "retained",
    schemes.Scheme: "scheme",
    scope.ManagedAs: "managed_as",
    subjects.ItemStatus: "item_status",
    subjects.Origin: "origin",
    supervision_state.Area: "area",
    supervision_state.FindingStatus: "finding_status",
    vocabulary.Grade: "grade",
    vocabulary.Role: "role",
}
"""The tables of words of the closed lists that columns hold."""

LISTED: Final[Mapping[str, tuple[str, ...]]] = {
    "reason": ("reason", "voiding-ground"),
    "resolution": ("resolution",),
}
"""Columns that hold codes of listed tables, or a party's own, and in which of these the word stands."""

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


_WORDED: Final[Mapping[str, Callable[[str, Reader], str]]] = {
    "product": product_word,
    "unit": partial(code_word, "unit"),
}
"""Columns whose codes have words of their own; where a party stands in one of the same name, it is named."""

UNKNOWN: Final = frozenset({"level", "required", "added", "no_longer", "on_hand"})
"""Columns that say so where something is not known; of others the cell is empty."""


NONE: Final = frozenset({"added", "no_longer"})
"""Columns that say so where a list of theirs is known to be empty."""

_RANGE: Final = 2
_APART: Final = "; "
"""What stands between the parts of a list of which one has in itself what else stands there."""


def told(value: object, column: Column, reader: Reader) -> str:
    """Return what a cell says to people; "" of what is not known."""
    if value is None:
        return label("not known", reader.language) if column.name in UNKNOWN else ""
    if not column.many or not isinstance(value, tuple):
        return _told(value, column.holds, column.name, reader)
    if not value and column.name in NONE:
        return label("none", reader.language)
    if column.holds is Celsius and len(value) == _RANGE:
        return label("{low} to {high} °C", reader.language).format(low=value[0], high=value[1])
    parts = [_told(one, column.holds, column.name, reader) for one in value[:MOST_TOLD]]
    between = words_in(reader.language).form["between"]
    first = (_APART if any(between in one for one in parts) else between).join(parts)
    if len(value) <= MOST_TOLD:
        return first
    return label("{first} and {number} more", reader.language).format(first=first, number=len(value) - MOST_TOLD)


def _told(value: object, holds: Any, column: str, reader: Reader) -> str:  # noqa: ANN401  a type
    if isinstance(value, bool):
        return label("yes" if value else "no", reader.language)
    if isinstance(value, datetime):
        return zoned(value, reader.zone, reader.language)
    if isinstance(value, StrEnum):
        return code_word(TABLES[type(value)], value, reader)
    text = str(value)
    if (tables := LISTED.get(column)) is not None:
        return next((word for table in tables if (word := code_word(table, text, reader)) != text), text)
    if (typed := _TYPED.get(holds)) is not None:
        return typed(text, reader)
    if holds is Person:
        party, _, code = text.partition(" ")
        return label("{name}, person {code}", reader.language).format(name=name_of(party, reader), code=code)
    if holds is Position:
        return words_in(reader.language).named["statement"].format(name=text)
    if (worded := _WORDED.get(column)) is not None and not is_tag(text):
        return worded(text, reader)
    if holds is Celsius:
        return f"{text} °C"
    if holds is Word:
        return text if reader.language is Language.ENGLISH else labels_in(reader.language).get(text, text)
    if holds is Problem:
        return spoken(text, reader.language)
    if is_tag(text) and type_of(Tag(text)) == column and not _is_named_key(text, reader):
        return reader.names(text) or text.partition(":")[2]  # the column's head says already what it is
    return name_of(text, reader) if is_tag(text) or is_statement_id(text) else text


def _is_named_key(text: str, reader: Reader) -> bool:
    """Return whether an id is a key's that has a name: that of who holds it, who may hold others of the same name."""
    return type_of(Tag(text)) == "key" and reader.names(text) is not None


def _amount_told(text: str, reader: Reader) -> str:
    """Return what a member said, an amount with its unit in words."""
    value, _, unit = text.partition(" ")
    return amount_words(value, unit, reader.language) if unit in words_in(reader.language).unit else text


def kind_word(kind: str, reader: Reader) -> str:
    """Return what a kind of statement is called."""
    known = kinds_in(reader.language).get(kind)
    return kind if known is None else known.name


_TYPED: Final[Mapping[object, Callable[[str, Reader], str]]] = {KindName: kind_word, Said: _amount_told}
"""By the type that a column holds how its texts are told."""
