"""What is written as tiles while a tree grows is enough to prove everything about it."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.tlog.frontier import GrowingTree
from ledger.tlog.tiles import (
    Tile,
    TileReader,
    bundles_for,
    decode_bundle,
    encode_bundle,
    format_path,
    parse_path,
    tile_bytes,
    tiles_for,
)
from ledger.tlog.tree import (
    check_consistency,
    check_inclusion,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root_hash,
    stored_root,
)

SIZE = 1100
LEAVES = [leaf_hash(str(number).encode()) for number in range(SIZE)]


@cache
def _stored() -> GrowingTree:
    return GrowingTree(LEAVES)


def _reader(size: int, files: dict[str, bytes]) -> TileReader:
    return TileReader(size, lambda tile: files[format_path(tile)])


def _published(sizes: list[int]) -> dict[str, bytes]:
    """Return the tile files after a tree was published at some sizes, one after the other."""
    files: dict[str, bytes] = {}
    old = 0
    for new in sizes:
        tree = GrowingTree(LEAVES[old:new], size=old, stored=_reader(old, files))
        assert tree.root() == root_hash(LEAVES[:new])
        files.update({format_path(tile): tile_bytes(tile, tree) for tile in tiles_for(old, new)})
        old = new
    return files


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, SIZE), min_size=1, max_size=5, unique=True).map(sorted), st.data())
def test_proofs_from_tiles_hold_at_every_published_size(sizes: list[int], data: st.DataObject) -> None:
    files = _published(sizes)
    old, new = sizes[0], sizes[-1]
    index = data.draw(st.integers(0, new - 1))
    read = _reader(new, files)
    root = stored_root(new, read)
    assert root == stored_root(new, _stored())
    check_inclusion(LEAVES[index], index, new, prove_inclusion(index, new, read), root)
    check_consistency(old, new, prove_consistency(old, new, read), stored_root(old, _stored()), root)
    assert stored_root(old, _reader(old, files)) == stored_root(old, _stored())


TILES = st.builds(
    Tile,
    level=st.none() | st.integers(0, 63),
    index=st.integers(0, (1 << 63) - 1),
    width=st.integers(1, 256),
)


@given(TILES)
def test_every_tile_is_found_again_by_its_path(tile: Tile) -> None:
    assert parse_path(format_path(tile)) == tile


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_every_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == tuple(entries)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_bundles_cover_exactly_the_new_entries(old: int, more: int) -> None:
    covered = {tile.index * 256 + at for tile in bundles_for(old, old + more) for at in range(tile.width)}
    assert set(range(old, old + more)) <= covered
    assert max(covered, default=old - 1) == old + more - 1 or more == 0
