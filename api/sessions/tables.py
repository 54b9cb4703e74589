"""The doors' own tables in PostgreSQL: migrated, and asked. Knows no secret, only what is kept of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from ledger.store.database.connections import Acting, Pool
from ledger.store.database.migrate import migrate
from ledger.store.database.queries import read_queries

_HERE: Final = Path(__file__).parent
_SQL: Final = _HERE / "sql"
_CONNECTIONS: Final = 4


class DoorTables:
    """The tables of one log's doors. Threads may share it."""

    def __init__(self, conninfo: str, queries: Path = _SQL / "sessions.sql") -> None:
        """Connect when somebody asks.

        conninfo: of the login that owns the database, whose tables are up to date (``migrate_doors``); it acts as
        vialog_doors from then on. queries: the file of those that are asked.
        """
        self._queries = read_queries(queries)
        self._pool = Pool(conninfo, _CONNECTIONS, acting=acting())

    def ask(self, query: str, /, **values: object) -> list[tuple[Any, ...]]:
        """Run one of the queries, by its name, in a transaction of its own, and return its rows. Raises Unavailable."""
        with self._pool.lend() as connection, connection.transaction():
            done = connection.execute(self._queries[query], values)
            return done.fetchall() if done.description else []

    def ask_in_turn(self, turn: str, query: str, /, **values: object) -> list[tuple[Any, ...]]:
        """Run one of the queries as ``ask`` does, once nobody else is in this turn, which a query by its name takes."""
        with self._pool.lend() as connection, connection.transaction():
            connection.execute(self._queries[turn])
            return connection.execute(self._queries[query], values).fetchall()

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


def acting() -> Acting:
    """Return as whom the doors act."""
    return Acting("vialog_doors", read_queries(_SQL / "sessions.sql")["settle_session"])


def migrate_doors(conninfo: str) -> None:
    """Bring the doors' tables up to date, the access log's too. Raises IntegrityFailed, Unavailable: as ``migrate``."""
    migrate(conninfo, _HERE / "migrations", _SQL / "migrate.sql")
