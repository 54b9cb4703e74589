"""The access log, where an answer over HTTP is made: written before the answer leaves, and ended once it has left.

In this order: a route returns; what its answer is made of that is data of others is written down, or the answer is 503;
the answer is sent; its end is written down. An answer that is begun and not handed to its connection whole has no end.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from anyio.to_thread import run_sync
from fastapi import Depends, Request

from api.access.read import ReadOfOthers
from api.accesses.entry import Access
from api.http.doors import Opened
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from datetime import datetime

    from api.access.principal import Principal
    from api.accesses.log import AccessLog
    from api.http.doors import Doors
    from ledger.clock import Clock

_LOG: Final = logging.getLogger("vialog.http")


@dataclass(slots=True)
class Telling:
    """One answer on its way. route, question: what is asked. number: of its entry; None: it tells nothing of others.

    lost: whether the connection was gone before anything was sent.
    """

    log: AccessLog
    clock: Clock
    route: str
    question: str | None
    number: int | None = None
    lost: bool = False

    @contextmanager
    def logged(self, who: Principal | None, at: datetime, position: int) -> Iterator[ReadOfOthers]:
        """Give what is to be told of every statement that is read, for a with block; at its end the entry is written.

        Raises Unavailable: it cannot be; then what was made in the block may not leave.
        """
        read = ReadOfOthers()
        yield read
        if parts := read.close():
            self.write(Access(at, who, self.route, self.question, position, parts))

    def write(self, access: Access) -> None:
        """Write the entry of this answer. Raises Unavailable: it cannot be; then the answer may not leave."""
        self.number = self.log.write(access)

    async def end(self) -> None:
        """Write down that the answer has left, if it tells anything of others and somebody took it."""
        if self.number is None or self.lost:
            return
        try:
            await run_sync(self.log.end, self.number, self.clock.now())
        except LedgerError as error:
            _LOG.warning("the end of access %s is not written: %s", self.number, error)


def telling_of(request: Request, doors: Doors) -> Telling:
    """Return an answer to a request on its way."""
    question, route = request.path_params.get("name"), request.scope["route"]
    # A page of the console is no operation of the OpenAPI document: it is named by its address.
    return Telling(doors.accesses, doors.signing_in.clock, route.operation_id or route.path_format, question)


async def _ended(request: Request, doors: Opened) -> AsyncIterator[Telling]:
    """Give an answer on its way, and write its end once it has left; not where anything kept it from that."""
    telling = telling_of(request, doors)
    yield telling
    await telling.end()


async def _begun(request: Request, telling: Annotated[Telling, Depends(_ended)]) -> AsyncIterator[Telling]:
    """Give an answer on its way, and look whether anybody is still there just before it is sent."""
    yield telling
    telling.lost = telling.number is not None and await request.is_disconnected()


Logged = Annotated[Telling, Depends(_begun, scope="function")]
"""The answer of a route on its way."""
