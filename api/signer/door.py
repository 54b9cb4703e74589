"""The door of the signing helper: HTTP on the loopback interface, for pages of one web origin and nobody else's.

``GET /keys`` says which keys are open, ``POST /sign`` asks for one signature. A browser says truly, whatever a page's
script wants, by which name it asked (Host) and for whose page (Origin); both have to be the very ones. So another site
gets nothing here, nor one whose name was made to lead to this machine (DNS rebinding). Another program of this machine
can write any header: it gets no more than a page does, and nothing is signed unless the person at the terminal agrees.
One request is answered after the other. Nothing is asked of any network.
"""

from __future__ import annotations

import json
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from api.language import problem_words
from api.signer.address import HOST
from api.signer.asked import LARGEST
from ledger.errors import LedgerError
from ledger.statement.text.binary import encode_base64

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from api.rows.http import OpenKey
    from ledger.statement.signing.signer import StatementSigner

_METHODS: Final = {"/keys": "GET", "/sign": "POST"}
_WITHIN: Final = 10.0
"""Seconds for each piece of a request: who holds the door open longer lets others wait no longer than that."""


class Signed(NamedTuple):
    """A signature of 64 raw bytes, and the thumbprint of its key."""

    key: str
    signature: bytes


class Door(TCPServer):
    """Listens, and answers the pages of one web origin."""

    allow_reuse_address = True

    def __init__(
        self, port: int, site: str, keys: Sequence[StatementSigner], sign: Callable[[bytes], Signed | None]
    ) -> None:
        """Listen on the loopback interface.

        port: 0 for any that is free. site: the web origin whose pages may ask. sign: signs what the body of a request
        asks for, None where its person says no; raises LedgerError where it may not be signed.

        Raises OSError: something else listens there.
        """
        super().__init__((HOST, port), _Request)
        self.site: Final = site
        self.sign: Final = sign
        self.host: Final = f"{HOST}:{self.server_address[1]}"
        self.keys: Final[list[OpenKey]] = [
            {"thumbprint": one.thumbprint, "alg": one.alg, "spki": encode_base64(one.spki)} for one in keys
        ]

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002  as socketserver has it
        """Let whatever goes wrong end the helper, as Ctrl-C at a question does."""
        if (error := sys.exception()) is not None:
            raise error


class _Request(BaseHTTPRequestHandler):
    server: Door
    timeout = _WITHIN
    server_version, sys_version = "vialog", ""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the browser has gone, or sends no more
            self.close_connection = True

    def do_OPTIONS(self) -> None:
        """Say what a page of the web origin may ask for (CORS), also from a public address (Private Network Access)."""
        if self._is_known():
            asks = self.headers.get("Access-Control-Request-Private-Network") == "true"
            private = {"Access-Control-Allow-Private-Network": "true"} if asks else {}
            allowed = {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "Content-Type"}
            self._answer(HTTPStatus.NO_CONTENT, None, {**allowed, **private})

    def do_GET(self) -> None:
        if self._is_known():
            self._answer(HTTPStatus.OK, {"keys": self.server.keys})

    def do_POST(self) -> None:
        if not self._is_known() or (body := self._body()) is None:
            return
        try:
            signed = self.server.sign(body)
        except LedgerError as error:
            self._answer(HTTPStatus.UNPROCESSABLE_ENTITY, {"detail": problem_words(error)})
            return
        if signed is None:
            self._answer(HTTPStatus.CONFLICT, {})
            return
        self._answer(HTTPStatus.OK, {"keyid": signed.key, "sig": encode_base64(signed.signature)})

    def _is_known(self) -> bool:
        """Say whether a page of the web origin asks this door, by a method that it has; else that is answered."""
        ours = self.headers.get_all("Host") == [self.server.host]
        if not ours or self.headers.get_all("Origin") != [self.server.site]:
            # Without the headers of CORS: a page of another origin does not learn what stands here.
            self.send_error(HTTPStatus.FORBIDDEN)
        elif self.path not in _METHODS:
            self.send_error(HTTPStatus.NOT_FOUND)
        elif self.command not in {"OPTIONS", _METHODS[self.path]}:
            self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)
        else:
            return True
        return False

    def _body(self) -> bytes | None:
        """Return the body of a request; None where it is not as it has to be, which is answered then."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get("Content-Type") != "application/json":
            # Any other type could be sent without the question beforehand (preflight).
            self.send_error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        elif "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
        elif len(length) > len(str(LARGEST)) or int(length) > LARGEST:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            return self.rfile.read(int(length))
        return None

    def _answer(self, status: HTTPStatus, said: object, more: Mapping[str, str] | None = None) -> None:
        self.send_response_only(status)
        body = b"" if said is None else json.dumps(said).encode()
        kept = {"Access-Control-Allow-Origin": self.server.site, "Vary": "Origin", "Content-Type": "application/json"}
        for name, value in {**_EVERY, **kept, **(more or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer what is no request for this door, with nothing but a number."""
        self.close_connection = True
        self.send_response_only(code)
        for name, value in {**_EVERY, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:  # noqa: ANN401  as http.server has it
        """Say nothing: what stands in a request is anybody's, and the terminal is for what is to be signed."""


_EVERY: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
