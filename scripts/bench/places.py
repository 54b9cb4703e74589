"""Where measurements take place: folders and servers of their own, gone afterwards."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from ledger.store.server.embedded import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.server.embedded import Running


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="vialog-bench-") as name:
        place = Path(name)
        place.chmod(0o755)  # the server may run as another user; its own directory inside is closed
        yield place


@contextmanager
def server(place: Path) -> Iterator[Running]:
    """Yield a server with an empty database, its data in a folder; fsync is on."""
    with start(place / "data") as running:
        yield running


def library_datastore(conninfo: str, connections: int) -> PostgresDatastore:
    """Return what the library's recorder stands on; the caller closes it."""
    server = conninfo_to_dict(conninfo)
    return PostgresDatastore(
        dbname=str(server["dbname"]),
        host=str(server["host"]),
        port=str(server["port"]),
        user=str(server["user"]),
        password="",
        pool_size=connections,
    )
