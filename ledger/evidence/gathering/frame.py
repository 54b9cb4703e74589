"""What a bundle is proven under: one published checkpoint, its tree and its index, wherever they are kept.

The newest checkpoint's hashes and index pages are at hand. Of older ones the index is not kept, so it is computed again
from the entries: that reads the whole log up to there and holds the index in memory, about 2 KB for each tag.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed
from ledger.statement.entries.entry import index_names, leaf_of, parse_entry
from ledger.statement.entries.state_entry import StateEntry, state_of
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.index import EMPTY
from ledger.tlog.note import Note, format_note, parse_note
from ledger.tlog.pages import MemoryPages, extend_index, name_states

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ledger.store.database.publication import View
    from ledger.tlog.pages import PageReader
    from ledger.tlog.tree import HashReader

_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Frame:
    """A published checkpoint with what proofs under it are made from.

    note: the signed checkpoint, verbatim.
    entry: the state entry, its last leaf.
    hashes: of the tree at the checkpoint's size; pages: of the index that the state entry names.
    """

    note: bytes
    checkpoint: Checkpoint
    entry: bytes
    state: StateEntry
    hashes: HashReader
    pages: PageReader

    def count(self, name: str) -> int:
        """Return how many events the index knows under a name."""
        return name_states(self.state.index_root, self.pages, [name])[name].count


def newest_frame(view: View) -> Frame | None:
    """Return the frame of the newest checkpoint, to be used while the view is open; None before the first."""
    found = view.published
    if found is None:
        return None
    return Frame(found.note, found.checkpoint, found.entry, found.state, view.hashes(), view)


def cosign_frame(frame: Frame, notes: Iterable[bytes]) -> Frame:
    """Return a frame whose checkpoint bears the signatures of more notes of it: a mirror cosigns what is published.

    Nothing is verified: whoever receives the bundle does. A signature of one name and key id is taken once.

    Raises IntegrityFailed: a note is of another checkpoint. Malformed: it is none.
    """
    held = parse_note(frame.note)
    signatures = list(held.signatures)
    for note in map(parse_note, notes):
        if note.text != held.text:
            raise IntegrityFailed(
                f"a checkpoint given is not the one of {frame.checkpoint.size} entries that is published"
            )
        known = {(one.name, one.key_id) for one in signatures}
        signatures += (one for one in note.signatures if (one.name, one.key_id) not in known)
    return replace(frame, note=format_note(Note(held.text, tuple(signatures))))


def rebuild_frame(note: bytes, entries: Iterable[bytes]) -> Frame:
    """Compute the frame of a checkpoint from all entries under it, oldest first, the state entry last.

    Raises IntegrityFailed: the entries are not those under the checkpoint. Malformed: the note or an entry is not one.
    """
    checkpoint = decode_checkpoint(parse_note(note).text)
    tree, pages, index_root, last = GrowingTree(), MemoryPages(), EMPTY, b""
    remaining = iter(entries)
    while batch := list(islice(remaining, _BATCH)):
        events = [_event(written) for written in batch]
        for _, leaf, _ in events:
            tree.append(leaf)
        grown = extend_index(index_root, pages, events)
        pages.write(grown.pages)
        index_root, last = grown.root, batch[-1]
    if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
        raise IntegrityFailed(f"the {tree.size} entries do not lead to the checkpoint of {checkpoint.size}")
    state = state_of(parse_entry(last))
    # The state entry has no tags, so the index over it too is the index before it.
    if state.index_root != index_root:
        raise IntegrityFailed(f"position {checkpoint.size}: the state entry tells another index than the entries make")
    return Frame(note, checkpoint, last, state, tree, pages)


def _event(written: bytes) -> tuple[int, bytes, Collection[str]]:
    entry = parse_entry(written)
    return entry.position, leaf_of(written), index_names(entry)
