"""The views' tables in PostgreSQL: read, and written a batch at a time. What is written stands beside its position.

The schema ``vialog_views`` is the one that is followed. Views are made anew in ``vialog_views_next``, which then takes
its place (``making``). Nothing here is of the record: all of it can be dropped, and made again from the log.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import Conflict, IntegrityFailed, NotFound
from ledger.store.database.queries import read_queries
from ledger.tlog.frontier import Frontier
from ledger.tlog.index import TagState
from projections.database.session import Session, one, query
from projections.folding.bound import Bound
from projections.views.catalogue import VIEWS, version
from projections.views.obligations import RESTING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import LiteralString

    from ledger.ids import Tag
    from ledger.store.database.connecting import Connection
    from projections.folding.applying import Noting
    from projections.views.view import Cell, Row, View

_BETWEEN: Final = "\x1f"
"""Between the words of a list on its way into an array; no word has it."""

NOTED: Final = {
    "subject": ("tag", "count", "chain"),
}
"""What the runner notes beside the rows: tables and their columns, of which the first is the key."""

NONE_YET: Final = "there are no views yet: run `vialog views rebuild`"
OTHER: Final = "the views were made by another version of this program: run `vialog views rebuild`"
BEGUN: Final = (
    "the views tell what is owed by other editions of the rules than have begun: run `vialog views rebuild`, which "
    "`vialog views follow` does by itself"
)

_MOVED: Final = "the views do not stand where they were left: another process went on, or made them anew"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the views stand. made: which making of them. recorded: when the event at the position was; None at 0.

    editions: by name those of rule packs that had begun by then, with which what is owed was computed.
    stopped: why the runner goes on no more; None while it does. bound: the tree over the leaves that were applied.
    """

    made: str
    version: str
    position: int
    recorded: datetime | None
    editions: tuple[str, ...]
    stopped: str | None
    bound: Bound


@dataclass(frozen=True, slots=True)
class Progress:
    """How far views that are made anew have come, and for how many seconds. going: whether somebody makes them."""

    position: int
    head: int
    seconds: float
    going: bool


class Tables:
    """The views' tables. One thread uses them."""

    def __init__(self, session: Session) -> None:
        """Use a session."""
        self.session = session

    def standing(self) -> Standing | None:
        """Return where the views stand; None where there are none. Raises Unavailable."""
        with self.session.lend() as connection:
            return read_standing(connection) if one(connection, "has_views") else None

    def progress(self) -> Progress | None:
        """Return how far views that are being made anew have come; None where none are."""
        with self.session.lend() as connection:
            if not one(connection, "has_next"):
                return None
            row = connection.execute(query("progress")).fetchone()
            if row is None:
                return None
            position, head, seconds = row
            return Progress(position, head, seconds, bool(one(connection, "rebuilding")))

    def seen(self, tags: Collection[Tag]) -> Mapping[Tag, TagState]:
        """Return how many events of some subjects were applied, and their running hash; none of one without any."""
        with self.session.lend() as connection:
            return _seen(connection, tags)

    def resting_on(self, changed: Mapping[Tag, datetime]) -> Collection[Tag]:
        """Return whose obligations rest on some subjects as they were at an instant or later."""
        with self.session.lend() as connection:
            return _resting_on(connection, changed)

    def write(self, noting: Noting, before: Standing, after: Standing) -> None:
        """Write a batch and where it leads, all of it or nothing.

        Raises Conflict: the views do not stand where the batch begins: another process went on, or they were made anew.
        """
        with self.session.lend() as connection, connection.transaction():
            connection.execute(query("lock"))
            self.write_within(connection, noting, before, after)
            # Die here: nothing of the batch stands. After the commit that follows all of it does, and its position.

    @staticmethod
    def write_within(connection: Connection, noting: Noting, before: Standing, after: Standing) -> None:
        """Write a batch within a transaction that holds the writers' lock."""
        values = {**_place(after), "made": before.made, "after": before.position}
        if connection.execute(query("advance"), values).rowcount != 1:
            raise Conflict(_MOVED)
        for view in VIEWS:
            _write_rows(connection, view, noting)
        _write_noted(connection, noting)
        roots = after.bound.roots
        connection.execute(query("pass"), {"sizes": list(roots), "roots": list(roots.values())})
        connection.execute(query("pass_no_more"), {"checked": after.bound.checked})

    def elected(self) -> bool:
        """Say whether this process is the one that follows the log, and make it that if there is none."""
        with self.session.lend() as connection:
            return bool(one(connection, "elect"))

    def resume(self) -> None:
        """Let a runner that was stopped try again: what stopped it stops it again, unless it is mended."""
        with self.session.lend() as connection:
            if one(connection, "has_views"):
                connection.execute(query("resume"))

    def stop(self, before: Standing, why: str) -> None:
        """Say why the runner goes on no more; the position stays.

        Raises Conflict: another process went on; what is noted beside the rows was that of another position then, and
        nothing need be wrong.
        """
        with self.session.lend() as connection, connection.transaction():
            connection.execute(query("lock"))
            values = {"made": before.made, "after": before.position, "stopped": why}
            if connection.execute(query("stop"), values).rowcount != 1:
                raise Conflict(_MOVED)

    @contextmanager
    def still(self, *, for_long: bool = False) -> Iterator[Still]:
        """Yield the tables as they are at one moment, for a with block. Raises NotFound: there are none.

        for_long: the server waits as long as it takes until something is asked; else it ends the session.
        """
        with self.session.lend() as connection, connection.transaction():
            connection.execute(query("still"))
            if for_long:
                connection.execute(query("for_long"))
            if not one(connection, "has_views"):
                raise NotFound(NONE_YET)
            standing = read_standing(connection)
            if standing.version != version():
                raise NotFound(OTHER)
            yield Still(connection, standing)


