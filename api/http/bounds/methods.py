"""The methods that an address takes: whatever is read is also asked for by its head alone, and a 405 names them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import Match

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request
    from starlette.exceptions import HTTPException
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_NOT_TAKEN: Final = 405
_GONE: Final[Message] = {"type": "http.disconnect"}


class Headed:
    """An application that answers HEAD as GET, without the content (RFC 9110 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application that knows nothing of HEAD."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; to an answer that does not end by itself, who wanted its head alone is gone."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        told = False

        async def heard() -> Message:
            return _GONE if told else await receive()

        async def headed(message: Message) -> None:
            nonlocal told
            if message["type"] == "http.response.start":
                told = True
                scope["method"] = "HEAD"  # by which the server knows that no content belongs to this answer
                await send(message)
                await send({"type": "http.response.body"})

        scope["method"] = "GET"  # in this very scope: what routing notes in it is counted outside
        await self._app(scope, heard, headed)


def headers_of(error: HTTPException, request: Request) -> Mapping[str, str]:
    """Return the headers of an error; of a 405 with all methods that its address takes (RFC 9110 15.5.6).

    Its own ``Allow`` names those of the first route at the address alone.
    """
    given = dict(error.headers or {})
    return given | {"Allow": _allowed_at(request.app, request.scope)} if error.status_code == _NOT_TAKEN else given


def _allowed_at(app: FastAPI, scope: Scope) -> str:
    asked = {"type": "http", "path": scope["path"], "root_path": scope.get("root_path", "")}
    taken = [one for one in _METHODS if any(_takes(route, asked | {"method": one}) for route in app.router.routes)]
    return ", ".join(sorted({*taken, *(("HEAD",) if "GET" in taken else ())}))


def _takes(route: BaseRoute, scope: Scope) -> bool:
    return route.matches(scope)[0] is Match.FULL
