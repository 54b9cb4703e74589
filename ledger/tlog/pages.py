"""How the index is kept: pages of four levels, read and written in batches.

The map of ``index`` is cut into pages. A page holds one subtree down to four bits below its top: 16 places, one for
each next hexadecimal digit of a key. Its *path* is the digits above it: "" for the top page, "3" and "3a" below. A
place is empty, holds the one key of its subtree, or the hash of a subtree of several keys, whose page exists
at the path one digit longer. A page other than the top one has at least two keys below it.

    page  = 16 places, from digit 0 to f
    place = 0x00 / 0x01 key u64be(count) chain / 0x02 hash

A change to k names reads and writes about k * log16(names) pages, however many names there are, in one read for each
level. Every page that is read is checked against the hash above it, up to the root that the caller holds, so an
edited or stale page is found before anything is built on it. Pages are returned, never written here: the caller
stores them together with the root, in one transaction.

>>> grown = extend_index(EMPTY, MemoryPages(), [(1, bytes(32), ["item:A"])])
>>> sorted(grown.pages), len(grown.pages[""])
([''], 88)
>>> grown.root == Leaf(index_key("item:A"), advance(NO_EVENTS, 1, bytes(32))).hash()
True
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from ledger.errors import IntegrityFailed
from ledger.tlog.index import (
    EMPTY,
    NO_EVENTS,
    Absent,
    IndexProof,
    Leaf,
    Present,
    TagState,
    advance,
    index_key,
    leaf_hash,
    node_hash,
)
from ledger.tlog.tree import HASH_SIZE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

PAGE_LEVELS: Final = 4
PAGE_WIDTH: Final = 1 << PAGE_LEVELS
_NOTHING: Final = b"\x00"
_LEAF: Final = 1
_BRANCH: Final = 2
_SIZES: Final = {0: 1, _LEAF: 1 + HASH_SIZE + 8 + HASH_SIZE, _BRANCH: 1 + HASH_SIZE}

# A place is the bytes that it is written as: what is only passed through or hashed is never taken apart.
_Page = list[bytes]


class PageReader(Protocol):
    """Whatever holds the pages: a table with the path as its key, or memory."""

    def read(self, paths: Collection[str], /) -> Mapping[str, bytes]:
        """Return the pages that exist among some paths; called once for each level, so one query will do."""
        ...


class MemoryPages:
    """Pages in memory: for tests, mirrors and small logs."""

    def __init__(self) -> None:
        """Start with no pages."""
        self._pages: dict[str, bytes] = {}

    def read(self, paths: Collection[str], /) -> Mapping[str, bytes]:
        """Return the pages that exist among some paths."""
        return {path: self._pages[path] for path in paths if path in self._pages}

    def write(self, pages: Mapping[str, bytes]) -> None:
        """Store pages, over those that stand at their paths."""
        self._pages.update(pages)


@dataclass(frozen=True, slots=True)
class GrownIndex:
    """An index after some events: its root, all pages that changed, to be stored, and the names that are new in it."""

    root: bytes
    pages: Mapping[str, bytes]
    new_names: tuple[str, ...]


def extend_index(root: bytes, reader: PageReader, events: Iterable[tuple[int, bytes, Collection[str]]]) -> GrownIndex:
    """Return the index after some more events.

    root: of the index that the pages hold; EMPTY for none.
    events: position, leaf hash and names of each, oldest first; an event counts once under a name.

    Raises IntegrityFailed: a page is missing, damaged, or does not belong to the root.
    """
    by_name = _by_name(events)
    keys = {name: index_key(name) for name in by_name}
    pages = _load(root, reader, keys.values())
    changed, new_names = set[str](), list[str]()
    for name, added in by_name.items():
        walked, is_new = _insert(pages, keys[name], added)
        changed |= walked
        if is_new:
            new_names.append(name)
    # The longest paths first: a page's hash is known before the page above it is hashed.
    for path in sorted(changed - {""}, key=len, reverse=True):
        pages[path[:-1]][int(path[-1], 16)] = _branch(_hash_of(_top(pages[path])))
    new_root = _hash_of(_top(pages[""])) if changed else root
    return GrownIndex(new_root, {path: b"".join(pages[path]) for path in changed}, tuple(new_names))


def prove_names(root: bytes, reader: PageReader, names: Iterable[str]) -> tuple[IndexProof, ...]:
    """Return what the index says of some names, one proof for each in the same order.

    root: of the index that the pages hold; EMPTY for none.

    Raises IntegrityFailed: a page is missing, damaged, or does not belong to the root.
    """
    wanted = [(name, index_key(name)) for name in names]
    pages = _load(root, reader, [key for _, key in wanted])
    return tuple(_prove(pages, name, key) for name, key in wanted)


def name_states(root: bytes, reader: PageReader, names: Iterable[str]) -> dict[str, TagState]:
    """Return the state of some names; NO_EVENTS for one that the index does not hold.

    Raises IntegrityFailed: a page is missing, damaged, or does not belong to the root.
    """
    keys = {name: index_key(name) for name in names}
    pages = _load(root, reader, keys.values())
    return {name: _state(pages, key) for name, key in keys.items()}


def _by_name(events: Iterable[tuple[int, bytes, Collection[str]]]) -> dict[str, list[tuple[int, bytes]]]:
    by_name: dict[str, list[tuple[int, bytes]]] = {}
    for position, leaf, names in events:
        for name in sorted(set(names)):
            by_name.setdefault(name, []).append((position, leaf))
    return by_name


def _load(root: bytes, reader: PageReader, keys: Iterable[bytes]) -> dict[str, _Page]:
    # The pages on the paths of the keys, one read for each level, each page checked against the place above it.
    names = [key.hex() for key in keys]
    pages: dict[str, _Page] = {"": [_NOTHING] * PAGE_WIDTH}
    promised = {"": root} if names and root != EMPTY else {}
    depth = 0
    while promised:
        found = reader.read(promised.keys())
        pages.update({path: _open(path, found.get(path), due) for path, due in promised.items()})
        promised = {}
        for name in names:
            page = pages.get(name[:depth])
            place = _NOTHING if page is None else page[int(name[depth], 16)]
            if place[0] == _BRANCH:
                promised[name[: depth + 1]] = place[1:]
        depth += 1
    return pages


def _open(path: str, data: bytes | None, due: bytes) -> _Page:
    if data is None:
        raise IntegrityFailed(f"index page {path!r} is missing")
    page = _decode(path, data)
    top = _top(page)
    # Below the top page a page of one key would be a second way to keep the same map.
    if _hash_of(top) != due or (path and top[0] != _BRANCH):
        raise IntegrityFailed(f"index page {path!r} is not the one that the page or root above it promises")
    return page


def _insert(pages: dict[str, _Page], key: bytes, added: Iterable[tuple[int, bytes]]) -> tuple[set[str], bool]:
    # Walk down to the key's place, opening a new page wherever another key stands in the way; return all the paths,
    # and whether the key is new.
    name, path, changed = key.hex(), "", {""}
    while True:
        digit = int(name[len(path)], 16)
        place = pages[path][digit]
        other = place[0] == _LEAF and place[1 : 1 + HASH_SIZE] != key
        if not other and place[0] != _BRANCH:
            break
        below = name[: len(path) + 1]
        if other:
            pages[below] = [_NOTHING] * PAGE_WIDTH
            pages[below][int(place[1 : 1 + HASH_SIZE].hex()[len(below)], 16)] = place
            pages[path][digit] = _branch(EMPTY)  # its hash is filled in with those of all changed pages
        path = below
        changed.add(path)
    state = _leaf_of(place).state if place[0] == _LEAF else NO_EVENTS
    for position, leaf in added:
        state = advance(state, position, leaf)
    pages[path][digit] = b"\x01" + Leaf(key, state).written()
    return changed, place == _NOTHING


def _prove(pages: Mapping[str, _Page], name: str, key: bytes) -> IndexProof:
    digits, path, siblings = key.hex(), "", list[bytes]()
    while True:
        levels = _levels(pages[path])
        digit = int(digits[len(path)], 16)
        for height in reversed(range(PAGE_LEVELS + 1)):
            place = levels[height][digit >> height]
            if place[0] != _BRANCH:
                return IndexProof(name, _ending(place, key), tuple(reversed(siblings)))
            if height:
                siblings.append(_hash_of(levels[height - 1][digit >> (height - 1) ^ 1]))
        path = digits[: len(path) + 1]


def _state(pages: Mapping[str, _Page], key: bytes) -> TagState:
    digits, path = key.hex(), ""
    while (place := pages[path][int(digits[len(path)], 16)])[0] == _BRANCH:
        path = digits[: len(path) + 1]
    ending = _ending(place, key)
    return ending.state if isinstance(ending, Present) else NO_EVENTS


def _ending(place: bytes, key: bytes) -> Present | Absent:
    if place == _NOTHING:
        return Absent(None)
    leaf = _leaf_of(place)
    return Present(leaf.state) if leaf.key == key else Absent(leaf)


def _levels(page: _Page) -> list[_Page]:
    # The 16 places, then the 8, 4, 2 and 1 subtrees above them.
    levels = [page]
    while len(levels[-1]) > 1:
        levels.append(_above(levels[-1]))
    return levels


def _top(page: _Page) -> bytes:
    while len(page) > 1:
        page = _above(page)
    return page[0]


def _above(level: _Page) -> _Page:
    return list(map(_join, level[::2], level[1::2]))


def _join(left: bytes, right: bytes) -> bytes:
    # A subtree of one key is its leaf, at whatever depth.
    if left == _NOTHING and right[0] != _BRANCH:
        return right
    if right == _NOTHING and left[0] != _BRANCH:
        return left
    return _branch(node_hash(_hash_of(left), _hash_of(right)))


def _branch(hash_: bytes) -> bytes:
    return b"\x02" + hash_


def _hash_of(place: bytes) -> bytes:
    if place[0] == _BRANCH:
        return place[1:]
    return leaf_hash(place[1:]) if place[0] == _LEAF else EMPTY


def _leaf_of(place: bytes) -> Leaf:
    return Leaf(place[1:33], TagState(int.from_bytes(place[33:41], "big"), place[41:]))


def _decode(path: str, data: bytes) -> _Page:
    page: _Page = []
    at = 0
    while at < len(data):
        size = _SIZES.get(data[at])
        if size is None or at + size > len(data):
            break
        page.append(data[at : at + size])
        at += size
    if at != len(data) or len(page) != PAGE_WIDTH:
        raise IntegrityFailed(f"index page {path!r} is not {PAGE_WIDTH} places")
    return page
