"""Answers about the records themselves, as rows of cells: signatures, corrections, late entries, retention."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from ledger.domain.bodies.vocabulary import Amount, Role
from ledger.domain.law.rules import Retained
from ledger.ids import CaseId, ItemId, KeyId, PartyId, SiteId, StatementId, Tag
from ledger.meaning import Meaning
from projections.asked.question import KindName, Person, Position, Problem, Said, Why, Word
from projections.asked.reasons import by_rule, on_record, period_of, persons
from projections.questions.records.amends import amends
from projections.questions.records.breaches import breaches
from projections.questions.records.few_signers import TASKS, few_signers
from projections.questions.records.late import late_entries
from projections.questions.records.retention import ending, retention
from projections.questions.records.signatures import signatures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.asked.question import Asked
    from projections.questions.records.retention import Kept


@dataclass(frozen=True, slots=True)
class FewRow:
    """An act with high-pathogenic material that fewer persons signed than are to. acknowledged: its signers knew."""

    done: KindName
    at: datetime
    items: tuple[ItemId, ...]
    signers: tuple[Person, ...]
    asked: int
    acknowledged: bool
    why: Why


def too_few(asked: Asked) -> tuple[FewRow, ...]:
    """Return the acts with high-pathogenic material that too few persons signed."""
    return tuple(
        FewRow(
            done=KindName(one.kind),
            at=one.at,
            items=one.items,
            signers=persons(one.signers),
            asked=one.asked,
            acknowledged=one.told,
            why=by_rule("GAT-14", asked.by_statement.get(one.statement), asked, given={"task": TASKS[one.kind].value}),
        )
        for one in few_signers(asked.counting, asked.editions)
    )


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One signature of a statement. enrolled, revoked: the positions at which its key was; None: it was not.

    valid: whether it counts; problem: why it does not.
    """

    party: PartyId
    person: str
    role: Role
    meaning: Meaning
    key: KeyId
    enrolled: Position | None
    revoked: Position | None
    valid: bool
    problem: Problem | None
    occurred: datetime
    recorded: datetime
    why: Why


def signed_by(asked: Asked) -> tuple[SignatureRow, ...]:
    """Return the signatures of a statement; none: it is not recorded."""
    if asked.signed is None:
        return ()
    found, why = signatures(asked.signed, asked.events), on_record(asked.signed.event)
    return tuple(
        SignatureRow(
            party=one.signatory.party,
            person=one.signatory.person,
            role=one.signatory.role,
            meaning=Meaning(one.signatory.meaning),
            key=one.signatory.key,
            enrolled=_position(one.enrolled),
            revoked=_position(one.revoked),
            valid=not one.problem,
            problem=Problem(one.problem) if one.problem else None,
            occurred=found.occurred,
            recorded=found.recorded,
            why=why,
        )
        for one in found.rows
    )


