"""What a witness is asked, byte for byte: the body of ``add-checkpoint`` (C2SP tlog-witness).

    "old " size newline            the size of the checkpoint that the witness cosigned last; decimal, 0 for none
    *63(base64(hash) newline)      the consistency proof from that size to the checkpoint's; none when old is 0
    newline
    checkpoint                     a signed note, to the last byte

At most 500,000 bytes. A file for a witness without a network holds the same bytes. Believes nothing and does no I/O.

>>> request = Request(old=7, proof=(bytes(32),), note=b"...")
>>> encode_request(request)
b'old 7\\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\\n\\n...'
>>> parse_request(encode_request(request)) == request
True
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ledger.errors import Malformed
from ledger.tlog.tree import HASH_SIZE
from ledger.tlog.wire import read_base64, read_number, write_base64

RULES: Final = {
    "WIT-01": "A request to a witness holds an old size, at most 63 hashes and a checkpoint, in at most 500,000 bytes.",
}

MAX_PROOF: Final = 63
MAX_REQUEST: Final = 500_000


@dataclass(frozen=True, slots=True)
class Request:
    """A request as parsed: nothing in it is checked.

    old: the size that the proof starts from. proof: its hashes, 32 bytes each. note: the signed checkpoint.
    """

    old: int
    proof: tuple[bytes, ...]
    note: bytes


def encode_request(request: Request) -> bytes:
    """Return the body of a request.

    Raises Malformed: WIT-01, it has no such body.
    """
    lines = [f"old {request.old}", *(write_base64(one) for one in request.proof), "", ""]
    data = "\n".join(lines).encode() + request.note
    parse_request(data)
    return data


def parse_request(data: bytes) -> Request:
    """Return the request that a body writes.

    Raises Malformed: WIT-01, not such a body.
    """
    if len(data) > MAX_REQUEST:
        raise Malformed("WIT-01", "$", f"larger than {MAX_REQUEST} bytes")
    head, blank, note = data.partition(b"\n\n")
    if not blank or not head.isascii():
        raise Malformed("WIT-01", "$", "no blank line before the checkpoint, or not ASCII above it")
    first, *proof = head.decode("ascii").split("\n")
    if not first.startswith("old "):
        raise Malformed("WIT-01", "old", "the first line is not old and a size")
    if len(proof) > MAX_PROOF:
        raise Malformed("WIT-01", "proof", f"{len(proof)} lines, more than {MAX_PROOF}")
    old = read_number(first.removeprefix("old "), rule="WIT-01", member="old")
    hashes = (
        read_base64(line, rule="WIT-01", member=f"proof[{at}]", length=HASH_SIZE) for at, line in enumerate(proof)
    )
    return Request(old, tuple(hashes), note)
