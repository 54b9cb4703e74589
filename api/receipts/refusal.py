"""A refusal as a receipt: that a log's service did not take a statement, and why, signed by the log's own key.

A DSSE envelope of a payload type of its own, docs/formats.md section 28. What is signed is one line, with no line feed,
so it is no note's text, which ends with one, and no checkpoint. A ledger takes no statement of its payload type, nor of
a key that is enrolled for nobody. It holds the digest of what was signed, and nothing of it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ledger.clock import format_time
from ledger.errors import Conflict, Malformed, NeedsAcknowledgement, NotTrusted, Refused
from ledger.statement.form.envelope import Envelope, Signature, encode_envelope, pae, parse_other
from ledger.statement.form.members import read_time
from ledger.statement.signing.keys import ED25519_SPKI, thumbprint_of
from ledger.statement.text import strict_json
from ledger.statement.text.shape import Form, read_array, read_choice, read_form, read_members, read_text
from ledger.tlog.note import Ed25519Verifier
from ledger.tlog.vkey import SignatureType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ledger.errors import LedgerError
    from ledger.tlog.vkey import VerifierKey

RECEIPT_TYPE: Final = "application/vnd.vialog.refusal+json"

RULES: Final = {
    "RFS-01": "A receipt of a refusal is in the one form that docs/formats.md gives it.",
    "RFS-02": "A receipt counts for the log that it names, signed by that log's own Ed25519 key.",
    "RFS-03": "A receipt is of the one statement whose payload has its digest.",
}

_MEMBERS: Final = ("v", "log", "digest", "problem", "rules", "at")
_DIGEST: Final = Form("RFS-01", re.compile("[0-9a-f]{64}"), "a SHA-256, 64 lower-case hex digits")
_RULE: Final = Form("RFS-01", re.compile("[A-Z]{3,4}-[0-9]{2,3}"), "a rule's id")
_MOST_RULES: Final = 200


class Problem(StrEnum):
    """Why a statement was not taken, as the problem of the answer says."""

    MALFORMED = "malformed"
    NOT_TRUSTED = "not-trusted"
    REFUSED = "refused"
    NEEDS_ACKNOWLEDGEMENT = "needs-acknowledgement"
    CONFLICT = "conflict"


PROBLEMS: Final[Mapping[type[LedgerError], Problem]] = {
    Malformed: Problem.MALFORMED,
    NotTrusted: Problem.NOT_TRUSTED,
    Refused: Problem.REFUSED,
    NeedsAcknowledgement: Problem.NEEDS_ACKNOWLEDGEMENT,
    Conflict: Problem.CONFLICT,
}
"""What is told of a statement; what keeps a service from looking at one is no refusal of it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """That a statement was not taken. digest: SHA-256 of its payload. at: by the service's clock."""

    log: str
    digest: str
    problem: Problem
    rules: tuple[str, ...]
    at: datetime


def refusal_of(log: str, payload: bytes, error: LedgerError, at: datetime) -> Refusal:
    """Return what an error says of a statement. payload: what its signers signed. error: of PROBLEMS."""
    match error:
        case Malformed() | NotTrusted() | Refused():
            rules = [error.rule]
        case NeedsAcknowledgement():
            rules = sorted({one.rule for one in error.breaches})
        case _:
            rules = []
    return Refusal(log, hashlib.sha256(payload).hexdigest(), PROBLEMS[type(error)], tuple(rules[:_MOST_RULES]), at)


def encode_refusal(refusal: Refusal) -> bytes:
    """Write a refusal in its one form."""
    return strict_json.encode(
        {
            "v": 1,
            "log": refusal.log,
            "digest": refusal.digest,
            "problem": refusal.problem,
            "rules": list(refusal.rules),
            "at": format_time(refusal.at),
        }
    )


def sign_refusal(refusal: Refusal, key: VerifierKey, sign: Callable[[str], bytes]) -> bytes:
    """Return the receipt of a refusal: its envelope. key, sign: of the log, of type 01 (``LogKeys.sign_line``)."""
    payload = encode_refusal(refusal)
    signature = Signature(_named(key), sign(pae(RECEIPT_TYPE, payload).decode()))
    return encode_envelope(Envelope(payload, (signature,)), RECEIPT_TYPE)


def verify_receipt(data: bytes, key: VerifierKey, statement: bytes | None = None) -> Refusal:
    """Return what a receipt says, once it holds.

    key: the log's, of type 01, from a source that is trusted. statement: the payload that it is to be about; None: any.

    Raises Malformed: it is no envelope of this payload type, RFS-01 not of the one form. NotTrusted: RFS-02 of another
    log, or signed by another key; RFS-03 of another statement.
    """
    envelope = parse_other(data, RECEIPT_TYPE)
    refusal = _read(envelope.payload)
    if key.type is not SignatureType.ED25519 or key.name != refusal.log:
        raise NotTrusted("RFS-02", f"it is of the log {refusal.log}, and that is not the log of this key")
    if [one.keyid for one in envelope.signatures] != [_named(key)]:
        raise NotTrusted("RFS-02", "it is signed otherwise than by this key alone")
    try:
        Ed25519Verifier(key).verify(pae(RECEIPT_TYPE, envelope.payload).decode(), envelope.signatures[0].sig)
    except NotTrusted:
        raise NotTrusted("RFS-02", "its signature does not verify") from None
    if statement is not None and hashlib.sha256(statement).hexdigest() != refusal.digest:
        raise NotTrusted("RFS-03", "it is of another statement")
    return refusal


def _named(key: VerifierKey) -> str:
    """Return by what an envelope names an Ed25519 key: the SHA-256 of its SubjectPublicKeyInfo."""
    return thumbprint_of(ED25519_SPKI + key.public)


def _read(payload: bytes) -> Refusal:
    said = read_members(strict_json.parse(payload), "$", _MEMBERS)
    listed = read_array(said["rules"], "$.rules", least=0, most=_MOST_RULES)
    refusal = Refusal(
        read_text(said["log"], "$.log"),
        read_form(said["digest"], "$.digest", _DIGEST),
        read_choice(said["problem"], "$.problem", "RFS-01", Problem),
        tuple(read_form(one, f"$.rules[{index}]", _RULE) for index, one in enumerate(listed)),
        read_time(said["at"], "$.at", "RFS-01"),
    )
    if encode_refusal(refusal) != payload:
        raise Malformed("RFS-01", "$", "is not written in the one form: its words, its order, or white space")
    return refusal
