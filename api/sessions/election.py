"""Which of several services does what one alone does: whoever holds a lock of the database's, in its own session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.sessions.tables import acting
from ledger.store.database.connections import answered, connect
from ledger.store.database.queries import read_queries

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.database.connecting import Connection


class Election:
    """One candidate. One thread uses it."""

    def __init__(self, conninfo: str, queries: Path) -> None:
        """Stand for nothing yet.

        conninfo: of a login that may act as vialog_doors. queries: the file whose ``elect`` names what it stands for.
        """
        self._conninfo = conninfo
        self._queries = read_queries(queries)
        self._connection: Connection | None = None

    def won(self) -> bool:
        """Say whether this one is elected, and its session lasts. Raises Unavailable: then it is not."""
        with answered():
            if self._connection is None or self._connection.closed:
                self._connection = connect(self._conninfo, acting=acting())
            # A session that has the lock is given it again, so often as it asks; it is free once the session ends.
            return self._connection.execute(self._queries["elect"]).fetchone() == (True,)

    def close(self) -> None:
        """Let another one be elected."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
