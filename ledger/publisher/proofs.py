"""Proofs for those who handed a statement in: that its entry stands in the log, for a file ``<id>.tlog-proof``.

Read from what is published; nothing is signed for it. What does not verify is not handed out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.statement.entries.entry import leaf_of
from ledger.tlog.own import check_own
from ledger.tlog.proof import LogProof, encode_proof
from ledger.tlog.tree import check_inclusion, prove_inclusion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.store.database.publication import Publication
    from ledger.store.port import Recorded
    from ledger.tlog.vkey import VerifierKey


def prove_recorded(publication: Publication, recorded: Recorded, keys: Sequence[VerifierKey]) -> bytes | None:
    """Return the .tlog-proof of an entry under the newest checkpoint; None when that does not cover it.

    keys: the log's own, by which the checkpoint is checked; none where they are not here.

    It proves the entry's exact bytes, which whoever checks it must hold. Raises IntegrityFailed: it would not verify.
    Unavailable.
    """
    position = recorded.position
    published = publication.newest()
    if published is None or published.checkpoint.size < position:
        return None
    size = published.checkpoint.size
    checkpoint = check_own(published.note, keys)
    hashes = prove_inclusion(position - 1, size, publication.hashes(size))
    check_inclusion(leaf_of(recorded.entry), position - 1, size, hashes, checkpoint.root)
    return encode_proof(LogProof(position - 1, hashes, published.note))
