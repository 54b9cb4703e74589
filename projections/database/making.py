"""Views made anew: final rows into a schema beside the one that is followed, which then takes its place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING

from psycopg.errors import LockNotAvailable

from ledger.errors import Conflict, Unavailable
from ledger.store.database.queries import read_queries
from projections.database.copying import written
from projections.database.session import Session, one, query
from projections.database.tables import Tables, begin, read_standing
from projections.views.catalogue import VIEWS
from projections.views.obligations import OBLIGATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import LiteralString

    from ledger.store.database.connecting import Connection
    from projections.database.tables import Standing
    from projections.folding.applying import Noting
    from projections.views.view import Cell

    Written = tuple[Noting, Standing, Standing]
    """What is to be written, from where, and where it leads."""


class Making:
    """The schema in which views are made anew. One thread uses it, and one process at a time has it."""

    def __init__(self, session: Session, begun: object = None) -> None:
        """Use a session. begun: when a making was begun whose rows are written; None: it is begun here."""
        self._session = session
        self._begun = begun

    def another(self) -> Making:
        """Return the same making for another process, by a session of its own."""
        return Making(self._session.another(), self._begun)

    def close(self) -> None:
        """Close the session."""
        self._session.close()

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
                connection.execute(query("make"))
                connection.execute(query("begin_next"))
                connection.execute(query("tell_begun"), {"head": head})
                connection.execute(query("into_next"))
                self._begun = one(connection, "begun")
        try:
            yield
        finally:
            if not self._session.lost:  # with a session that is lost goes its claim
                with suppress(Unavailable), self._session.lend() as connection:
                    connection.execute(query("give_up_rebuild"))

    def tell(self, position: int, head: int) -> None:
        """Say how far it has come."""
        with self._writing() as connection:
            connection.execute(query("tell_progress"), {"position": position, "head": head})

    def prepare(self) -> None:
        """Make the tables, without indexes."""
        with self._writing() as connection:
            connection.execute("\n".join((query("tables"), *(read_queries(view.sql)["table"] for view in VIEWS))))

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """Make the tables, without indexes, while a with block goes on; they stand at its end."""
        with closing(self.another()) as beside, _meanwhile(beside.prepare):
            yield

    def load(self, noting: Noting) -> None:
        """Write a part of the rows: of subjects that no other part is of.

        Raises Conflict: the tables are another making's. Whoever lost the session that has the making may not know yet,
        and a process may outlive the one that it writes for.
        """
        with self._writing() as connection:
            self._check_begun(connection)
            for view in VIEWS:
                _copy(connection, read_queries(view.sql)["load"], noting.rows.of(view))
            _copy(connection, query("load_subject"), ((tag, one.count, one.chain) for tag, one in noting.seen.items()))

    def finish(self, standing: Standing) -> None:
        """Index and analyse the tables, all rows of which are written, and say where they stand."""
        waiting = iter([*indexes()])  # who is free takes the next one
        with closing(self.another()) as beside, _meanwhile(lambda: beside.index(waiting)):
            self.index(waiting)
        with self._writing() as connection:
            begin(connection, standing)

    def index(self, tables: Iterable[LiteralString]) -> None:
        """Index and analyse some tables, of ``indexes``. Raises Conflict: they are another making's."""
        with self._writing() as connection:
            self._check_begun(connection)
            for statements in tables:
                connection.execute(statements)

    def write(self, rest: Callable[[], Written | None]) -> None:
        """Take in some of what was recorded meanwhile. rest: what is to be written, asked within; None: nothing."""
        with self._writing() as connection:
            if (left := rest()) is not None:
                Tables.write_within(connection, *left)

    def standing(self) -> Standing:
        """Return where the views that were made stand."""
        with self._session.lend() as connection, connection.transaction():
            connection.execute(query("into_next"))
            return read_standing(connection)

    def take_place(self, rest: Callable[[], Written | None]) -> None:
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

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Lend the connection for a with block that is one transaction: to write what nobody looks at yet."""
        with self._session.lend() as connection, connection.transaction():
            connection.execute(f"{query('into_next')}\n{query('make')}")
            yield connection

    def _check_begun(self, connection: Connection) -> None:
        if one(connection, "begun") != self._begun:
            raise Conflict("the views are being made anew by another process")


def indexes() -> Iterator[LiteralString]:
    """Yield by table what indexes and analyses it, once all rows are there."""
    # What is owed is nearly as much work as all the rest: it comes first.
    for view in sorted(VIEWS, key=lambda view: view is not OBLIGATIONS):
        yield read_queries(view.sql)["indexes"]
    yield query("indexes")


@contextmanager
def _meanwhile(act: Callable[[], None]) -> Iterator[None]:
    """Have something done while a with block goes on, by a thread; it is done at its end. Raises what it raises."""
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(act)
        yield
        done.result()


def _copy(connection: Connection, statement: LiteralString, rows: Iterable[Sequence[Cell | bytes]]) -> None:
    texts = written(rows)
    if (first := next(texts, None)) is None:
        return  # an empty COPY costs as much as one of some rows
    with connection.cursor() as cursor, cursor.copy(statement) as copied:
        for lines in chain((first,), texts):
            copied.write(lines)
