"""What a page asks to be signed, read here from the very bytes: a statement of the log, or a sign-in at the web origin.

    {"key":"<thumbprint>","payload":"<base64>","payloadType":"…"}

What the page shows of it is nobody's word here. The payload type that is asked for decides how the bytes are read, and
stands under the signature (DSSE's PAE), so what was read as one is never signed as the other. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.sessions.challenge import SIGN_IN_TYPE, Challenge, check_here, read_challenge
from ledger.errors import Malformed, NotTrusted
from ledger.statement.form.envelope import PAYLOAD_TYPE, pae
from ledger.statement.form.payload import Payload, read_payload
from ledger.statement.reading import read_statement
from ledger.statement.text import strict_json
from ledger.statement.text.binary import decode_base64
from ledger.statement.text.shape import read_members, read_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ledger.statement.signing.signer import StatementSigner

LARGEST: Final = strict_json.SIZE_LIMIT
"""Bytes of what is asked. A statement's envelope holds its payload as base64 too, and is no longer than this."""

RULES: Final = {
    "SGN-01": "The signing helper signs statements of its log and sign-ins at its web origin, by a key that they name.",
}

_ROOT: Final = "request"
_MEMBERS: Final = ("key", "payload", "payloadType")


@dataclass(frozen=True, slots=True)
class Held:
    """What a helper signs for. site: the web origin whose pages may ask; log: the origin of the log."""

    site: str
    log: str
    signers: Sequence[StatementSigner]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked to be signed, looked at. said: what the bytes say; nobody has agreed to it yet."""

    signer: StatementSigner
    said: Challenge | Payload
    _type: str
    _payload: bytes

    def sign(self) -> bytes:
        """Return the signature, of 64 raw bytes, over the bytes that were read as what they are."""
        return self.signer.sign(pae(self._type, self._payload))


def read_asked(body: bytes, held: Held, now: datetime) -> Asked:
    """Read what is asked to be signed.

    Raises Malformed: STM-01 to STM-18 it is not strict JSON of this shape, or what it holds is no statement and no
    sign-in. NotTrusted: SGN-01 it is of another payload type, for another log or not for this key; SES-02, SES-03 a
    sign-in for elsewhere or of another time.
    """
    asked = read_members(strict_json.parse(body, root=_ROOT), _ROOT, _MEMBERS)
    thumbprint, written, kind = (read_text(asked[name], f"{_ROOT}.{name}") for name in _MEMBERS)
    signer = next((one for one in held.signers if one.thumbprint == thumbprint), None)
    if signer is None:
        raise NotTrusted("SGN-01", "the key that is asked for is not open here")
    try:
        payload = decode_base64(written)
    except ValueError:
        raise Malformed("STM-21", f"{_ROOT}.payload", "is not canonical base64") from None
    if kind == SIGN_IN_TYPE:
        return Asked(signer, _sign_in(payload, signer, held, now), kind, payload)
    if kind == PAYLOAD_TYPE:
        return Asked(signer, _statement(payload, signer, held), kind, payload)
    raise NotTrusted("SGN-01", "what is asked for is neither a statement nor a sign-in")


def _sign_in(payload: bytes, signer: StatementSigner, held: Held, now: datetime) -> Challenge:
    challenge = read_challenge(payload)
    check_here(challenge, held.site, held.log, now)
    if challenge.key != signer.thumbprint:
        raise NotTrusted("SGN-01", "the challenge is for another key")
    return challenge


def _statement(payload: bytes, signer: StatementSigner, held: Held) -> Payload:
    said = read_payload(payload)
    read_statement(said)
    if said.log != held.log:
        raise NotTrusted("SGN-01", f"it is for the log {said.log}, and this is {held.log}")
    if (signer.thumbprint, signer.alg) not in {(one.key, one.alg) for one in said.signers}:
        raise NotTrusted("SGN-01", "the statement names no signer with this key")
    return said
