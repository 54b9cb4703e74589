"""A log that is read from its first entry, held against the checkpoints that are known of it here.

These are the newest one in the database, and what this machine remembers outside it. Entries alone cannot show that the
last of them are missing; a checkpoint can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed
from ledger.store.deciding.permit import CUT_OFF
from ledger.tlog.frontier import Frontier
from ledger.tlog.own import check_own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.publisher.memory_file import MemoryFile
    from ledger.store.database.publication import Publication
    from ledger.store.port import Store
    from ledger.tlog.checkpoint import Checkpoint
    from ledger.tlog.vkey import VerifierKey


class HeldTree:
    """The tree over the leaves of a log's entries, compared with each checkpoint that it reaches."""

    def __init__(self, held: Sequence[tuple[str, Checkpoint]]) -> None:
        """Start before the first entry. held: checkpoints, with who holds each."""
        self._held = held
        self._tree = Frontier()

    @property
    def largest(self) -> int:
        """Return the size of the largest checkpoint; 0 of none."""
        return max((one.size for _, one in self._held), default=0)

    def take(self, leaf: bytes) -> None:
        """Take the next leaf. Raises IntegrityFailed: it completes another tree than that of a checkpoint."""
        self._tree.append(leaf)
        for holder, one in self._held:
            if one.size == self._tree.size and one.root != self._tree.root():
                raise IntegrityFailed(f"position {one.size}: the entries up to it are not the tree of {holder}")

    def check_end(self, store: Store) -> None:
        """Check that the log ends where it has to, once all its entries are taken.

        Raises IntegrityFailed: it ends before a checkpoint, or goes on behind its head. Unavailable.
        """
        size = self._tree.size
        for holder, one in self._held:
            if one.size > size:
                raise IntegrityFailed(
                    f"position {size + 1}: the entry is missing: this log has {size} entries, and {holder} shows "
                    f"a checkpoint of {one.size}: {CUT_OFF}"
                )
        beyond = list(store.read(size, 1))
        # Asked after: what was recorded in between is counted.
        if (head := store.head()) < size or (beyond and head < beyond[0].position):
            raise IntegrityFailed(f"position {head + 1}: an entry stands beyond the head of the log")
        if head > size and not beyond:
            raise IntegrityFailed(f"position {size + 1}: the entry is missing: the head of the log says {head}")


def held_here(
    origin: str, publication: Publication, memory: MemoryFile, keys: Sequence[VerifierKey]
) -> list[tuple[str, Checkpoint]]:
    """Return what a log is to be held against.

    keys: the log's own, by which the published checkpoint is checked; none where they are not here.

    Raises IntegrityFailed: the published checkpoint is not of this log or not signed by it, the last entry under it is
    missing, or what is remembered is damaged. Unavailable. OSError.
    """
    newest, remembered = publication.newest(), memory.read()
    held = [] if remembered is None else [(str(memory.path), remembered)]
    if newest is not None:
        held.append(("the newest checkpoint in the database", check_own(newest.note, keys)))
    held += memory.evidence()
    for holder, one in held:
        if one.origin != origin:
            raise IntegrityFailed(f"{holder} shows a checkpoint of {one.origin}, and this log is {origin}")
    return held
