"""The port through which the ledger keeps its log: what a store must do, whatever it is made of.

A store keeps bytes that it does not read. It assigns positions 1, 2, 3 … without gaps, in one total order, under one
lock; what it has acknowledged it never loses and never changes. Two adapters keep this contract: PostgreSQL and memory.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence, Set

    from ledger.breach import Breach
    from ledger.ids import StatementId, Tag


class Record(msgspec.Struct, frozen=True):
    """A judged statement on its way into the log.

    statement: its id, unique in the log.
    kind: its kind, or another type that the caller names.
    tags: all its tags, derived ones included.
    rules: the edition it was judged by, ``RulePack.name``, or "none".
    data: the envelope as received.
    disclosures: the disclosures handed in beside it, erasable later.
    breaches: what its signers were told and acknowledged; written into the entry.
    status: those of the tags whose status it counts for; written into the entry.
    """

    statement: StatementId
    kind: str
    tags: frozenset[Tag]
    rules: str
    data: bytes
    disclosures: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()
    status: frozenset[Tag] = frozenset()


class Recorded(msgspec.Struct, frozen=True):
    """An event as the store holds it.

    entry: the exact bytes; the header's members stand in the fields beside it.
    leaf: the leaf hash of those bytes, 32 bytes.
    vouched: whether the signed index was found to vouch for the bytes, so that they are those that were recorded. A
        store never says so itself.
    """

    position: int
    recorded: datetime
    statement: StatementId
    kind: str
    entry: bytes
    leaf: bytes
    vouched: bool = False


class LockedLog(Protocol):
    """The log while one writer holds its head: nobody else appends until the ``with`` block ends."""

    @property
    def head(self) -> int:
        """Return the position of the last event, appended ones included; 0 of an empty log."""
        ...

    @property
    def recorded(self) -> datetime | None:
        """Return when the last event was recorded; None of an empty log."""
        ...

    def kinds(self) -> Set[str]:
        """Return the kinds of all events, each once."""
        ...

    @property
    def clock(self) -> datetime | None:
        """Return the store's own time when the lock was taken; None where it has no clock of its own."""
        ...

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        """Return the events after a position, oldest first, at most ``limit``."""
        ...

    def concerning(self, wanted: Mapping[Tag, Collection[str]]) -> Sequence[Recorded]:
        """Return the events that bear one of the tags and are of one of its kinds, each once, oldest first.

        One query, however many tags.
        """
        ...

    def named(self, statements: Collection[StatementId]) -> Mapping[StatementId, Recorded]:
        """Return those of some statements that are recorded."""
        ...

    def append(self, records: Sequence[Record], recorded: datetime) -> Sequence[Recorded]:
        """Append records at head + 1, head + 2 …, all with one time; durable and visible when the block ends.

        recorded: aware; never before the head's.

        Raises Conflict: a statement's id is recorded already. Malformed: ENT-01, an entry is too large.
        """
        ...


class Readable(Protocol):
    """A log that can be read."""

    @property
    def origin(self) -> str:
        """Return the log's name, fixed when it was made; every statement names the log it is for."""
        ...

    def head(self) -> int:
        """Return the position of the last committed event; 0 of an empty log."""
        ...

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Yield committed events after a position, oldest first, without holding them all in memory."""
        ...

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        """Yield the committed events that bear a tag, oldest first; of some kinds only where any are named."""
        ...

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        """Yield the committed events that bear one of some tags, each once, oldest first.

        wanted: by tag the kinds that are asked for with it; all, where none is named. However many tags, one look.
        """
        ...

    def find(self, statement: StatementId) -> Recorded | None:
        """Return the event of a statement; None if it is not recorded."""
        ...

    def find_any(self, statements: Collection[StatementId]) -> Iterator[Recorded]:
        """Yield the events of those of some statements that are recorded, oldest first. However many, one look."""
        ...


class Store(Readable, Protocol):
    """A log that can be read at any time and written under its lock."""

    def locked(self) -> AbstractContextManager[LockedLog]:
        """Take the head's lock for one batch; leaving the block commits, an exception undoes everything.

        Raises Unavailable: the store cannot be reached, or was lost before the commit was answered; then the
        batch may or may not stand, and the unique statement ids let a repetition find out.
        """
        ...

    def disclosures(self, statement: StatementId) -> Sequence[str]:
        """Return the disclosures kept beside a statement that are not erased, in the order of their digests."""
        ...

    def disclose(self, statement: StatementId, disclosed: Sequence[str]) -> None:
        """Keep disclosures beside a recorded statement that has none; whose digests it names is the caller's to check.

        For a log that was put back from a copy without them, and for nothing else: what was erased stays erased.
        """
        ...

    def erase(self, digests: Collection[str]) -> int:
        """Erase disclosures by their digests for ever and return how many there were; no entry changes."""
        ...

    def wait(self, after: int, timeout: float) -> int:
        """Wait until the head is past a position or the time is up, and return the head.

        timeout: seconds.
        """
        ...

    def close(self) -> None:
        """Give back what the store holds: connections and threads."""
        ...
