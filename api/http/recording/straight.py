"""The most frequent request by far, a single statement that is handed in, answered past the layers of the framework.

Routing, dependencies and exit stacks cost FastAPI several times what is done here with a statement. The route stands in
the application as every other one: the document describes it, and it answers whatever asks for more than the plain
answer. Both call the same functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from starlette.middleware.errors import ServerErrorMiddleware

from api.http.problems import error_answer, reader_language
from api.http.recording import statements
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from api.http.doors import Doors


_ROUTE: Final = next(
    one for one in statements.router.routes if isinstance(one, APIRoute) and one.endpoint is statements.submit
)


class Application(FastAPI):
    """An application that single statements go past, straight to the doors in its state."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401  FastAPI's own
        """Be an application without routes yet."""
        super().__init__(**given)
        self._straight = ServerErrorMiddleware(self._recorded)  # as FastAPI itself stands behind one

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Whoever serves it has read its body whole, and within its bounds."""
        if scope["type"] == "http" and scope["path"] == statements.PATH and _is_plain(scope) and self._records:
            await self._straight(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    @property
    def _records(self) -> bool:
        """Say whether statements are recorded here at all."""
        doors: Doors = self.state.doors
        return doors.standby is None

    async def _recorded(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = _ROUTE  # which is counted outside
        try:
            outcome = await statements.recorded(self.state.doors, await Request(scope, receive).body())
            answer = statements.recorded_answer(outcome, reader_language(scope))
        except LedgerError as error:
            answer = error_answer(error, scope)
        await answer(scope, receive, send)


def _is_plain(scope: Scope) -> bool:
    return scope["method"] == "POST" and not scope["query_string"]
