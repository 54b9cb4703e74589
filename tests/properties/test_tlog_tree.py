"""Every small tree, every leaf, every proof, every hash of it bent once; and the tree as it grows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import IntegrityFailed
from ledger.tlog.frontier import Frontier, GrowingTree
from ledger.tlog.tree import (
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root_hash,
    stored_root,
)

LARGEST = 64
LEAVES = [leaf_hash(str(number).encode()) for number in range(LARGEST + 1)]
STORED = GrowingTree(LEAVES)
SIZES = range(1, LARGEST + 1)


def _split(count: int) -> int:
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(len(leaves))
    return node_hash(_root(leaves[:middle]), _root(leaves[middle:]))


def _path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if index < middle:
        return [*_path(index, leaves[:middle]), _root(leaves[middle:])]
    return [*_path(index - middle, leaves[middle:]), _root(leaves[:middle])]


def _subproof(old: int, leaves: list[bytes], *, known: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if known else [_root(leaves)]
    middle = _split(len(leaves))
    if old <= middle:
        return [*_subproof(old, leaves[:middle], known=known), _root(leaves[middle:])]
    return [*_subproof(old - middle, leaves[middle:], known=False), _root(leaves[:middle])]


ROOTS = {size: _root(LEAVES[:size]) for size in SIZES}


def _bent(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """Return a proof with each of its hashes bent once, one cut off at each end, and one too many."""
    bent = [(*proof[:at], _flip(one, at), *proof[at + 1 :]) for at, one in enumerate(proof)]
    cut = [proof[1:], proof[:-1]] if proof else []
    return [*bent, *cut, (*proof, bytes(32)), (bytes(32), *proof)]


def _flip(value: bytes, at: int) -> bytes:
    place = at * 7 % (len(value) * 8)
    return bytes(byte ^ (1 << place % 8 if number == place // 8 else 0) for number, byte in enumerate(value))


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_of_every_small_tree_is_proven_and_no_bent_proof_is(size: int) -> None:
    assert root_hash(LEAVES[:size]) == stored_root(size, STORED) == ROOTS[size]
    for index in range(size):
        proof = prove_inclusion(index, size, STORED)
        assert list(proof) == _path(index, LEAVES[:size])
        check_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
        for bent in _bent(proof):
            with pytest.raises(IntegrityFailed):
                check_inclusion(LEAVES[index], index, size, bent, ROOTS[size])


@pytest.mark.parametrize("size", SIZES)
def test_a_proof_holds_for_its_own_leaf_only(size: int) -> None:
    for index in range(size):
        neighbour = (index + 1) % LARGEST
        with pytest.raises(IntegrityFailed):
            check_inclusion(LEAVES[neighbour], index, size, prove_inclusion(index, size, STORED), ROOTS[size])


@pytest.mark.parametrize("new", SIZES)
def test_every_small_tree_extends_all_before_it_and_no_bent_proof_says_so(new: int) -> None:
    for old in range(1, new + 1):
        proof = prove_consistency(old, new, STORED)
        assert list(proof) == _subproof(old, LEAVES[:new], known=True)
        check_consistency(old, new, proof, ROOTS[old], ROOTS[new])
        for bent in _bent(proof):
            with pytest.raises(IntegrityFailed):
                check_consistency(old, new, bent, ROOTS[old], ROOTS[new])


@pytest.mark.parametrize("new", SIZES)
def test_a_tree_with_another_past_does_not_extend_the_old_one(new: int) -> None:
    for old in range(1, new + 1):
        rewritten = [leaf_hash(b"rewritten"), *LEAVES[1:new]]
        forked = GrowingTree(rewritten)
        with pytest.raises(IntegrityFailed):
            check_consistency(old, new, prove_consistency(old, new, forked), ROOTS[old], _root(rewritten))


def test_a_shorter_hash_is_refused() -> None:
    with pytest.raises(IntegrityFailed, match="32 bytes long"):
        check_inclusion(LEAVES[0], 0, 2, [LEAVES[1][:31]], ROOTS[2])


@pytest.mark.parametrize("odd", [b"", bytes(31), bytes(33), bytes(64)])
def test_what_a_proof_leads_from_and_to_is_a_hash_too(odd: bytes) -> None:
    # A tree of one leaf has its leaf as its root: without this any bytes would be proven to stand in it.
    with pytest.raises(IntegrityFailed, match="32 bytes long"):
        check_inclusion(odd, 0, 1, [], odd)
    with pytest.raises(IntegrityFailed, match="32 bytes long"):
        check_consistency(5, 5, [], odd, odd)
    with pytest.raises(IntegrityFailed, match="32 bytes long"):
        check_consistency(4, 5, prove_consistency(4, 5, STORED), ROOTS[4], odd)


def test_the_new_tree_is_never_smaller() -> None:
    with pytest.raises(IntegrityFailed):
        check_consistency(3, 2, [], ROOTS[3], ROOTS[2])


@given(st.integers(0, LARGEST), st.integers(0, LARGEST))
def test_a_frontier_loaded_at_any_size_grows_like_one_that_was_there_from_the_start(start: int, more: int) -> None:
    loaded = Frontier.load(start, STORED)
    end = min(start + more, LARGEST)
    for leaf in LEAVES[start:end]:
        for done in loaded.append(leaf):
            assert done.hash == STORED(done.level, done.index)
    assert loaded.size == end
    assert loaded.root() == root_hash(LEAVES[:end])


@given(st.integers(1, LARGEST))
def test_each_complete_subtree_is_handed_out_once(size: int) -> None:
    frontier = Frontier()
    done = [(one.level, one.index) for leaf in LEAVES[:size] for one in frontier.append(leaf)]
    expected = {(level, index) for level in range(size.bit_length()) for index in range(size >> level)}
    assert len(done) == len(set(done))
    assert set(done) == expected


def test_a_tree_that_is_not_empty_needs_its_stored_hashes() -> None:
    with pytest.raises(ValueError, match="stored somewhere"):
        GrowingTree(size=3)
    with pytest.raises(ValueError, match="not complete"):
        GrowingTree(LEAVES[:3])(1, 1)


@pytest.mark.parametrize("size", SIZES)
def test_a_frontier_grows_alike_whether_what_it_completes_is_told_or_not(size: int) -> None:
    told, untold = Frontier(), Frontier()
    for leaf in LEAVES[:size]:
        told.append(leaf)
        untold.grow(leaf)
    assert (untold.size, untold.peaks, untold.root()) == (told.size, told.peaks, told.root())
