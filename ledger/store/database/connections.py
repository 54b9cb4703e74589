"""Connections to PostgreSQL for a log's store: opened, settled, lent and taken back; and its errors in our words.

Knows nothing of what is asked over them.
"""

from __future__ import annotations

import select
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.conninfo import conninfo_to_dict, timeout_from_conninfo
from psycopg.pq import TransactionStatus

from ledger.errors import Conflict, IntegrityFailed, Unavailable
from ledger.store.database.connecting import ANSWER_WITHIN, LONG, Connection, open_connection
from ledger.store.database.queries import SQL, read_queries
from ledger.store.database.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import LiteralString

_TURN_WITHIN: Final = 10.0  # seconds


@contextmanager
def answered() -> Iterator[None]:
    """Translate the driver's errors; those that can only be bugs pass, and crash.

    Raises Conflict: a statement's id is recorded already. IntegrityFailed: the head and the events contradict each
    other, or the server's files are damaged. Unavailable: anything that the server, its disk or its administrator must
    mend, with the server's words.
    """
    try:
        yield
    except errors.UniqueViolation as error:
        if error.diag.constraint_name == "event_statement_key":
            raise Conflict("a statement of the batch is recorded already") from error
        raise IntegrityFailed(f"the head of the log contradicts its events: {error}") from error
    except (errors.DataCorrupted, errors.IndexCorrupted) as error:
        raise IntegrityFailed(f"the database's files are damaged: {error}") from error
    except psycopg.DataError as error:
        if error.sqlstate is not None:
            raise  # the server refuses what we sent
        # It sent what no value of ours can be: a time without end, say.
        raise IntegrityFailed(f"the database holds what is no value of a log: {error}") from error
    except (errors.UndefinedTable, errors.InvalidSchemaName) as error:
        raise Unavailable(f"the database is not migrated: {error}") from error
    except errors.InsufficientPrivilege as error:
        hint = f" {error.diag.message_hint}" if error.diag.message_hint else ""
        raise Unavailable(f"the database's administrator must act: {error.diag.message_primary}.{hint}") from error
    except (
        psycopg.OperationalError,  # the class of lost connections, full disks, cancelled queries, shutdowns
        psycopg.InterfaceError,
        errors.ReadOnlySqlTransaction,  # a standby, or a server that has just become one
        errors.IdleInTransactionSessionTimeout,
    ) as error:
        raise Unavailable(f"the database does not answer: {error}") from error


def is_conninfo(text: str) -> bool:
    """Say whether a text is a connection string: ``postgresql://…``, or libpq's names with their values."""
    try:
        timeout_from_conninfo(conninfo_to_dict(text))
    except (psycopg.ProgrammingError, UnicodeError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Acting:
    """As whom a connection acts. role: the role; settle: what is run first on it, and takes that role."""

    role: str
    settle: LiteralString


def connect(conninfo: str, *, hurried: bool = True, acting: Acting | None = None) -> Connection:
    """Return a connection that acts as a role; transactions are explicit and read what is committed.

    hurried: False for what reads every row: then neither side gives up before it is done.
    acting: as whom; as vialog_app, on the log, if left out.

    Raises Unavailable: the login may not act as that role. Otherwise psycopg's errors: call it inside ``answered``.
    """
    connection = open_connection(conninfo, autocommit=True, patience=ANSWER_WITHIN if hurried else LONG)
    try:
        # Said, not left to the server's default: under repeatable read a writer would not see what was committed
        # while it waited for the head, and would miss a conflict.
        connection.isolation_level = IsolationLevel.READ_COMMITTED
        queries = read_queries(SQL / "log.sql")
        connection.execute(queries["settle_session"] if acting is None else acting.settle)
        if not hurried:
            connection.execute(queries["take_time"])
    except errors.InsufficientPrivilege as error:
        user, role = connection.info.user, "vialog_app" if acting is None else acting.role
        connection.close()
        raise Unavailable(
            f"the login {user} may not act as {role}; an administrator runs once: grant {role} to {user};"
        ) from error
    except BaseException:
        connection.close()
        raise
    return connection


class Pool:
    """A few connections, opened when needed; the last one given back is lent first.

    Whoever asks opens the connection himself, so that he is told at once, and in the server's words, why there is none,
    and the first to ask once the server is back gets one (docs/adr/0020).
    """

    def __init__(self, conninfo: str, most: int, *, hurried: bool = True, acting: Acting | None = None) -> None:
        """Open nothing yet.

        most: how many can be lent at a time; who comes then waits, but not for ever.
        hurried, acting: as for ``connect``.
        """
        self._conninfo = conninfo
        self._hurried = hurried
        self._acting = acting
        self._slots = Turns(most, _TURN_WITHIN)
        self._idle: list[Connection] = []
        self._closed = False

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """Lend a connection for a with block, in which the driver's errors are translated; see ``answered``."""
        with self._slots, answered():
            if self._closed:
                raise Unavailable("the store is closed")
            connection = self._take_idle() or connect(self._conninfo, hurried=self._hurried, acting=self._acting)
            try:
                yield connection
            finally:
                self._take_back(connection)

    def _take_idle(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if not _has_spoken(connection):
                return connection
            connection.close()
        return None

    def _take_back(self, connection: Connection) -> None:
        if connection.info.transaction_status is TransactionStatus.IDLE and not self._closed:
            self._idle.append(connection)
            return
        # Lost. So are the others, most likely: whoever comes next connects anew.
        connection.close()
        self._close_idle()

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def close(self) -> None:
        """Close the connections; those that are lent are closed when they come back."""
        self._closed = True
        self._close_idle()


def _has_spoken(connection: Connection) -> bool:
    """Say whether a server has said something that nobody asked for: most likely that it closes the connection."""
    asked = select.poll()
    asked.register(connection.fileno(), select.POLLIN)
    return bool(asked.poll(0))
