"""The bodies of requests: each within a time and a size, all together within a number of bytes.

A request is handed on when all of its body is here: half of one costs the application nothing. Whoever is cut off, or
sends too slowly, leaves nothing behind. When there is no room, the body that has been coming longest is given up, so
that those who send at once are heard among many who do not. Of large ones only some come at a time, however little of
them is there yet: to read thousands of them in turns would leave no time for anybody else.
"""

from __future__ import annotations

from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from anyio import CancelScope, move_on_after

from api.http.problems import request_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.http.connections import Limits

_SMALL: Final = 65_536
"""Bytes of a body that is read at one go."""

_DIGITS: Final = 9

_WITHOUT: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods of requests whose body, if there is one, nobody reads."""


class Bodies:
    """An application that gets each request with its whole body."""

    def __init__(
        self, app: ASGIApp, limits: Limits, most: int, larger: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """Stand before an application.

        most: how many bytes a request's body may have. larger: how many at some paths; never more than half of what is
        held of all requests together.
        """
        self._app = app
        self._limits = limits
        self._most = most
        self._larger = larger
        self._held = 0
        self._coming: dict[CancelScope, bytearray] = {}
        self._large: dict[CancelScope, bytearray] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: 408 where its body did not come in time, or made room for others; 413 where it is large.

        The rest of what is too large is not read. A body's bytes count as held until the request is answered.
        """
        if scope["type"] != "http" or scope["method"] in _WITHOUT:
            await self._app(scope, receive, send)
            return
        data = bytearray()
        try:
            with move_on_after(self._limits.within) as patience, self._enrolled(patience, data, large=_is_large(scope)):
                refusal = await self._read(receive, data, self._most_at(scope["path"]))
            if patience.cancel_called:  # also where its end came in the same turn: what it held is given back
                refusal = (408, "")
            if refusal is None:
                await self._app(scope, _given(bytes(data), receive), send)
            else:
                status, detail = refusal
                answer = request_answer(status, scope, detail, {"Connection": "close"})
                await answer(scope, receive, send)
        finally:
            self._held -= len(data)

    def _most_at(self, path: str) -> int:
        return min(self._larger.get(path, self._most), max(self._most, self._limits.body_bytes // 2))

    @contextmanager
    def _enrolled(self, patience: CancelScope, data: bytearray, *, large: bool) -> Iterator[None]:
        """Count a body among those that come, for a with block; the oldest large one makes room for a new one."""
        if large and len(self._large) >= self._limits.large_bodies:
            self._give_up_oldest(self._large)
        for coming in (self._coming, self._large)[: 1 + large]:
            coming[patience] = data
        try:
            yield
        finally:
            del self._coming[patience]
            self._large.pop(patience, None)

    async def _read(self, receive: Receive, data: bytearray, most: int) -> tuple[int, str] | None:
        """Read a body to its end; return status and title where it does not come to one that can be taken."""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return 400, "the request ended before its body did"  # nobody is there to read it
            chunk, more = message.get("body", b""), message.get("more_body", False)
            data += chunk
            self._held += len(chunk)
            if len(data) > most:
                return 413, f"a request here has at most {most} bytes"
            if self._held > self._limits.body_bytes:
                self._give_up_oldest(self._coming)
        return None

    def _give_up_oldest(self, coming: dict[CancelScope, bytearray]) -> None:
        oldest = next(iter(coming))
        oldest.cancel()
        data = coming.pop(oldest)
        coming[oldest] = data  # until it has ended, in its own turn, it is not asked again
        self._held -= len(data)  # at once: who comes next would else be given up as well, for bytes that go
        data.clear()


def _is_large(scope: Scope) -> bool:
    """Say whether a body may be a large one: also one in chunks, whose length nobody says."""
    headers = dict(scope["headers"])
    length: bytes = headers.get(b"content-length", b"")
    # A number of more than nine digits is large whatever it is.
    return b"transfer-encoding" in headers or len(length) > _DIGITS or int(length or b"0") > _SMALL


def _given(data: bytes, receive: Receive) -> Receive:
    """Return what gives a body that is here at once, and then whatever else comes."""
    waiting: list[Message] = [{"type": "http.request", "body": data, "more_body": False}]

    async def given() -> Message:
        return waiting.pop() if waiting else await receive()

    return given
