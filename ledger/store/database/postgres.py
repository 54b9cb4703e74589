"""The log in PostgreSQL: one row that orders all writers, and tables that only grow. Reads no entry it keeps."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, LiteralString

from ledger.errors import Conflict, IntegrityFailed, Unavailable
from ledger.ids import StatementId
from ledger.statement.form.disclosure import digest_of
from ledger.store.database.connections import Pool, answered
from ledger.store.database.heads import Heads
from ledger.store.database.queries import SQL, read_queries
from ledger.store.entries import write_entries
from ledger.store.port import Recorded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence, Set
    from datetime import datetime

    from ledger.ids import Tag
    from ledger.store.database.connecting import Connection
    from ledger.store.port import Record

_READERS: Final = 8
_PAGE: Final = 500  # events; at 60,000 bytes each never more than 30 MB
_PLACES: Final = 40 * _PAGE  # positions that are looked for at a time, where many subjects are gone through for them


class PostgresStore:
    """A log in a migrated PostgreSQL database, 15 or later. Threads may share one store."""

    def __init__(self, conninfo: str, readers: int = _READERS) -> None:
        """Open nothing yet: connections are made when they are needed, and made anew when they were lost.

        conninfo: libpq's. The login is vialog_app, or may act as it.
        readers: how many threads can read at the same time; the others wait.
        """
        self._queries = read_queries(SQL / "log.sql")
        self._readers = Pool(conninfo, most=readers)
        self._writer = Pool(conninfo, most=1)  # the threads of a process wait here for the head, not at the server
        self._heads = Heads(conninfo)

    @contextmanager
    def locked(self) -> Iterator[_LockedLog]:
        """Take the head's lock for one batch; see the port. A block must not lock the log again."""
        with self._writer.lend() as connection, connection.transaction():
            log = _LockedLog(connection, *_head_row(connection, self._queries["lock_head"]))
            yield log
            # Die here: nothing of the batch stands. After the commit that follows all of it does, told or not.
        self._heads.tell(log.head)

    @cached_property
    def origin(self) -> str:
        """Return the log's name, fixed when it was made: asked of the database once. Raises Unavailable."""
        with self._readers.lend() as connection:
            (origin,) = _head_row(connection, self._queries["origin"])
        return str(origin)

    def head(self) -> int:
        """Return the position of the last committed event; 0 of an empty log. Raises Unavailable."""
        with self._readers.lend() as connection:
            (position,) = _head_row(connection, self._queries["head"])
        return int(position)

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Yield committed events after a position; see the port. No connection is held between pages.

        Raises IntegrityFailed: a position between two of them has no entry, which no writer leaves behind.
        """
        while limit is None or limit > 0:
            wanted = _PAGE if limit is None else min(limit, _PAGE)
            page = self._page("since", {"after": after, "limit": wanted})
            for due, one in enumerate(page, after + 1):
                if one.position != due:
                    raise IntegrityFailed(f"position {due}: the entry is missing")
                yield one
            if len(page) < wanted:
                return
            after = page[-1].position
            limit = None if limit is None else limit - wanted

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        """Yield the committed events that bear a tag; see the port. No connection is held between pages."""
        return self._pages("about", {"tag": tag, "kinds": list(kinds)}, after)

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        """Yield the committed events that bear one of some tags; see the port. No connection is held between pages."""
        every = {frozenset(kinds) for kinds in wanted.values()} - {frozenset()}
        numbers = {kinds: number for number, kinds in enumerate(every, 1)}
        pairs = [(number, kind) for kinds, number in numbers.items() for kind in kinds]
        said = {
            "tags": list(wanted),
            "chosen": [numbers.get(frozenset(kinds), 0) for kinds in wanted.values()],
            "choices": [number for number, _ in pairs],
            "kinds": [kind for _, kind in pairs],
        }
        return self._gathered(said, after) if wanted else iter(())

    def _gathered(self, wanted: Mapping[str, object], after: int) -> Iterator[Recorded]:
        """Yield events page by page, and look for the positions of many pages at once. wanted: as the query has it."""
        rows: list[tuple[Any, ...]] = [(after,)]
        while rows:
            said = {**wanted, "after": rows[-1][0], "places": _PLACES, "limit": _PAGE}
            with self._readers.lend() as connection, connection.cursor(binary=True) as cursor:
                rows = cursor.execute(self._queries["about_any"], said).fetchall()
            yield from (_recorded(row) for row in rows[:_PAGE] if row[-1] is not None)
            yield from self._placed([row[0] for row in rows[_PAGE:]])
            if len(rows) < _PLACES:
                return

    def _placed(self, positions: Sequence[int]) -> Iterator[Recorded]:
        for first in range(0, len(positions), _PAGE):
            yield from self._page("placed", {"positions": list(positions[first : first + _PAGE])})

    def _pages(self, query: str, values: Mapping[str, object], after: int) -> Iterator[Recorded]:
        while page := self._page(query, {**values, "after": after, "limit": _PAGE}):
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].position

    def _page(self, query: str, values: Mapping[str, object]) -> list[Recorded]:
        with self._readers.lend() as connection:
            return _events(connection, self._queries[query], values)

    def find(self, statement: StatementId) -> Recorded | None:
        """Return the event of a statement; None if it is not recorded. Raises Unavailable."""
        return next(self.find_any((statement,)), None)

    def find_any(self, statements: Collection[StatementId]) -> Iterator[Recorded]:
        """Yield the events of some statements, oldest first; see the port. Raises Unavailable."""
        if len(statements) > _PAGE:
            with self._readers.lend() as connection:
                places = connection.execute(self._queries["places"], {"statements": list(statements)}).fetchall()
            return self._placed([position for (position,) in places])
        found = self._page("named", {"statements": list(statements)})
        return iter(sorted(found, key=lambda one: one.position))

    def disclosures(self, statement: StatementId) -> Sequence[str]:
        """Return the disclosures kept beside a statement that are not erased, in the order of their digests."""
        with self._readers.lend() as connection:
            kept = connection.execute(self._queries["disclosures"], {"statement": statement})
            return [text for (text,) in kept]

    def disclose(self, statement: StatementId, disclosed: Sequence[str]) -> None:
        """Keep disclosures beside a recorded statement that has none; see the port."""
        with self._readers.lend() as connection:
            connection.execute(self._queries["insert_disclosures"], _disclosure_rows([(statement, disclosed)]))

    def erase(self, digests: Collection[str]) -> int:
        """Erase disclosures by their digests; see the port. digests: as in ``_sd``."""
        with self._readers.lend() as connection:
            return connection.execute(self._queries["erase"], {"digests": list(digests)}).rowcount

    def wait(self, after: int, timeout: float) -> int:
        """Wait until the head is past a position or the time is up, and return the head; see the port."""
        newest = self._heads.past(after, timeout)
        return newest if newest > after else self.head()

    def close(self) -> None:
        """Close the connections, stop the thread that listens, and let go of those who wait."""
        self._heads.close()
        self._writer.close()
        self._readers.close()


class _LockedLog:
    """The log while this transaction holds its head; see the port."""

    def __init__(self, connection: Connection, head: int, recorded: datetime | None, clock: datetime) -> None:
        self._connection = connection
        self._queries = read_queries(SQL / "log.sql")
        self._head = head
        self._recorded = recorded
        self.clock: datetime | None = clock

    @property
    def head(self) -> int:
        return self._head

    @property
    def recorded(self) -> datetime | None:
        return self._recorded

    def kinds(self) -> Set[str]:
        with answered():
            return {kind for (kind,) in self._connection.execute(self._queries["kinds"])}

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        return self._page("since", {"after": position, "limit": limit})

    def concerning(self, wanted: Mapping[Tag, Collection[str]]) -> Sequence[Recorded]:
        pairs = [(tag, kind) for tag, kinds in wanted.items() for kind in kinds]
        if not pairs:
            return []
        return self._page("concerning", {"tags": [tag for tag, _ in pairs], "kinds": [kind for _, kind in pairs]})

    def named(self, statements: Collection[StatementId]) -> Mapping[StatementId, Recorded]:
        found = self._page("named", {"statements": list(statements)})
        return {event.statement: event for event in found}

    def append(self, records: Sequence[Record], recorded: datetime) -> Sequence[Recorded]:
        added = write_entries(records, recorded, head=self._head, newest=self._recorded)
        if not added:
            return added
        with answered():
            self._append(records, added)
            self._insert_disclosures(records)
        self._head, self._recorded = added[-1].position, added[-1].recorded
        return added

    def _page(self, query: str, values: Mapping[str, object]) -> list[Recorded]:
        with answered():
            return _events(self._connection, self._queries[query], values)

    def _execute(self, query: str, values: Mapping[str, object]) -> int:
        """Run a query and return how many rows it touched."""
        # One statement with arrays, never psycopg's pipeline: a pipelined batch of half a megabyte can fill the socket
        # both ways, and then both sides wait for ever, with the head locked.
        return self._connection.execute(self._queries[query], values).rowcount

    def _append(self, records: Sequence[Record], added: Sequence[Recorded]) -> None:
        values = {
            "head": self._head,
            "recorded": added[0].recorded,
            "statements": [event.statement for event in added],
            "kinds": [event.kind for event in added],
            "entries": [event.entry for event in added],
            "leaves": [event.leaf for event in added],
            "tags": [" ".join(record.tags) for record in records],
        }
        # Nothing is added where an id is repeated, so that the block goes on as it was: a savepoint would do the same
        # for two answers of the server more, with the head locked. Under that lock nobody adds between look and leap.
        distinct = {event.statement for event in added}
        if len(distinct) < len(added) or not self._execute("append", values):
            raise Conflict("a statement of the batch is recorded already")

    def _insert_disclosures(self, records: Sequence[Record]) -> None:
        rows = _disclosure_rows([(record.statement, record.disclosures) for record in records if record.disclosures])
        if rows["statements"]:
            self._execute("insert_disclosures", rows)


def _disclosure_rows(kept: Sequence[tuple[StatementId, Sequence[str]]]) -> dict[str, list[Any]]:
    rows = [(statement, text) for statement, texts in kept for text in texts]
    return {
        "statements": [statement for statement, _ in rows],
        "digests": [digest_of(text) for _, text in rows],
        "disclosed": [text for _, text in rows],
    }


def _head_row(connection: Connection, query: LiteralString) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    if row is None:
        raise Unavailable("the log in this database has no name yet: it was migrated, but not opened")
    return row


def _events(connection: Connection, query: LiteralString, values: Mapping[str, object]) -> list[Recorded]:
    with connection.cursor(binary=True) as cursor:
        return [_recorded(row) for row in cursor.execute(query, values)]


def _recorded(row: tuple[Any, ...]) -> Recorded:
    position, recorded, statement, kind, entry, leaf = row
    return Recorded(position, recorded, StatementId(statement), kind, entry, leaf)
