"""A log's own checkpoint: that its keys have signed it, and that an entry is the last one under it.

For whoever is about to rest on a checkpoint out of a database, or to hand it out. Says nothing of witnesses: that is
``policy``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed, Malformed, NotTrusted
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.note import open_note
from ledger.tlog.tree import check_inclusion, prove_inclusion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.tlog.checkpoint import Checkpoint
    from ledger.tlog.tree import HashReader
    from ledger.tlog.vkey import VerifierKey


def check_own(note: bytes, keys: Sequence[VerifierKey], others: Sequence[VerifierKey] = ()) -> Checkpoint:
    """Check that a log has signed a checkpoint with each of its keys, and return it.

    keys: the log's own; none where they are not known, and then nobody's signature is checked.
    others: keys of witnesses: none of them need have signed, but a signature that says it is theirs must be.

    Raises IntegrityFailed: it is none, a key of the log has not signed it, or a signature does not verify.
    """
    try:
        verifiers = map(verifier_for, (*keys, *others))
        signed = {one.key for one in open_note(note, verifiers).signed} if keys else set()
        checkpoint = decode_checkpoint(note.decode().rpartition("\n\n")[0] + "\n")
    except (Malformed, NotTrusted, UnicodeDecodeError) as error:
        raise IntegrityFailed(f"a checkpoint is not one that this log's own key has signed: {error}") from error
    for key in keys:
        if key not in signed or key.name != checkpoint.origin:
            raise IntegrityFailed(
                f"a checkpoint of {checkpoint.size} entries of {checkpoint.origin} is not signed by the log's own key"
            )
    return checkpoint


def check_last(leaf: bytes, checkpoint: Checkpoint, hashes: HashReader) -> None:
    """Check that a leaf is the last one under a checkpoint, by the stored hashes of its tree.

    Raises IntegrityFailed: it is not, or the hashes do not lead to the checkpoint's root.
    """
    last = checkpoint.size - 1
    check_inclusion(leaf, last, checkpoint.size, prove_inclusion(last, checkpoint.size, hashes), checkpoint.root)
