"""Who signed a statement, with what meaning and which key, and whether each signature holds.

"Who signed event E, with what meaning, when, with which components; is the signature valid." Asked of the signed bytes,
by the keys that the log itself enrolled before; the passphrase that opened a key leaves no trace in a record.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.errors import LedgerError
from ledger.ids import KeyId
from ledger.statement.entries.enrolment import ENROLLING, REVOKED
from ledger.statement.form.envelope import PAYLOAD_TYPE, Envelope, pae
from ledger.statement.signing.keys import PublicKey, admit, verify

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.judging import Event, Signatory


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement that is recorded, and the envelope that its signers signed."""

    event: Event[Any]
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One signature.

    signatory: who, in which role, with what meaning and which key.
    enrolled, revoked: the positions at which the key was enrolled, and revoked; None: it was not, as far as was read.
    problem: why it does not count; "" where it does. A key that is revoked later takes nothing back.
    """

    signatory: Signatory
    enrolled: int | None
    revoked: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """A statement's signatures. occurred: when the signers say it was; recorded: when the log took it."""

    position: int
    occurred: datetime
    recorded: datetime
    rows: tuple[SignatureRow, ...]


def signatures(signed: Signed, events: Iterable[Event[Any]]) -> SignedAnswer:
    """Return the signatures of a statement. events: oldest first, all that enrol or revoke its signers' keys."""
    keys: dict[KeyId, tuple[int, PublicKey]] = {}
    revoked: dict[KeyId, int] = {}
    for one in events:
        body = one.said.body
        if one.said.kind in ENROLLING:
            keys.setdefault(body.key, (one.position, admit(base64.b64decode(body.spki), body.alg)))
        elif one.said.kind == REVOKED:
            revoked.setdefault(body.key, one.position)
    event, message = signed.event, pae(PAYLOAD_TYPE, signed.envelope.payload)
    given = {KeyId(f"key:{one.keyid}"): one.sig for one in signed.envelope.signatures}
    rows = []
    for signer in event.said.signers:
        enrolled, ended = keys.get(signer.key), revoked.get(signer.key)
        if enrolled is None or enrolled[0] > event.position:
            problem = "its key was not enrolled when it signed"
        elif ended is not None and ended < event.position:
            problem = "its key was revoked when it signed"
        else:
            problem = _problem(enrolled[1], message, given.get(signer.key, b""))
        rows.append(SignatureRow(signer, None if enrolled is None else enrolled[0], ended, problem))
    return SignedAnswer(event.position, event.said.occurred_at, event.recorded, tuple(rows))


def _problem(key: PublicKey, message: bytes, signature: bytes) -> str:
    try:
        verify(key, message, signature)
    except LedgerError as error:
        return str(error)
    return ""
