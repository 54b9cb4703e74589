"""The log in memory: for tests, and for auditors who hold a copy. It keeps the store's contract and ends with its
process; Vialog never serves from it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from contextlib import contextmanager
from threading import Condition, Lock
from typing import TYPE_CHECKING

from ledger.errors import Conflict
from ledger.statement.form.disclosure import digest_of
from ledger.store.entries import write_entries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence, Set
    from datetime import datetime

    from ledger.ids import StatementId, Tag
    from ledger.store.port import Record, Recorded


class MemoryStore:
    """A log in this process's memory. Threads may share it."""

    def __init__(self, origin: str) -> None:
        """Hold an empty log.

        origin: its name.
        """
        self.origin = origin
        self._writing = Lock()  # held for a whole batch, like the head's row
        self._changed = Condition()  # held for a moment, whenever what is committed is read or changed
        self._committed = _Shelf()
        self._disclosures: dict[StatementId, list[str]] = {}

    @contextmanager
    def locked(self) -> Iterator[_LockedLog]:
        """Take the log's lock for one batch; see the port. A block must not lock the log again."""
        with self._writing:
            log = _LockedLog(self._committed)
            yield log
            with self._changed:
                for event, record in log.added:
                    self._committed.add(event, record.tags)
                    self._disclosures[event.statement] = list(record.disclosures)
                self._changed.notify_all()

    def head(self) -> int:
        """Return the position of the last committed event; 0 of an empty log."""
        with self._changed:
            return len(self._committed.events)

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Yield committed events after a position; see the port."""
        with self._changed:
            end = None if limit is None else after + limit
            found = self._committed.events[after:end]
        yield from found

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        """Yield the committed events that bear a tag; see the port."""
        with self._changed:
            found = self._committed.bearing(tag, after)
        yield from (event for event in found if not kinds or event.kind in kinds)

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        """Yield the committed events that bear one of some tags; see the port."""
        with self._changed:
            found = {
                event.position: event
                for tag, kinds in wanted.items()
                for event in self._committed.bearing(tag, after)
                if not kinds or event.kind in kinds
            }
        yield from (found[position] for position in sorted(found))

    def find(self, statement: StatementId) -> Recorded | None:
        """Return the event of a statement; None if it is not recorded."""
        with self._changed:
            return self._committed.statements.get(statement)

    def find_any(self, statements: Collection[StatementId]) -> Iterator[Recorded]:
        """Yield the events of some statements, oldest first; see the port."""
        found = [one for one in map(self.find, set(statements)) if one is not None]
        return iter(sorted(found, key=lambda one: one.position))

    def disclosures(self, statement: StatementId) -> Sequence[str]:
        """Return the disclosures kept beside a statement that are not erased, in the order of their digests."""
        with self._changed:
            return sorted(self._disclosures.get(statement, ()), key=digest_of)

    def disclose(self, statement: StatementId, disclosed: Sequence[str]) -> None:
        """Keep disclosures beside a recorded statement that has none; see the port."""
        with self._changed:
            self._disclosures[statement] = list(disclosed)

    def erase(self, digests: Collection[str]) -> int:
        """Erase disclosures by their digests; see the port."""
        with self._changed:
            kept = {
                statement: [text for text in texts if digest_of(text) not in digests]
                for statement, texts in self._disclosures.items()
            }
            erased = sum(map(len, self._disclosures.values())) - sum(map(len, kept.values()))
            self._disclosures = kept
        return erased

    def wait(self, after: int, timeout: float) -> int:
        """Wait until the head is past a position or the time is up, and return the head; see the port."""
        with self._changed:
            self._changed.wait_for(lambda: self.head() > after, timeout)
            return self.head()

    def close(self) -> None:
        """Do nothing: there is nothing to give back."""


class _Shelf:
    """Events by position, by statement and by tag."""

    def __init__(self) -> None:
        self.events: list[Recorded] = []
        self.statements: dict[StatementId, Recorded] = {}
        self._tagged: defaultdict[Tag, list[int]] = defaultdict(list)

    def add(self, event: Recorded, tags: Collection[Tag]) -> None:
        self.events.append(event)
        self.statements[event.statement] = event
        for tag in tags:
            self._tagged[tag].append(event.position)

    def bearing(self, tag: Tag, after: int = 0) -> list[Recorded]:
        positions = self._tagged.get(tag, [])
        return [self.events[position - 1] for position in positions[bisect_right(positions, after) :]]


class _LockedLog:
    """The log while one thread holds it: what is committed, and behind it what the block has added; see the port."""

    def __init__(self, committed: _Shelf) -> None:
        self._committed = committed
        self.added: list[tuple[Recorded, Record]] = []

    @property
    def head(self) -> int:
        return len(self._committed.events) + len(self.added)

    @property
    def recorded(self) -> datetime | None:
        if self.added:
            return self.added[-1][0].recorded
        return self._committed.events[-1].recorded if self._committed.events else None

    def kinds(self) -> Set[str]:
        return {event.kind for event in self._committed.events} | {event.kind for event, _ in self.added}

    @property
    def clock(self) -> None:
        return None

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        committed = self._committed.events[position : position + limit]
        added = [event for event, _ in self.added if event.position > position]
        return (committed + added)[:limit]

    def concerning(self, wanted: Mapping[Tag, Collection[str]]) -> Sequence[Recorded]:
        found = {
            event.position: event
            for tag, kinds in wanted.items()
            for event in self._bearing(tag)
            if event.kind in kinds
        }
        return [event for _, event in sorted(found.items())]

    def _bearing(self, tag: Tag) -> list[Recorded]:
        return self._committed.bearing(tag) + [event for event, record in self.added if tag in record.tags]

    def named(self, statements: Collection[StatementId]) -> Mapping[StatementId, Recorded]:
        added = {event.statement: event for event, _ in self.added}
        return {
            statement: event
            for statement in statements
            if (event := added.get(statement) or self._committed.statements.get(statement)) is not None
        }

    def append(self, records: Sequence[Record], recorded: datetime) -> Sequence[Recorded]:
        added = write_entries(records, recorded, head=self.head, newest=self.recorded)
        statements = [record.statement for record in records]
        if self.named(statements) or len(set(statements)) < len(statements):
            raise Conflict("a statement of the batch is recorded already")
        self.added.extend(zip(added, records, strict=True))
        return added
