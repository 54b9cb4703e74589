"""The witness's decision: from what it knows of a log and what it is asked, to what it knows next, or to an error.

In the order of the protocol, with the status that a witness answers over HTTP:

    Malformed         400    not such a request, not a checkpoint, or the old size is above the new one
    NotFound          404    the checkpoint is of a log that this witness does not watch
    NotTrusted        403    no key of that log has signed, or one of their signatures does not verify
    Behind            409    the witness cosigned another size last; it answers that size
    IntegrityFailed   422    the proof does not verify, or the size is known, or is 0, and the root is another: a fork

Pure: state and time are given, nothing is kept; ``service`` persists the answer before it lets anybody have it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import Conflict, IntegrityFailed, Malformed, NotFound
from ledger.tlog.checkpoint import Checkpoint, check_empty, read_lines
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.note import Note, format_note, format_signature_lines, open_note, parse_note
from ledger.tlog.tree import EMPTY_ROOT, check_consistency
from ledger.tlog.vkey import SignatureType
from ledger.witness.request import Request, parse_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.tlog.cosignature import Cosigner
    from ledger.tlog.note import Verifier
    from ledger.tlog.vkey import VerifierKey

RULES: Final = {
    "WIT-02": "The size that a request starts from is not above its checkpoint's.",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a witness knows of a log: size and root of the checkpoint that it cosigned last, and when it last did.

    time: POSIX seconds.
    """

    size: int
    root: bytes
    time: int


NOTHING: Final = Known(0, EMPTY_ROOT, 0)


class Behind(Conflict):
    """The request does not start from the checkpoint that the witness cosigned last."""

    def __init__(self, size: int) -> None:
        """Carry the size that it would have to start from."""
        super().__init__(f"the last checkpoint cosigned here has size {size}: prove the growth from there")
        self.size = size


@dataclass(frozen=True, slots=True)
class Proposal:
    """A request whose checkpoint is signed by a log that the witness watches.

    text: the checkpoint's. signed: its note with the signatures of the log alone, all of them verified.
    """

    request: Request
    text: str
    checkpoint: Checkpoint
    signed: bytes


class Witness:
    """Watches some logs and cosigns for itself. Threads may share it."""

    def __init__(self, logs: Iterable[VerifierKey], cosigners: Sequence[Cosigner]) -> None:
        """Watch logs by their keys, each log under the name of its keys, and cosign with some keys.

        Raises ValueError: no cosigner, a cosignature key of type 04 among the logs', or one key in two roles.
        """
        self._logs: dict[str, list[Verifier]] = {}
        self._cosigners = tuple(cosigners)
        keys = list(logs)
        if not self._cosigners or any(key.type is SignatureType.ED25519_COSIGNATURE for key in keys):
            raise ValueError("a witness has a key of its own, and watches logs by keys of type 01 or 06")
        # An Ed25519 cosignature does not say whose it is: a key that does two things would vouch for itself.
        public = [key.public for key in (*keys, *(one.key for one in self._cosigners))]
        if len(set(public)) < len(public):
            raise ValueError("a key is given twice; each log and each cosigner has its own")
        for key in keys:
            self._logs.setdefault(key.name, []).append(verifier_for(key))

    def open(self, data: bytes) -> Proposal:
        """Return what a request's body proposes, its checkpoint signed by its log.

        Raises Malformed: WIT-01 not a request, TLOG-01 not a note, TLOG-03 not a checkpoint, WIT-02 the old size is
        above the new one. NotFound: the log is not watched here. NotTrusted: TLOG-11, TLOG-12. IntegrityFailed: the log
        has signed another root than that of the empty tree for size 0.
        """
        request = parse_request(data)
        checkpoint = read_lines(parse_note(request.note).text)
        verifiers = self._logs.get(checkpoint.origin)
        if verifiers is None:
            raise NotFound(f"the log {checkpoint.origin} is not watched here")
        opened = open_note(request.note, verifiers)
        if request.old > checkpoint.size:
            raise Malformed("WIT-02", "old", f"size {request.old} is above the checkpoint's, {checkpoint.size}")
        check_empty(checkpoint)
        known = {(one.key.name, one.key.key_id) for one in opened.signed}
        lines = tuple(one for one in parse_note(request.note).signatures if (one.name, one.key_id) in known)
        return Proposal(request, opened.text, checkpoint, format_note(Note(opened.text, lines)))

    def origin_of(self, origin_hash: str) -> str:
        """Return which watched log has a name of some SHA-256, in lower-case hex. Raises NotFound."""
        for origin in self._logs:
            if hashlib.sha256(origin.encode()).hexdigest() == origin_hash:
                return origin
        raise NotFound("no log of that hash is watched here")

    def cosign(self, text: str, time: int) -> bytes:
        """Return the signature lines over a checkpoint's text. time: POSIX seconds.

        Only for what ``decide`` has let pass, once that is on disk.
        """
        return format_signature_lines(one.cosign(text, time) for one in self._cosigners)


def decide(known: Known, proposal: Proposal, now: int) -> Known:
    """Return what a witness knows of a log once it takes a proposal.

    now: POSIX seconds; time never goes back, so the answer's may be later.

    Raises Behind: the request starts from another size. IntegrityFailed: the checkpoint does not extend what is known.
    """
    request, new = proposal.request, proposal.checkpoint
    if request.old != known.size:
        raise Behind(known.size)
    if request.old:
        check_consistency(request.old, new.size, request.proof, known.root, new.root)
    elif request.proof:
        raise IntegrityFailed("consistency proof: from size 0 nothing is proven, so it has no hashes")
    return Known(new.size, new.root, max(now, known.time))
