"""Answers: the rows of a question with what they rest on, and what is not shown by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger.domain.law.rules import Confidence
from projections.asked.question import Asked, Question, Reads, Row
from projections.claims.basis import basis
from projections.claims.recorded import Recorded
from projections.claims.table import NEEDED
from projections.reading import Once, check_stored, is_event
from projections.source import Distant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ledger.domain.judging import Event
    from ledger.ids import Tag
    from ledger.store.port import Readable
    from ledger.store.port import Recorded as Entry


@dataclass(frozen=True, slots=True)
class Ground:
    """A clause that an answer leans on and nobody read in the legal text, by the rule or the duty that cites it."""

    rests: str
    clause: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    subject: the one that it is about; None: the whole log. narrowed: what else the question was narrowed by.
    jurisdiction: whose calendar told days. position: the last entry that is taken in.
    rules: the editions that judged the events that it rests on. checkpoint: so many entries the newest published
    checkpoint covers, 0: none is published; None: not asked for. by_views: the views said whom rows can be of.
    seen_by: the party from whose sight of the log it is computed; None: from all of it.
    """

    question: str
    subject: Tag | None
    narrowed: Mapping[str, str | int]
    jurisdiction: str
    position: int
    at: datetime
    until: datetime | None
    rows: tuple[Row, ...] = ()
    rules: tuple[str, ...] = ()
    unverified: tuple[Ground, ...] = ()
    checkpoint: int | None = None
    by_views: bool = False
    seen_by: Tag | None = None


def answer(question: Question, asked: Asked, position: int) -> Answer:
    """Answer a question, from the events that it is given and nothing else."""
    rows = question.answer(asked)
    return Answer(
        question=question.name,
        subject=asked.subject,
        narrowed=asked.narrowed,
        jurisdiction=asked.jurisdiction,
        position=position,
        at=asked.at,
        until=asked.until,
        rows=rows,
        rules=tuple(sorted({event.rules.partition(" ")[0] for event in asked.events if event.rules})),
        unverified=tuple(sorted(_grounds(rows), key=lambda one: (one.rests, one.clause))),
    )


def _grounds(rows: Iterable[Row]) -> set[Ground]:
    return {
        Ground(one.why.rests, one.why.clause, one.why.confidence)
        for one in rows
        if one.why.rests is not None and one.why.confidence is not None and one.why.unverified
    }


def read(
    store: Readable,
    question: Question,
    asked: Asked,
    position: int,
    decode: Callable[[Entry], Event[Any]] | None = None,
) -> Asked:
    """Return what is asked with the events of a store that the question rests on, up to a position.

    decode: makes an event of an entry; None: what ``Once`` does, for many may name the same one.

    Raises IntegrityFailed, TooOld: one of them cannot be read.
    """
    decode = decode or Once().checked
    if question.leaves:
        return _with_leaves(store, asked, position, decode)
    if question.reads in {Reads.LOG, Reads.VIEWS} or asked.subject is None:
        return replace(asked, events=tuple(_events(store.read(limit=position), decode)))
    if (needing := NEEDED.get(question.name)) is not None:
        told = Recorded(store, position, position, decode)
        needs, signed = needing(asked.subject, told, asked.editions), told.signed(asked.subject)
        events = basis(needs, told, () if signed is None else (signed.event,))
        return replace(asked, events=events, signed=signed)
    every = tuple(_events(store.about(asked.subject), decode))
    known = tuple(event for event in every if event.position <= position)
    return replace(asked, events=known, later=every[len(known) :])


def position_at(store: Readable, instant: datetime) -> int:
    """Return the last position that was recorded up to an instant; 0: none was. Reads a few entries, however many.

    Raises IntegrityFailed, TooOld: as ``check_stored``, of one of these.
    """
    if isinstance(store, Distant):
        return store.known_at(instant)
    low, high = 0, store.head()
    while low < high:
        middle = (low + high) // 2
        entry = next(iter(store.read(after=middle, limit=1)))
        check_stored(entry)
        low, high = (middle + 1, high) if entry.recorded <= instant else (low, middle)
    return low


def _events(recorded: Iterable[Entry], decode: Callable[[Entry], Event[Any]]) -> Iterator[Event[Any]]:
    return (decode(one) for one in recorded if is_event(one))


def _with_leaves(store: Readable, asked: Asked, position: int, decode: Callable[[Entry], Event[Any]]) -> Asked:
    """Return what is asked with all of the log, and the hashes of its entries."""
    leaves: dict[int, bytes] = {}
    events: list[Event[Any]] = []
    for one in store.read(limit=position):
        if is_event(one):
            leaves[one.position] = one.leaf
            events.append(decode(one))
    return replace(asked, events=tuple(events), leaves=leaves)
