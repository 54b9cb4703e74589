"""Tile paths and bundles, byte for byte."""

from __future__ import annotations

import pytest

from ledger.errors import IntegrityFailed, Malformed
from ledger.tlog.tiles import (
    Tile,
    TileReader,
    bundles_for,
    decode_bundle,
    encode_bundle,
    format_path,
    parse_path,
    tiles_for,
)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        pytest.param(Tile(0, 0), "tile/0/000", id="first"),
        pytest.param(Tile(63, 999, 1), "tile/63/999.p/1", id="highest level, narrowest"),
        pytest.param(Tile(1, 1000, 255), "tile/1/x001/000.p/255", id="four digits"),
        pytest.param(Tile(2, 1234067), "tile/2/x001/x234/067", id="seven digits"),
        pytest.param(Tile(None, 273, 112), "tile/entries/273.p/112", id="bundle"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert format_path(tile) == path
    assert parse_path(path) == tile


@pytest.mark.rule("TLOG-05")
@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000\n",
        "tile/0/00\u0660",
        "/tile/0/000",
        "tile/entries/000/",
        "tile/data/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/../000",
    ],
)
def test_no_other_spelling_is_a_path(path: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_path(path)
    assert caught.value.rule == "TLOG-05"


def test_a_tree_of_70000_leaves_has_the_tiles_of_the_specification() -> None:
    tiles = tiles_for(0, 70_000)
    counted = {level: [tile.width for tile in tiles if tile.level == level] for level in range(4)}
    assert counted == {0: [256] * 273 + [112], 1: [256, 17], 2: [1], 3: []}
    assert len(bundles_for(0, 70_000)) == 274


def test_a_tree_of_256_leaves_has_a_full_tile_and_one_of_width_one() -> None:
    assert tiles_for(0, 256) == (Tile(0, 0, 256), Tile(1, 0, 1))


def test_a_tree_that_did_not_grow_has_nothing_to_write() -> None:
    assert tiles_for(300, 300) == ()
    assert bundles_for(300, 300) == ()


def test_a_bundle_carries_each_entry_after_its_length() -> None:
    entries = (b"", b"a", b"x" * 65_535)
    data = encode_bundle(entries)
    assert data[:7].hex() == "0000000161ffff"
    assert decode_bundle(data) == entries


@pytest.mark.parametrize("entries", [[], [b""] * 257, [b"x" * 65_536]], ids=["none", "too many", "too long"])
def test_a_bundle_that_cannot_be_is_not_written(entries: list[bytes]) -> None:
    with pytest.raises(ValueError, match="a bundle holds"):
        encode_bundle(entries)


@pytest.mark.rule("TLOG-06")
@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x02a", bytes(2 * 257)], ids=["empty", "half", "cut", "257"])
def test_a_bundle_that_ends_inside_an_entry_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        decode_bundle(data)
    assert caught.value.rule == "TLOG-06"


def test_a_tile_of_another_length_stops_the_reader() -> None:
    with pytest.raises(IntegrityFailed, match=r"tile/0/000\.p/3"):
        TileReader(3, lambda _: bytes(64))(0, 0)


def test_a_subtree_that_is_not_complete_is_not_read() -> None:
    with pytest.raises(ValueError, match="not complete"):
        TileReader(3, lambda _: bytes(96))(1, 1)
