"""Asking a service: one exchange, repeated where that is safe, in one language, as one caller.

A statement's id makes handing it in again harmless, and so is every read: both are repeated when a connection breaks or
the service says to come again, which it says when (``Retry-After``). What is not, as signing in, is sent once. Where
the service leads elsewhere nobody goes: a token is for one service alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Retry, Timeout

from api.client.forms import read_form
from api.client.problems import error_of, problem_in
from api.sessions.challenge import is_origin
from ledger.errors import Malformed, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from urllib3.response import BaseHTTPResponse

_Form = TypeVar("_Form")

POSITION: Final = "Vialog-Position"
LEAST: Final = "Vialog-Min-Position"
JSON: Final = "application/json"
MOST: Final = 64_000_000
"""Bytes of an answer: more than a service hands out at once."""

_AGAIN_AT: Final = frozenset({412, 429, 503})
_CHUNK: Final = 65_536
_PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long somebody waits for a service.

    connect, answer: seconds for a connection, and for each piece of an answer. times: how often it is asked again.
    first, longest: seconds before it is, twice as many each time, where the service does not say when; most that it may
    say.
    """

    connect: float = 5.0
    answer: float = 60.0
    times: int = 5
    first: float = 0.2
    longest: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered, which is no problem."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def said(self, form: type[_Form]) -> _Form:
        """Return the body, parsed. form: that the document gives it. Raises Malformed: SVC-03."""
        return read_form(self.body, form)


class Transport:
    """One service, asked by one caller. Threads may share it.

    position: of the newest statement that was handed in here; each read asks for an answer that knows it. cookie: of
    the session; "" without one. again: how often, and when, something is asked again.
    """

    def __init__(
        self, origin: str, token: str | None = None, language: str = "en", patience: Patience | None = None
    ) -> None:
        """Connect when something is asked.

        origin: the service's, such as ``https://log.example.org``. token: a program's. language: in which problems are
        told.

        Raises Malformed: SES-01, it is no web origin.
        """
        self.origin = origin_of(origin)
        self.language = language
        self.position = 0
        self.cookie = ""
        self._token = token
        patience = patience or Patience()
        within = Timeout(connect=patience.connect, read=patience.answer)
        self._pool = urllib3.connection_from_url(self.origin, maxsize=8, timeout=within)
        self.again = Retry(
            patience.times,
            allowed_methods=None,
            status_forcelist=_AGAIN_AT,
            backoff_factor=patience.first,
            backoff_max=patience.longest,
            backoff_jitter=patience.first,
            retry_after_max=int(patience.longest),
            raise_on_status=False,
        )
        self._once = Retry(patience.times, read=0, status=0, other=0, respect_retry_after_header=False)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        query: Iterable[tuple[str, str]] = (),
        media: str = JSON,
        accept: str = "*/*",
        repeat: bool = True,
        also: frozenset[int] = frozenset(),
    ) -> Answer:
        """Ask, and return the answer.

        media: of the body. repeat: whether asking again is harmless. also: statuses that are answers here, where their
        content is no problem.

        Raises what the service says is wrong, as ``error_of``. Unavailable: it does not answer.
        """
        again, target = self.again if repeat else self._once, _target(path, query)
        headers = self._headers(method, media if body is not None else "", accept)
        try:
            while True:
                response = self._send(method, target, body, headers, again)
                try:
                    answer = Answer(response.status, response.headers, _read(response))
                    break
                except (ProtocolError, ReadTimeoutError) as error:
                    again = (response.retries or again).increment(method, target, error=error)
                    again.sleep()
        except HTTPError as error:
            raise self._silent(error) from error
        problem = answer.headers.get("Content-Type", "").startswith(_PROBLEM)
        if answer.status >= 300 and (problem or answer.status not in also):
            raise error_of(answer.status, problem_in(answer.body))
        return answer

    def stream(self, path: str, headers: Mapping[str, str]) -> BaseHTTPResponse:
        """Ask for what does not end by itself, and return the answer as it comes; whoever reads it closes it.

        Raises as ``ask``.
        """
        given = self._headers("GET", "", "text/event-stream") | dict(headers)
        try:
            response = self._send("GET", path, None, given, self.again)
            if response.status >= 300:
                raise error_of(response.status, problem_in(_read(response)))
        except HTTPError as error:
            raise self._silent(error) from error
        return response

    def later(self, again: Retry, path: str, error: HTTPError) -> Retry:
        """Wait before a broken line is taken up, and return how often it still is. Raises Unavailable: not any more."""
        try:
            left = again.increment("GET", path, error=error)
        except HTTPError as end:
            raise self._silent(end) from error
        left.sleep()
        return left

    def wrote(self, position: int) -> None:
        """Remember the position of a statement that was handed in: what is read from now on knows it."""
        self.position = max(self.position, position)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _send(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str], again: Retry
    ) -> BaseHTTPResponse:
        return self._pool.urlopen(
            method, target, body, headers, retries=again, redirect=False, preload_content=False, decode_content=True
        )

    def _silent(self, error: HTTPError) -> Unavailable:
        """Return why a service does not answer, as far as this machine knows, and what to do."""
        origin = self.origin
        match error.reason if isinstance(error, MaxRetryError) else error:
            case NameResolutionError():
                return Unavailable(f"no machine is known by the name in {origin}: compare it with what you were given")
            case NewConnectionError() | ConnectTimeoutError():
                return Unavailable(f"nothing answers at {origin}: ask whether the service runs, and try again later")
            case SSLError():
                return Unavailable(f"{origin} shows no certificate that this machine trusts: ask who runs the service")
            case ReadTimeoutError():
                return Unavailable(f"the service at {origin} does not answer in time: try again later")
            case _:
                return Unavailable(f"the service at {origin} breaks off before it has answered: try again later")

    def _headers(self, method: str, media: str, accept: str) -> dict[str, str]:
        said = {"Accept": accept, "Accept-Language": self.language, "User-Agent": "vialog"}
        if media:
            said["Content-Type"] = media
        if self._token is not None:
            said["Authorization"] = f"Bearer {self._token}"
        elif self.cookie:
            said["Cookie"] = self.cookie
        if method == "GET" and self.position:
            said[LEAST] = str(self.position)
        return said


def origin_of(url: str) -> str:
    """Return the web origin that an address names. Raises Malformed: SES-01, it names none, or more than that."""
    origin = url.removesuffix("/")
    if not is_origin(origin):
        raise Malformed("SES-01", "$", "is not a web origin such as https://log.example.org")
    return origin


def path_of(link: str, origin: str) -> str:
    """Return the path that a service leads to. Raises Malformed: SVC-03 it leads to another service."""
    parts = urlsplit(link)
    if parts.netloc and f"{parts.scheme}://{parts.netloc}" != origin:
        raise Malformed("SVC-03", "Link", "leads to another service")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _target(path: str, query: Iterable[tuple[str, str]]) -> str:
    written = urlencode([*query])
    return f"{path}?{written}" if written else path


def _read(response: BaseHTTPResponse) -> bytes:
    """Read an answer to its end, and let its connection go. Raises Malformed: SVC-03 it is larger than any."""
    data = bytearray()
    try:
        for chunk in response.stream(_CHUNK, decode_content=True):
            data += chunk
            if len(data) > MOST:
                raise Malformed("SVC-03", "$", f"the service's answer has more than {MOST} bytes")
    finally:
        response.release_conn() if len(data) <= MOST else response.close()
    return bytes(data)
