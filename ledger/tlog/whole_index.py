"""The whole index in memory, grown from its first event: for those who check what a publisher says of it.

Defined in ``index``, kept in pages by ``pages``. Here it is a binary tree of all keys, which shares no code with the
pages, so that a fault in one is seen by the other. A root after k changed names costs about k * log2(names / k) hashes;
memory grows with the names. Not safe for use by several threads.

>>> index = WholeIndex()
>>> index.add(1, bytes(32), ["item:A"])
>>> index.root() == Leaf(index_key("item:A"), advance(NO_EVENTS, 1, bytes(32))).hash()
True
>>> index.names, [path for path, _ in index.pages()]
(1, [''])
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from ledger.tlog.index import EMPTY, NO_EVENTS, Leaf, TagState, advance, index_key, key_bit, node_hash
from ledger.tlog.pages import PAGE_LEVELS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


@dataclass(slots=True)
class _Tip:
    """A subtree of one key, at whatever depth."""

    key: bytes
    hash: bytes


@dataclass(slots=True)
class _Fork:
    """A subtree of several keys."""

    left: _Subtree
    right: _Subtree
    hash: bytes


_Subtree: TypeAlias = _Tip | _Fork | None

_DIGITS: Final = "0123456789abcdef"


class WholeIndex:
    """The index over the events added so far."""

    def __init__(self) -> None:
        """Start with no events."""
        self._keys: dict[str, bytes] = {}
        self._states: dict[bytes, TagState] = {}
        self._changed: set[bytes] = set()
        self._top: _Subtree = None

    @property
    def names(self) -> int:
        """Return the number of names."""
        return len(self._keys)

    def add(self, position: int, leaf: bytes, names: Collection[str]) -> None:
        """Add the next event: its position, its leaf hash, and its names, each once."""
        for name in names:
            key = self._keys.get(name)
            if key is None:
                key = self._keys[name] = index_key(name)
            self._states[key] = advance(self._states.get(key, NO_EVENTS), position, leaf)
            self._changed.add(key)

    def root(self) -> bytes:
        """Return the root over all events added."""
        if self._changed:
            self._top = self._grown(self._top, sorted(self._changed), 0)
            self._changed.clear()
        return _hash(self._top)

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Yield the path and the bytes of every page that keeps this index, as ``pages`` defines them."""
        self.root()
        if self._top is not None:
            yield from self._pages("", self._top)

    def _grown(self, subtree: _Subtree, keys: list[bytes], depth: int) -> _Subtree:
        if not keys:
            return subtree
        if isinstance(subtree, _Tip):
            # It takes its place among the changed keys, or is one of them.
            if subtree.key not in keys:
                insort(keys, subtree.key)
            subtree = None
        if subtree is None and len(keys) == 1:
            return _Tip(keys[0], Leaf(keys[0], self._states[keys[0]]).hash())
        middle = bisect_left(keys, 1, key=lambda key: key_bit(key, depth))
        left, right = (subtree.left, subtree.right) if subtree else (None, None)
        left, right = self._grown(left, keys[:middle], depth + 1), self._grown(right, keys[middle:], depth + 1)
        return _Fork(left, right, node_hash(_hash(left), _hash(right)))

    def _pages(self, path: str, top: _Subtree) -> Iterator[tuple[str, bytes]]:
        places = _below(top, 4 * len(path), PAGE_LEVELS)
        yield path, b"".join(map(self._place, places))
        for digit, place in zip(_DIGITS, places, strict=True):
            if isinstance(place, _Fork):
                yield from self._pages(path + digit, place)

    def _place(self, subtree: _Subtree) -> bytes:
        match subtree:
            case None:
                return b"\x00"
            case _Tip(key):
                state = self._states[key]
                return b"\x01" + key + state.count.to_bytes(8, "big") + state.chain
            case _Fork():
                return b"\x02" + subtree.hash


def _hash(subtree: _Subtree) -> bytes:
    return EMPTY if subtree is None else subtree.hash


def _below(subtree: _Subtree, depth: int, levels: int) -> list[_Subtree]:
    """Return the 2 ** levels subtrees so many levels further down; a key's own subtree is handed down to its place."""
    if levels == 0:
        return [subtree]
    match subtree:
        case _Fork(left, right):
            pass
        case _Tip(key):
            left, right = (None, subtree) if key_bit(key, depth) else (subtree, None)
        case None:
            left = right = None
    return _below(left, depth + 1, levels - 1) + _below(right, depth + 1, levels - 1)
