"""The methods that an address takes: whatever is read is also asked for by its head alone, and a 405 names them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
    found = {one: _parts_given(app, asked | {"method": one}) for one in _METHODS}
    # An address that is written out, as /v1/hooks/keys, is not one of those that it would be an example of.
    least = min((given for given in found.values() if given is not None), default=None)
    taken = [one for one, given in found.items() if given is not None and given == least]
    return ", ".join(sorted({*taken, *(("HEAD",) if "GET" in taken else ())}))


def _parts_given(app: FastAPI, scope: Scope) -> int | None:
    """Return how many parts of an address a route reads as something of its own; None: no route takes the method."""
    matched = [route.matches(scope) for route in _single(app.router.routes)]
    return min((len(inner.get("path_params", ())) for match, inner in matched if match is Match.FULL), default=None)


def _single(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Yield routes one by one, also those of routers that were included, which FastAPI keeps together."""
    for one in routes:
        inner = getattr(one, "original_router", None)
        if inner is None:
            yield one
        else:
            yield from _single(inner.routes)
