"""Whoever misuses a service's door: python -m scripts.faults.assailants KIND NUMBER PORT, until its stdin ends.

Prints a line as soon as so many connections have been opened. Silent ones that the service closes are opened again: who
wants to keep others out goes on.
"""

from __future__ import annotations

import selectors
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import Final


class Kind(StrEnum):
    """What they do."""

    SILENT = "silent"
    HALF = "half"
    SLOW = "slow"


_HALF: Final = b"POST /v1/statements HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 999_999
_SLOW: Final = b"GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n"  # the largest answer that anybody may have
_SENT: Final = {Kind.SILENT: b"", Kind.HALF: _HALF, Kind.SLOW: _SLOW}
_TURN: Final = 0.05
_AT_ONCE: Final = 25
_AGAIN: Final = 5
"""How many are opened in one turn: at first, which is 500 a second, and in the place of those that were closed."""
_CHUNK: Final = 65_536


@dataclass(eq=False)
class _Connection:
    """One connection, and how much of what it has to say it has said."""

    socket: socket.socket
    said: int = 0


@dataclass
class Crowd:
    """So many connections to a port of this machine."""

    kind: Kind
    number: int
    port: int
    opened: int = 0
    due: float = 0.0
    held: set[_Connection] = field(default_factory=set)
    ready: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def go_on(self) -> None:
        """Open some, and let those go on that can."""
        if monotonic() >= self.due and (self.opened < self.number or self.kind is Kind.SILENT):
            self.due = monotonic() + _TURN
            for _ in range(min(self.number - len(self.held), _AT_ONCE if self.opened < self.number else _AGAIN)):
                self._open()
        for key, _ in self.ready.select(_TURN):
            if isinstance(key.data, _Connection):
                self._step(key.data)

    def _open(self) -> None:
        made = socket.socket()
        made.settimeout(0)
        if self.kind is Kind.SLOW:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        with suppress(BlockingIOError):
            made.connect(("127.0.0.1", self.port))
        self.opened += 1
        one = _Connection(made)
        self.held.add(one)
        self.ready.register(made, selectors.EVENT_WRITE if _SENT[self.kind] else selectors.EVENT_READ, one)

    def _step(self, one: _Connection) -> None:
        try:
            if one.said < len(_SENT[self.kind]):
                one.said += one.socket.send(memoryview(_SENT[self.kind])[one.said : one.said + _CHUNK])
                if one.said < len(_SENT[self.kind]):
                    return
                self._listen(one)
            elif not one.socket.recv(_CHUNK):
                self._close(one)
        except BlockingIOError:
            pass
        except OSError:
            self._close(one)

    def _listen(self, one: _Connection) -> None:
        if self.kind is Kind.SLOW:
            self.ready.unregister(one.socket)  # and never takes what it is sent
        else:
            self.ready.modify(one.socket, selectors.EVENT_READ, one)

    def _close(self, one: _Connection) -> None:
        self.ready.unregister(one.socket)
        one.socket.close()
        self.held.discard(one)


def main(kind: str, number: str, port: str) -> None:
    """Hold connections until stdin ends."""
    crowd, told, ended = Crowd(Kind(kind), int(number), int(port)), False, False
    with selectors.DefaultSelector() as told_to_end:
        told_to_end.register(sys.stdin, selectors.EVENT_READ)
        while not ended:
            crowd.go_on()
            if not told and crowd.opened >= crowd.number:
                told = True
                print(crowd.opened, flush=True)
            ended = bool(told_to_end.select(0))


if __name__ == "__main__":
    main(*sys.argv[1:])
