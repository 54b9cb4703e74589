"""From what a claimed answer says was asked to the rows that follow: the same for claiming and for checking it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ledger.errors import Malformed, NotFound
from ledger.evidence.bundle.answer import OF_STATEMENTS, told_in
from ledger.ids import is_statement_id, type_of
from ledger.rulepacks.load import RulePacks
from projections.asked.answering import answer
from projections.asked.question import Asked, Holds, Reads
from projections.asked.table import QUESTIONS
from projections.claims.basis import basis
from projections.claims.table import CLAIMABLE
from projections.obligations import begun

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.domain.judging import Event
    from ledger.evidence.bundle.answer import Claimed
    from ledger.ids import Tag
    from ledger.statement.text.strict_json import JsonValue
    from projections.asked.answering import Answer
    from projections.asked.question import Parameter, Question, Row
    from projections.claims.basis import Needs, Stated
    from projections.questions.records.signatures import Signed


_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORMS: Final = {
    Holds.DAY: "is not a day such as 2026-08-01",
    Holds.NUMBER: "is not a whole number, 0 or more",
    Holds.TEXT: "is not a text, or is empty",
}


@dataclass(frozen=True, slots=True)
class Follows:
    """What follows from some events.

    needs: the subjects that it rests on. events: what it was computed from. answer: as it was computed; claimed: the
    same in its form, with the editions that it was computed with. signed: the statement that it is about; None: it is
    about a subject. tells_since: its rows tell, in rows of their own, what is known by later events too.
    """

    needs: Needs
    events: tuple[Event[Any], ...]
    answer: Answer
    claimed: Claimed
    signed: Signed | None = None
    tells_since: bool = False


def question_of(claimed: Claimed) -> Question:
    """Return the question that an answer is to. Raises NotFound: it is none that can be claimed of such a subject."""
    question = QUESTIONS.get(claimed.question)
    if question is None:
        raise NotFound(f"this program knows no question called {claimed.question}")
    if claimed.question not in CLAIMABLE:
        raise NotFound(f"the answer to {claimed.question} rests on the whole log: a mirror's copy shows it")
    if not _is_about(question, claimed.subject):
        raise NotFound(
            f"{claimed.question} is asked about a statement, not about {claimed.subject}: name it by its id"
            if question.name in OF_STATEMENTS
            else f"{claimed.question} is not asked about {claimed.subject}"
        )
    return question


def _is_about(question: Question, subject: Tag) -> bool:
    return is_statement_id(subject) if question.name in OF_STATEMENTS else type_of(subject) in question.about


def follow(claimed: Claimed, told: Stated, packs: RulePacks) -> Follows:
    """Return what follows, whatever the answer claims: what was asked is all that is read of it.

    Raises NotFound: the question is none that can be claimed, the statement that it is about is not there, or an
    edition that judged one of its events is not here. Malformed: it is narrowed by what the question does not take, or
    takes in another form.
    """
    question = question_of(claimed)
    narrowed = _narrowed(question, claimed.parameters)
    if claimed.until is not None and not question.at:
        raise Malformed("EVD-23", "$.at", f"is not what {question.name} is narrowed by")
    signed = told.signed(claimed.subject)
    if signed is None and claimed.question in OF_STATEMENTS:
        raise NotFound(f"no statement {claimed.subject} is here up to position {claimed.as_of}")
    needs = CLAIMABLE[claimed.question](claimed.subject, told, begun(packs, claimed.now))
    events = basis(needs, told, () if signed is None else (signed.event,))
    if all(pack.jurisdiction != claimed.jurisdiction for pack in packs.packs):
        raise NotFound(f"no rules of {claimed.jurisdiction} are here")
    for event in events:
        if event.rules and packs.by_name(event.rules) is None:
            raise NotFound(f"the edition {event.rules} judged event {event.position}, and is not here")
    editions = _editions(claimed, events, packs)
    tells_since = signed is None and question.reads is Reads.SUBJECT
    asked = Asked(
        events=events,
        packs=editions,
        jurisdiction=claimed.jurisdiction,
        at=claimed.now,
        until=claimed.until,
        subject=claimed.subject,
        later=tuple(told.later(claimed.subject)) if tells_since else (),
        earlier=claimed.earlier,
        signed=signed,
        **narrowed,
    )
    found = answer(question, asked, claimed.as_of)
    names = sorted(one.pack.name for one in (*editions.editions, *editions.kept))
    rows = tuple(told_in(claimed.question, claimed.form, row_value(row)) for row in found.rows)
    return Follows(needs, events, found, replace(claimed, editions=tuple(names), rows=rows), signed, tells_since)


def row_value(row: Row) -> Mapping[str, JsonValue]:
    """Return a row as it stands in an answer: as ``vialog ask --json`` prints it."""
    value: Mapping[str, JsonValue] = msgspec.json.decode(msgspec.json.encode(row))
    return value


def _narrowed(question: Question, parameters: Mapping[str, str | int]) -> dict[str, Any]:
    """Return the members of what is asked. Raises Malformed EVD-23: it takes no such one, or not so written."""
    takes = {one.member: one for one in question.parameters if one.holds is not Holds.SUBJECT}
    found: dict[str, Any] = {}
    for name, value in parameters.items():
        if name not in takes:
            raise Malformed("EVD-23", f"$.parameters.{name}", f"is not what {question.name} is narrowed by")
        found[name] = _parameter(takes[name], value)
    return found


def _parameter(parameter: Parameter, value: str | int) -> object:
    """Return what a question is narrowed by. Raises Malformed EVD-23: it is not in the one form."""
    member = f"$.parameters.{parameter.member}"
    match parameter.holds, value:
        case Holds.DAY, str() if _DAY.fullmatch(value):
            return _day(value, member)
        case Holds.NUMBER, int() if value >= 0:
            return value
        case Holds.TEXT, str() if value:
            return value
    raise Malformed("EVD-23", member, _FORMS[parameter.holds])


def _day(text: str, member: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed("EVD-23", member, _FORMS[Holds.DAY]) from None


def _editions(claimed: Claimed, events: tuple[Event[Any], ...], packs: RulePacks) -> RulePacks:
    """Return the editions that an answer is computed with: those that judged its events, and of the jurisdictions of
    these, and its own, all that had begun by the instant that it is asked for."""
    named = {event.rules for event in events if event.rules}
    judging = [one.pack for one in (*packs.editions, *packs.kept) if one.pack.name in named]
    jurisdictions = {claimed.jurisdiction, *(one.jurisdiction for one in judging)}
    known = begun(packs, claimed.now)
    return RulePacks(
        tuple(
            one
            for one in packs.editions
            if one.pack.name in named or (one in known.editions and one.pack.jurisdiction in jurisdictions)
        ),
        tuple(one for one in packs.kept if one.pack.name in named),
    )
