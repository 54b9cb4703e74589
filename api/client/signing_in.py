"""Signing in at a service: its challenge is looked at, signed here, and the session ended afterwards.

The private key signs one thing: a challenge whose web origin is the address that was given here, and whose words are
those of a sign-in. Whatever else a service sends is not signed.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from api.rows.http import Challenged
from api.sessions.challenge import SIGN_IN_TYPE, check_here, read_challenge, sign_challenge
from ledger.errors import NotTrusted
from ledger.statement.text.binary import decode_base64

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.client.transport import Transport
    from api.sessions.challenge import Challenge
    from ledger.statement.signing.signer import StatementSigner


def challenged(service: Transport, thumbprint: str, now: datetime) -> tuple[Challenge, bytes]:
    """Return a challenge that a service asks to be signed, and its bytes.

    Raises NotTrusted: SES-02, SES-03 what it asks to be signed is no sign-in here and now. Malformed: it is no
    challenge. As ``Transport.ask``.
    """
    said = service.ask("POST", "/v1/challenges", json.dumps({"key": thumbprint}).encode()).said(Challenged)
    try:
        payload = decode_base64(said["payload"]) if said["payloadType"] == SIGN_IN_TYPE else b""
    except (KeyError, TypeError, ValueError):
        payload = b""
    challenge = read_challenge(payload)
    check_here(challenge, service.origin, None, now)
    return challenge, payload


def sign_in(service: Transport, signer: StatementSigner, now: datetime) -> None:
    """Open a session, which what is asked from here on belongs to. Raises as ``challenged``."""
    _, payload = challenged(service, signer.thumbprint, now)
    open_session(service, payload, signer)


def open_session(service: Transport, payload: bytes, signer: StatementSigner) -> None:
    """Sign a challenge that was looked at, and open the session. Raises as ``Transport.ask``."""
    answer = service.ask("POST", "/v1/sessions", sign_challenge(payload, signer), repeat=False)
    service.cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]


def sign_out(service: Transport) -> None:
    """End the session. Raises as ``Transport.ask``."""
    service.ask("DELETE", "/v1/sessions/current", repeat=False)
    service.cookie = ""


@contextmanager
def signed_in(service: Transport, signer: StatementSigner, now: datetime) -> Iterator[Transport]:
    """Give a service with a session for a with block, at whose end the session ends. Raises as ``sign_in``."""
    sign_in(service, signer, now)
    try:
        yield service
    finally:
        with suppress(NotTrusted):  # it has ended already: the key was revoked
            sign_out(service)
