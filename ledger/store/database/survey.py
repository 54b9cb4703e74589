"""Everything that stands in a log's database, as it stands: for checking it from the first byte.

Reads every table of the log and writes none. Believes nothing and checks nothing; what is published is read in one
moment, events in ranges that can be read at any time later, since a log only grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from ledger.ids import StatementId
from ledger.store.columns import TagLine
from ledger.store.database.connections import Pool
from ledger.store.database.queries import SQL, read_queries
from ledger.store.port import Recorded

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Sequence
    from datetime import datetime

_LINES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the database at one moment.

    head: the position that the head names; last: of the last event that is there.
    recorded: when the head says that the last event was recorded.
    published: the size of the newest publication.
    checkpoints: every stored note by its size.
    tiles: SHA-256 of every stored tile, by level and place; pages: of every page of the index, by path.
    keys: the statements that say which keys may sign, later kinds of them too.
    """

    origin: str
    head: int
    last: int
    recorded: datetime | None
    published: int
    checkpoints: Mapping[int, bytes]
    tiles: Mapping[tuple[int, int], bytes]
    pages: Mapping[str, bytes]
    keys: Sequence[Recorded]


class Survey:
    """A log's database, being read for a check. One thread uses it."""

    def __init__(self, conninfo: str) -> None:
        """Open nothing yet. conninfo: libpq's; the login is vialog_app, or may act as it."""
        self._queries = read_queries(SQL / "survey.sql")
        self._pool = Pool(conninfo, most=2, hurried=False)

    def standing(self) -> Standing:
        """Return what stands in the database. Raises Unavailable."""
        with self._pool.lend() as connection, connection.transaction():
            connection.execute(self._queries["still"])
            cursor = connection.cursor(binary=True)
            ((origin, head, last, recorded, published),) = cursor.execute(self._queries["head"]).fetchall()
            checkpoints = dict(cursor.execute(self._queries["checkpoints"]).fetchall())
            tiles = {(level, place): digest for level, place, digest in cursor.execute(self._queries["tiles"])}
            pages = dict(cursor.execute(self._queries["pages"]).fetchall())
            keys = [_recorded(row) for row in cursor.execute(self._queries["key_records"], {})]
            return Standing(origin, head, last, recorded, published, checkpoints, tiles, pages, keys)

    def events(self, after: int, upto: int) -> list[Recorded]:
        """Return the events after a position and up to another one. Raises Unavailable."""
        with self._pool.lend() as connection, connection.cursor(binary=True) as cursor:
            return [_recorded(row) for row in cursor.execute(self._queries["range"], {"after": after, "upto": upto})]

    def tile(self, level: int, place: int) -> bytes:
        """Return a stored tile; nothing when there is none. Raises Unavailable."""
        with self._pool.lend() as connection:
            found = connection.execute(self._queries["tile"], {"level": level, "place": place}).fetchone()
        return b"" if found is None else bytes(found[0])

    def disclosures(self, statements: Collection[StatementId]) -> list[tuple[StatementId, str, str]]:
        """Return statement, digest and text of what is kept beside some statements. Raises Unavailable."""
        with self._pool.lend() as connection:
            values = {"statements": [UUID(statement) for statement in statements]}
            found = connection.execute(self._queries["disclosures"], values)
            return [(StatementId(statement), digest, text) for statement, digest, text in found]

    def orphaned_disclosure(self) -> str | None:
        """Return a statement that is not recorded and has a disclosure; None if there is none. Raises Unavailable."""
        with self._pool.lend() as connection:
            found = connection.execute(self._queries["orphaned_disclosure"]).fetchone()
        return None if found is None else str(found[0])

    def tag_lines(self, upto: int) -> Generator[TagLine, None, None]:
        """Yield what the rows of tags say of each position that has any, up to one. Raises Unavailable."""
        with self._pool.lend() as connection, connection.transaction():
            connection.execute(self._queries["patient"])
            with connection.cursor("tag_lines", binary=True) as cursor:
                cursor.itersize = _LINES
                for position, tags, *kinds in cursor.execute(self._queries["tag_lines"], {"upto": upto}):
                    yield TagLine(position, tags, frozenset(kinds))

    def orphaned_tag(self) -> tuple[int, str] | None:
        """Return the first position that has a tag and no event, with the tag. Raises Unavailable."""
        with self._pool.lend() as connection:
            found = connection.execute(self._queries["orphaned_tag"]).fetchone()
        return None if found is None else (int(found[0]), str(found[1]))

    def repeated_statement(self) -> tuple[str, int] | None:
        """Return the statement that is repeated first, and its second position. Raises Unavailable."""
        with self._pool.lend() as connection:
            found = connection.execute(self._queries["repeated_statement"]).fetchone()
        return None if found is None else (str(found[0]), int(found[1]))

    def odd_kind(self) -> str | None:
        """Return a kind that only entries, or only the table of kinds, have; None if both agree. Raises Unavailable."""
        with self._pool.lend() as connection:
            found = connection.execute(self._queries["odd_kind"]).fetchone()
        return None if found is None else str(found[0])

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


def _recorded(row: tuple[Any, ...]) -> Recorded:
    position, recorded, statement, kind, entry, leaf = row
    return Recorded(position, recorded, StatementId(statement), kind, entry, leaf)
