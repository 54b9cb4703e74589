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

from ledger.errors import Conflict, IntegrityFailed
from ledger.store.columns import TagLine
from ledger.store.database.connections import Pool
from ledger.store.database.queries import SQL, read_queries
from ledger.store.database.view import Published, View, due_tile, find_tile, newest, read_published
from ledger.tlog.tiles import TileReader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from ledger.store.database.connecting import Connection
    from ledger.tlog.tiles import Tile
    from ledger.tlog.tree import HashReader

__all__ = ["Publication", "Published", "Standing", "Update", "View"]

_READERS: Final = 4


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
            return newest(connection)

    def at(self, size: int) -> Published | None:
        """Return the largest checkpoint up to a size; None if there is none. Raises as ``newest``."""
        return self._one("at", size)

    def covering(self, position: int) -> Published | None:
        """Return the smallest checkpoint that covers a position; None if there is none yet. Raises as ``newest``."""
        return self._one("covering", position)

    def size(self) -> int:
        """Return how many entries the newest checkpoint covers; 0 before the first. Raises Unavailable."""
        with self._pool.lend() as connection:
            row = connection.execute(self._queries["size"]).fetchone()
        if row is None:
            raise IntegrityFailed("the row that says what is published is missing")
        return int(row[0])

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
            return find_tile(connection, tile)

    @contextmanager
    def view(self) -> Iterator[View]:
        """Yield the publication as it is at one moment, for a with block. Raises as ``newest``."""
        with self._pool.lend() as connection, connection.transaction():
            connection.execute(self._queries["still"])
            yield View.of(connection)

    @contextmanager
    def glance(self, names: Collection[str]) -> Iterator[View]:
        """Yield the publication as ``view`` does, for whoever asks its index for some names and for no others.

        One answer of the server in the place of six: what else is read of the view does not change once it is there.
        """
        with self._pool.lend() as connection:
            yield View.glanced(connection, names)

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
        return None if found is None else read_published(*found)

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
            return due_tile(connection, tile)
