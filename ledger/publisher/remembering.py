"""A log held against what this machine remembers of it, before anything is recorded or signed.

What is remembered stands outside the database: the newest checkpoint that was signed here, and checkpoints that
somebody else held and this log's own key has signed. A log that does not extend one of them is dead: it was cut off,
restored from a backup, or has forked, and whatever is recorded on it takes a position that was promised to another
statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.errors import Halted
from ledger.statement.entries.entry import leaf_of
from ledger.store.deciding.permit import CUT_OFF
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.tree import stored_root

if TYPE_CHECKING:
    from ledger.publisher.memory_file import MemoryFile
    from ledger.publisher.witness_client import Evidence
    from ledger.store.database.publication import Publication
    from ledger.store.port import Store
    from ledger.tlog.checkpoint import Checkpoint

FORGOTTEN: Final = (
    "checkpoints of {size} entries are published, and this machine remembers none: {path} is missing. Put the newest "
    "copy of it back; if this is the newest state of the log that there is, say so with `vialog restore --as-is` "
    "(docs/operations.md, a backup was restored)"
)
COPIED: Final = (
    "{path} is not the file that was written here: the data directory was copied, or put back from a backup, and the "
    "log may have gone on since. If it has not, and no other copy is in use, say so with `vialog restore --as-is` "
    "(docs/operations.md, a backup was restored)"
)


def check_remembered(store: Store, publication: Publication, memory: MemoryFile) -> None:
    """Hold a log against what this machine remembers of it.

    Raises Halted: the log is behind it or contradicts it, or checkpoints are published and nothing is remembered.
    IntegrityFailed: what is remembered is damaged, or a stored tile is missing. Unavailable. OSError.
    """
    size = publication.size()  # first: another process remembers what it publishes before it does
    newest = memory.read()
    if newest is None and size:
        raise Halted(FORGOTTEN.format(size=size, path=memory.path))
    for name, held in [(str(memory.path), newest), *memory.evidence()]:
        if held is not None:
            _check(store, publication, held, name)


def check_place(memory: MemoryFile) -> None:
    """Raise Halted where what is remembered is not the file that was written on this machine, but a copy. OSError."""
    if not memory.is_in_place():
        raise Halted(COPIED.format(path=memory.path))


def take_as_newest(store: Store, publication: Publication, memory: MemoryFile) -> None:
    """Remember the newest published checkpoint, because a person has said that it is the newest there is.

    Raises Halted: the log is not its tree, or nothing is published. Otherwise as ``check_remembered``.
    """
    published = publication.newest()
    if published is None:
        raise Halted("nothing is published of this log: there is nothing to remember")
    _check(store, publication, published.checkpoint, "the newest published checkpoint")
    memory.write(published.note)


def check_shown(store: Store, publication: Publication, memory: MemoryFile, shown: Evidence) -> None:
    """Hold a log against a checkpoint that somebody shows and the log's own key has signed.

    Raises Halted: the log does not extend it; then this machine remembers it. Otherwise as ``check_remembered``.
    """
    try:
        _check(store, publication, shown.checkpoint, shown.holder)
    except Halted:
        memory.keep_evidence(shown.note)
        raise


def _check(store: Store, publication: Publication, held: Checkpoint, name: str) -> None:
    if held.origin != store.origin:
        raise Halted(f"{name} shows a checkpoint of {held.origin}, and this log is {store.origin}")
    head = store.head()
    if held.size > head:
        raise Halted(f"this log has {head} entries, and {name} shows a checkpoint of {held.size}: {CUT_OFF}")
    if _root(store, publication, held.size) != held.root:
        raise Halted(
            f"the first {held.size} entries of this log are not those of {name}: it went another way since; "
            "nothing may be recorded (docs/operations.md, a backup was restored)"
        )


def _root(store: Store, publication: Publication, size: int) -> bytes:
    """Return the root that the first entries have: from the published tiles, and beyond them from the entries."""
    published = publication.size()
    tree = GrowingTree(size=published, stored=publication.hashes(published) if published else None)
    if size > published:
        for recorded in store.read(published, size - published):
            tree.append(leaf_of(recorded.entry))
    return stored_root(size, tree)
