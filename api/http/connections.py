"""A server's connections within limits: whoever holds one and sends nothing, half or slowly makes room for others.

Three deadlines, each as long as the settings say: for the head of a request, for its body, and for a reader to take
what it is sent. When there are as many connections as are allowed, the one that owes its request longest is closed; so
silence, however much of it there is, keeps nobody else out. What is complete is never cut off here.

The parser is httptools, and hands over all that one read holds. So three bounds stand here that it does not have: a
second request that comes before the first is answered is not heard, and the connection closes behind that answer (RFC
9112 9.3.2: whoever sends several at once must be ready to send them again); what it swallows without making anything of
it, a head, a trailer or an extension, is within a size; and fields behind a body are no fields of the head.
"""

from __future__ import annotations

import resource
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http.bounds.marks import LARGEST_HEAD

if TYPE_CHECKING:
    import asyncio

_NO_REQUEST: Final = "Invalid HTTP request received."
_KEPT_BACK: Final = 400
"""Descriptors for the database, files, and the connections that are accepted in one turn before one can be closed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server allows those who ask.

    connections: how many at a time.
    within: seconds for the head of a request, its body, and for a reader to take what waits for it.
    body_bytes: how many bytes of bodies are held at a time, of all requests together.
    large_bodies: how many large ones come at a time.
    requests: how many are worked on or wait to be.
    per_minute: how many one caller may send in a minute; 0: as many as it likes.
    proxies: the addresses in front that say for whom they ask.
    """

    connections: int = 1_000
    within: float = 20.0
    body_bytes: int = 64_000_000
    requests: int = 500
    large_bodies: int = 64
    per_minute: int = 0
    proxies: frozenset[str] = frozenset()


def allow_descriptors(wanted: int) -> int:
    """Raise this process's limit of open files as far as it goes; return how many connections it allows, up to some."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return wanted if hard == resource.RLIM_INFINITY else max(1, min(wanted, hard - _KEPT_BACK))


class Held(Protocol):
    """A connection that takes one of a server's places."""

    def give_up(self) -> None:
        """Close it now, and leave the room."""
        ...


@dataclass(slots=True)
class Room:
    """All connections of a server, and which of them owe a request: the one that does longest comes first."""

    limits: Limits
    connections: set[Held] = field(default_factory=set)
    owing: dict[Held, None] = field(default_factory=dict)

    def enter(self, connection: Held) -> None:
        """Take a connection in, and close another one where it is one too many."""
        self.connections.add(connection)
        self.owing[connection] = None
        if len(self.connections) > self.limits.connections:
            # There always is one: the new one itself, when all others have their requests worked on.
            next(iter(self.owing)).give_up()

    def leave(self, connection: Held) -> None:
        """Forget a connection."""
        self.connections.discard(connection)
        self.owing.pop(connection, None)


class BoundedConnection(HttpToolsProtocol):
    """One connection, with deadlines."""

    def __init__(self, room: Room, **given: Any) -> None:  # noqa: ANN401  uvicorn's own
        """Belong to a server's connections."""
        super().__init__(**given)
        self._room = room
        self._due: asyncio.TimerHandle | None = None
        self._due_of: object = None
        self._reader_due: asyncio.TimerHandle | None = None
        self._deaf = False  # whatever comes is no request any more
        self._in_head = False
        self._read = 0  # bytes of this read
        self._swallowed = 0  # bytes since the parser last made something of them, but for fields of a head

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request's head."""
        super().connection_made(transport)
        self._room.enter(self)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go."""
        self._room.leave(self)
        for due in (self._due, self._reader_due):
            if due is not None:
                due.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Go on with the request, or begin one."""
        if self._deaf:
            return
        self._read = len(data)
        super().data_received(data)
        self._swallowed += len(data)
        if self._swallowed > LARGEST_HEAD and not self._deaf:
            self.send_400_response(_NO_REQUEST)
        self._expect()

    def on_message_begin(self) -> None:
        """Begin a request. Raises ValueError, and the parser stops there: the one before is not answered yet."""
        if self._works():
            raise ValueError(_NO_REQUEST)
        self._made_something()
        self._in_head = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head; what stands behind a body is none."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Have the request answered. Raises ValueError, and the parser stops there: it does not say once for which host
        it is (RFC 9112 3.2)."""
        self._made_something()
        self._in_head = False
        if self.parser.get_http_version() == "1.1" and sum(name == b"host" for name, _ in self.headers) != 1:
            raise ValueError(_NO_REQUEST)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._made_something()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Know that the request is here whole; nothing is heard behind one that asks for another protocol."""
        self._made_something()
        super().on_message_complete()
        if self.parser.should_upgrade():
            self._deaf, self.cycle.keep_alive = True, False

    def on_response_complete(self) -> None:
        """Wait for the next request, which may have begun; or for the reader to take the last of the answer."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._limit_reader()
        else:
            self._expect()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request; behind one that is here whole, by no more than that one's answer."""
        self._deaf = True
        if self._works() and not self.cycle.more_body:
            self.cycle.keep_alive = False
            return
        if self._works():
            # Who works on half of it has nobody to answer any more.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if self.cycle.response_started:
                self.give_up()
                return
        super().send_400_response(msg)
        self._limit_reader()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that has nothing to say."""
        super().timeout_keep_alive_handler()
        self._limit_reader()

    def pause_writing(self) -> None:
        """Give the reader a time to take what waits for it."""
        super().pause_writing()
        self._limit_reader()

    def resume_writing(self) -> None:
        """Go on."""
        if self._reader_due is not None:
            self._reader_due.cancel()
            self._reader_due = None
        super().resume_writing()

    def shutdown(self) -> None:
        """End with the server: a request that is not complete will not be answered."""
        if self._owes():
            self.give_up()
        else:
            super().shutdown()

    def give_up(self) -> None:
        """Close the connection now, whatever the other side does."""
        self._room.leave(self)
        self.transport.abort()

    def _owes(self) -> bool:
        return not self._deaf and (not self._works() or self.cycle.more_body)

    def _works(self) -> bool:
        """Say whether a request has come, or its head, that is not answered to the end."""
        return (
            bool(self.cycle) and not self.cycle.response_complete
        )  # None before the first one, whatever its type says

    def _made_something(self) -> None:
        self._swallowed = -self._read

    def _expect(self) -> None:
        """Have a deadline for what is owed: one for each head, one for each body, however often bytes arrive."""
        owed = (self._works(), self.cycle) if self._owes() else None
        if owed == self._due_of:
            return
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._due_of = owed
        self._room.owing.pop(self, None)
        if owed is not None:
            self._room.owing[self] = None
            # A second more than the application gives a body: its words come first where there is somebody to read.
            self._due = self.loop.call_later(self._room.limits.within + 1, self.give_up)

    def _limit_reader(self) -> None:
        if self._reader_due is None:
            self._reader_due = self.loop.call_later(self._room.limits.within, self.give_up)
