"""What somebody writes behind a question, read: options by their names, subjects by any name they have, two times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import typer

from api.telling.moments import instant_of
from ledger.clock import SystemClock
from ledger.errors import NotFound
from ledger.ids import StatementId, Tag, is_statement_id
from ledger.nearest import nearest, suggestion
from projections.asked.answering import position_at
from projections.asked.question import Asked, Holds
from projections.asked.table import QUESTIONS
from projections.reading import check_stored, is_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.telling.labels import Labels
    from ledger.rulepacks.load import RulePacks
    from projections.asked.question import Parameter, Question

_DAYS: Final = (date(1900, 1, 1), date(2999, 12, 31))
"""From which to which day may be asked: far enough for whatever is on record, and for any time added to them."""

_DIGITS: Final = 18  # of a position, which the store keeps in 64 bits


@dataclass(frozen=True, slots=True)
class Written:
    """What is written.

    given: by the options' names. at: as it was then; as_of: as the record said then, a position or a time.
    """

    given: Mapping[str, str | int]
    at: str | None = None
    as_of: str | None = None


def question_of(name: str) -> Question:
    """Return a question by its name. Raises NotFound: none is called so."""
    if name not in QUESTIONS:
        raise NotFound(f"no question is called {name}: {suggestion(nearest(name, QUESTIONS), QUESTIONS)}")
    return QUESTIONS[name]


def check_options(question: Question, written: Written) -> None:
    """Raise BadParameter: an option is not one of the question's, or one that it needs is left out."""
    takes = [one.option for one in question.parameters]
    for option in written.given:
        if option not in takes:
            raise typer.BadParameter(f"{question.name} takes no --{option}; {_taken(takes)}")
    if written.at is not None and not question.at:
        raise typer.BadParameter(f"{question.name} takes no --at: it is asked of the record, not of a time")
    subjects = [one.option for one in question.parameters if one.holds is Holds.SUBJECT]
    named = [one for one in subjects if one in written.given]
    if len(named) > 1 or (subjects and not written.given):
        raise typer.BadParameter(f"{question.name} is asked about one subject: {_options(subjects)}")
    for one in question.parameters:
        if one.holds is not Holds.SUBJECT and one.needed and one.option not in written.given:
            raise typer.BadParameter(f"{question.name} needs --{one.option}")


def read_written(
    question: Question, written: Written, jurisdiction: str, packs: RulePacks, labels: Labels
) -> tuple[Asked, int]:
    """Return what is asked, without the events yet, and the last position that is known.

    Raises Malformed, BadParameter: a time, a day or an id is none, or too far away. NotFound: nothing is called so.
    Ambiguous: several things are.
    """
    members: dict[str, Any] = {}
    for one in question.parameters:
        if (value := written.given.get(one.option, one.default)) is not None:
            members[one.member] = _value(one, value, labels)
    first, last = members.get("first"), members.get("last")
    if first is not None and last is not None and first > last:
        raise typer.BadParameter(f"--first {first} is after --last {last}")
    position = _position(written.as_of, packs, jurisdiction, labels)
    until = None if written.at is None else instant_of(written.at, packs, jurisdiction)
    if until is not None:
        _check_near(until.date(), "at")
    return Asked((), packs, jurisdiction, until or SystemClock().now(), until, **members), position


def _value(one: Parameter, value: str | int, labels: Labels) -> object:
    match one.holds:
        case Holds.SUBJECT if one.of == "statement":
            return _statement(str(value), labels)
        case Holds.SUBJECT:
            return labels.id_of(str(value), one.of, f"--{one.option}")
        case Holds.DAY:
            return _day(str(value), one.option)
        case _:
            return value


def _statement(text: str, labels: Labels) -> Tag:
    """Return the id of a statement that is named by it, or by its position.

    Raises NotFound: there is none. IntegrityFailed, TooOld: the entry is another.
    """
    found = labels.store.find(StatementId(text)) if is_statement_id(text) else None
    if (position := _number(text)) and position <= labels.store.head():
        found = next(iter(labels.store.read(after=position - 1, limit=1)), None)
    if found is None or not is_event(found):
        raise NotFound(f"the log here has no statement {text}")
    check_stored(found)
    return Tag(found.statement)


def _day(text: str, option: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"--{option}: {text} is no day such as 2026-11-29") from None
    _check_near(day, option)
    return day


def _check_near(day: date, option: str) -> None:
    first, last = _DAYS
    if not first <= day <= last:
        raise typer.BadParameter(f"--{option}: {day} is not between {first} and {last}")


def _position(text: str | None, packs: RulePacks, jurisdiction: str, labels: Labels) -> int:
    head = labels.store.head()
    if text is None:
        return head
    position = _number(text)
    if position is None:
        return position_at(labels.store, instant_of(text, packs, jurisdiction, "--as-of"))
    if not 0 < position <= head:
        raise NotFound(f"the log has {head} entries; there is none at {text}")
    return position


def _number(text: str) -> int | None:
    """Return what may be a position; None: it is none. So many digits has no log."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


def _taken(takes: list[str]) -> str:
    return f"it takes {_options(takes)}" if takes else "it is asked of the whole log"


def _options(names: list[str]) -> str:
    return ", ".join(f"--{one}" for one in names)
