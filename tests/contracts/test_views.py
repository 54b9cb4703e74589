"""Views on every server that there is: made by a login that owns the database, in a role without a right on the log."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from psycopg import connect

from ledger.errors import NotFound, Unavailable
from ledger.ids import ItemId, Tag
from ledger.rulepacks.load import RulePacks
from projections.database.session import Session, prepare
from projections.database.tables import Tables
from projections.running.checking import check
from projections.running.following import Following
from tests.imports import open_ledger, record_all, to_the_bench, use
from tests.viewed import Viewed, naive, viewed
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ledger.tlog.index import TagState
    from tests.servers import Database

A: Final = ItemId("item:A")
B: Final = ItemId("item:B")


def test_views_are_made_followed_and_checked(database: Database) -> None:
    with viewed(database) as views, closing(open_ledger(views.store)) as ledger:
        record_all(ledger, to_the_bench(A))
        views.follow()
        views.rebuild()
        record_all(ledger, [use(A, "1")])
        views.follow(most=1)
        assert views.check().position == views.store.head()
        assert views.compared() == naive(views.store)


def test_checking_a_long_log_is_waited_for(embedded_database: Database) -> None:
    with viewed(embedded_database) as views, closing(open_ledger(views.store)) as ledger:
        record_all(ledger, to_the_bench(A))
        views.follow()
        with views.session.lend() as connection:
            connection.execute("set idle_in_transaction_session_timeout = '1s'")
            backend = connection.info.backend_pid

        def until_long_idle(position: int, last: int) -> None:
            until(lambda: _is_long_idle(embedded_database, backend))

        assert check(views.log, views.tables, until_long_idle).position == views.store.head()


def _is_long_idle(database: Database, backend: int) -> bool:
    """Say whether a session waits within a transaction longer than it may without leave, or is gone."""
    with connect(database.owner) as connection:
        state = connection.execute(
            "select state = 'idle in transaction' and clock_timestamp() - state_change > interval '2s'"
            "  from pg_stat_activity where pid = %s",
            (backend,),
        ).fetchone()
    return state is None or bool(state[0])


@pytest.mark.parametrize(
    "statement",
    [
        "select entry from vialog.event",
        "insert into vialog.kind values ('x')",
        "update vialog.head set position = 0",
        "drop schema vialog cascade",
    ],
)
def test_who_makes_views_has_no_right_on_the_log(database: Database, statement: str) -> None:
    prepare(database.owner)
    with (
        closing(Session(database.owner)) as session,
        pytest.raises(Unavailable, match="administrator must act"),
        session.lend() as connection,
    ):
        connection.execute(statement.encode())


def test_preparing_twice_changes_nothing(database: Database) -> None:
    prepare(database.owner)
    prepare(database.owner)


def test_a_login_that_may_not_make_the_role_is_told_what_an_administrator_does(database: Database) -> None:
    prepare(database.owner)
    if database.app != database.owner:
        with pytest.raises(Unavailable, match="An administrator runs once: create role vialog_projector"):
            prepare(database.app)
        with (
            closing(Session(database.app)) as session,
            pytest.raises(Unavailable, match="An administrator runs once: create role vialog_projector"),
            session.lend(),
        ):
            pass


class _Asked(Tables):
    """Tables that note what was asked of them."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.asked: list[set[Tag]] = []

    def seen(self, tags: Collection[Tag]) -> Mapping[Tag, TagState]:
        """Note what is asked, and answer."""
        self.asked.append(set(tags))
        return super().seen(tags)


def test_what_is_noted_of_subjects_is_asked_once_for_a_batch_and_never_again(database: Database) -> None:
    with viewed(database) as views, closing(open_ledger(views.store)) as ledger:
        record_all(ledger, to_the_bench(A, B))
        views.follow()
        tables = _Asked(views.session)
        following = Following(views.log, tables)
        record_all(ledger, [use(A, "1"), use(B, "1")])
        following.once()
        assert tables.asked == [{Tag(A), Tag(B)}]
        record_all(ledger, [use(A, "1"), use(B, "1")])
        following.once()
        assert len(tables.asked) == 1
        views.check()


def test_views_that_were_made_by_other_editions_are_made_anew_and_not_followed(embedded_database: Database) -> None:
    with viewed(embedded_database) as views, closing(open_ledger(views.store)) as ledger:
        record_all(ledger, to_the_bench(A))
        views.follow()
        fewer = replace(views.log, packs=RulePacks(views.log.packs.editions[:1]))
        other = Viewed(fewer, views.session, views.tables)
        with pytest.raises(NotFound, match="by other editions of the rules"):
            other.follow()
        with pytest.raises(NotFound, match="by other editions of the rules"):
            other.check()
        other.rebuild()
        other.follow()
        other.check()
        with pytest.raises(NotFound, match="by other editions of the rules"):
            views.follow()
