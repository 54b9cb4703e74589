"""What an answer is made of: the log as whoever asks may read it, and nothing else of the log.

A route under this folder gets a ``Reading``, and no store: so it cannot tell what may not be seen, nor tell anything of
others before that is in the access log (``logged``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Depends, Request

from api.access.accredited import Accredited
from api.access.entire import Entire
from api.access.in_part import InPart
from api.access.kept import kept_whole
from api.access.rights.seeing import Looking
from api.access.shown import Shown, Told
from api.accesses.handing_out import proof_of
from api.accesses.telling import told
from api.http.answering.parameters import DIGITS
from api.http.asking import Known, Reader, reader_of
from api.http.bounds.logged import Logged, Telling, telling_of
from api.http.bounds.positions import Least, published, recorded_last, until_known, waited
from api.http.bounds.whole_logs import Why
from api.http.doors import Opened, doors_of
from api.notices.reading import Inbox
from api.telling.moments import Moment, instant_of
from ledger.errors import NotFound
from ledger.evidence.gathering.frame import newest_frame
from ledger.ids import Tag, is_tag, type_of
from ledger.publisher.proofs import prove_recorded
from ledger.statement.entries.entry import parse_known
from projections.asked.answering import position_at
from projections.asked.narrowed import narrowed
from projections.folding.past import Stored
from projections.owed_for import around
from projections.own_kinds import ASKED_KINDS
from projections.reading import check_stored, is_event, read_checked
from projections.source import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    from api.access.kept import KeptRead
    from api.access.principal import Principal
    from api.access.read import ReadOfOthers
    from api.access.record import AtHead
    from api.http.bounds.views import Views
    from api.http.doors import Doors
    from api.rows.access import AccessRow
    from api.waiting.leaving import OpenStatement
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.evidence.gathering.frame import Frame
    from ledger.evidence.report.told import Voice
    from ledger.ids import PartyId
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Recorded
    from projections.asked.question import Asked, Question
    from projections.database.tables import Still
    from projections.folding.around import Around

_MOST_BEHIND: Final = 1_000
"""Entries by which the views may be behind or ahead of what is read, and still say where to look."""


FRESH: Final = timedelta(seconds=30)
"""What was recorded longer ago is told, wherever the views stand."""


@dataclass(frozen=True)
class Reading:
    """What somebody who has signed in reads from. looking: with their eyes. store: what they are
    shown. source: the same, for lists. others: what of that is data of others, for the access log.
    least: the position that has to be told in any case.

    Nothing that it gives knows of it: so all that a request read goes when it ends, and not when the collector of
    cycles has looked at all that the process holds.
    """

    who: Principal
    record: AtHead
    looking: Looking
    store: Shown
    others: ReadOfOthers
    packs: RulePacks
    jurisdiction: str
    doors: Doors = field(repr=False)
    least: int = 0

    @property
    def position(self) -> int:
        """Return up to which position is told."""
        return self.record.position

    @property
    def checkpoint(self) -> int:
        """Return how many entries the newest checkpoint covers; 0: none is published."""
        return self.doors.publication.size()

    def prove(self, recorded: Recorded) -> bytes | None:
        """Return the .tlog-proof of an entry that is shown; None: no checkpoint covers it yet."""
        return prove_recorded(self.doors.publication, recorded, self.doors.keys)

    @contextmanager
    def frame(self) -> Iterator[Frame]:
        """Give what the newest checkpoint proves with, for a with block. Raises NotFound: none is published yet."""
        with self.doors.publication.view() as view:
            if (found := newest_frame(view)) is None:
                raise NotFound("no checkpoint of this log is published yet")
            yield found

    def entire(self, most: int) -> Entire:
        """Return the log for what has to be whole. most: bytes of entries."""
        return Entire(self.doors.ledger.store, self.store, most)

    def in_part(self, most: int) -> InPart:
        """Return the log for what says that it shows a part. most: bytes of entries."""
        return InPart(self.doors.ledger.store, self.store, most, self.looking)

    @property
    def voice(self) -> Voice:
        """Return how the report of a bundle is told."""
        return self.doors.voice

    @cached_property
    def source(self) -> Source:
        """Return what lists are made of: the subjects of which anything may be seen, by what is shown of them.

        One for all of a reading, so that what a search, a list and its names read of the log they read once.
        """
        return _Seen(self.store, self.record, self.looking)

    @cached_property
    def inbox(self) -> Inbox:
        """Return the notices of what falls due, as whoever reads is told of them."""
        return Inbox(
            *(self.doors.notices, self.who, self.record),
            looking=self.looking,
            store=self.store,
            packs=self.packs,
            sites=self.sites,
        )

    @cached_property
    def sites(self) -> Accredited:
        """Return where is known what makes a site owe something."""
        return Accredited(self.store, self.record, partial(_near, self.doors.look_up, self.position))

    def unsigned(self) -> list[OpenStatement]:
        """Return the open statements that the reader's party has yet to sign, the newest first."""
        return self.doors.open_statements.unsigned_by(self.who, self.record)

    def check_seen(self, tag: Tag, id_type: str | None = None) -> None:
        """Raise NotFound: nothing of a subject may be seen, or there is none; which of the two is not told.

        tag: whatever somebody wrote. id_type: what it has to be an id of; None: of any type.
        """
        if not is_tag(tag) or id_type not in {None, type_of(tag)} or not self.looking.sight(tag):
            raise NotFound("the record has no such subject for you")

    def moment(self, text: str | None, member: str = "at") -> Moment:
        """Read a position or a time that something is asked at. Raises Malformed STM-34; NotFound: no such position."""
        if text is None:
            return Moment()
        if not (text.isascii() and text.isdecimal()):
            return Moment(instant=instant_of(text, self.packs, self.jurisdiction, member))
        if len(text) > DIGITS or not 0 < int(text) <= self.position:
            raise NotFound(f"the log has {self.position} entries, and none at the position that is asked for")
        return Moment(position=int(text))

    def known_at(self, as_of: str | None) -> int:
        """Return the last position that is known at a moment; now where none is given. Raises as ``moment``.

        When an entry was recorded is nobody's secret, whoever may read it: checkpoints tell as much.
        """
        moment = self.moment(as_of, "as_of")
        if moment.instant is not None:
            return self.known_by(moment.instant)
        return moment.position or self.position

    def known_by(self, instant: datetime) -> int:
        """Return the last position that was recorded by an instant."""
        return min(self.position, position_at(self.doors.ledger.store, instant))

    def accesses(self, reader: PartyId | None, after: int | None, limit: int) -> tuple[list[AccessRow], bool]:
        """Return a page of the access log as this party may read it, the newest first, and whether more follow.

        reader: who was told; None: anybody. after: the number behind which it begins; None: the newest is the first.
        """
        found = self.doors.accesses.page(self.who.party, reader, after, limit + 1)
        return [told(one, self.who.party) for one in found[:limit]], len(found) > limit

    def access_proof(self, number: int) -> bytes:
        """Return the proof that an entry of the access log is under a digest, with what this party may read of it.

        Raises NotFound: there is no such entry for it, or no digest that a checkpoint covers is of it yet. Unavailable:
        so many read the whole log already. IntegrityFailed: the entry is not the one that the digest covers.
        """
        found = self.doors.accesses.page(self.who.party, None, number + 1, 1)
        if not found or found[0].number != number:
            raise NotFound("the access log has no such entry for you")
        with self.whole_log():
            return proof_of(found[0], self.who.party, self.doors.ledger.store, self.doors.accesses, self.prove)

    def whole_log(self, why: Why = Why.ASKED) -> AbstractContextManager[None]:
        """Let a reading go over the whole log, for a with block. Raises Unavailable: so many do already."""
        return self.doors.whole_logs.read(why)

    def views(self) -> AbstractContextManager[Still | None]:
        """Give the views at one moment, for a with block: where to look. None: they cannot be asked now.

        They are of the whole log, whoever reads: what they say is told where the record shows that it may be seen.
        Views that lag too far behind what is read cannot be asked either.
        """
        return _near(self.doors.look_up, self.position)

    def as_of(self, stands: int, least: int = 0) -> int:
        """Return up to which position is told of what the views say where to look. stands: where they do.

        As of where they stand, if that is no earlier than what is asked for, and all that came more than some seconds
        ago is before it; else up to where the record stands. By which rights is the record's to say in either case.

        least: a position that has to be told besides that of the reading.
        """
        if not max(self.least, least) <= stands < self.position:
            return self.position
        lacking = next(self.doors.ledger.store.read(stands, 1))
        check_stored(lacking)
        return stands if lacking.recorded >= self.record.world.now - FRESH else self.position

    def until_viewed(self, least: int = 0) -> None:
        """Wait a short time for the views to have what has to be told, where they do not.

        least: as for ``as_of``.
        """
        if (wanted := max(self.least, least)) > 0:
            waited(self.doors, lambda: self.doors.look_up.until(wanted))

    def borne_since(self, position: int) -> set[Tag]:
        """Return what the entries behind a position bear that the reader is shown: to be looked at again.

        That something was recorded about a subject is told by nothing else: of what one handed on, somebody else's acts
        are not one's own to hear of.
        """
        tail = self.store.read(position, self.position - position)
        return {tag for one in tail for tag in parse_known(one.entry).tags}

    def borne_until(self, position: int) -> set[Tag]:
        """Return what the entries behind those that are read bear, up to a position: nothing is told of them.

        What the reader sees of it is what they saw before these.
        """
        tail = self.doors.ledger.store.read(self.position, position - self.position)
        return {tag for one in tail for tag in parse_known(one.entry).tags}

    def between(self, low: int, high: int) -> tuple[list[Event[Any]], Around]:
        """Return the events between two positions, and what is around these by a log that has them.

        They say where to look, whoever reads; nothing is told of them.
        """
        store = self.doors.ledger.store
        told = [read_checked(one) for one in store.read(low, high - low) if is_event(one)]
        return told, around(Stored(store), high)

    def narrowed(self, question: Question, asked: Asked, still: Still) -> Asked | None:
        """Return what is asked with the events that its rows rest on, as the reader is told of them up to the views.

        None: it has to be asked of the whole log as they are shown it. Raises IntegrityFailed, TooOld: as ``narrowed``.
        """
        return narrowed(question, asked, still, self.doors.ledger.store, teller=Told(self.store, self.record))

    @property
    def kept(self) -> KeptRead:
        """Return all events of the log up to what is read, whoever reads: what is so in truth."""
        return kept_whole(self.doors.ledger.store, self.record)

    @property
    def seen_by(self) -> Mapping[str, Any]:
        """Return what stands in every answer: by whom it was asked, since it is told by what they may read."""
        return {"log": self.store.origin, "seen_by": self.who.party}


