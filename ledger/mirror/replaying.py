"""A log as a mirror replays it, entry by entry: verified, judged again, and built into a tree of its own.

Each entry goes through the same check as ``vialog log verify``, state entries and their index included.
"""

from __future__ import annotations

from collections import deque
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.errors import LedgerError, unreadable
from ledger.statement.entries.entry import Entry, leaf_of, parse_entry
from ledger.statement.entries.state_entry import STATE_KIND, is_state, state_id
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.store.memory import MemoryStore
from ledger.store.port import Recorded
from ledger.tlog.frontier import Frontier
from ledger.verification.log import verify_log
from ledger.verification.replay import Verified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.rulepacks.load import RulePacks


@dataclass(frozen=True, slots=True)
class Read:
    """An entry, taken apart, and as a store would hold it."""

    entry: Entry
    stored: Recorded


class Replaying:
    """What the entries taken so far add up to."""

    def __init__(self, origin: str, packs: RulePacks) -> None:
        """Start before the first entry of a log with a name; entries are judged again by the packs they name."""
        self.store = MemoryStore(origin)
        """What was taken, as a log that can be asked."""
        self._tree = Frontier()
        self._next: deque[Recorded] = deque()
        self._verified = verify_log(self._given(), origin, packs, into=self.store)
        self._ends_with_state = False

    @property
    def size(self) -> int:
        """Return the number of entries taken."""
        return self._tree.size

    @property
    def ends_with_state(self) -> bool:
        """Say whether the last entry is a state entry, as that of every published checkpoint is."""
        return self._ends_with_state

    def root(self) -> bytes:
        """Return the root of the tree over the entries taken."""
        return self._tree.root()

    def root_with(self, entries: Iterable[bytes]) -> bytes:
        """Return what the root would be with some entries more, whether they hold or not."""
        tree = deepcopy(self._tree)
        for written in entries:
            tree.append(leaf_of(written))
        return tree.root()

    def take(self, written: bytes) -> Verified:
        """Verify the next entry, exactly as it was received.

        Raises IntegrityFailed, naming the position and the check; TooOld, naming what is not known here. Nothing more
        can be taken then.
        """
        position = self.size + 1
        try:
            read = read_written(written, position)
        except LedgerError as error:
            raise unreadable(position, error) from error
        self._next.append(read.stored)
        verified = next(self._verified)
        self._add(read, verified.leaf)
        return verified

    def _given(self) -> Iterator[Recorded]:
        # The check takes entries from an iterator and gives one answer for each: one is put here before each answer.
        while True:
            yield self._next.popleft()

    def _add(self, read: Read, leaf: bytes) -> None:
        self._tree.append(leaf)
        self._ends_with_state = is_state(read.entry)


def read_written(written: bytes, position: int) -> Read:
    """Read an entry as a store would hold it. A mirror has no columns: their values are taken from the entry."""
    entry = parse_entry(written)
    if is_state(entry):
        statement, kind = state_id(entry.data), STATE_KIND
    else:
        payload = read_payload(parse_envelope(entry.data).payload)
        statement, kind = payload.id, payload.kind
    return Read(entry, Recorded(position, entry.recorded, statement, kind, written, leaf_of(written)))
