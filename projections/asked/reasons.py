"""Why a row stands in an answer: made from the event, the rule or the obligation that put it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ledger.domain.duties.obligation import State
from ledger.domain.law.rules import Confidence
from ledger.quantity import write_ratio
from ledger.statement.rulebook import RULEBOOK
from projections.asked.question import Amount, KindName, Person, Why
from projections.obligations import basis_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from fractions import Fraction

    from ledger.breach import Value
    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from ledger.ids import PartyId, Tag
    from projections.asked.question import Asked


def on_record(event: Event[Any] | None, *, closed_by: Iterable[str] = ()) -> Why:
    """Return why a row is there that an event alone has put there; None: the event is not among those at hand."""
    if event is None:
        return Why(closed_by=_kinds(closed_by))
    return Why(
        position=event.position,
        kind=KindName(event.said.kind),
        at=event.said.occurred_at,
        closed_by=_kinds(closed_by),
    )


def by_rule(
    rule: str,
    event: Event[Any] | None,
    asked: Asked,
    *,
    closed_by: Iterable[str] = (),
    given: Mapping[str, Value] | None = None,
) -> Why:
    """Return why a row is there that breaks a rule: its clause, or that of its number in the edition that judged.

    given: what the clause depends on, as a breach of the rule gives it; None: as the event's own breach does.
    """
    known = RULEBOOK[rule]
    pack = None if event is None else asked.packs.by_name(event.rules)
    breach = next((one for one in event.breaches if one.rule == rule), None) if event is not None else None
    said = given if given is not None else {} if breach is None else breach.given
    number = known.parameter(said, pack)
    clause, confidence = (known.clause, known.confidence) if number is None else (number.clause, number.confidence)
    return replace(
        on_record(event, closed_by=closed_by),
        rests=rule,
        clause=clause,
        confidence=confidence if clause else None,
        edition="" if pack is None or number is None else pack.id,
    )


def by_duty(one: Obligation, asked: Asked) -> Why:
    """Return why a row is there that somebody owes something for."""
    clause, confidence = basis_of(one)
    opened = asked.by_position.get(one.opened.position)
    ended = one.state_at(asked.at) in {State.MET, State.LAPSED}
    return Why(
        rests=one.duty.id,
        clause=clause,
        confidence=Confidence(confidence) if clause else None,
        edition=one.edition,
        position=one.opened.position,
        kind=None if opened is None else KindName(opened.said.kind),
        at=one.opened.at,
        since=one.since,
        due=one.due,
        closed_by=() if ended else _kinds(sorted(one.duty.closes.kinds)),
    )


def last_change(asked: Asked, tag: Tag, of: Callable[[Any], object] | None = None) -> Event[Any] | None:
    """Return the newest event that changed a subject, or what is told of it; None: none did.

    of: from the subject to what is told of it, such as who has it.
    """
    found = None
    for event, before, after in asked.record.steps(tag):
        changed = before is not after and (of is None or of(before) != of(after))
        found = event if changed else found
    return found


def begun_by(asked: Asked, tag: Tag) -> Event[Any] | None:
    """Return the event that put a subject on record; None: nothing is told of it."""
    return asked.record.begun_by(tag)


def period_of(asked: Asked) -> tuple[datetime, datetime]:
    """Return the instants from which and up to which the local days last that are asked for; none is in the future."""
    before = asked.calendar.end_of_day((asked.first or asked.day) - timedelta(days=1))
    return before + timedelta(microseconds=1), min(asked.calendar.end_of_day(asked.last or asked.day), asked.at)


def amount(value: Fraction | None) -> Amount | None:
    """Return a number as a decimal; as a fraction where no decimal is exact, and None where it is not known."""
    written = write_ratio(value)
    return None if written is None else Amount(written)


def persons(signed: Iterable[tuple[PartyId, str]]) -> tuple[Person, ...]:
    """Return persons as cells, sorted."""
    return tuple(Person(f"{party} {code}") for party, code in sorted(signed))


def _kinds(names: Iterable[str]) -> tuple[KindName, ...]:
    return tuple(map(KindName, names))