@contextmanager
def _near(look_up: Views, position: int) -> Iterator[Still | None]:
    with look_up.still() as still:
        yield still if still is not None and abs(still.standing.position - position) <= _MOST_BEHIND else None


class _Seen(Source):
    def __init__(self, store: Shown, record: AtHead, looking: Looking) -> None:
        super().__init__(store, record.position, record.event)  # what is shown was decoded to know that it is
        self._shown, self._record, self._looking = store, record, looking

    def subjects(self, id_type: str) -> list[Subject]:
        """Return all subjects of a type of which anything may be seen, in the order of their ids."""
        return [one for one in super().subjects(id_type) if self._looking.sight(Tag(_ident(one)))]

    def fetch(self, tags: Collection[Tag]) -> None:
        """Read in one go what rights and names ask of some subjects; what of it is shown is settled one by one."""
        self._record.fetch(tag for tag in tags if type_of(tag) in ASKED_KINDS)

    def _told(self, tag: Tag, kinds: Collection[str]) -> Iterator[Event[Any]]:
        if ASKED_KINDS.get(type_of(tag), frozenset()).issuperset(kinds):
            return self._shown.told(tag, kinds)  # for rights these were read already
        return super()._told(tag, kinds)


def _ident(subject: Subject) -> str:
    ident: str = subject.id  # type: ignore[attr-defined]  # each type of subject has one of its own
    return ident


