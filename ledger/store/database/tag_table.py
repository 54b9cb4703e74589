"""What rows say of the tags of entries up to a position, for whoever holds it against what the log says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.ids import StatementId
from ledger.store.database.queries import SQL, read_queries
from ledger.store.port import Recorded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.store.database.connecting import Connection

_PAGE: Final = 500  # entries; at 60,000 bytes each never more than 30 MB


class TagTable:
    """The rows of tags, and the entries they lead to, as one connection sees them."""

    def __init__(self, connection: Connection, size: int, read: Mapping[int, Recorded]) -> None:
        """Look at entries up to a position. read: by their positions, those that were read under the same lock."""
        self._connection = connection
        self._size = size
        self._read = read
        self._queries = read_queries(SQL / "publication.sql")

    def count(self, tag: str) -> int:
        """Return how many entries bear a tag by its rows."""
        found = self._connection.execute(self._queries["bearing"], {"tag": tag, "size": self._size}).fetchone()
        return 0 if found is None else int(found[0])

    def leaves(self, tag: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Return the next entries behind a position that bear a tag by its rows: positions, and the leaves stored."""
        values = {"tag": tag, "after": after, "size": self._size, "limit": limit}
        with self._connection.cursor(binary=True) as cursor:
            return cursor.execute(self._queries["leaves"], values).fetchall()

    def entries(self, positions: Sequence[int]) -> Iterator[Recorded]:
        """Yield the entries at some positions, a page at a time; one that is missing is not among them."""
        yield from (self._read[at] for at in positions if at in self._read)
        asked = [at for at in positions if at not in self._read]
        with self._connection.cursor(binary=True) as cursor:
            for first in range(0, len(asked), _PAGE):
                cursor.execute(self._queries["entries"], {"positions": asked[first : first + _PAGE]})
                for position, recorded, statement, kind, entry, leaf in cursor.fetchall():
                    yield Recorded(position, recorded, StatementId(statement), kind, entry, leaf)
