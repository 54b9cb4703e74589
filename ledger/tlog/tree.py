"""The Merkle tree of RFC 6962 section 2.1: its hashes and its proofs. ``frontier`` grows it.

    leaf hash = SHA-256(0x00 || entry)
    node hash = SHA-256(0x01 || left || right)
    root      = of no leaves SHA-256(""), of one its leaf hash, of n the node hash of the first k and the other
                n - k, where k is the largest power of two smaller than n

A complete subtree has a *level* (2^level leaves) and an *index* among those of its level. Its hash never changes
once it stands, so stored hashes are addressed by that pair, and every proof is made of at most two of them for
each level: proving needs a ``HashReader``, not the leaves. Checks raise; they never answer False. No I/O.

>>> leaves = [leaf_hash(entry) for entry in (b"a", b"b", b"c")]
>>> root_hash(leaves).hex()
'36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1'
>>> root_hash(leaves) == node_hash(node_hash(leaves[0], leaves[1]), leaves[2])
True
>>> stored = {(0, 2): leaves[2], (1, 0): node_hash(leaves[0], leaves[1])}
>>> proof = prove_inclusion(2, 3, lambda level, index: stored[level, index])
>>> proof == (node_hash(leaves[0], leaves[1]),)
True
>>> check_inclusion(leaves[2], 2, 3, proof, root_hash(leaves))
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from ledger.errors import IntegrityFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


class HashReader(Protocol):
    """Whatever holds the hashes of complete subtrees: tiles, a table, memory. A plain function will do."""

    def __call__(self, level: int, index: int, /) -> bytes:
        """Return the 32-byte hash of the complete subtree over leaves [index * 2^level, (index + 1) * 2^level)."""
        ...


@dataclass(frozen=True, slots=True)
class _Sibling:
    """A subtree beside the path to a leaf: leaves [start, end), on the left or on the right of the path."""

    start: int
    end: int
    left: bool


def leaf_hash(entry: bytes) -> bytes:
    """Return the leaf hash of an entry. RFC 6962 2.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children, 32 bytes each. RFC 6962 2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """Return the root of the tree over some leaf hashes, oldest first. RFC 6962 2.1."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(0, len(leaves))
    return node_hash(root_hash(leaves[:middle]), root_hash(leaves[middle:]))


def stored_root(size: int, read: HashReader) -> bytes:
    """Return the root of the tree over the first leaves, from stored hashes; costs log2(size) reads."""
    return _range_hash(0, size, read) if size else EMPTY_ROOT


def prove_inclusion(index: int, size: int, read: HashReader) -> tuple[bytes, ...]:
    """Return the proof that a leaf stands in the tree of some size: the leaf's sibling first. RFC 6962 2.1.1.

    Raises ValueError: the leaf lies outside the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size} leaves")
    return tuple(_range_hash(sibling.start, sibling.end, read) for sibling in _inclusion_path(index, size))


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf hash stands at an index of the tree with some size and root. RFC 9162 2.1.3.2.

    Raises IntegrityFailed: outside the tree, a hash too many, too few or of another length than 32 bytes, or the hashes
    do not lead to the root.
    """
    if not 0 <= index < size:
        raise IntegrityFailed(f"inclusion proof: leaf {index} is not in a tree of {size} leaves")
    path = _inclusion_path(index, size)
    _check_shape("inclusion proof", proof, len(path), (leaf, root))
    reached = leaf
    for sibling, given in zip(path, proof, strict=True):
        reached = node_hash(given, reached) if sibling.left else node_hash(reached, given)
    if reached != root:
        raise IntegrityFailed(f"inclusion proof: leaf {index} does not lead to the root of {size} leaves")


def prove_consistency(old: int, new: int, read: HashReader) -> tuple[bytes, ...]:
    """Return the proof that a tree only grew from an old size to a new one. RFC 6962 2.1.2.

    Empty when the sizes are equal. Raises ValueError: the old size is 0 or above the new one.
    """
    if not 0 < old <= new:
        raise ValueError(f"there is no consistency proof from {old} to {new} leaves")
    start, path = _consistency_path(old, new)
    ranges = [(sibling.start, sibling.end) for sibling in path]
    # When the old tree is one complete subtree of the new, the checker knows its hash: it is the old root.
    return tuple(_range_hash(*range_, read) for range_ in ([(start, old)] if start else []) + ranges)


def check_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree with the new root only appended to the one with the old root. RFC 9162 2.1.4.2.

    Raises IntegrityFailed: old size 0 (nothing is proven by it) or above the new one, a hash too many or too few,
    or the hashes do not lead to both roots.
    """
    if not 0 < old <= new:
        raise IntegrityFailed(f"consistency proof: nothing can be proven from {old} to {new} leaves")
    start, path = _consistency_path(old, new)
    seeded = 1 if start else 0
    _check_shape("consistency proof", proof, seeded + len(path), (old_root, new_root))
    reached_old = reached_new = proof[0] if seeded else old_root
    for sibling, given in zip(path, proof[seeded:], strict=True):
        if sibling.left:
            reached_old = node_hash(given, reached_old)
            reached_new = node_hash(given, reached_new)
        else:
            reached_new = node_hash(reached_new, given)
    if reached_old != old_root or reached_new != new_root:
        raise IntegrityFailed(f"consistency proof: the tree of {new} leaves does not extend the one of {old}")


def _check_shape(what: str, proof: Sequence[bytes], length: int, ends: Sequence[bytes]) -> None:
    """Check that a proof has as many hashes as it needs, and that each of them, and what it leads to, is one."""
    if len(proof) != length:
        raise IntegrityFailed(f"{what}: {len(proof)} hashes where {length} are needed")
    if any(len(given) != HASH_SIZE for given in (*proof, *ends)):
        raise IntegrityFailed(f"{what}: a hash is not {HASH_SIZE} bytes long")


def _split(start: int, end: int) -> int:
    # The largest power of two smaller than the number of leaves, counted from the start.
    return start + (1 << (end - start - 1).bit_length() - 1)


def _range_hash(start: int, end: int, read: HashReader) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return read(level, start >> level)
    middle = _split(start, end)
    return node_hash(_range_hash(start, middle, read), _range_hash(middle, end, read))


def _inclusion_path(index: int, size: int) -> list[_Sibling]:
    start, end, path = 0, size, list[_Sibling]()
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            path.append(_Sibling(middle, end, left=False))
            end = middle
        else:
            path.append(_Sibling(start, middle, left=True))
            start = middle
    return path[::-1]


def _consistency_path(old: int, new: int) -> tuple[int, list[_Sibling]]:
    # Down from the new root to the subtree that ends where the old tree ended: it starts at the returned leaf.
    start, end, path = 0, new, list[_Sibling]()
    while end != old:
        middle = _split(start, end)
        if old <= middle:
            path.append(_Sibling(middle, end, left=False))
            end = middle
        else:
            path.append(_Sibling(start, middle, left=True))
            start = middle
    return start, path[::-1]
