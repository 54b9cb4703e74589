"""Tiles and entry bundles: the tree and its entries as static files (C2SP tlog-tiles).

    hash tile     tile/<L>/<N>[.p/<W>]         256 hashes, or W in a partial one: the subtrees of level 8 L with
                                               indices 256 N, 256 N + 1 ..., 32 bytes each, nothing between them
    entry bundle  tile/entries/<N>[.p/<W>]     256 entries, or W: each u16be length || bytes
    <L>           0 to 63                      <W>  1 to 255, only on a partial tile
    <N>           three digits an element, each but the last after an "x": 1234067 is x001/x234/067

A full tile never changes; a partial one is replaced by a wider one under another path. Nothing here fetches or
stores: a ``TileReader`` is given a function that does.

>>> format_path(Tile(level=0, index=1234067, width=17))
'tile/0/x001/x234/067.p/17'
>>> [format_path(tile) for tile in tiles_for(255, 257)]
['tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1']
>>> encode_bundle([b"a", b""]).hex()
'0001610000'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Malformed
from ledger.tlog.tree import HASH_SIZE, root_hash
from ledger.tlog.wire import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.tlog.tree import HashReader

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
MAX_ENTRY: Final = 0xFFFF
"""An entry's length stands in two bytes."""

_PATH: Final = re.compile(
    r"tile/(?P<level>entries|[0-9]{1,2})/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?\Z"
)
_MAX_LEVEL: Final = 63


@dataclass(frozen=True, slots=True)
class Tile:
    """The address of a tile.

    level: 0 to 63; None for a bundle of entries.
    index: from 0 within the level.
    width: hashes or entries in it, 1 to 256; 256 is a full tile.
    """

    level: int | None
    index: int
    width: int = TILE_WIDTH


def format_path(tile: Tile) -> str:
    """Return a tile's path below the log's prefix."""
    level = "entries" if tile.level is None else str(tile.level)
    partial = "" if tile.width == TILE_WIDTH else f".p/{tile.width}"
    digits = str(tile.index)
    groups = digits.zfill(-(-len(digits) // 3) * 3)
    elements = [groups[at : at + 3] for at in range(0, len(groups), 3)]
    return f"tile/{level}/{'/'.join([f'x{element}' for element in elements[:-1]] + elements[-1:])}{partial}"


def parse_path(path: str) -> Tile:
    """Return the tile that a path names.

    Raises Malformed: TLOG-05, not the one path of a tile.
    """
    match = _PATH.match(path)
    if match is None:
        raise Malformed("TLOG-05", "path", "not the path of a tile")
    level = None if match["level"] == "entries" else int(match["level"])
    index = int(match["index"].replace("x", "").replace("/", ""))
    tile = Tile(level, index, TILE_WIDTH if match["width"] is None else int(match["width"]))
    if (level or 0) > _MAX_LEVEL or index >= LIMIT or not 0 < tile.width <= TILE_WIDTH or format_path(tile) != path:
        raise Malformed("TLOG-05", "path", "not the one path of a tile")
    return tile


def tiles_for(old_size: int, new_size: int) -> tuple[Tile, ...]:
    """Return the hash tiles to write when a tree grows from an old size to a new one, level by level.

    They are the full tiles that became complete and, on each level that grew, the partial tile of the new size.
    From size 0: every tile the tree has.
    """
    tiles: list[Tile] = []
    level = 0
    while old_size < new_size:
        tiles.extend(_grown(level, old_size, new_size))
        old_size >>= TILE_HEIGHT
        new_size >>= TILE_HEIGHT
        level += 1
    return tuple(tiles)


def bundles_for(old_size: int, new_size: int) -> tuple[Tile, ...]:
    """Return the entry bundles to write when a log grows from an old size to a new one."""
    return tuple(_grown(None, old_size, new_size))


def _grown(level: int | None, old: int, new: int) -> Iterator[Tile]:
    for index in range(old // TILE_WIDTH, -(-new // TILE_WIDTH) if new > old else 0):
        yield Tile(level, index, min(TILE_WIDTH, new - index * TILE_WIDTH))


def tile_bytes(tile: Tile, read: HashReader) -> bytes:
    """Return the bytes of a hash tile, from stored hashes of the levels that are multiples of 8.

    Raises ValueError: the tile is an entry bundle.
    """
    if tile.level is None:
        raise ValueError("an entry bundle has no hashes")
    first = tile.index * TILE_WIDTH
    return b"".join(read(tile.level * TILE_HEIGHT, first + at) for at in range(tile.width))


class TileReader:
    """A HashReader over the tiles of a tree of one size.

    It asks for each tile once and keeps it: make one for a request or a run, not for ever. Tiles are only checked
    for their length; what is proven from them is checked against a signed root, like any other proof.
    """

    def __init__(self, size: int, fetch: Callable[[Tile], bytes]) -> None:
        """Read a tree of some size through a function that returns a tile's bytes."""
        self._size = size
        self._fetch = fetch
        self._tiles: dict[Tile, bytes] = {}

    def __call__(self, level: int, index: int, /) -> bytes:
        """Return the hash of a complete subtree.

        Raises ValueError: the subtree is not complete at this size. IntegrityFailed: a tile has another length.
        """
        if (index + 1) << level > self._size:
            raise ValueError(f"subtree {index} of level {level} is not complete at {self._size} leaves")
        tile_level, height = divmod(level, TILE_HEIGHT)
        first = index << height
        tile_index, at = divmod(first, TILE_WIDTH)
        data = self._tile(tile_level, tile_index)
        return root_hash(_hashes(data[at * HASH_SIZE : (at + (1 << height)) * HASH_SIZE]))

    def _tile(self, level: int, index: int) -> bytes:
        width = min(TILE_WIDTH, (self._size >> level * TILE_HEIGHT) - index * TILE_WIDTH)
        tile = Tile(level, index, width)
        if tile not in self._tiles:
            data = self._fetch(tile)
            if len(data) != width * HASH_SIZE:
                raise IntegrityFailed(f"{format_path(tile)}: {len(data)} bytes where {width * HASH_SIZE} are due")
            self._tiles[tile] = data
        return self._tiles[tile]


def _hashes(data: bytes) -> list[bytes]:
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bytes of a bundle of 1 to 256 entries.

    Raises ValueError: no entry or more than 256, or an entry above 65,535 bytes.
    """
    if not 0 < len(entries) <= TILE_WIDTH or any(len(entry) > MAX_ENTRY for entry in entries):
        raise ValueError("a bundle holds 1 to 256 entries of at most 65,535 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(data: bytes) -> tuple[bytes, ...]:
    """Return the entries of a bundle.

    Raises Malformed: TLOG-06, an entry is cut off, or there is none or more than 256.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data) or len(entries) == TILE_WIDTH:
            raise Malformed("TLOG-06", f"$[{len(entries)}]", "the bundle ends inside an entry or has more than 256")
        entries.append(data[start:at])
    if not entries:
        raise Malformed("TLOG-06", "$", "the bundle is empty")
    return tuple(entries)
