"""Waiting for a log in PostgreSQL to grow: woken by this process's own writers at once, by others through LISTEN.

A notification is only a hint. The head is read again every second whether or not one came, because a notification can
be lost with its connection, and a standby sends none. Never answers where the head is; it only wakes.
"""

from __future__ import annotations

import selectors
import socket
from contextlib import closing, suppress
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import errors

from ledger.errors import Unavailable
from ledger.store.database.connections import connect
from ledger.store.database.queries import SQL, read_queries

if TYPE_CHECKING:
    from ledger.store.database.connecting import Connection

_POLL: Final = 1.0  # seconds


class Heads:
    """The newest committed head that this process has heard of, and those who wait for a newer one."""

    def __init__(self, conninfo: str) -> None:
        """Open nothing yet: the first who waits starts the thread that listens."""
        self._conninfo = conninfo
        self._queries = read_queries(SQL / "log.sql")
        self._changed = Condition()
        self._newest = 0
        self._thread: Thread | None = None
        self._closed = Event()
        self._waking, self._woken = socket.socketpair()

    def tell(self, position: int) -> None:
        """Wake those who wait for a head past a position before this one; it must be committed."""
        with self._changed:
            if position > self._newest:
                self._newest = position
                self._changed.notify_all()

    def past(self, after: int, timeout: float) -> int:
        """Wait until a head past a position is heard of, the time is up or this is closed; return the newest heard of.

        timeout: seconds.
        """
        with self._changed:
            if self._thread is None and not self._closed.is_set():
                self._thread = Thread(target=self._listen, name="log-listener", daemon=True)
                self._thread.start()
            self._changed.wait_for(lambda: self._newest > after or self._closed.is_set(), timeout)
            return self._newest

    def close(self) -> None:
        """Stop listening and let go of those who wait."""
        with self._changed:
            self._closed.set()
            self._changed.notify_all()
        self._waking.close()
        if self._thread is not None:
            self._thread.join()
        self._woken.close()

    def _listen(self) -> None:
        while not self._closed.is_set():
            # Lost, or not there yet. Who waits asks for the head himself when his time is up, and is told why.
            with suppress(psycopg.Error, Unavailable), closing(connect(self._conninfo)) as connection:
                self._hear(connection)
            self._closed.wait(_POLL)

    def _hear(self, connection: Connection) -> None:
        with suppress(errors.ReadOnlySqlTransaction):  # a standby: the poll alone has to do
            connection.execute(self._queries["listen"])
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self._closed.is_set():
                # Read after listening: what is committed from here on sends a notification.
                for (position,) in connection.execute(self._queries["head"]):
                    self.tell(position)
                selector.select(_POLL)
                for _ in connection.notifies(timeout=0):
                    pass
