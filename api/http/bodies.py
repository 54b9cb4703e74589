"""The bodies of requests: each within a time and a size, all together within a number of bytes.

Whoever is cut off, or sends too slowly, leaves nothing behind. When there is no room, the body that has been coming
longest is given up, so that those who send at once are heard among many who do not.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from anyio import move_on_after
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from anyio import CancelScope

    from api.http.connections import Limits


class Bodies:
    """The bodies that a server holds."""

    def __init__(self, limits: Limits) -> None:
        """Hold none yet."""
        self._limits = limits
        self._held = 0
        self._coming: dict[CancelScope, None] = {}

    @asynccontextmanager
    async def received(self, request: Request, most: int) -> AsyncIterator[bytes]:
        """Yield a request's body; its bytes count as held until the block ends.

        Raises HTTPException: 408 it did not come in time, or made room for others; 413 larger than allowed, and the
        rest is not read; 503 there is no room for it.
        """
        data = bytearray()
        try:
            with move_on_after(self._limits.within) as scope:
                self._coming[scope] = None
                try:
                    await self._read(request, data, most)
                finally:
                    del self._coming[scope]
            if scope.cancelled_caught:
                raise HTTPException(408, "The request's body did not come in time", {"Connection": "close"})
            yield bytes(data)
        finally:
            self._held -= len(data)

    async def _read(self, request: Request, data: bytearray, most: int) -> None:
        try:
            async for chunk in request.stream():
                data += chunk
                self._held += len(chunk)
                if len(data) > most:
                    raise HTTPException(413, f"A request here has at most {most} bytes", {"Connection": "close"})
                if self._held > self._limits.body_bytes:
                    self._make_room()
        except ClientDisconnect:
            # Nobody is there to read it.
            raise HTTPException(400, "The request ended before its body did") from None

    def _make_room(self) -> None:
        oldest = next(iter(self._coming))
        oldest.cancel()
        # What it held is given back in its own turn; until then it is not asked again.
        self._coming.pop(oldest)
        self._coming[oldest] = None


def bodies_of(request: Request) -> Bodies:
    """Return the bodies that the server of a request holds."""
    bodies: Bodies = request.app.state.bodies
    return bodies
