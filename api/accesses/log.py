"""The access log in PostgreSQL: entries are added, and read. Nothing here changes one, and the role may not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.accesses.entry import Entry, Kept, entry_of
from ledger.errors import Unavailable
from ledger.store.database.connecting import LONG, open_connection
from ledger.store.database.connections import Acting, Pool, answered
from ledger.store.database.queries import read_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.accesses.entry import Access

_SQL: Final = Path(__file__).parent / "sql" / "accesses.sql"
_CONNECTIONS: Final = 4
_AT_A_TIME: Final = 500
_MOST: Final = 2**62


def is_there(conninfo: str, table: str = "vialog_doors.access") -> bool:
    """Say whether a database has an access log, or another table; it is left as it is. conninfo: of its owner's login.

    Raises Unavailable.
    """
    with answered(), open_connection(conninfo, autocommit=False, patience=LONG) as connection:
        row = connection.execute(read_queries(_SQL)["is_there"], {"table": table}).fetchone()
        return row is not None and bool(row[0])


class AccessLog:
    """The access log of one log's doors, whose tables ``DoorTables`` has brought up to date. Threads may share it."""

    def __init__(self, conninfo: str) -> None:
        """Connect when somebody asks. conninfo: of a login that may act as vialog_doors."""
        self._queries = read_queries(_SQL)
        self._pool = Pool(conninfo, _CONNECTIONS, acting=Acting("vialog_doors", self._queries["settle_session"]))

    def write(self, access: Access) -> int:
        """Write down that data of others is about to be told, and return the entry's number once that is durable.

        Raises Unavailable: it cannot be written; then nothing may be told.
        """
        with self._pool.lend() as connection, connection.transaction():
            connection.execute(self._queries["take_turn"])
            last = connection.execute(self._queries["newest"]).fetchone()
            number, since = (1, access.at) if last is None else (last[0] + 1, max(access.at, last[1]))
            made = entry_of(access, number, since)
            connection.execute(self._queries["write"], _columns(made))
        return made.number

    def end(self, number: int, ended: datetime) -> None:
        """Write down that an answer was handed out whole. Raises Unavailable."""
        with self._pool.lend() as connection, connection.transaction():
            connection.execute(self._queries["end"], {"number": number, "ended": ended})

    def entries(self, after: int = 0) -> Iterator[Kept]:
        """Yield the entries behind a number, oldest first, without holding them all. Raises Unavailable."""
        while True:
            found = self._asked("entries", after=after, limit=_AT_A_TIME)
            yield from found
            if len(found) < _AT_A_TIME:
                return
            after = found[-1].number

    def page(self, party: str | None, reader: str | None, below: int | None, limit: int) -> list[Kept]:
        """Return the newest entries of which a party may read something. Raises Unavailable.

        party: None: whoever runs the log, who reads all. reader: who asked; None: anybody. below: a number; None: all.
        """
        return self._asked("page", party=party, reader=reader, below=below or _MOST, limit=limit)

    def leaves(self, first: int, last: int) -> list[bytes]:
        """Return the leaf hashes of entries, from one number to another. Raises Unavailable."""
        with self._pool.lend() as connection, connection.transaction():
            rows = connection.execute(self._queries["leaves"], {"first": first, "last": last}).fetchall()
        return [leaf for (leaf,) in rows]

    def _asked(self, query: str, **values: object) -> list[Kept]:
        with self._pool.lend() as connection, connection.transaction():
            rows = connection.execute(self._queries[query], values).fetchall()
        return [
            Kept(number, at, reader, tuple(one or None for one in parties), entry, tuple(parts), leaf, ended)
            for number, at, reader, parties, entry, parts, leaf, ended in rows
        ]

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


class CopiedAccessLog(AccessLog):
    """The access log of a service whose copy of the database takes nothing, and which has no primary to write it at."""

    def write(self, access: Access) -> int:  # noqa: ARG002  as AccessLog has it
        """Raise Unavailable: it cannot be written, so data of others may not be told."""
        raise Unavailable(
            "data of others are told by the primary: this service reads a copy, and cannot write the access log there"
        )


def _columns(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "asked": entry.at,
        "reader": entry.reader,
        "parties": [one or "" for one in entry.parties],
        "entry": entry.entry,
        "parts": list(entry.parts),
        "leaf": entry.leaf,
    }
