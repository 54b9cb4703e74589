"""The feed over HTTP: what is recorded and may be read by whoever follows, as it is recorded (server-sent events).

Each event is thin: what kind of statement, about whom, when, and where it is read (CloudEvents 1.0). Its id is its
position, so who comes again with ``Last-Event-ID`` goes on exactly behind it. Between events a line tells up to where
the log was looked at, so that who may read little need not have all of it looked at again.

Who follows is looked at anew whenever something is told: at the head, as for any other answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from starlette.exceptions import HTTPException

from api.http.answering.forms import encoded
from api.http.answering.parameters import DIGITS, parameters_of, whole_number
from api.http.answering.reading import Reads, read_on
from api.http.bounds.positions import TAKES, enough
from api.http.described import problems
from api.telling.thin import announced
from ledger.errors import IntegrityFailed, LedgerError, TooOld, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from starlette.types import Receive, Scope, Send

    from api.access.principal import Principal
    from api.http.bounds.followers import Followers, Following
    from api.http.bounds.logged import Telling
    from api.http.described import Responses

router = APIRouter(prefix="/v1", tags=["asking"])

_MEDIA: Final = "text/event-stream; charset=utf-8"
_LAST: Final = "Last-Event-ID"
_ONCE: Final = "once"
_TRUE: Final = "true"
_AT_ONCE: Final = 256
"""Entries that are looked at in one go."""

_QUIET: Final = 15.0
"""Seconds without an event after which a line says that the connection stands."""

_AGAIN: Final = 2_000
"""Milliseconds after which a browser that was cut off comes again."""

_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
FOLLOWS: Final = {
    "parameters": [
        *TAKES["parameters"],
        {
            "name": _LAST,
            "in": "header",
            "required": False,
            "description": "The position behind which to go on; where it is left out, `after`, or else the head.",
            "schema": {"type": "integer", "minimum": 0},
        },
        {
            "name": "after",
            "in": "query",
            "required": False,
            "schema": {"type": "integer", "minimum": 0},
        },
        {
            "name": "once",
            "in": "query",
            "required": False,
            "description": "Tell what there is, and end: for who asks now and then.",
            "schema": {"type": "string", "enum": ["true"]},
        },
    ]
}
"""What a feed takes, for the OpenAPI document."""

EVENTS: Final[Responses] = {
    # No schema: readers of the document disagree whether it would be of the whole, or of one event.
    200: {"description": "Events until somebody ends it.", "content": {_MEDIA: {}}},
    **problems(400, 401, 403, 412, Unavailable, TooOld, IntegrityFailed),
}
"""What a feed answers, for the OpenAPI document."""


class Told(NamedTuple):
    """What is told in one go. at: up to which position the log was looked at. all: nothing is behind it.

    telling: its entry in the access log, whose end is written when it has left.
    """

    text: bytes
    at: int
    all: bool
    telling: Telling

    @classmethod
    def of(
        cls, shown: Sequence[tuple[int, Mapping[str, Any]]], after: int, at: int, newest: int, telling: Telling
    ) -> Told:
        """Return what is told of events, each with the number behind which to go on once it is told.

        after: behind which they are. newest: behind which there is nothing.
        """
        text = b"".join(
            format_sse_event(data_str=encoded(members).decode(), id=str(number)) for number, members in shown
        )
        if at > after and (not shown or shown[-1][0] < at):
            text += format_sse_event(id=str(at))
        return cls(text, at, at >= newest, telling)


@router.get(
    "/feed",
    operation_id="follow_feed",
    response_model=None,
    response_class=StreamingResponse,
    openapi_extra=FOLLOWS,
    responses=EVENTS,
)
def feed(request: Request, reads: Reads) -> StreamingResponse:
    """Tell each statement that whoever asks may read, as it is recorded: its kind, subjects, time and address.

    `id` is its position; who comes again with `Last-Event-ID` is told what is behind it, none twice and none left out.
    It ends when the key is revoked, the session or the token ends, or the service stops.
    """
    after, once = asked_of(request, reads.position)
    enough(reads.position, after)
    return Feed(request, reads.who, after, _tell, once=once)


def asked_of(request: Request, newest: int) -> tuple[int, bool]:
    """Return behind which number somebody follows, and whether once. newest: left out: behind it.

    Raises HTTPException 400.
    """
    given = parameters_of(request, ("after", _ONCE))
    if given.get(_ONCE, _TRUE) != _TRUE:
        raise HTTPException(400, f"{_ONCE} is {_TRUE}, or left out")
    written = request.headers.get(_LAST, given.get("after", str(newest)))
    if (after := whole_number(written, DIGITS)) is None:
        raise HTTPException(400, "the feed goes on behind a position")
    return after, _ONCE in given


class Feed(StreamingResponse):
    """The answer of somebody who follows."""

    def __init__(
        self, request: Request, who: Principal, after: int, tell: Callable[[Request, int], Told], *, once: bool
    ) -> None:
        """Tell what is behind a number. tell: what that is, in a thread of its own, to whoever asks by then."""
        self._request = request
        self._who = who
        self._tell = tell
        self._once = once
        self._at = after
        super().__init__((), headers=_HEADERS, media_type=_MEDIA)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a place among those who follow for as long as it goes on."""
        followers: Followers = self._request.app.state.followers
        with followers.place(self._who) as following:
            self.body_iterator = self._told(followers, following)
            await super().__call__(scope, receive, send)

    async def _told(self, followers: Followers, following: Following) -> AsyncIterator[bytes]:
        yield format_sse_event(id=str(self._at), retry=_AGAIN)
        while following.goes_on():
            change = followers.change()
            try:
                told = await run_sync(self._tell, self._request, self._at, limiter=followers.limiter)
            except (LedgerError, HTTPException):
                return  # who comes again is told why
            if not following.goes_on():
                return
            self._at = told.at
            if told.text:
                yield told.text
                await told.telling.end()
            if told.all and self._once:
                return
            if told.all and not await followers.until(change, _QUIET):
                yield format_sse_event(comment="", id=str(self._at))


def _tell(request: Request, after: int) -> Told:
    """Return what is told behind a position. Raises HTTPException 401, 403: nothing, to whoever asks by now."""
    with read_on(request) as (reads, telling):
        shown = [(one.position, announced(one, reads.store.origin)) for one in reads.store.read(after, _AT_ONCE)]
        at = min(after + _AT_ONCE, max(after, reads.position))
        return Told.of(shown, after, at, reads.position, telling)
