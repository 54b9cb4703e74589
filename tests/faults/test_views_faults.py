"""The runner of the views stopped at every statement, failed or done after all; then it goes on, and all is checked."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest
from psycopg import connect

from ledger.errors import Conflict, Unavailable
from ledger.ids import ItemId
from projections.database.making import Making, indexes
from projections.database.session import Session
from projections.database.tables import Tables
from projections.running.following import Following
from projections.running.rebuilding import Folding, rebuild
from projections.running.sharing import share
from tests.imports import open_ledger, record_all, to_the_bench, use, voiding
from tests.viewed import Viewed, naive, viewed
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.ids import Tag
    from ledger.store.database.connecting import Connection
    from projections.folding.applying import Noting
    from tests.servers import Database

A: Final = ItemId("item:A")
B: Final = ItemId("item:B")
MANY: Final = 200
"""More statements than any batch or making takes: beyond it nothing is stopped any more."""


class _Elsewhere(Session):
    """A session beside which that of another process is lost at one of its statements."""

    def __init__(self, conninfo: str, at: int, *, done: bool) -> None:
        super().__init__(conninfo)
        self._lost = _Breaking(conninfo, at, done=done)

    def another(self) -> Session:
        """Return the one that is lost."""
        return self._lost


class _Killed(Session):
    """A session that no other process lives to have one beside."""

    def __init__(self, conninfo: str) -> None:
        super().__init__(conninfo)
        self._maker = os.getpid()

    def another(self) -> Session:
        """End a process that asks and did not make this, as the kernel does where memory runs out."""
        if os.getpid() != self._maker:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().another()


class _Breaking(Session):
    """A session that is lost at one of its statements, before it is done or before its answer comes."""

    def __init__(self, conninfo: str, at: int, *, done: bool) -> None:
        super().__init__(conninfo)
        self._left = at
        self._done = done
        self.broke = False

    def _opened(self) -> Connection:
        connection = super()._opened()
        if "execute" not in vars(connection):
            plain = connection.execute

            def execute(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401  as psycopg has it
                self._left -= 1
                if self._left == 0 and not self._done:
                    self._lose(connection)
                answer = plain(*arguments, **more)
                if self._left == 0:
                    self._lose(connection)
                return answer

            vars(connection)["execute"] = execute
        return connection

    def _lose(self, connection: Connection) -> None:
        self.broke = True
        connection.close()
        raise Unavailable("broken")


@pytest.fixture
def views(embedded_database: Database) -> Iterator[Viewed]:
    """A log of which half is in the views, and the other half corrects it in part."""
    with viewed(embedded_database) as views, closing(open_ledger(views.store)) as ledger:
        record_all(ledger, to_the_bench(A, B))
        taken, more = use(A, "1"), use(B, "2")
        record_all(ledger, [taken, more])
        views.follow()
        record_all(ledger, [use(A, "3", corrects=taken), voiding(more), use(B, "4")])
        yield views


@pytest.mark.parametrize("done", [False, True], ids=["failed", "failed but was done after all"])
def test_a_follower_that_is_lost_at_any_statement_loses_and_doubles_nothing(
    views: Viewed, embedded_database: Database, *, done: bool
) -> None:
    due, broken = naive(views.store), 0
    before = views.rows()
    for at in range(1, MANY):
        session = _Breaking(embedded_database.owner, at, done=done)
        following = Following(views.log, Tables(session))
        with closing(session):
            if not _breaks(following, session):
                break
        broken += 1
        assert views.rows() == before  # nothing of a batch stands without all of it
    assert 0 < broken < MANY
    views.check()
    assert views.compared() == due


def _breaks(following: Following, session: _Breaking) -> bool:
    try:
        following.once()
    except Unavailable:
        assert session.broke
        return True
    return False


@pytest.mark.parametrize("done", [False, True], ids=["failed", "failed but was done after all"])
def test_a_making_that_is_lost_at_any_statement_leaves_the_views_as_they_were(
    views: Viewed, embedded_database: Database, *, done: bool
) -> None:
    before = views.rows()
    for at in range(1, MANY):
        with closing(_Breaking(embedded_database.owner, at, done=done)) as session:
            try:
                rebuild(views.log, session, lambda _, __: None)
            except Unavailable:
                assert views.rows() == before
                continue
        break
    assert 10 < at < MANY
    views.check()
    assert views.tables.progress() is None
    views.follow()
    assert views.compared() == naive(views.store)


@pytest.mark.parametrize("done", [False, True], ids=["failed", "failed but was done after all"])
def test_a_process_that_is_lost_at_any_statement_of_its_share_leaves_the_views_as_they_were(
    views: Viewed, embedded_database: Database, *, done: bool
) -> None:
    before = views.rows()
    for at in range(1, MANY):
        with closing(_Elsewhere(embedded_database.owner, at, done=done)) as session:
            try:
                rebuild(views.log, session, lambda _, __: None, processes=2)
            except Unavailable:
                assert views.rows() == before
                continue
        break
    assert 1 < at < MANY
    views.check()
    views.follow()
    assert views.compared() == naive(views.store)


def test_a_process_that_is_killed_leaves_the_views_as_they_were(views: Viewed, embedded_database: Database) -> None:
    before = views.rows()
    with closing(_Killed(embedded_database.owner)) as session, pytest.raises(Unavailable, match="ended before it was"):
        rebuild(views.log, session, lambda _, __: None, processes=2)
    assert views.rows() == before
    views.rebuild(processes=2)
    views.check()


def test_a_process_writes_nothing_into_the_tables_of_a_later_making(views: Viewed, embedded_database: Database) -> None:
    part = next(_folded(views).notings())
    with closing(Session(embedded_database.owner)) as lost, closing(Session(embedded_database.owner)) as session:
        first, second = Making(lost), Making(session)
        with first.begun(0):
            first.prepare()
            with closing(first.another()) as elsewhere:
                elsewhere.load(part)
                lost.close()
                with second.begun(0):
                    second.prepare()
                    for late in (elsewhere, first):
                        with pytest.raises(Conflict, match="made anew by another process"):
                            late.load(part)
                        with pytest.raises(Conflict, match="made anew by another process"):
                            late.index(indexes())
                    assert loaded(embedded_database) == set()


def test_a_process_ends_when_the_one_that_it_writes_for_was_killed(views: Viewed, embedded_database: Database) -> None:
    folding, (ended, open_end) = _folded(views), os.pipe()
    parts = folding.whole.parts(1)
    written, later = ([tag] for tag in parts[0][:2])

    def telling(_: Iterable[Tag]) -> Iterator[Noting]:
        sharer = os.getppid()
        yield from folding.of(written)
        until(lambda: os.getppid() != sharer, within=20)
        yield from folding.of(later)

    if not (sharing := os.fork()):
        os.close(ended)
        try:
            making = Making(Session(embedded_database.owner))
            with making.begun(0):
                making.prepare()
                with share(parts, 2, telling, making) as counted:
                    assert [next(counted) for _ in range(2)] == [1, 1]  # each of the two has written
                    os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    os.close(open_end)
    os.waitpid(sharing, 0)
    assert os.read(ended, 1) == b""  # whoever could still write into it has ended
    os.close(ended)
    assert loaded(embedded_database) == set(written)
    until(lambda: _made_anew(views), within=20)
    views.check()


def _folded(views: Viewed) -> Folding:
    folding = Folding(views.log, views.store.head())
    folding.go_on()
    return folding


def loaded(database: Database) -> set[str]:
    """Return the subjects whose rows were written by the making that goes on."""
    with connect(database.owner) as connection:
        return {tag for (tag,) in connection.execute("select tag from vialog_views_next.subject")}


def _made_anew(views: Viewed) -> bool:
    try:
        views.rebuild()
    except Conflict:
        return False
    return True


def test_of_two_followers_one_goes_on_and_the_other_goes_on_from_there(
    views: Viewed, embedded_database: Database
) -> None:
    with closing(Session(embedded_database.owner)) as other:
        slow, quick = Following(views.log, Tables(other), most=1), Following(views.log, views.tables)
        first = slow.once()
        assert quick.once() > first
        with pytest.raises(Conflict, match="another process went on"):
            slow.once()
        assert slow.once() == views.store.head()
    views.check()


def test_a_follower_goes_on_after_the_views_were_made_anew(views: Viewed, embedded_database: Database) -> None:
    with closing(Session(embedded_database.owner)) as other:
        following = Following(views.log, Tables(other), most=1)
        following.once()
        views.rebuild()
        with pytest.raises(Conflict):
            following.once()
        assert following.once() == views.store.head()
    views.check()


def test_of_several_processes_one_is_elected_and_another_takes_its_place(
    views: Viewed, embedded_database: Database
) -> None:
    with closing(Session(embedded_database.owner)) as one, closing(Session(embedded_database.owner)) as other:
        assert Tables(one).elected()
        assert not Tables(other).elected()
        one.close()
        # The server lets go of the place when the session's process has ended, which is a little later.
        until(Tables(other).elected, within=10)
