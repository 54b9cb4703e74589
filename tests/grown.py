"""Logs for tests of witnesses: trees that grow leaf by leaf, checkpoints signed from fixed seeds, requests."""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.tlog.checkpoint import Checkpoint, encode_checkpoint
from ledger.tlog.cosignature import Ed25519Cosigner
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.note import Ed25519Signer, Note, format_note
from ledger.tlog.tree import leaf_hash, prove_consistency
from ledger.witness.request import Request, encode_request

ORIGIN: Final = "ledger.example/log1"


def private(name: str) -> Ed25519PrivateKey:
    """Return the private key that comes from a name."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def cosigner(name: str) -> Ed25519Cosigner:
    """Return the cosigner of a name."""
    return Ed25519Cosigner(name, private(name))


SIGNER: Final = Ed25519Signer(ORIGIN, private(ORIGIN))


def tree(size: int, *, fork_at: int | None = None) -> GrowingTree:
    """Return a tree of numbered leaves; from some leaf on of other leaves, when it is to be a fork."""
    return GrowingTree(
        leaf_hash(b"%d%s" % (at, b"" if fork_at is None or at < fork_at else b" forked")) for at in range(size)
    )


def signed(checkpoint: Checkpoint, signer: Ed25519Signer = SIGNER) -> bytes:
    """Return a checkpoint's note, signed."""
    text = encode_checkpoint(checkpoint)
    return format_note(Note(text, (signer.sign(text),)))


def request(old: int, grown: GrowingTree, signer: Ed25519Signer = SIGNER, origin: str = ORIGIN) -> bytes:
    """Return the request to cosign a tree that grew from an old size; with no proof where there is none."""
    proof = prove_consistency(old, grown.size, grown) if 0 < old <= grown.size else ()
    return encode_request(Request(old, proof, signed(Checkpoint(origin, grown.size, grown.root()), signer)))
