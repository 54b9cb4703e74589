"""What a mirror holds, asked by whoever has its file: replayed into a log in memory, while the mirror may be running.

The file is opened to be read alone, some entries at a time, so that the mirror is never kept waiting; what it adds
meanwhile is left out. Nothing in it is believed: the checkpoint counts by the asker's own policy, every entry is
replayed here as a mirror replays it, and together they must be the tree of that checkpoint. A copy has no disclosures.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Malformed, NotFound, Unavailable
from ledger.mirror.replaying import Replaying
from ledger.tlog.policy import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.rulepacks.load import RulePacks
    from ledger.store.memory import MemoryStore
    from ledger.tlog.policy import Policy, Witnessed

RULES: Final = {
    "MIR-06": "What is asked as a mirror's copy is one: a file of SQLite with a mirror's tables.",
}

_BATCH: Final = 500
_PATIENCE: Final = 10.0
"""So many seconds the mirror is waited for, which writes for a moment."""
_TABLES: Final = {"entry", "replayed", "stopped"}


@dataclass(frozen=True, slots=True)
class Held:
    """A log as it was replayed from a mirror's copy.

    store: it, in memory, up to the checkpoint. witnessed: the checkpoint, with who signed and cosigned it.
    differences: how many entries judging again answers otherwise today. unjudged: how many were not judged again,
        because the edition that they name is not here.
    """

    store: MemoryStore
    witnessed: Witnessed
    differences: int
    unjudged: int


def replay_copy(path: Path, policy: Policy, packs: RulePacks, tell: Callable[[int, int], None]) -> Held:
    """Replay a mirror's copy.

    tell: is told how many entries hold so far, and of how many.

    Raises NotFound: there is no such file. Malformed: MIR-06, it is no mirror's copy. NotTrusted: the policy does not
    believe its checkpoint, as that of another log. IntegrityFailed: the mirror stopped, an entry is missing or does not
    hold, or they are not the tree of the checkpoint. TooOld: an entry cannot be read here. Unavailable: the file.
    """
    with _opened(path) as connection:
        note = _checkpoint(path, connection)
        witnessed = evaluate(policy, note)
        checkpoint = witnessed.checkpoint
        replaying = Replaying(checkpoint.origin, packs)
        differences = unjudged = 0
        for written in _entries(connection, checkpoint.size):
            verified = replaying.take(written)
            differences, unjudged = differences + bool(verified.difference), unjudged + bool(verified.unjudged)
            tell(replaying.size, checkpoint.size)
    if (replaying.size, replaying.root()) != (checkpoint.size, checkpoint.root):
        raise IntegrityFailed(f"the {replaying.size} entries of {path} are not the tree of its checkpoint")
    return Held(replaying.store, witnessed, differences, unjudged)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that only reads, for a with block; what SQLite cannot do there is said as ``Unavailable``."""
    if not path.is_file():
        raise NotFound(f"there is no mirror's copy {path}")
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=_PATIENCE)) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise _no_copy(path) from error
        raise Unavailable(f"the mirror's copy {path}: {error}") from error


def _checkpoint(path: Path, connection: sqlite3.Connection) -> bytes:
    """Return the note of the checkpoint that a copy holds."""
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    if not tables >= _TABLES:
        raise _no_copy(path)
    for (why,) in connection.execute("select why from stopped"):
        raise IntegrityFailed(f"the mirror that keeps {path} stopped, so nothing is asked of it: {why}")
    row = connection.execute("select note, cosignature from replayed").fetchone()
    if row is None:
        raise IntegrityFailed("the copy is empty: nothing was ever mirrored into it")
    note, cosignature = row
    return bytes(note + cosignature)  # the mirror is a witness too, by which a policy may ask for it


def _entries(connection: sqlite3.Connection, size: int) -> Iterator[bytes]:
    """Yield the entries that a checkpoint covers, in pieces: each is a moment in which the mirror cannot write."""
    select = "select position, entry from entry where position > ? and position <= ? order by position"
    for after in range(0, size, _BATCH):
        rows = connection.execute(select, (after, min(after + _BATCH, size))).fetchall()
        for due, (position, written) in enumerate(rows, after + 1):
            if position != due:
                raise IntegrityFailed(f"position {due}: the copy has no such entry")
            yield written
        if len(rows) < min(_BATCH, size - after):
            raise IntegrityFailed(f"position {after + len(rows) + 1}: the copy has no such entry")


def _no_copy(path: Path) -> Malformed:
    return Malformed("MIR-06", str(path), "is not a mirror's copy, the file of `vialog mirror --copy`")
