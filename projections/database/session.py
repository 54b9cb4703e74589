"""A session of the views in PostgreSQL: one connection that acts as the role that owns them, opened anew when lost."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psycopg import IsolationLevel
from psycopg.errors import InsufficientPrivilege, InvalidParameterValue
from psycopg.pq import TransactionStatus

from ledger.errors import Unavailable
from ledger.store.database.connecting import LONG, open_connection
from ledger.store.database.connections import answered
from ledger.store.database.queries import read_queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import LiteralString

    from ledger.store.database.connecting import Connection

_RUNNER: Final = Path(__file__).parent / "sql" / "runner.sql"

_UNPREPARED: Final = (
    "this login may not act as vialog_projector, or that role may make no schemas here. An administrator runs once: "
    "create role vialog_projector nologin; grant vialog_projector to <the login that makes the views>; "
    "grant create on database <this database> to vialog_projector;"
)


def query(name: str) -> LiteralString:
    """Return one of the runner's own queries."""
    return read_queries(_RUNNER)[name]


def prepare(conninfo: str) -> None:
    """Make the role that owns the views, unless it is there, and let it make schemas in this database.

    conninfo: of the login that owns the database. Raises Unavailable: it may not, or the database does not answer.
    """
    with answered(), open_connection(conninfo, autocommit=True) as connection:
        if connection.execute(query("prepared")).fetchone() == (True,):
            return
        connection.execute(query("prepare"))
        connection.execute(query("allow"))  # of which the server only warns that it may not
        if connection.execute(query("prepared")).fetchone() != (True,):
            raise Unavailable(_UNPREPARED)


def is_prepared(conninfo: str) -> bool:
    """Say whether the role that owns the views is there, so that they can be looked at. Raises Unavailable."""
    with answered(), open_connection(conninfo, autocommit=True) as connection:
        return connection.execute(query("prepared")).fetchone() == (True,)


class Session:
    """One connection. One thread uses it."""

    def __init__(self, conninfo: str, patience: float = LONG) -> None:
        """Open nothing yet.

        conninfo: libpq's; the login may act as vialog_projector. patience: seconds that an answer may take.
        """
        self._conninfo = conninfo
        self._patience = patience
        self._connection: Connection | None = None
        self._lent = 0

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """Lend the connection for a with block, in which the driver's errors are translated; see ``answered``.

        Within such a block it may be lent again, and is then in the same transaction.
        """
        with answered():
            connection = self._opened()
            self._lent += 1
            try:
                yield connection
            finally:
                self._lent -= 1
                if not self._lent and connection.info.transaction_status is not TransactionStatus.IDLE:
                    self.close()

    def another(self) -> Session:
        """Return one more session of the same login, such as for another process."""
        return Session(self._conninfo, self._patience)

    def close(self) -> None:
        """Close the connection; what locks it holds are free."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def lost(self) -> bool:
        """Say whether there is no connection now: who held a lock by it holds it no more."""
        return self._connection is None or self._connection.closed

    def _opened(self) -> Connection:
        if self._connection is None or self._connection.closed:
            connection = open_connection(self._conninfo, autocommit=True, patience=self._patience)
            try:
                connection.isolation_level = IsolationLevel.READ_COMMITTED
                # Plans would outlive the schema that they are of: it is replaced when the views are made anew.
                connection.prepare_threshold = None
                connection.execute(query("settle_session"))
            except (InsufficientPrivilege, InvalidParameterValue) as error:  # no such role, or not this login's
                connection.close()
                raise Unavailable(_UNPREPARED) from error
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection


def one(connection: Connection, name: str) -> object:
    """Return the only value that one of the runner's queries answers. Raises Unavailable: it answers none."""
    row = connection.execute(query(name)).fetchone()
    if row is None:
        raise Unavailable("the views' tables are not as this program makes them")
    return row[0]
