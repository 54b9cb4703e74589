"""The tree and the index as they grow from one checkpoint towards the next, computed from the stored bytes of entries.

Nothing is believed that can be computed: leaves are hashed anew, positions counted, the columns beside an entry and
state entries compared. Nothing is stored or signed here.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Malformed, unreadable
from ledger.publisher.due_rows import DueRows
from ledger.publisher.page_cache import ChangingPages
from ledger.statement.entries.entry import index_names, leaf_of, parse_entry
from ledger.statement.entries.state_entry import NO_NOTE, StateEntry, is_state, state_of
from ledger.store.columns import check_columns
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.index import is_status
from ledger.tlog.pages import extend_index
from ledger.tlog.tiles import tile_bytes, tiles_for
from ledger.tlog.tree import stored_root

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from ledger.publisher.page_cache import PageCache
    from ledger.statement.entries.entry import Entry
    from ledger.store.database.publication import Published, View
    from ledger.store.port import Recorded
    from ledger.tlog.checkpoint import Checkpoint
    from ledger.tlog.tiles import Tile
    from ledger.tlog.tree import HashReader

NEVER_SIGN_ON: Final = "never sign on: read docs/operations.md, what to do about a fork"


class Growth:
    """A published tree and index, and what was appended since."""

    def __init__(self, view: View, hashes: HashReader, cache: PageCache) -> None:
        """Begin at a view of the publication.

        hashes: of the published tree.

        Raises IntegrityFailed: the stored tiles do not lead to the published root, or do not end with its state entry.
        """
        cache.settle(view.size)
        self.base: Final = view.size
        self.tree: Final = GrowingTree(size=view.size, stored=hashes if view.size else None)
        self._pages = ChangingPages(view, cache)
        self._index_root = view.index_root
        self._names = 0
        self._note = NO_NOTE
        self.new_tags = 0
        """How many tags the index has that it had not at the base."""
        self.rows: Final = DueRows(view.size)
        """What rows the entries taken in are due."""
        self.recorded: datetime | None = None
        """When the last entry was recorded, as it says itself; None of an empty log."""
        self.ends_with_state = view.size > 0
        """Whether the last entry is a state entry that says what is true."""
        if view.published is not None:
            self._names = view.published.state.names
            self._note = hashlib.sha256(view.published.note).digest()
            self.recorded = parse_entry(view.published.entry).recorded
            self._check_base(view.published)

    @property
    def state(self) -> StateEntry:
        """Return what a state entry must say that is appended now."""
        return StateEntry(self._index_root, self.tree.size, self._names, self.base, self._note)

    @property
    def pages(self) -> Mapping[str, bytes]:
        """Return the pages of the index that changed."""
        return self._pages.changed

    def tiles(self) -> dict[Tile, bytes]:
        """Return the hash tiles that grew."""
        return {tile: tile_bytes(tile, self.tree) for tile in tiles_for(self.base, self.tree.size)}

    def take(self, recorded: Iterable[Recorded]) -> None:
        """Take in the next entries of the log, oldest first.

        Raises IntegrityFailed, naming the position: an entry cannot be read, a column beside it says otherwise, it was
        recorded before the one in front, or is a state entry that lies. TooOld.
        """
        events: list[tuple[int, bytes, Collection[str]]] = []
        for one in recorded:
            entry, leaf = _opened(one, self.tree.size + 1)
            if self.recorded is not None and entry.recorded < self.recorded:
                raise IntegrityFailed(f"position {entry.position}: it was recorded before the entry in front of it")
            if is_state(entry):
                self._extend(events)
                self._check_state(entry)
            else:
                events.append((one.position, leaf, index_names(entry)))
            self.rows.add(one.kind, entry)
            self.ends_with_state = is_state(entry)
            self.recorded = entry.recorded
            self.tree.append(leaf)
        self._extend(events)

    def check_extends(self, held: Checkpoint, holder: str) -> None:
        """Check that the tree extends a checkpoint that somebody holds.

        held: not larger than the tree. holder: who, for the message.

        Raises IntegrityFailed: the tree had another root at that size.
        """
        if stored_root(held.size, self.tree) != held.root:
            raise IntegrityFailed(
                f"{holder} holds a checkpoint of {held.size} entries with another root than this log's: {NEVER_SIGN_ON}"
            )

    def _check_base(self, published: Published) -> None:
        if self.tree.root() != published.checkpoint.root:
            raise IntegrityFailed(
                f"the stored tiles do not lead to the published root of {self.base} entries: {NEVER_SIGN_ON}"
            )
        if self.tree(0, self.base - 1) != leaf_of(published.entry):
            raise IntegrityFailed(f"position {self.base}: the entry is not the one that was published: {NEVER_SIGN_ON}")

    def _extend(self, events: list[tuple[int, bytes, Collection[str]]]) -> None:
        if not events:
            return
        grown = extend_index(self._index_root, self._pages, events)
        self._pages.changed.update(grown.pages)
        self._index_root = grown.root
        self._names += len(grown.new_names)
        self.new_tags += sum(not is_status(name) for name in grown.new_names)
        events.clear()

    def _check_state(self, entry: Entry) -> None:
        try:
            said = state_of(entry)
        except Malformed as error:
            raise IntegrityFailed(f"position {entry.position}: {error}") from error
        due = self.state
        # Of another publisher it may name another checkpoint: the one that was the newest there.
        if said.published != self.base:
            said = replace(said, published=due.published, note=due.note)
        if said != due:
            raise IntegrityFailed(
                f"position {entry.position}: a state entry that says what is not true: {NEVER_SIGN_ON}"
            )


def _opened(recorded: Recorded, position: int) -> tuple[Entry, bytes]:
    if recorded.position != position:
        raise IntegrityFailed(f"position {position}: the entry is missing")
    try:
        entry = parse_entry(recorded.entry)
        check_columns(recorded, entry)
    except Malformed as error:
        raise unreadable(position, error) from error
    return entry, recorded.leaf
