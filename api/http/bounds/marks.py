"""What stands on every answer: the id of its request, and the headers that keep a browser from doing more with it.

Outermost, so that refusals bear them too. The head of a request is within a size: what is larger is 431.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from secrets import token_hex
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from api.http.problems import request_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID: Final = "X-Request-Id"
request_id: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""The id of the request that is worked on; "" where none is."""

LARGEST_HEAD: Final = 16_384
"""Bytes of a request's address and headers together."""

SECURITY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
)
"""What is answered here is data: nothing of it is run, framed, or read by another site's pages."""

_ENCRYPTED: Final = (b"strict-transport-security", b"max-age=31536000")
"""That a browser comes back with encryption alone for a year: where this server encrypts; a proxy says it itself."""

_NAME: Final = REQUEST_ID.lower().encode()
_MARKS: Final = [(name.lower().encode(), value.encode()) for name, value in SECURITY.items()]
_ID: Final = re.compile("[0-9A-Za-z._-]{1,64}")


class Marked:
    """An application whose answers all bear these marks."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application, and before all else that answers in its place."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose head is not too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == _NAME), b"").decode("latin-1")
        ident = given if _ID.fullmatch(given) else token_hex(16)
        request_id.set(ident)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                marks = [(_NAME, ident.encode()), *_MARKS]
                if scope["scheme"] == "https":
                    marks.append(_ENCRYPTED)
                message["headers"] = [*message["headers"], *(one for one in marks if one[0] not in own)]
            await send(message)

        if _size_of(scope) > LARGEST_HEAD:
            told = f"the request's head is larger than {LARGEST_HEAD} bytes"
            await request_answer(431, scope, told, {"Connection": "close"})(scope, receive, marked)
        else:
            await self._app(scope, receive, marked)


def _size_of(scope: Scope) -> int:
    address = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
    return address + sum(len(name) + len(value) + 4 for name, value in scope["headers"])
