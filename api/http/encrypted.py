"""TLS in the server itself: a connection that shakes hands has the deadline and the place of every other one.

asyncio's own server of TLS shows nobody a connection before hands are shaken: thousands that stay silent would take all
descriptors, and health with them. Here each is taken in as it comes, and then TLS begins on it (``start_tls``).
"""

from __future__ import annotations

import asyncio
import os
import ssl
from typing import TYPE_CHECKING, Final, cast

from ledger.errors import Malformed
from ledger.files import read_own

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api.http.connections import BoundedConnection, Room

RULES: Final = {"TLS-01": "A certificate is served with its own private key, both PEM, the key without a passphrase."}


def read_certificate(cert: Path, key: Path) -> ssl.SSLContext:
    """Return how this server proves who it is: TLS 1.2 and 1.3, as Python's own defaults for servers have them.

    cert: the certificate and those between it and its root, PEM. key: its private key, PEM, without a passphrase, and
    its owner's alone.

    Raises Malformed TLS-01: they do not belong together, or are none. NotTrusted, OSError: as read_own.
    """
    read_own(key, 1)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(cert, key, password=_no_passphrase)
    except (ssl.SSLError, _EncryptedError) as error:
        if isinstance(error, _EncryptedError):
            raise Malformed("TLS-01", os.fspath(key), "has a passphrase, which nobody is here to type") from None
        raise Malformed("TLS-01", os.fspath(cert), f"is no certificate of the key in {key}") from None
    return context


class _EncryptedError(Exception):
    """A key has a passphrase: without this, the library would ask whoever started the service for it."""


def _no_passphrase() -> str:
    raise _EncryptedError


class Shaking(asyncio.Protocol):
    """A connection whose hands are not shaken yet."""

    def __init__(self, room: Room, context: ssl.SSLContext, then: Callable[[], BoundedConnection]) -> None:
        """Belong to a server's connections.

        then: makes what the connection is once it is encrypted.
        """
        self._room = room
        self._context = context
        self._then = then
        self._early = bytearray()
        self._transport: asyncio.Transport | None = None
        self._shaken: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection in, and begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.pause_reading()  # what comes is for TLS, which does not listen yet
        self._room.enter(self)
        self._shaken = asyncio.get_running_loop().create_task(self._shake(self._transport))

    def data_received(self, data: bytes) -> None:
        """Keep what came with the last of the handshake, until there is who takes it."""
        self._early += data

    def connection_lost(self, _exc: Exception | None) -> None:
        """Let go."""
        self.give_up()

    def give_up(self) -> None:
        """Close the connection now, whatever the other side does."""
        self._room.leave(self)
        if self._shaken is not None:
            self._shaken.cancel()
        if self._transport is not None:
            self._transport.abort()

    async def _shake(self, transport: asyncio.Transport) -> None:
        within = self._room.limits.within
        try:
            encrypted = await asyncio.get_running_loop().start_tls(
                transport,
                self,
                self._context,
                server_side=True,
                ssl_handshake_timeout=within,
                ssl_shutdown_timeout=within,
            )
        except OSError:
            encrypted = None  # who speaks no TLS, or left: strangers do, and nobody needs to read of it
        self._room.leave(self)
        if encrypted is None:
            transport.abort()
        else:
            self._go_on(encrypted)

    def _go_on(self, encrypted: asyncio.Transport) -> None:
        then = self._then()
        encrypted.set_protocol(then)
        then.connection_made(encrypted)
        if self._early:
            then.data_received(bytes(self._early))
