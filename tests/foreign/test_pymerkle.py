"""pymerkle, another implementation of RFC 6962's tree, has our roots and inclusion proofs; each believes the other's.

Its consistency proofs have a form of their own, longer than RFC 6962's: Go's checksum database checks ours.
"""

from __future__ import annotations

from typing import Final

import pytest

# pymerkle has no type hints.
from pymerkle import InmemoryTree, InvalidProof, verify_inclusion  # type: ignore[import-untyped]
from pymerkle.proof import MerkleProof  # type: ignore[import-untyped]

from ledger.errors import IntegrityFailed
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.tree import check_inclusion, leaf_hash, prove_inclusion, root_hash, stored_root
from tests.corpus.bundle_story import told

ENTRIES: Final = [recorded.entry for recorded in told().log.store.read()] + [b"", b"\0", b"\1"]
"""A whole log as it is stored, and entries that a hash without its prefix would confuse."""

SIZES: Final = range(1, len(ENTRIES) + 1)
OURS: Final = GrowingTree(map(leaf_hash, ENTRIES))


@pytest.fixture(scope="module")
def theirs() -> InmemoryTree:
    """Their tree of our entries; it counts leaves from one."""
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries(ENTRIES)
    return tree


def with_path(proof: MerkleProof, path: list[bytes]) -> MerkleProof:
    """Return their proof with other hashes in it."""
    return MerkleProof.deserialize({**proof.serialize(), "path": [one.hex() for one in path]})


def test_every_root_is_theirs(theirs: InmemoryTree) -> None:
    assert len(SIZES) > 20
    assert root_hash([]) == theirs.get_root(0)
    assert [stored_root(size, OURS) for size in SIZES] == [theirs.get_root(size) for size in SIZES]


def test_every_inclusion_proof_is_theirs_and_is_believed(theirs: InmemoryTree) -> None:
    for size in SIZES:
        root = stored_root(size, OURS)
        for index in range(size):
            leaf, given = OURS(0, index), theirs.prove_inclusion(index + 1, size)
            proof = prove_inclusion(index, size, OURS)
            # Theirs begins with the leaf that is proven.
            verify_inclusion(leaf, root, with_path(given, [leaf, *proof]), index=index + 1, size=size)
            check_inclusion(leaf, index, size, given.path[1:], root)


def test_neither_believes_a_proof_for_another_leaf(theirs: InmemoryTree) -> None:
    size = len(ENTRIES)
    root, given = OURS.root(), theirs.prove_inclusion(7, size)
    with pytest.raises(InvalidProof, match="State does not match"):
        verify_inclusion(OURS(0, 6), root, with_path(given, [OURS(0, 6), *prove_inclusion(5, size, OURS)]))
    with pytest.raises(IntegrityFailed):
        check_inclusion(OURS(0, 5), 5, size, given.path[1:], root)
