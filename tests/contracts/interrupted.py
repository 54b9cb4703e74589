"""A way to a PostgreSQL server that breaks at the worst moment: the commit is done, its answer is lost."""

from __future__ import annotations

import socket
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME: Final = ".s.PGSQL.5432"
_MUCH: Final = 1 << 20


class Way:
    """A socket that passes on what both sides say, until a commit's answer is to be lost."""

    def __init__(self, server: str, folder: Path) -> None:
        """Listen in a folder, for a server listening on a socket."""
        self.lose_next_commit = Event()
        self._server = server
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / _NAME))
        self._listening.listen()
        self._threads = [Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        """Stop listening; whoever is connected has closed his connections."""
        self._listening.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listening.accept()
                thread = Thread(target=self._pass_on, args=(client,))
                self._threads.append(thread)
                thread.start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(self._server)
            losing = False
            while True:
                for ready in select([client, server], [], [])[0]:
                    if not (said := ready.recv(_MUCH)):
                        return
                    if ready is client:
                        losing = said.endswith(b"COMMIT\0") and self.lose_next_commit.is_set()
                        server.sendall(said)
                    elif losing:
                        self.lose_next_commit.clear()
                        return  # the server has committed, and nobody hears of it
                    else:
                        client.sendall(said)


@contextmanager
def way_to(conninfo: str) -> Iterator[tuple[Way, str]]:
    """Yield a way to a server's socket, and how to connect through it."""
    host = str(conninfo_to_dict(conninfo)["host"])
    with tempfile.TemporaryDirectory(prefix="vialog-test-") as folder:
        way = Way(f"{host}/{_NAME}", Path(folder))
        try:
            yield way, make_conninfo(conninfo, host=folder)
        finally:
            way.close()
