"""The tree agrees with the reference tree that Certificate Transparency implementations share."""

from __future__ import annotations

import pytest

from ledger.errors import IntegrityFailed
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.tree import (
    EMPTY_ROOT,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root_hash,
)

ENTRIES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
LEAVES = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
L1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"


def test_the_root_of_no_leaves_is_the_hash_of_nothing() -> None:
    assert root_hash([]) == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_reference_tree_has_the_known_root_at_each_size(size: int) -> None:
    assert root_hash(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        pytest.param(0, 1, [], id="the only leaf"),
        pytest.param(0, 8, [L1, N23, N4567], id="first of eight"),
        pytest.param(5, 8, [L4, N67, ROOTS[3]], id="sixth of eight"),
        pytest.param(2, 3, [ROOTS[1]], id="last of three"),
        pytest.param(1, 5, [ROOTS[0], N23, L4], id="second of five"),
    ],
)
def test_an_inclusion_proof_is_the_known_one(index: int, size: int, proof: list[str]) -> None:
    hashes = tuple(map(bytes.fromhex, proof))
    assert prove_inclusion(index, size, GrowingTree(LEAVES)) == hashes
    check_inclusion(LEAVES[index], index, size, hashes, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        pytest.param(1, 1, [], id="same size"),
        pytest.param(1, 8, [L1, N23, N4567], id="one to eight"),
        pytest.param(6, 8, [N45, N67, ROOTS[3]], id="six to eight"),
        pytest.param(2, 5, [N23, L4], id="two to five"),
    ],
)
def test_a_consistency_proof_is_the_known_one(old: int, new: int, proof: list[str]) -> None:
    hashes = tuple(map(bytes.fromhex, proof))
    assert prove_consistency(old, new, GrowingTree(LEAVES)) == hashes
    check_consistency(old, new, hashes, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]))


def test_an_entry_that_spells_a_node_is_not_taken_for_it() -> None:
    left, right = LEAVES[:2]
    disguised = b"\x01" + left + right
    assert leaf_hash(disguised) != node_hash(left, right)
    with pytest.raises(IntegrityFailed):
        check_inclusion(leaf_hash(disguised), 0, 1, [], root_hash([left, right]))


def test_nothing_is_consistent_with_the_empty_tree() -> None:
    with pytest.raises(IntegrityFailed):
        check_consistency(0, 8, [], EMPTY_ROOT, bytes.fromhex(ROOTS[7]))
    with pytest.raises(ValueError, match="no consistency proof"):
        prove_consistency(0, 8, GrowingTree(LEAVES))


@pytest.mark.parametrize(("index", "size"), [(8, 8), (-1, 8), (0, 0)])
def test_a_leaf_outside_the_tree_is_not_proven(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="is not in a tree"):
        prove_inclusion(index, size, GrowingTree(LEAVES))
    with pytest.raises(IntegrityFailed):
        check_inclusion(LEAVES[0], index, size, [], bytes.fromhex(ROOTS[7]))
