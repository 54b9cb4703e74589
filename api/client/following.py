"""The feed of a service, followed: each statement that may be read, once, in order, however often the line breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict

from urllib3.exceptions import HTTPError, IncompleteRead

from api.client.forms import read_form
from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3.response import BaseHTTPResponse

    from api.client.transport import Transport

_LAST: Final = "Last-Event-ID"
_LONGEST: Final = 1_000_000
"""Bytes of a line."""

_CHUNK: Final = 65_536


class Said(TypedDict):
    """What a statement is about, and where it is read. more: subjects that are not named."""

    position: int
    statement: str
    subjects: list[str]
    more: int
    link: str


class Event(TypedDict):
    """A statement that was recorded, as CloudEvents 1.0 have it. type: its kind; source: the log; subject: its id."""

    specversion: str
    id: str
    source: str
    type: str
    time: str
    subject: str
    data: Said


@dataclass(slots=True)
class Following:
    """A feed that is followed. at: the position up to which the log was looked at; kept, it goes on behind it."""

    service: Transport
    at: int | None = None

    def events(self, *, once: bool = False) -> Iterator[Event]:
        """Yield what is recorded, as it is recorded; a line that breaks is taken up where it was.

        once: end where there is no more now.

        Raises NotTrusted: who follows may not any more. Unavailable: the service does not answer, however often it is
        asked. Malformed: SVC-03 what it says is no feed.
        """
        path, again = "/v1/feed?once=true" if once else "/v1/feed", self.service.again
        while True:
            stream, before = self.service.stream(path, self._behind()), self.at
            try:
                yield from self._told(stream)
                if once:
                    return
            except HTTPError as error:
                # The line broke: what was told up to there is not told again.
                again = self.service.again if self.at != before else self.service.later(again, path, error)
            finally:
                stream.close()

    def _behind(self) -> dict[str, str]:
        return {} if self.at is None else {_LAST: str(self.at)}

    def _told(self, stream: BaseHTTPResponse) -> Iterator[Event]:
        data, ident = "", ""
        for line in _lines(stream):
            name, _, value = line.partition(": ")
            match name:
                case "data":
                    data = value
                case "id":
                    ident = value
                case "":
                    # Noted behind the event: whoever is ended in it is told it again, and none is left out.
                    if data:
                        yield read_form(data, Event)
                    if ident.isdecimal():
                        self.at = int(ident)
                    data, ident = "", ""


def _lines(stream: BaseHTTPResponse) -> Iterator[str]:
    rest = b""
    while chunk := stream.read1(_CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (one.decode() for one in lines)
        if len(rest) > _LONGEST:
            raise Malformed("SVC-03", "$", "a line of the feed is longer than any")
    if stream.length_remaining:
        raise IncompleteRead(len(rest), stream.length_remaining)