def _position(number: int | None) -> Position | None:
    return None if number is None else Position(number)


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction or a voiding. changed: the members that say something else now; of a voiding none.

    reason: a code, of a correction its reason, of a voiding its ground. occurred_before, occurred_now: where the time
    of the act was corrected.
    """

    statement: StatementId
    said: KindName
    voided: bool
    changed: tuple[Word, ...]
    before: tuple[Said, ...]
    now: tuple[Said, ...]
    reason: str | None
    signers: tuple[Person, ...]
    recorded: datetime
    occurred_before: datetime | None
    occurred_now: datetime | None
    why: Why


def corrections(asked: Asked) -> tuple[CorrectionRow, ...]:
    """Return what was corrected or voided, and what it said before."""
    told = {event.said.id: event for event in asked.events}
    return tuple(
        CorrectionRow(
            statement=one.statement,
            said=KindName(one.kind),
            voided=one.after is None,
            changed=tuple(map(Word, one.members)),
            before=tuple(_said(getattr(one.before, member)) for member in one.members),
            now=tuple(_said(getattr(one.after, member)) for member in one.members),
            reason=one.reason,
            signers=persons(one.persons),
            recorded=one.told,
            occurred_before=None if one.moved is None else one.moved[0],
            occurred_now=None if one.moved is None else one.moved[1],
            why=on_record(told.get(one.by)),
        )
        for one in amends(asked.events)
    )


def _said(value: object) -> Said:
    if isinstance(value, Amount):
        return Said(f"{value.value} {value.unit}")
    return Said(msgspec.json.encode(value, order="deterministic").decode().strip('"'))


@dataclass(frozen=True, slots=True)
class BreachRow:
    """A breach that an entry tells. about: the subjects that it concerns; none: the whole statement.

    reason: a code, by which the signers say why. stands: whether it still counts, or was corrected or voided.
    """

    statement: StatementId
    said: KindName
    at: datetime
    broken: str
    about: tuple[Tag, ...]
    signers: tuple[Person, ...]
    reason: str | None
    stands: bool
    why: Why


def broken(asked: Asked) -> tuple[BreachRow, ...]:
    """Return the breaches that entries tell of acts in a period of local days."""
    return tuple(
        BreachRow(
            statement=one.event.said.id,
            said=KindName(one.event.said.kind),
            at=one.event.said.occurred_at,
            broken=one.breach.rule,
            about=one.breach.subjects,
            signers=persons(one.event.said.persons),
            reason=one.reason,
            stands=one.counts,
            why=by_rule(one.breach.rule, one.event, asked, given=one.breach.given),
        )
        for one in breaches(asked.events, period_of(asked))
    )


@dataclass(frozen=True, slots=True)
class LateRow:
    """A statement that was recorded late. hours: how long after the act, in whole hours.

    acknowledged: its signers said that it is.
    """

    statement: StatementId
    said: KindName
    occurred: datetime
    recorded: datetime
    hours: int
    signers: tuple[Person, ...]
    sites: tuple[SiteId, ...]
    acknowledged: bool
    reason: str | None
    why: Why


def told_late(asked: Asked) -> tuple[LateRow, ...]:
    """Return what was recorded later after its act than so many hours."""
    longer = timedelta(hours=asked.hours or 0)
    return tuple(
        LateRow(
            statement=one.statement,
            said=KindName(one.kind),
            occurred=one.occurred,
            recorded=one.recorded,
            hours=one.took // timedelta(hours=1),
            signers=persons(one.persons),
            sites=tuple(sorted(one.sites)),
            acknowledged=one.told,
            reason=one.reason,
            why=by_rule("GEN-10", asked.by_statement.get(one.statement), asked),
        )
        for one in late_entries(asked.events, longer).rows
    )


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A record and how long it is kept.

    sort: of the rule that keeps it longest. begins: the day from which that runs; None: not yet.
    until: its last day; None: it has no end yet. legal_holds: those that keep it whatever its term.
    """

    statement: StatementId
    said: KindName
    sort: Retained
    begins: date | None
    until: date | None
    legal_holds: tuple[CaseId, ...]
    why: Why


def kept_until(asked: Asked) -> tuple[KeptRow, ...]:
    """Return the records whose retention ends in a period."""
    first, last = asked.first or asked.day, asked.last or asked.day
    return _kept(asked, ending(asked.counting, asked.editions, first, last))


def held_records(asked: Asked) -> tuple[KeptRow, ...]:
    """Return the records that a legal hold keeps."""
    return _kept(asked, (one for one in retention(asked.counting, asked.editions) if one.holds))


def _kept(asked: Asked, found: Iterable[Kept]) -> tuple[KeptRow, ...]:
    rows = []
    for one in found:
        longest = max(one.terms, key=lambda term: (term.until is None, term.until or date.min))
        event = asked.by_statement.get(one.statement)
        told = on_record(event)
        rows.append(
            KeptRow(
                statement=one.statement,
                said=KindName(one.kind),
                sort=longest.sort,
                begins=longest.begins,
                until=one.until,
                legal_holds=tuple(map(CaseId, one.holds)),
                why=by_rule("RET-02", event, asked, given={"record": longest.sort.value})
                if longest.set_by is None
                else replace(told, rests="RET-02"),
            )
        )
    return tuple(rows)
