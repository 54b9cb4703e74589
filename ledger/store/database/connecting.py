"""A connection to PostgreSQL that never waits for ever: to be opened, for an answer, or for a network that is gone.

The server has limits of its own (``settle_session`` in ``log.sql``), which free what a session holds there. They are
kept by the process that is to be limited: one that is frozen, or cut off, keeps none. So this side counts as well.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.errors import Unavailable
from ledger.store.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from psycopg.abc import RV, PQGen

ANSWER_WITHIN: Final = 12.0
"""Seconds in which a server answers what the ledger asks of it in its daily work."""

LONG: Final = 600.0
"""Seconds for what may take long: a migration, a look at every row, the first checkpoint of a large log."""

_LIMITS: Final = {
    "connect_timeout": 5,  # seconds, for each address
    "tcp_user_timeout": 10_000,  # milliseconds that what was sent may stay unacknowledged
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
_INTERVAL: Final = 0.1


class Patient(psycopg.Connection[tuple[Any, ...]]):
    """A connection that is closed when its server does not answer in time."""

    patience: float = ANSWER_WITHIN
    """How long an answer may take, in seconds."""

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """Let answers take long, for a with block."""
        self.patience, before = LONG, self.patience
        try:
            yield
        finally:
            self.patience = before

    def wait(self, gen: PQGen[RV], interval: float = _INTERVAL, timeout: float | None = None) -> RV:
        """Wait for what a generator of psycopg's asks of the server. Raises Unavailable: it does not answer."""
        return super().wait(self._within_patience(gen), interval, timeout)

    def _within_patience(self, gen: PQGen[RV]) -> Generator[Any, Any, RV]:
        patience = Patience("the database to answer", self.patience)
        try:
            state = next(gen)
            while True:
                ready = yield state
                patience.check()
                state = gen.send(ready)
        except StopIteration as done:
            answer: RV = done.value
            return answer
        except Unavailable:
            # What was asked may still be done, and its answer must not be taken for that to the next question.
            self.close()
            raise


Connection: TypeAlias = Patient


def open_connection(conninfo: str, *, autocommit: bool, patience: float = ANSWER_WITHIN) -> Connection:
    """Return a new connection. Raises psycopg's errors.

    conninfo: libpq's; what it says about limits counts.
    """
    given = conninfo_to_dict(conninfo)
    limits = {name: value for name, value in _LIMITS.items() if name not in given}
    connection = Patient.connect(make_conninfo(conninfo, **limits), autocommit=autocommit)
    connection.patience = patience
    return connection
