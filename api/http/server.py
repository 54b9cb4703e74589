"""The web server that both services run: uvicorn within limits, ended in order.

When it is stopped, whoever waits for something that may take long is told first; who is still being worked on after a
while gets 503. What strangers can cause is logged in numbers, not line by line: they cannot fill the disk.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections import deque
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final

import uvicorn

from api.http.bounds.bodies import Bodies
from api.http.bounds.marks import Marked
from api.http.bounds.rates import Limited, Rates
from api.http.connections import BoundedConnection, Room
from api.http.encrypted import Shaking
from api.http.metrics import Counted
from api.http.problems import error_answer
from ledger.errors import Unavailable

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable

    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.http.bounds.followers import Followers
    from api.http.connections import Limits
    from api.http.metrics import Metrics

_PATIENCE: Final = 10
"""Seconds that requests have to end when the server is stopped."""

_BACKLOG: Final = 32
"""Connections that are accepted in one turn: no more than there are descriptors kept back for."""

_QUEUE: Final = 4_096
"""Connections that the kernel keeps until their turn comes: one that finds no room there tries again in a second."""

_IN_A_TURN: Final = 16
"""Requests that begin in one turn of the event loop: some milliseconds of work."""

ALWAYS: Final = frozenset({"/healthz", "/livez", "/metrics", "/readyz"})
"""What is answered however many requests there are: who looks after the service asks it."""

COLLECTED: Final = (10_000, 5, 400)
"""After how many new objects the young are looked at, and after how many such looks those that are older, and all.

One look at those that are older is at no more than five looks at the young let through, 50,000 objects: at a hundred it
was at a million, and the request in whose time it fell took 350 milliseconds of a processor more than others.
"""

_SAID_AGAIN_AFTER: Final = 60.0
_BY_STRANGERS: Final = ("uvicorn.error", "asyncio", "vialog.http")


class Server(uvicorn.Server):
    """Serves one application until a signal says to stop."""

    def __init__(
        self, app: FastAPI, limits: Limits, on_stop: Callable[[], None], tls: ssl.SSLContext | None = None
    ) -> None:
        """Be ready to serve.

        app: its state says how large a request's body may be, largest_body, and at some paths, larger_bodies;
            metrics: where answers are counted, None: nowhere; followers: who is let go first, None: nobody follows.
        on_stop: called once, when no more connections are taken and before requests are waited for; returns at once.
        tls: with what connections are encrypted; None: they are not.
        """
        self._room, self._tls = Room(limits), tls
        metrics: Metrics | None = app.state.metrics
        bodies = Bodies(Turns(app), limits, app.state.largest_body, app.state.larger_bodies)
        limited = Limited(Orderly(bodies, limits.requests), Rates(limits.per_minute), limits.proxies, ALWAYS)
        marked = Marked(limited)
        config = uvicorn.Config(
            marked if metrics is None else Counted(marked, metrics),
            http=partial(BoundedConnection, self._room),  # type: ignore[arg-type]
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            loop="asyncio",
            ws="none",
            backlog=_BACKLOG,
            timeout_graceful_shutdown=_PATIENCE,
        )
        super().__init__(config)
        self._on_stop = on_stop
        self._followers: Followers | None = app.state.followers

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets if self._tls is None else [])
        for one in sockets or ():
            if self._tls is not None:
                make = partial(Shaking, self._room, self._tls, self._connection)
                loop = asyncio.get_running_loop()
                self.servers.append(await loop.create_server(make, sock=one, backlog=_BACKLOG))
            one.listen(_QUEUE)

    def _connection(self) -> BoundedConnection:
        return BoundedConnection(
            self._room, config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: let those go who wait, then let requests end."""
        self._on_stop()
        if self._followers is not None:
            self._followers.close()
        for one in [*self._room.connections]:
            if isinstance(one, Shaking):
                one.give_up()
        await super().shutdown(sockets)


def spare_the_collector() -> None:
    """Let the collector of cycles look at what stands by now no more, and at what requests make less often.

    What stands by now stays as long as the process does. A request makes thousands of objects that live to its end, and
    no cycles with them: with 700, as the language has it, they were looked at thirty times, promoted, and then so many
    that each fourth long page paid for a look at all that the process holds, some 200 milliseconds of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)


def run_until_stopped(
    app: FastAPI,
    listening: socket.socket,
    limits: Limits,
    on_stop: Callable[[], None] = lambda: None,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Serve an application at a socket until a signal says to stop; then let requests end.

    on_stop, tls: as for Server.
    """
    for name in _BY_STRANGERS:
        logging.getLogger(name).addFilter(Sparing())
    spare_the_collector()
    Server(app, limits, on_stop, tls).run(sockets=[listening])


class Orderly:
    """An application that answers 503 where there are too many requests, and where the server ends before an answer."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        """Stand before an application.

        most: how many requests are worked on or wait; more are answered at once. Health is asked without a limit.
        """
        self._app = app
        self._most = most
        self._now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._now >= self._most and scope["path"] not in ALWAYS:
            await _refuse("there are too many requests now", scope, receive, send)
            return
        self._now += 1
        try:
            await self._answered(scope, receive, send)
        finally:
            self._now -= 1

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noticed(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noticed)
        except asyncio.CancelledError:
            # The server ends. What was handed in may be recorded or not: sending it again is safe, and tells.
            if not begun:
                await _refuse("the service is stopping", scope, receive, send)


class Turns:
    """An application that some requests begin in each turn of the event loop; the others wait, first come first served.

    So a turn stays short however many come at once, and health, which waits for nobody, is answered in a few turns. It
    stands behind what reads bodies: what waits here is here whole, and is counted.
    """

    def __init__(self, app: ASGIApp, most: int = _IN_A_TURN) -> None:
        """Let as many begin in a turn."""
        self._app = app
        self._most = most
        self._begun = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request when it is its turn."""
        if scope["type"] == "http" and scope["path"] not in ALWAYS:
            await self.come()
        await self._app(scope, receive, send)

    async def come(self) -> None:
        """Return when it is the caller's turn."""
        loop = asyncio.get_running_loop()
        if not self._begun:
            loop.call_soon(self._next, loop)
        if self._begun < self._most:
            self._begun += 1
        else:
            turn = loop.create_future()
            self._waiting.append(turn)
            await turn

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin a turn: with those who have waited longest, and not for those who have gone."""
        self._begun = 0
        while self._waiting and self._begun < self._most:
            if not (one := self._waiting.popleft()).done():
                one.set_result(None)
                self._begun += 1
        if self._begun:
            loop.call_soon(self._next, loop)


async def _refuse(why: str, scope: Scope, receive: Receive, send: Send) -> None:
    error = Unavailable(f"{why}; sending again is safe")
    await error_answer(error, scope, {"Connection": "close"})(scope, receive, send)


class Sparing(logging.Filter):
    """Lets one record of a kind pass in a minute, and counts the others in the next that passes."""

    def __init__(self) -> None:
        """Know of none yet."""
        super().__init__()
        self._kinds: dict[object, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record passes; its kind is its words without what is put into them."""
        kind = (record.levelno, str(record.msg).partition("\n")[0], record.exc_info and record.exc_info[0])
        now = monotonic()
        since, more = self._kinds.get(kind, (-_SAID_AGAIN_AFTER, 0))
        if now - since < _SAID_AGAIN_AFTER:
            self._kinds[kind] = (since, more + 1)
            return False
        self._kinds[kind] = (now, 0)
        if more:
            record.msg = f"{record.msg} (and {more} more like it since)"
        return True
