"""Signing in at a service somewhere else: its challenge is looked at, signed here, and the session ended afterwards.

The private key signs one thing: a challenge whose web origin is the address that was given here, and whose words are
those of a sign-in. Whatever else a service sends is not signed.
"""

from __future__ import annotations

import http.client
import json
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from api.sessions.challenge import SIGN_IN_TYPE, check_here, is_origin, read_challenge, sign_challenge
from ledger.errors import LedgerError, Malformed, NotFound, NotTrusted, Refused, Unavailable
from ledger.statement.text.binary import decode_base64

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.sessions.challenge import Challenge
    from ledger.statement.signing.signer import StatementSigner

_WITHIN: Final = 20.0
_MOST_ANSWER: Final = 1_000_000
_JSON: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Remote:
    """A service at a web origin. language: in which it tells what is wrong. cookie: of a session; "" without one."""

    origin: str
    language: str
    cookie: str = ""

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[Any, str]:
        """Return what the service answers, parsed, None where it is empty; and the cookie that it sets, "" if none.

        Raises what the service says is wrong, as the ledger's own errors. Unavailable: it does not answer.
        """
        headers = _JSON | {"Accept-Language": self.language} | ({"Cookie": self.cookie} if self.cookie else {})
        place = urlsplit(self.origin)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        try:
            with closing(kind(place.netloc, timeout=_WITHIN)) as connection:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                read = answer.read(_MOST_ANSWER)
            said = json.loads(read) if read else None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unavailable(f"the service at {self.origin} does not answer: {type(error).__name__}") from error
        if answer.status >= http.client.BAD_REQUEST:
            raise _problem(answer.status, said)
        return said, answer.headers.get("Set-Cookie", "").partition(";")[0]


def challenged(remote: Remote, thumbprint: str, now: datetime) -> tuple[Challenge, bytes]:
    """Return a challenge that a service asks to be signed, and its bytes.

    Raises NotTrusted: SES-02, SES-03 what it asks to be signed is no sign-in here and now. As ``Remote.ask``.
    """
    said, _ = remote.ask("POST", "/v1/challenges", json.dumps({"key": thumbprint}).encode())
    try:
        payload = decode_base64(said["payload"]) if said["payloadType"] == SIGN_IN_TYPE else b""
    except (KeyError, TypeError, ValueError):
        payload = b""
    challenge = read_challenge(payload)
    check_here(challenge, remote.origin, None, now)
    return challenge, payload


def sign_in(remote: Remote, signer: StatementSigner, now: datetime) -> Remote:
    """Return a service with a session of its own. Raises as ``challenged``."""
    _, payload = challenged(remote, signer.thumbprint, now)
    _, cookie = remote.ask("POST", "/v1/sessions", sign_challenge(payload, signer))
    return Remote(remote.origin, remote.language, cookie)


@contextmanager
def signed_in(remote: Remote, signer: StatementSigner, now: datetime) -> Iterator[Remote]:
    """Give a service with a session for a with block, at whose end the session ends. Raises as ``sign_in``."""
    opened = sign_in(remote, signer, now)
    try:
        yield opened
    finally:
        opened.ask("DELETE", "/v1/sessions/current")


def origin_of(url: str) -> str:
    """Return the web origin that an address names. Raises Malformed: SES-01, it names none, or more than that."""
    origin = url.removesuffix("/")
    if not is_origin(origin):
        raise Malformed("SES-01", "--url", "is not a web origin such as https://log.example.org")
    return origin


def _problem(status: int, said: Any) -> LedgerError:  # noqa: ANN401  parsed JSON of a stranger
    """Return what a service says is wrong as an error of the ledger's, whatever the service says."""
    told = said if isinstance(said, dict) else {}
    detail, rule = str(told.get("detail", told.get("title", status))), str(told.get("rule", "SES-04"))
    match status:
        case 400:
            return Malformed(rule, str(told.get("member", "$")), detail)
        case 401 | 403:
            return NotTrusted(rule, detail)
        case 404:
            return NotFound(detail)
        case 422:
            return Refused(rule, detail)
        case _:
            return Unavailable(detail)
