"""One delivery over HTTP: to an address that was looked at, within a time, and nothing of the answer but its status.

No redirect is followed, no proxy of the environment is asked, no connection is opened a second time: each of these
would go where nobody looked.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import contextmanager, suppress
from functools import cache
from threading import Event, Timer
from typing import TYPE_CHECKING, Final

from api.hooks.addresses import look_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.hooks.addresses import Address

CONNECT_WITHIN: Final = 5.0
ANSWER_WITHIN: Final = 10.0
"""Seconds for the handshake, the request and the head of the answer, all together."""

FAULTS: Final = (OSError, http.client.HTTPException, ValueError)
"""What goes wrong on the way; ssl's errors are OSErrors."""


class Line:
    """A connection to a hook over which one request goes."""

    def __init__(self, connection: http.client.HTTPConnection, path: str, late: Event) -> None:
        """Use a connection that stands. late: is set once its time is up."""
        self._connection = connection
        self._path = path
        self._late = late

    def post(self, headers: Mapping[str, str], body: bytes) -> int:
        """Send a body, and return the status of the answer, whose own body nobody reads. Raises FAULTS."""
        self._connection.request("POST", self._path, body, dict(headers))
        status = self._connection.getresponse().status
        if self._late.is_set():
            raise TimeoutError  # a head that was cut off reads as one that ended
        return status


@contextmanager
def connected(address: Address, within: float = ANSWER_WITHIN) -> Iterator[Line]:
    """Connect to a hook, for a with block that may take so many seconds. Raises Refused: HOK-02. FAULTS."""
    opened = [socket.create_connection((look_up(address), address.port), CONNECT_WITHIN)]
    # The socket's own timeout is for each packet: who sends one byte a second would never be late.
    late = Event()
    cut = Timer(within, _shut, [opened, late])
    cut.daemon = True
    cut.start()
    try:
        if address.secure:
            # The certificate is that of the name, whichever number that leads to. Wrapped, a socket is another object.
            opened += [_trusting().wrap_socket(opened[0], server_hostname=address.host, do_handshake_on_connect=False)]
            opened[-1].do_handshake()  # type: ignore[attr-defined]  # it is ssl's
        kind = http.client.HTTPSConnection if address.secure else http.client.HTTPConnection
        connection = kind(address.host, address.port)
        connection.sock = opened[-1]
        connection.auto_open = 0  # what is gone is not opened again, at whatever the name leads to by then
        yield Line(connection, address.path, late)
    finally:
        cut.cancel()
        for one in reversed(opened):
            one.close()


@cache
def _trusting() -> ssl.SSLContext:
    return ssl.create_default_context()


def _shut(opened: list[socket.socket], late: Event) -> None:
    late.set()
    with suppress(OSError):
        # Not TLS's own, which would take the session away under whoever reads from it.
        socket.socket.shutdown(opened[-1], socket.SHUT_RDWR)
