"""The proof of an entry of the access log, made of the table and the log for a party that may read the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.accesses.digests import digests_of
from api.accesses.proving import encode_access
from api.accesses.telling import parts_for
from ledger.errors import IntegrityFailed, NotFound
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.tree import leaf_hash, prove_inclusion

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.accesses.entry import Kept
    from api.accesses.log import AccessLog
    from ledger.store.port import Readable, Recorded


def proof_of(
    kept: Kept, party: str | None, store: Readable, accesses: AccessLog, prove: Callable[[Recorded], bytes | None]
) -> bytes:
    """Return the proof of an entry, with the parts of it that a party may read.

    party: None: whoever runs the log, who reads all. store: the whole log. prove: returns the .tlog-proof of an entry
    of the log; None: no checkpoint covers it yet.

    Raises NotFound: no digest on record is of it, or no checkpoint covers that yet. IntegrityFailed: the entries in the
    table are not those of the digest; nothing is handed out that would not verify.
    """
    covering = (one for one in digests_of(store) if one.first <= kept.number <= one.last)
    digest = next(covering, None)
    stated = None if digest is None else next(iter(store.read(digest.position - 1, 1)), None)
    proof = None if stated is None else prove(stated)
    if digest is None or stated is None or proof is None:
        raise NotFound("no digest that a checkpoint covers is of this entry yet: one is stated each day")
    leaves, index = accesses.leaves(digest.first, digest.last), kept.number - digest.first
    tree = GrowingTree(leaves)
    if tree.root().hex() != digest.root or leaves[index] != leaf_hash(kept.entry):
        raise IntegrityFailed(
            f"entries {digest.first} to {digest.last} of the access log are not those of the digest at position "
            f"{digest.position}"
        )
    path = prove_inclusion(index, len(leaves), tree)
    return encode_access(kept.entry, parts_for(kept, party), path, stated.entry, proof)
