"""Which of several services delivers: whoever holds a lock of the database's, in a session of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.hooks.keeping import QUERIES
from api.sessions.tables import acting
from ledger.store.database.connections import answered, connect
from ledger.store.database.queries import read_queries

if TYPE_CHECKING:
    from ledger.store.database.connecting import Connection


class Election:
    """One candidate. One thread uses it."""

    def __init__(self, conninfo: str) -> None:
        """Stand for nothing yet. conninfo: of a login that may act as vialog_doors."""
        self._conninfo = conninfo
        self._queries = read_queries(QUERIES)
        self._connection: Connection | None = None
        self._elected = False

    def won(self) -> bool:
        """Say whether this one is elected, and its session lasts. Raises Unavailable: then it is not."""
        elected, self._elected = self._elected, False
        with answered():
            if self._connection is None or self._connection.closed:
                self._connection, elected = connect(self._conninfo, acting=acting()), False
            found = self._connection.execute(self._queries["alive" if elected else "elect"]).fetchone()
            self._elected = found == (True,)
        return self._elected

    def close(self) -> None:
        """Let another one be elected."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