def _reading(request: Request, asked: Reader, least: Least, doors: Opened, telling: Logged) -> Iterator[Reading]:
    """Read for somebody who has signed in, which is settled before anything is waited for."""
    if asked.record.position < least:
        until_known(doors, least)
        asked = reader_of(request)  # they wait as whoever they were, and read as whoever they are by then
    with reading(asked, doors, telling, max(least, recorded_last(request, asked.record.position))) as reads:
        yield reads


def _published(request: Request, asked: Reader, least: Least, doors: Opened, telling: Logged) -> Iterator[Reading]:
    """Read for somebody who needs a checkpoint that covers a position, and what it covers; as ``_reading``."""
    if asked.record.position < published(doors, least):
        asked = reader_of(request)
    with reading(asked, doors, telling) as reads:
        yield reads


@contextmanager
def reading(asked: Known, doors: Doors, telling: Telling, least: int = 0) -> Iterator[Reading]:
    """Let somebody read, for a with block; at its end what they read of others is in the access log.

    What is made in the block may leave after it, and only then. least: the position that has to be told. Raises
    Unavailable: the access log cannot be written.
    """
    ledger, record = doors.ledger, asked.record
    with telling.logged(asked.who, record.world.now, record.position) as others:
        looking = Looking(asked.who, record)
        shown = Shown(ledger.store, looking, record, others)
        yield Reading(asked.who, record, looking, shown, others, ledger.packs, ledger.jurisdiction, doors, least)


@contextmanager
def read_on(request: Request) -> Iterator[tuple[Reading, Telling]]:
    """Let whoever asked read on, at the head as it is by now, for a with block: an answer of its own, and on its way.

    Raises HTTPException 401, 403; as ``reading``.
    """
    doors = doors_of(request)
    telling = telling_of(request, doors)
    with reading(reader_of(request), doors, telling) as reads:
        yield reads, telling


Reads = Annotated[Reading, Depends(_reading, scope="function")]
"""Somebody who has signed in and may read, with the log as they are shown it."""

PublishedReads = Annotated[Reading, Depends(_published, scope="function")]
"""The same, once the newest checkpoint covers the position that is asked for."""
