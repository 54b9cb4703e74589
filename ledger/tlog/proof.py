"""Offline proofs of inclusion: files that end in ``.tlog-proof`` (C2SP tlog-proof).

    "c2sp.org/tlog-proof@v1" newline
    ["extra " base64 newline]          not authenticated: no verifier may trust it
    "index " number newline            of the leaf, from 0
    *63(base64(hash) newline)          32 bytes each: the leaf's sibling first, the root's child last
    newline
    checkpoint note                    verbatim, with its signatures

It proves that an entry stands in a log; the verifier brings the entry and the policy. At most 1,100,000 bytes.

>>> note = "log.example/1\\n1\\n" + "A" * 43 + "=\\n\\n— log.example/1 AAAAAAA=\\n"
>>> text = "c2sp.org/tlog-proof@v1\\nindex 0\\n\\n" + note
>>> proof = decode_proof(text.encode())
>>> proof.index, proof.hashes, encode_proof(proof) == text.encode()
(0, (), True)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.policy import evaluate
from ledger.tlog.tree import HASH_SIZE, check_inclusion
from ledger.tlog.wire import read_base64, read_number, write_base64

if TYPE_CHECKING:
    from ledger.tlog.policy import Policy, Witnessed

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_PROOF: Final = 1_100_000
MAX_HASHES: Final = 63


@dataclass(frozen=True, slots=True)
class LogProof:
    """A proof of inclusion as parsed: nothing in it is checked.

    index: of the leaf, from 0.
    hashes: the inclusion proof, the leaf's sibling first.
    checkpoint: the signed note, verbatim.
    extra: bytes that nothing vouches for; None when there are none.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def encode_proof(proof: LogProof) -> bytes:
    """Return a proof's file.

    Raises Malformed: TLOG-08, TLOG-01, TLOG-03, the proof has no such file.
    """
    extra = [] if proof.extra is None else [f"extra {write_base64(proof.extra)}"]
    hashes = [write_base64(one) for one in proof.hashes]
    lines = [HEADER, *extra, f"index {proof.index}", *hashes, "", ""]
    data = "\n".join(lines).encode() + proof.checkpoint
    decode_proof(data)
    return data


def decode_proof(data: bytes) -> LogProof:
    """Return the proof that a file writes; its checkpoint is well-formed and verified by nobody yet.

    Raises Malformed: TLOG-08 not a proof, TLOG-01 the checkpoint is not a note, TLOG-03 it is not a checkpoint.
    """
    if len(data) > MAX_PROOF:
        raise Malformed("TLOG-08", "$", f"larger than {MAX_PROOF} bytes")
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank or not head.isascii():
        raise Malformed("TLOG-08", "$", "no blank line before the checkpoint, or not ASCII above it")
    decode_checkpoint(parse_note(checkpoint).text)
    return _decode_head(head.decode("ascii").split("\n"), checkpoint)


def _decode_head(lines: list[str], checkpoint: bytes) -> LogProof:
    if lines.pop(0) != HEADER:
        raise Malformed("TLOG-08", "$", f"the first line is not {HEADER}")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = read_base64(lines.pop(0).removeprefix("extra "), rule="TLOG-08", member="extra")
    if not lines or not lines[0].startswith("index "):
        raise Malformed("TLOG-08", "index", "no index line")
    index = read_number(lines.pop(0).removeprefix("index "), rule="TLOG-08", member="index")
    if len(lines) > MAX_HASHES:
        raise Malformed("TLOG-08", "hashes", f"more than {MAX_HASHES}")
    hashes = tuple(
        read_base64(line, rule="TLOG-08", member=f"hashes[{at}]", length=HASH_SIZE) for at, line in enumerate(lines)
    )
    return LogProof(index, hashes, checkpoint, extra)


def check_proof(proof: LogProof, leaf: bytes, policy: Policy) -> Witnessed:
    """Check that a leaf stands in a log at the proof's index, by the verifier's own policy.

    leaf: the leaf hash of the very entry that was verified, never one that came with the proof.

    Returns what the policy believes of the checkpoint. Raises NotTrusted: TLOG-11 to TLOG-14, the checkpoint is not
    believed. IntegrityFailed: the leaf does not stand there.
    """
    witnessed = evaluate(policy, proof.checkpoint)
    check_inclusion(leaf, proof.index, witnessed.checkpoint.size, proof.hashes, witnessed.checkpoint.root)
    return witnessed
