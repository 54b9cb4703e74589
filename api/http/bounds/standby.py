"""A service that only reads: what it refuses, before any route hears of it, and where it is done instead.

It stands on a copy of the database that takes nothing. Signing in is done in the doors' tables at the primary, where it
has them; all else that would change anything is refused, and the answer names the primary where it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.http.problems import READ_ONLY, problem_answer, reader_language, request_problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_READ: Final = frozenset({"GET", "HEAD"})
_SIGNING_IN: Final = frozenset({"/v1/challenges", "/v1/sessions", "/v1/sessions/current", "/sign-in", "/sign-out"})
_ELSEWHERE: Final = "/v1/hooks"
"""What is read only where the key is that signs it."""


@dataclass(frozen=True, slots=True)
class Standby:
    """What a service that only reads knows of its primary.

    primary: the web origin at which it is reached; None: it is not told. signs_in: whether people sign in here.
    """

    primary: str | None = None
    signs_in: bool = False

    def takes(self, method: str, path: str) -> bool:
        """Say whether a request is answered here."""
        if path.startswith(_ELSEWHERE):
            return False
        return method in _READ or (self.signs_in and path in _SIGNING_IN)


class OnlyReads:
    """An application of which only what is read is answered."""

    def __init__(self, app: ASGIApp, standby: Standby) -> None:
        """Stand before an application."""
        self._app = app
        self._standby = standby

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it: 405, because it is not worth sending here again."""
        if scope["type"] != "http" or self._standby.takes(scope["method"], scope["path"]):
            await self._app(scope, receive, send)
            return
        language = reader_language(scope)
        where = self._standby.primary
        detail = "it is done at the primary" if where is None else f"it is done at the primary, {where}"
        answer = problem_answer(request_problem(READ_ONLY, language, detail), language, {"Allow": "GET, HEAD"})
        await answer(scope, receive, send)
