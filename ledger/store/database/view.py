"""What is published of a log as one moment shows it, and how it is read over a connection. See ``publication``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Malformed
from ledger.statement.entries.entry import parse_entry
from ledger.statement.entries.state_entry import StateEntry, state_of
from ledger.store.database.queries import SQL, read_queries
from ledger.store.database.tag_table import TagTable
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint
from ledger.tlog.index import EMPTY, index_key
from ledger.tlog.note import parse_note
from ledger.tlog.tiles import Tile, TileReader, format_path
from ledger.tlog.tree import HASH_SIZE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import LiteralString, Self

    from ledger.store.database.connecting import Connection
    from ledger.store.port import Recorded
    from ledger.tlog.tree import HashReader


@dataclass(frozen=True, slots=True)
class Published:
    """A published checkpoint.

    note: the signed note of the checkpoint, with its cosignatures.
    entry: its last leaf, the state entry at position ``checkpoint.size``, exact bytes.
    state: what that says.
    """

    checkpoint: Checkpoint
    note: bytes
    entry: bytes
    state: StateEntry


class View:
    """The publication at one moment; a PageReader of its index. One thread's, and only inside its with block."""

    def __init__(
        self, connection: Connection, published: Published | None, pages: Mapping[str, bytes] | None = None
    ) -> None:
        """Read over a connection; made by ``Publication.view`` and ``Publication.glance`` only.

        pages: of the index, all that can be asked for; None: the connection's transaction sees one moment, ask it.
        """
        self._connection = connection
        self._pages = pages
        self.published: Final = published

    @classmethod
    def of(cls, connection: Connection) -> Self:
        """Return what the transaction of a connection sees. Raises as ``Publication.newest``."""
        return cls(connection, newest(connection))

    @classmethod
    def glanced(cls, connection: Connection, names: Iterable[str]) -> Self:
        """Return what is published now, with the pages on the way to some names: one query, which sees one moment."""
        with connection.cursor(binary=True) as cursor:
            keys = [index_key(name).hex() for name in names]
            found = cursor.execute(queries()["glance"], {"keys": keys}).fetchone()
        if found is None:
            raise IntegrityFailed("the row that says what is published is missing")
        *newest, paths, pages = found
        return cls(connection, _published(*newest), dict(zip(paths or (), pages or (), strict=True)))

    @property
    def size(self) -> int:
        """Return how many entries the checkpoint covers; 0 before the first."""
        return 0 if self.published is None else self.published.checkpoint.size

    @property
    def index_root(self) -> bytes:
        """Return the root of the index whose pages these are; EMPTY before the first checkpoint."""
        return EMPTY if self.published is None else self.published.state.index_root

    def hashes(self) -> HashReader:
        """Return a reader of the tree's hashes; it raises IntegrityFailed: a tile is missing or too short."""
        return TileReader(self.size, lambda tile: due_tile(self._connection, tile))

    def read(self, paths: Collection[str], /) -> Mapping[str, bytes]:
        """Return the pages of the index that exist among some paths."""
        if self._pages is not None:
            return {path: self._pages[path] for path in paths if path in self._pages}
        return dict(self._connection.execute(queries()["pages"], {"paths": list(paths)}))

    def rows(self, read: Mapping[int, Recorded]) -> TagTable:
        """Return what rows say of the tags of entries up to the checkpoint. read: entries that need not be read."""
        return TagTable(self._connection, self.size, read)


def queries() -> Mapping[str, LiteralString]:
    """Return the publication's queries by their names."""
    return read_queries(SQL / "publication.sql")


def newest(connection: Connection) -> Published | None:
    """Return the newest checkpoint; None before the first. Raises as ``Publication.newest``."""
    found = connection.execute(queries()["newest"]).fetchone()
    if found is None:
        raise IntegrityFailed("the row that says what is published is missing")
    return _published(*found)


def _published(size: int, note: bytes | None, entry: bytes | None) -> Published | None:
    if note is None and size:
        raise IntegrityFailed(f"the published checkpoint of {size} entries is missing")
    return None if note is None else read_published(size, note, entry)


@lru_cache(maxsize=8)  # the newest one is asked for again and again
def read_published(size: int, note: bytes, entry: bytes | None) -> Published:
    """Read a stored checkpoint and its last leaf. Raises as ``Publication.newest``."""
    if entry is None:
        raise IntegrityFailed(f"the checkpoint covers {size} entries, and the last of them is missing")
    try:
        checkpoint, state = decode_checkpoint(parse_note(note).text), state_of(parse_entry(entry))
    except Malformed as error:
        raise IntegrityFailed(f"the checkpoint of {size} entries, or its last entry: {error}") from error
    if checkpoint.size != size:
        raise IntegrityFailed(f"the checkpoint stored for {size} entries is of {checkpoint.size}")
    return Published(checkpoint, note, entry, state)


def find_tile(connection: Connection, tile: Tile) -> bytes | None:
    """Return the bytes of a hash tile, or None when the newest checkpoint's tree is not that large."""
    values = {"level": tile.level, "place": tile.index, "length": tile.width * HASH_SIZE}
    found = connection.execute(queries()["tile"], values).fetchone()
    return None if found is None else bytes(found[0])


def due_tile(connection: Connection, tile: Tile) -> bytes:
    """Return the bytes of a hash tile that must be there. Raises IntegrityFailed: it is missing or too short."""
    data = find_tile(connection, tile)
    if data is None:
        raise IntegrityFailed(f"{format_path(tile)} is missing or too short")
    return data
