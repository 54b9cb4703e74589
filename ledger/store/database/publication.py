"""What is published of a log, in PostgreSQL: tiles of its tree, signed checkpoints, and the pages of its index.

Replaced as a whole, by compare-and-swap: of two publishers at once one wins, and the other is told. Verifies nothing:
whoever reads a checkpoint opens its note, and what is proven from hashes and pages is checked against signed roots.

    with publication.view() as view:            # one moment, however long it takes; for all reads that must agree
        view.published                          # newest checkpoint, its note and its state entry; None before the first
        view.hashes()                           # HashReader of that size, for prove_inclusion and prove_consistency
        prove_names(view.index_root, view, tags) # a view is the PageReader of the index that the state entry names
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg import errors

from ledger.errors import Conflict, IntegrityFailed, Malformed
from ledger.statement.entries.entry import parse_entry
from ledger.statement.entries.state_entry import StateEntry, state_of
from ledger.store.columns import TagLine
from ledger.store.database.connections import Pool
from ledger.store.database.queries import SQL, read_queries
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint
from ledger.tlog.index import EMPTY
from ledger.tlog.note import parse_note
from ledger.tlog.tiles import Tile, TileReader, format_path
from ledger.tlog.tree import HASH_SIZE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from typing import LiteralString

    from ledger.store.database.connecting import Connection
    from ledger.tlog.tree import HashReader

_READERS: Final = 4


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


@dataclass(frozen=True, slots=True)
class Update:
    """All that changes with a new checkpoint.

    after: the size of the checkpoint that it extends; 0 for the first.
    tiles: the hash tiles that grew; pages: those of the index that changed.
    """

    after: int
    size: int
    note: bytes
    tiles: Mapping[Tile, bytes]
    pages: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a log and its publication stand.

    head: how many entries there are. size: how many of them a checkpoint covers. read_only: whether it takes no more.
    recorded: when the last entry was; None of an empty log. clock: the database's time.
    """

    head: int
    size: int
    read_only: bool
    recorded: datetime | None
    clock: datetime


class Publication:
    """The publication of the log in a migrated database. Threads may share it."""

    def __init__(self, conninfo: str, readers: int = _READERS) -> None:
        """Open nothing yet.

        conninfo: libpq's. The login is vialog_app, or may act as it.
        readers: how many threads can read at the same time; the others wait.
        """
        self._queries = read_queries(SQL / "publication.sql")
        self._pool = Pool(conninfo, most=readers)
        self._apart = Pool(conninfo, most=1)

    def newest(self) -> Published | None:
        """Return the newest checkpoint; None before the first.

        Raises Unavailable. IntegrityFailed: its note is not that of a checkpoint of its size, or its last leaf is no
        state entry.
        """
        with self._pool.lend() as connection:
            return _newest(connection)

    def at(self, size: int) -> Published | None:
        """Return the largest checkpoint up to a size; None if there is none. Raises as ``newest``."""
        return self._one("at", size)

    def covering(self, position: int) -> Published | None:
        """Return the smallest checkpoint that covers a position; None if there is none yet. Raises as ``newest``."""
        return self._one("covering", position)

    def size(self) -> int:
        """Return how many entries the newest checkpoint covers; 0 before the first. Raises Unavailable."""
        with self._pool.lend() as connection:
            return _size(connection)

    def standing(self) -> Standing:
        """Return how the log stands, asked over a connection that nobody else is lent. Raises Unavailable."""
        with self._apart.lend() as connection:
            row = connection.execute(self._queries["standing"]).fetchone()
        if row is None:
            raise IntegrityFailed("the rows that say what is recorded and published are missing")
        return Standing(*row)

    def hashes(self, size: int) -> HashReader:
        """Return a reader of the tree's hashes at a published size; for one request or run, it keeps what it read.

        It raises IntegrityFailed: a tile is missing or too short.
        """
        return TileReader(size, self._due)

    def tile(self, tile: Tile) -> bytes | None:
        """Return the bytes of a hash tile, or None when the newest checkpoint's tree is not that large."""
        with self._pool.lend() as connection:
            return _tile(connection, tile)

    @contextmanager
    def view(self) -> Iterator[View]:
        """Yield the publication as it is at one moment, for a with block. Raises as ``newest``."""
        with self._pool.lend() as connection, connection.transaction():
            connection.execute(self._queries["still"])
            yield View(connection, _newest(connection))

    def publish(self, update: Update) -> None:
        """Replace the publication by a larger one, all of it or nothing.

        Raises Conflict: another publisher was first. IntegrityFailed: a stored tile is not the beginning of the new
        one. Unavailable: the database does not answer, and the update may or may not stand; ``size`` tells.
        """
        try:
            with self._pool.lend() as connection, connection.unhurried(), connection.transaction():
                # The first one of a large log writes many pages.
                connection.execute(self._queries["take_time"])
                # First, because it locks the one row: who comes second waits here, and finds it changed.
                swap = {"after": update.after, "size": update.size}
                if connection.execute(self._queries["swap"], swap).rowcount != 1:
                    raise Conflict(f"another publisher has gone on from the checkpoint of {update.after} entries")
                self._write(connection, update)
                # Die here: nothing of it stands.
        except errors.RestrictViolation as error:
            raise IntegrityFailed(
                f"the tree does not extend what is published: {error.diag.message_primary}"
            ) from error

    def tag_lines(self, after: int, upto: int) -> list[TagLine]:
        """Return what rows say of the tags of a range of positions, as they are now. Raises Unavailable."""
        with self._pool.lend() as connection:
            # Planned anew each time: what was the best way while the log was short would read all rows of a long one.
            found = connection.execute(self._queries["tag_lines"], {"after": after, "upto": upto}, prepare=False)
            return [TagLine(position, tags, frozenset(kinds)) for position, tags, *kinds in found]

    def untold(self, tags: Collection[str], size: int) -> set[str]:
        """Return those of some tags that no row gives to an entry up to a size. Raises Unavailable."""
        with self._pool.lend() as connection:
            return {tag for (tag,) in connection.execute(self._queries["untold"], {"tags": list(tags), "size": size})}

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()
        self._apart.close()

    def _one(self, query: str, size: int) -> Published | None:
        with self._pool.lend() as connection:
            found = connection.execute(self._queries[query], {"size": size}).fetchone()
        return None if found is None else _read(*found)

    def _write(self, connection: Connection, update: Update) -> None:
        tiles = {
            "levels": [tile.level for tile in update.tiles],
            "places": [tile.index for tile in update.tiles],
            "hashes": list(update.tiles.values()),
        }
        connection.execute(self._queries["write_tiles"], tiles)
        pages = {"paths": list(update.pages), "pages": list(update.pages.values())}
        connection.execute(self._queries["write_pages"], pages)
        checkpoint = {"size": update.size, "note": update.note}
        connection.execute(self._queries["write_checkpoint"], checkpoint)

    def _due(self, tile: Tile) -> bytes:
        with self._pool.lend() as connection:
            return _due(connection, tile)


