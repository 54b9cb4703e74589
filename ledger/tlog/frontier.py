"""The right edge of a growing tree: what is needed to append leaves, and what comes out.

A tree of some size is a row of complete subtrees, one for each bit set in the size, the largest on the left. Their
hashes are all that the root and every later append need. Appending a leaf completes the subtrees that end with it:
as many as the size has one-bits at its end, and the leaf itself. A subtree is complete once and never changes.

>>> from ledger.tlog.tree import leaf_hash
>>> tree = GrowingTree([leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")])
>>> tree.size, tree.root().hex()
(3, '36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1')
>>> tree(1, 0) == node_hash(leaf_hash(b"a"), leaf_hash(b"b"))
True
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.tlog.tree import EMPTY_ROOT, node_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.tlog.tree import HashReader


@dataclass(frozen=True, slots=True)
class SubtreeHash:
    """The hash of a complete subtree, with its address."""

    level: int
    index: int
    hash: bytes


class Frontier:
    """The right edge of a growing tree: at most 63 hashes, enough to append leaves and to know the root.

    Not safe for use by several threads.
    """

    def __init__(self) -> None:
        """Start with the empty tree."""
        self._size = 0
        # Complete subtrees from left to right, one for each bit set in the size, highest bit first.
        self._peaks: list[bytes] = []

    @classmethod
    def load(cls, size: int, read: HashReader) -> Frontier:
        """Return the frontier of a stored tree of some size; costs one read for each bit set in the size."""
        frontier = cls()
        frontier._size = size
        frontier._peaks = [read(level, (size >> level) - 1) for level in _levels(size)]
        return frontier

    @classmethod
    def of(cls, size: int, peaks: Sequence[bytes]) -> Frontier:
        """Return the frontier of a tree of some size with its peaks, as ``peaks`` has them.

        Raises ValueError: a tree of that size has another number of them.
        """
        if len(peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(peaks)}")
        frontier = cls()
        frontier._size = size
        frontier._peaks = list(peaks)
        return frontier

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return self._size

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """Return the complete subtrees from left to right, one for each bit set in the size: all that it is."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> list[SubtreeHash]:
        """Append a leaf hash and return the subtrees that it completes: first itself, then ever larger ones."""
        completed = [SubtreeHash(0, self._size, leaf)]
        while self._size >> (level := len(completed) - 1) & 1:
            joined = node_hash(self._peaks.pop(), completed[-1].hash)
            completed.append(SubtreeHash(level + 1, self._size >> (level + 1), joined))
        self._peaks.append(completed[-1].hash)
        self._size += 1
        return completed

    def grow(self, leaf: bytes) -> None:
        """Append a leaf hash where nobody keeps what it completes: all that ``append`` does, and nothing told."""
        size, reached = self._size, leaf
        while size & 1:
            reached, size = node_hash(self._peaks.pop(), reached), size >> 1
        self._peaks.append(reached)
        self._size += 1

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


class GrowingTree:
    """A HashReader over a stored tree and the leaves appended to it since, whose hashes it holds in memory.

    A publisher grows it from the tiles of the last checkpoint and reads from it what the next ones need.
    """

    def __init__(self, leaves: Iterable[bytes] = (), *, size: int = 0, stored: HashReader | None = None) -> None:
        """Continue a stored tree of some size, the empty one by default, with some leaf hashes, oldest first."""
        if size and stored is None:
            raise ValueError("a tree that is not empty is stored somewhere")
        self._stored = stored
        self._frontier = Frontier() if stored is None else Frontier.load(size, stored)
        self._added: dict[tuple[int, int], bytes] = {}
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        """Return the number of leaves, stored and appended."""
        return self._frontier.size

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        return self._frontier.root()

    def append(self, leaf: bytes) -> None:
        """Append a leaf hash."""
        for done in self._frontier.append(leaf):
            self._added[done.level, done.index] = done.hash

    def __call__(self, level: int, index: int, /) -> bytes:
        """Return the hash of a complete subtree; raises ValueError when it is not complete at this size."""
        added = self._added.get((level, index))
        if added is not None:
            return added
        if self._stored is None:
            raise ValueError(f"subtree {index} of level {level} is not complete at {self.size} leaves")
        return self._stored(level, index)


def _levels(size: int) -> list[int]:
    return [level for level in reversed(range(size.bit_length())) if size >> level & 1]