@dataclass(frozen=True, slots=True)
class Still:
    """The views' tables at one moment."""

    _connection: Connection
    standing: Standing

    def ask(self, view: View, name: str, **values: object) -> list[tuple[Any, ...]]:
        """Return what one of a view's queries answers."""
        with self._connection.cursor() as cursor:
            cursor.execute(read_queries(view.sql)[name], values)
            return cursor.fetchall()

    def seen(self, tags: Collection[Tag]) -> Mapping[Tag, TagState]:
        """Return what is noted of some subjects; as ``Tables.seen``."""
        return _seen(self._connection, tags)

    def resting_on(self, changed: Mapping[Tag, datetime]) -> Collection[Tag]:
        """Return whose obligations rest on some subjects; as ``Tables.resting_on``."""
        return _resting_on(self._connection, changed)

    def page(self, view: View, after: str, limit: int) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return the names of the columns of a view as it is shown, and the rows of the subjects behind one."""
        with self._connection.cursor() as cursor:
            cursor.execute(read_queries(view.sql)["page"], {"after": after, "limit": limit})
            return [column.name for column in cursor.description or ()], cursor.fetchall()

    def columns(self, view: View) -> list[tuple[str, str]]:
        """Return the names of a view's columns and of their types, as the database calls them."""
        with self._connection.cursor(name="columns") as cursor:
            cursor.execute(read_queries(view.sql)["all"])
            return [(column.name, column.type_display) for column in cursor.description or ()]

    def every(self, view: View) -> Iterator[Row]:
        """Yield every row of a view in the order of the key, without holding them all in memory."""
        return self._every(read_queries(view.sql)["all"])

    def noted(self, table: str) -> Iterator[Row]:
        """Yield every row of a table that the runner notes, as ``noted_rows`` has them."""
        return self._every(query(f"all_{table}"))

    def _every(self, statement: LiteralString) -> Iterator[Row]:
        with self._connection.cursor(name="every_row") as cursor:
            cursor.execute(statement)
            for row in cursor:
                yield tuple(tuple(cell) if isinstance(cell, list) else cell for cell in row)


def read_standing(connection: Connection) -> Standing:
    """Return where the views stand that the search path leads to."""
    row = connection.execute(query("stand")).fetchone()
    if row is None:
        raise NotFound(NONE_YET)
    made, said, position, recorded, editions, peaks, checked, stopped = row
    roots = {size: bytes(root) for size, root in connection.execute(query("passed"))}
    hashes = [bytes(peaks[at : at + 32]) for at in range(0, len(peaks), 32)]
    if checked > position:
        raise IntegrityFailed(
            f"the views stand at position {position}, and vialog_views.runner says that a checkpoint of {checked} "
            "entries was compared: run `vialog views rebuild`"
        )
    try:
        tree = Frontier.of(position, hashes)
    except ValueError as error:
        raise IntegrityFailed(f"the views stand at position {position}, and their tree does not: {error}") from error
    return Standing(made, said, position, recorded, tuple(editions), stopped, Bound(tree, roots, checked))


def begin(connection: Connection, standing: Standing) -> None:
    """Say for the first time where the views stand that the search path leads to."""
    connection.execute(query("begin"), {**_place(standing), "version": standing.version})
    roots = standing.bound.roots
    connection.execute(query("pass"), {"sizes": list(roots), "roots": list(roots.values())})


def noted_rows(noting: Noting) -> dict[str, Iterator[Row]]:
    """Return the rows of the tables that the runner notes, as they should be; hashes in hexadecimal."""
    return {
        "subject": ((tag, one.count, one.chain.hex()) for tag, one in noting.seen.items()),
    }


def _seen(connection: Connection, tags: Collection[Tag]) -> dict[Tag, TagState]:
    found = connection.execute(query("seen"), {"tags": list(tags)})
    return {tag: TagState(count, chain) for tag, count, chain in found}


def _resting_on(connection: Connection, changed: Mapping[Tag, datetime]) -> list[Tag]:
    values = {"tags": list(changed), "instants": list(changed.values())}
    return [row[0] for row in connection.execute(read_queries(RESTING.sql)["whose"], values)]


def _place(standing: Standing) -> dict[str, object]:
    return {
        "position": standing.position,
        "recorded": standing.recorded,
        "editions": list(standing.editions),
        "peaks": b"".join(standing.bound.tree.peaks),
        "checked": standing.bound.checked,
    }


def _write_rows(connection: Connection, view: View, noting: Noting) -> None:
    queries = read_queries(view.sql)
    if cleared := noting.rows.cleared(view):
        connection.execute(queries["clear"], {"subjects": list(cleared)})
    if rows := [tuple(map(_flat, row)) for row in noting.rows.of(view)]:
        connection.execute(queries["write"], _columns(view.columns, rows))


def _write_noted(connection: Connection, noting: Noting) -> None:
    if seen := noting.seen:
        states = seen.values()
        counts, chains = [state.count for state in states], [state.chain for state in states]
        connection.execute(query("see"), {"tags": list(seen), "counts": counts, "chains": chains})


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Mapping[str, list[Any]]:
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def _flat(cell: Cell) -> Cell:
    return _BETWEEN.join(cell) if isinstance(cell, tuple) else cell