class View:
    """The publication at one moment; a PageReader of its index. One thread's, and only inside its with block."""

    def __init__(self, connection: Connection, published: Published | None) -> None:
        """Read over a connection whose transaction sees one moment; made by ``Publication.view`` only."""
        self._connection = connection
        self.published: Final = published

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
        return TileReader(self.size, lambda tile: _due(self._connection, tile))

    def read(self, paths: Collection[str], /) -> Mapping[str, bytes]:
        """Return the pages of the index that exist among some paths."""
        return dict(self._connection.execute(_queries()["pages"], {"paths": list(paths)}))

    def rows_of(self, tag: str) -> int:
        """Return how many rows give a tag to entries up to the checkpoint."""
        found = self._connection.execute(_queries()["rows_of"], {"tag": tag, "size": self.size}).fetchone()
        return 0 if found is None else int(found[0])


def _queries() -> Mapping[str, LiteralString]:
    return read_queries(SQL / "publication.sql")


def _size(connection: Connection) -> int:
    row = connection.execute(_queries()["size"]).fetchone()
    if row is None:
        raise IntegrityFailed("the row that says what is published is missing")
    return int(row[0])


def _newest(connection: Connection) -> Published | None:
    size = _size(connection)  # asked first: what is published between the two questions only adds
    found = connection.execute(_queries()["newest"]).fetchone()
    if found is None and size:
        raise IntegrityFailed(f"the published checkpoint of {size} entries is missing")
    return None if found is None else _read(*found)


def _read(size: int, note: bytes, entry: bytes | None) -> Published:
    if entry is None:
        raise IntegrityFailed(f"the checkpoint covers {size} entries, and the last of them is missing")
    try:
        checkpoint, state = decode_checkpoint(parse_note(note).text), state_of(parse_entry(entry))
    except Malformed as error:
        raise IntegrityFailed(f"the checkpoint of {size} entries, or its last entry: {error}") from error
    if checkpoint.size != size:
        raise IntegrityFailed(f"the checkpoint stored for {size} entries is of {checkpoint.size}")
    return Published(checkpoint, note, entry, state)


def _tile(connection: Connection, tile: Tile) -> bytes | None:
    values = {"level": tile.level, "place": tile.index, "length": tile.width * HASH_SIZE}
    found = connection.execute(_queries()["tile"], values).fetchone()
    return None if found is None else bytes(found[0])


def _due(connection: Connection, tile: Tile) -> bytes:
    data = _tile(connection, tile)
    if data is None:
        raise IntegrityFailed(f"{format_path(tile)} is missing or too short")
    return data
