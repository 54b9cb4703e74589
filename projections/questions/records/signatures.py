"""Who signed a statement, with what meaning and which key, and whether each signature holds.

"Who signed event E, with what meaning, when, with which components; is the signature valid." Asked of the stored bytes,
by the keys that the log itself enrolled before; the passphrase that opened a key leaves no trace in a record.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.errors import LedgerError
from ledger.ids import KeyId
from ledger.statement.entries.enrolment import ENROLLING, REVOKED
from ledger.statement.entries.entry import parse_entry
from ledger.statement.form.envelope import PAYLOAD_TYPE, pae, parse_envelope
from ledger.statement.signing.keys import PublicKey, admit, verify
from projections.reading import is_event, read_checked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.judging import Event, Signatory
    from ledger.ids import StatementId
    from ledger.store.port import Recorded


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


def signatures(log: Iterable[Recorded], statement: StatementId) -> SignedAnswer | None:
    """Return the signatures of a statement; None: it is not in the log.

    log: its entries, oldest first from the first one. Raises IntegrityFailed, TooOld: one of them cannot be read.
    """
    keys: dict[KeyId, tuple[int, PublicKey]] = {}
    revoked: dict[KeyId, int] = {}
    found: tuple[Recorded, Event[Any]] | None = None
    for stored in log:
        if not is_event(stored):
            continue
        event = read_checked(stored)
        body = event.said.body
        if event.said.kind in ENROLLING:
            keys.setdefault(body.key, (event.position, admit(base64.b64decode(body.spki), body.alg)))
        elif event.said.kind == REVOKED:
            revoked.setdefault(body.key, event.position)
        if event.said.id == statement:
            found = stored, event
    return None if found is None else _answer(*found, keys, revoked)


def _answer(
    stored: Recorded, event: Event[Any], keys: dict[KeyId, tuple[int, PublicKey]], revoked: dict[KeyId, int]
) -> SignedAnswer:
    envelope = parse_envelope(parse_entry(stored.entry).data)
    given = {KeyId(f"key:{one.keyid}"): one.sig for one in envelope.signatures}
    rows = []
    for signer in event.said.signers:
        enrolled, ended = keys.get(signer.key), revoked.get(signer.key)
        if enrolled is None or enrolled[0] > event.position:
            problem = "its key was not enrolled when it signed"
        elif ended is not None and ended < event.position:
            problem = "its key was revoked when it signed"
        else:
            problem = _problem(enrolled[1], pae(PAYLOAD_TYPE, envelope.payload), given.get(signer.key, b""))
        rows.append(SignatureRow(signer, None if enrolled is None else enrolled[0], ended, problem))
    return SignedAnswer(event.position, event.said.occurred_at, event.recorded, tuple(rows))


def _problem(key: PublicKey, message: bytes, signature: bytes) -> str:
    try:
        verify(key, message, signature)
    except LedgerError as error:
        return str(error)
    return ""
