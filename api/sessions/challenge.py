"""The challenge that is signed to sign in: its one form, written by a service and looked at by whoever signs it.

    {"v":1,"purpose":"…","origin":"https://log.example.org","log":"…","key":"…","nonce":"…","issued":"…Z","expires":"…Z"}

It is signed as a DSSE envelope of a payload type of its own. The type is under the signature, so no sign-in is ever a
statement, nor a statement a sign-in; the web origin and the log are, so it counts nowhere else. docs/formats.md,
section 26. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ledger.clock import format_time
from ledger.errors import Malformed, NotTrusted
from ledger.statement.form.envelope import Envelope, Signature, encode_envelope, pae, parse_other
from ledger.statement.form.members import read_time
from ledger.statement.signing.keys import verify
from ledger.statement.text import strict_json
from ledger.statement.text.shape import Form, read_form, read_members, read_text

if TYPE_CHECKING:
    from ledger.statement.signing.keys import PublicKey
    from ledger.statement.signing.signer import StatementSigner

SIGN_IN_TYPE: Final = "application/vnd.vialog.sign-in+json"
FOR: Final = timedelta(minutes=5)
"""How long a challenge counts: time enough to read it and to type a passphrase."""

RULES: Final = {
    "SES-01": "A challenge to sign in is in the one form that docs/formats.md gives it.",
    "SES-02": "A sign-in counts at the web origin and for the log that its challenge names, and nowhere else.",
    "SES-03": "A sign-in counts once, and until its challenge expires.",
    "SES-04": "Who signs in does so with the key that the challenge names, enrolled and not revoked.",
    "SES-05": "A token reads, records or keeps hooks, is made by a person who has signed in, and ends within 366 days.",
}

_MEMBERS: Final = ("v", "purpose", "origin", "log", "key", "nonce", "issued", "expires")
_ORIGIN: Final = Form(
    "SES-01",
    re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:]{2,39}\])(?::[1-9][0-9]{0,4})?"),
    "a web origin such as https://log.example.org",
)
_KEY: Final = Form("SES-01", re.compile("[0-9a-f]{64}"), "a whole thumbprint, 64 lower-case hex digits")
_NONCE: Final = Form("SES-01", re.compile("[0-9A-Za-z_-]{43}"), "a nonce of 43 digits of base64url")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is signed to sign in. key: a thumbprint. nonce: 32 random bytes, base64url."""

    origin: str
    log: str
    key: str
    nonce: str
    issued: datetime
    expires: datetime

    @property
    def purpose(self) -> str:
        """Return what it is for, in words, which stand in it and are signed too."""
        return f"Sign in at {self.origin} to the log {self.log}. This records nothing, and counts once."


def is_origin(text: str) -> bool:
    """Say whether a text is a web origin in its one form: scheme, host, and a port that is not the scheme's own."""
    return _ORIGIN.pattern.fullmatch(text) is not None and not text.endswith((":443", ":80"))


def is_thumbprint(text: str) -> bool:
    """Say whether a text is a key's thumbprint in its one form."""
    return _KEY.pattern.fullmatch(text) is not None


def encode_challenge(challenge: Challenge) -> bytes:
    """Write a challenge in its one form."""
    return strict_json.encode(
        {
            "v": 1,
            "purpose": challenge.purpose,
            "origin": challenge.origin,
            "log": challenge.log,
            "key": challenge.key,
            "nonce": challenge.nonce,
            "issued": format_time(challenge.issued),
            "expires": format_time(challenge.expires),
        }
    )


def read_challenge(payload: bytes) -> Challenge:
    """Read a challenge. Raises Malformed: it is not strict JSON, or SES-01 not in the one form."""
    said = read_members(strict_json.parse(payload), "$", _MEMBERS)
    challenge = Challenge(
        read_form(said["origin"], "$.origin", _ORIGIN),
        read_text(said["log"], "$.log"),
        read_form(said["key"], "$.key", _KEY),
        read_form(said["nonce"], "$.nonce", _NONCE),
        read_time(said["issued"], "$.issued", "SES-01"),
        read_time(said["expires"], "$.expires", "SES-01"),
    )
    if encode_challenge(challenge) != payload:
        raise Malformed("SES-01", "$", "is not written in the one form: its words, its order, or white space")
    return challenge


def check_here(challenge: Challenge, origin: str, log: str | None, now: datetime) -> None:
    """Check that a challenge is for here and now.

    log: None: whoever signs does not know it yet.

    Raises NotTrusted: SES-02 it is for another web origin or another log; SES-03 it has expired, or counts too long.
    """
    if challenge.origin != origin:
        raise NotTrusted("SES-02", f"it is for {challenge.origin}, and this is {origin}")
    if log is not None and challenge.log != log:
        raise NotTrusted("SES-02", f"it is for the log {challenge.log}, and this is {log}")
    if challenge.expires <= now or challenge.expires - challenge.issued > FOR:
        raise NotTrusted("SES-03", "the challenge has expired, or counts for longer than it may")


def sign_challenge(payload: bytes, signer: StatementSigner) -> bytes:
    """Return the envelope of a challenge that its signer has looked at (``read_challenge``, ``check_here``).

    Raises NotTrusted: SES-04 it is for another key.
    """
    if read_challenge(payload).key != signer.thumbprint:
        raise NotTrusted("SES-04", "the challenge is for another key")
    signature = Signature(signer.thumbprint, signer.sign(pae(SIGN_IN_TYPE, payload)))
    return encode_envelope(Envelope(payload, (signature,)), SIGN_IN_TYPE)


def read_signed(data: bytes) -> tuple[Challenge, Envelope]:
    """Read a signed challenge; its signature is not verified yet.

    Raises Malformed: it is no envelope of this payload type. NotTrusted: SES-04 it is signed otherwise than by the one
    key that it names.
    """
    envelope = parse_other(data, SIGN_IN_TYPE)
    challenge = read_challenge(envelope.payload)
    if [one.keyid for one in envelope.signatures] != [challenge.key]:
        raise NotTrusted("SES-04", "the challenge is signed by the one key that it names")
    return challenge, envelope


def check_signature(envelope: Envelope, key: PublicKey) -> None:
    """Check the signature of a challenge. Raises NotTrusted: KEY-10 to KEY-15."""
    verify(key, pae(SIGN_IN_TYPE, envelope.payload), envelope.signatures[0].sig)
