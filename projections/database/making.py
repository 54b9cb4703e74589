"""Views made anew: final rows into a schema beside the one that is followed, which then takes its place."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from psycopg.errors import LockNotAvailable

from ledger.errors import Conflict, Unavailable
from ledger.store.database.queries import read_queries
from projections.database.session import Session, query
from projections.database.tables import Tables, begin, read_standing
from projections.views.catalogue import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import LiteralString

    from ledger.store.database.connecting import Connection
    from projections.database.tables import Standing
    from projections.folding.applying import Noting


class Making:
    """The schema in which views are made anew. One thread uses it, and one process at a time has it."""

    def __init__(self, session: Session) -> None:
        """Use a session."""
        self._session = session

    @contextmanager
    def begun(self, head: int) -> Iterator[None]:
        """Have the making for a with block; what was left of an earlier one goes. Raises Conflict: another has it."""
        with self._session.lend() as connection:
            try:
                with connection.transaction():
                    connection.execute(query("be_patient"))
                    connection.execute(query("claim_rebuild"))
            except LockNotAvailable:
                raise Conflict("the views are being made anew by another process") from None
            with connection.transaction():
                connection.execute(query("begin_next"))
                connection.execute(query("tell_begun"), {"head": head})
        try:
            yield
        finally:
            if not self._session.lost:  # with a session that is lost goes its claim
                with suppress(Unavailable), self._session.lend() as connection:
                    connection.execute(query("give_up_rebuild"))

    def tell(self, position: int, head: int) -> None:
        """Say how far it has come."""
        with self._session.lend() as connection:
            connection.execute(query("tell_progress"), {"position": position, "head": head})

    def load(self, noting: Noting, standing: Standing) -> None:
        """Write all rows, without indexes; then index and analyse them."""
        with self._session.lend() as connection, connection.transaction():
            connection.execute(query("into_next"))
            connection.execute(query("tables"))
            for view in VIEWS:
                queries = read_queries(view.sql)
                connection.execute(queries["table"])
                _copy(connection, queries["load"], (list(map(_listed, row)) for row in noting.rows.of(view)))
                connection.execute(queries["indexes"])
            _copy(connection, query("load_subject"), ((tag, one.count, one.chain) for tag, one in noting.seen.items()))
            connection.execute(query("indexes"))
            begin(connection, standing)

    def standing(self) -> Standing:
        """Return where the views that were made stand."""
        with self._session.lend() as connection, connection.transaction():
            connection.execute(query("into_next"))
            return read_standing(connection)

    def take_place(self, rest: Callable[[], tuple[Noting, Standing, Standing] | None]) -> None:
        """Let what was made take the place of what is followed, with what was recorded meanwhile taken in.

        rest: what is still to be written, asked under the writers' lock; None: nothing.
        """
        with self._session.lend() as connection, connection.transaction():
            connection.execute(query("lock"))
            connection.execute(query("into_next"))
            if (left := rest()) is not None:
                Tables.write_within(connection, *left)
            connection.execute(query("swap"))
            # Die here: the views stand as before, and what was made is left over; the next making drops it.


def _copy(connection: Connection, statement: LiteralString, rows: Iterable[Sequence[object]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copied:
        for row in rows:
            copied.write_row(row)


def _listed(cell: object) -> object:
    return list(cell) if isinstance(cell, tuple) else cell
