"""Proofs for those who handed a statement in: that its entry stands in the log, for a file ``<id>.tlog-proof``.

Read from what is published; nothing is signed for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.tlog.proof import LogProof, encode_proof
from ledger.tlog.tree import prove_inclusion

if TYPE_CHECKING:
    from ledger.store.publication import Publication


def prove_position(publication: Publication, position: int) -> bytes | None:
    """Return the .tlog-proof of the entry at a position, under the newest checkpoint; None when that is smaller.

    It proves the entry's exact bytes, which whoever checks it must hold. Raises IntegrityFailed, Unavailable.
    """
    published = publication.newest()
    if published is None or published.checkpoint.size < position:
        return None
    size = published.checkpoint.size
    hashes = prove_inclusion(position - 1, size, publication.hashes(size))
    return encode_proof(LogProof(position - 1, hashes, published.note))
