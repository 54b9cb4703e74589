"""A mirror's own copy of a log, in one SQLite file: its entries, and the newest checkpoint that they are the tree of.

Entries, checkpoint and the mirror's cosignature are written together, and are on disk before anybody is told. The file
may be read by any program, also while the mirror runs (``ledger.mirror.held``); the mirror itself believes nothing in
it, and replays it again whenever it starts. Which process is its mirror is told by a lock on an empty file beside it.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Unavailable
from ledger.files import make_own
from ledger.store.server.locks import take_if_free

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

_TABLES: Final = (
    "create table if not exists entry (position integer primary key, entry blob not null) strict",
    """create table if not exists replayed (one integer primary key check (one = 1), origin text not null,
       size integer not null, note blob not null, time integer not null,
       cosignature blob not null) strict""",
    "create table if not exists stopped (one integer primary key check (one = 1), why text not null) strict",
)
_PATIENCE: Final = 10.0
"""So many seconds somebody who reads the file, some rows at a time, is waited for."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """The newest checkpoint that the entries are the tree of: its log, its size, its note as received.

    It was replayed, unless the program was too old for one of its entries: the mirror replays all when it starts.

    time: of the mirror's last cosignature, POSIX seconds; 0 of none. cosignature: its own signature lines over this
        checkpoint; nothing of a mirror without a key, and where it did not replay the entries.
    """

    origin: str
    size: int
    note: bytes
    time: int
    cosignature: bytes = b""


class Copy:
    """The copy of one log. One thread and one process at a time use it."""

    def __init__(self, path: Path) -> None:
        """Open a copy; it is made if there is none. Raises Unavailable: it cannot be, or another process has it."""
        self._path = path
        with self._answered():
            # Held until the copy is closed: two mirrors over one copy would each cosign what the other does not know.
            self._lock = _locked(path.with_name(f"{path.name}.lock"))
        try:
            with self._answered():
                make_own(path)  # the entries are confidential; what SQLite puts beside it has its mode
                self._connection = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)
                self._connection.execute("pragma synchronous = extra")
                for table in _TABLES:
                    self._connection.execute(table)
        except Unavailable:
            os.close(self._lock)
            raise

    def replayed(self) -> Replayed | None:
        """Return the checkpoint that is held; None of a new copy. Raises Unavailable."""
        with self._answered():
            row = self._connection.execute("select origin, size, note, time, cosignature from replayed").fetchone()
        return None if row is None else Replayed(*row)

    def entries(self) -> Generator[bytes, None, None]:
        """Yield the entries, oldest first. Raises Unavailable. IntegrityFailed: one is missing."""
        with self._answered():
            for due, row in enumerate(self._connection.execute("select * from entry order by position"), start=1):
                position, entry = row
                if position != due:
                    raise IntegrityFailed(f"the mirror's own copy {self._path} has no entry {due}")
                yield entry

    def keep(self, replayed: Replayed, entries: Sequence[bytes]) -> None:
        """Add the entries up to a checkpoint, and the checkpoint; all of it or nothing. Raises Unavailable."""
        first = replayed.size - len(entries) + 1
        with self._answered():
            self._connection.execute("begin immediate")
            try:
                self._connection.executemany("insert into entry values (?, ?)", enumerate(entries, first))
                row = astuple(replayed)
                self._connection.execute("insert or replace into replayed values (1, ?, ?, ?, ?, ?)", row)
                self._connection.execute("delete from stopped")
                self._connection.execute("commit")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")

    def stop(self, why: str) -> None:
        """Note why the mirror goes no further, for whoever asks the copy, until it does. Raises Unavailable."""
        with self._answered():
            self._connection.execute("insert or replace into stopped values (1, ?)", (why,))

    def close(self) -> None:
        """Close the file, and leave it to another mirror."""
        self._connection.close()
        os.close(self._lock)

    @contextmanager
    def _answered(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(f"the mirror's copy {self._path}: {error}") from error


def _locked(path: Path) -> int:
    """Return a descriptor that holds a mirror's lock. Raises OSError: it cannot be made, or another mirror has it."""
    lock = take_if_free(path)
    if lock is None:
        raise OSError(errno.EAGAIN, "another process is its mirror")
    return lock
