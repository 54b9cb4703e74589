"""What a witness knows, in one SQLite file: for each log the checkpoint that it cosigned last, and its signed note.

Losing or restoring this file makes a witness that can be shown two histories: keep it with the key, never copy it
back. Several processes may share it on a local disk; deciding and writing are one transaction, which alone holds the
file's lock, and what ``advance`` returns is on the disk.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from ledger.errors import Unavailable
from ledger.files import make_own
from ledger.witness.core import NOTHING, Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PATIENCE: Final = 30.0  # seconds that one process waits for another's transaction
_AT_ONCE: Final = 0.5

_TABLE: Final = """
create table if not exists cosigned (
    origin text primary key,
    size integer not null,
    root blob not null check (length(root) = 32),
    time integer not null
) strict, without rowid
"""
# Beside it, so that the file of an older program is taken as it is: until the next cosignature it has no note to show.
_NOTES: Final = """
create table if not exists shown (
    origin text primary key,
    note blob not null
) strict, without rowid
"""
_READ: Final = "select size, root, time from cosigned where origin = ?"
_WRITE: Final = "insert or replace into cosigned (origin, size, root, time) values (?, ?, ?, ?)"
_SHOW: Final = "insert or replace into shown (origin, note) values (?, ?)"
_SIZES: Final = "select origin, size from cosigned"
_SHOWN: Final = "select note, time from shown join cosigned using (origin) where origin = ?"


class WitnessState:
    """The file of what was cosigned. Threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        """Use a file; it is made when it is first written to."""
        self._path = path

    def known(self, origin: str) -> Known:
        """Return what is known of a log; NOTHING when none of its checkpoints was cosigned. Raises Unavailable."""
        with self._transaction() as connection:
            return _known(connection, origin)

    def shown(self, origin: str) -> tuple[bytes, int] | None:
        """Return the note of the checkpoint that was cosigned last, signed by its log, and when that was.

        None when none was. The time is in POSIX seconds. Raises Unavailable.
        """
        with self._transaction() as connection:
            row = connection.execute(_SHOWN, (origin,)).fetchone()
        return None if row is None else (bytes(row[0]), int(row[1]))

    def sizes(self) -> dict[str, int]:
        """Return the size of the last checkpoint cosigned, of each log. Raises Unavailable, and at once."""
        with self._transaction(patience=_AT_ONCE) as connection:
            return dict(connection.execute(_SIZES).fetchall())

    def advance(self, origin: str, note: bytes, decide: Callable[[Known], Known]) -> Known:
        """Let a decision be made on what is known of a log, keep its answer, and return it once it is on the disk.

        note: of the checkpoint that is decided on, signed by its log.
        decide: raises to leave everything as it was.

        Raises whatever decide raises; Unavailable: the file cannot be read or written, and nothing was kept.
        """
        with self._transaction() as connection:
            decided = decide(_known(connection, origin))
            connection.execute(_WRITE, (origin, decided.size, decided.root, decided.time))
            connection.execute(_SHOW, (origin, note))
        return decided

    @contextmanager
    def _transaction(self, patience: float = _PATIENCE) -> Iterator[sqlite3.Connection]:
        try:
            make_own(self._path)
            with closing(sqlite3.connect(self._path, timeout=patience, isolation_level=None)) as connection:
                # More than FULL: the folder is written to disk as well, or a power cut just after the commit could
                # bring the journal back and undo what was answered.
                connection.execute("pragma synchronous = extra")
                connection.execute("begin immediate")
                try:
                    connection.execute(_TABLE)
                    connection.execute(_NOTES)
                    yield connection
                    connection.execute("commit")
                finally:
                    if connection.in_transaction:
                        connection.execute("rollback")
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(f"the witness's state {self._path}: {error}") from error


def _known(connection: sqlite3.Connection, origin: str) -> Known:
    row = connection.execute(_READ, (origin,)).fetchone()
    return NOTHING if row is None else Known(*row)
