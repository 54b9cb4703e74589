"""Publishing in PostgreSQL: what is published is what the log holds, and only ever grows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import errors

from ledger.errors import Conflict, IntegrityFailed, Unavailable
from ledger.store.database.publication import Publication, Update
from ledger.tlog.index import status_name
from ledger.tlog.pages import name_states
from ledger.tlog.tiles import Tile
from tests.contracts.behind import as_admin
from tests.publishing import MANY, Rig, check_publication, rig, state_entries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import LiteralString

    from tests.servers import Database


@pytest.fixture
def log(database: Database, tmp_path: Path) -> Iterator[Rig]:
    """A log and what publishes it, on one server after the other."""
    with rig(database, tmp_path) as log:
        yield log


def test_nothing_is_published_of_an_empty_log(log: Rig) -> None:
    assert log.publisher().publish_once() is None
    assert log.publication.newest() is None
    assert (log.publication.size(), log.publication.at(10), log.publication.covering(1)) == (0, None, None)
    with log.publication.view() as view:
        assert (view.published, view.size, view.read([""])) == (None, 0, {})


def test_every_checkpoint_covers_all_entries_and_ends_with_a_state_entry(log: Rig) -> None:
    publisher = log.publisher()
    log.record("item:A", "party:P")
    first = publisher.publish_once()
    log.record("item:B", "party:P")
    log.record("item:A")
    second = publisher.publish_once()
    assert first is not None
    assert second is not None
    assert (first.checkpoint.size, second.checkpoint.size) == (2, 5)
    assert (first.state.names, second.state.names) == (2, 3)
    assert state_entries(log.store) == [2, 5]
    assert check_publication(log) == 5


def test_nothing_new_publishes_nothing(log: Rig) -> None:
    publisher = log.publisher()
    log.record("item:A")
    publisher.publish_once()
    assert publisher.publish_once() is None
    assert log.publisher().publish_once() is None
    assert log.store.head() == 2


def test_many_entries_fill_tiles_on_every_level(log: Rig) -> None:
    publisher = log.publisher()
    for upto in (250, 257, MANY):
        while log.store.head() < upto:
            log.record(f"item:{log.store.head() % 40}")
        publisher.publish_once()
    assert check_publication(log) == MANY + 1
    full = log.publication.tile(Tile(0, 0))
    assert full is not None
    assert len(full) == 8192
    assert log.publication.tile(Tile(0, 1, MANY + 1 - 256)) is not None
    assert log.publication.tile(Tile(0, 1, MANY + 2 - 256)) is None
    assert log.publication.tile(Tile(1, 0, 1)) is not None


def test_old_checkpoints_are_kept(log: Rig) -> None:
    publisher = log.publisher()
    for _ in range(3):
        log.record("item:A")
        publisher.publish_once()
    found = [log.publication.at(size) for size in (1, 2, 3, 5, 9)]
    assert [one and one.checkpoint.size for one in found] == [None, 2, 2, 4, 6]
    found = [log.publication.covering(position) for position in (1, 3, 5, 7)]
    assert [one and one.checkpoint.size for one in found] == [2, 4, 6, None]


def test_of_two_publishers_of_one_checkpoint_one_wins(log: Rig) -> None:
    log.record("item:A")
    published = log.publisher().publish_once()
    assert published is not None
    update = Update(2, 3, published.note, {Tile(0, 0, 1): bytes(32)}, {"": b"page"})
    with pytest.raises(Conflict):
        log.publication.publish(Update(0, 3, update.note, update.tiles, update.pages))
    assert check_publication(log) == 2


def test_a_tile_that_is_not_longer_is_refused_with_all_that_comes_with_it(log: Rig) -> None:
    log.record("item:A")
    published = log.publisher().publish_once()
    assert published is not None
    with pytest.raises(IntegrityFailed, match="only gets longer"):
        log.publication.publish(Update(2, 3, published.note, {Tile(0, 0, 3): bytes(96)}, {"": b"page"}))
    assert check_publication(log) == 2


def test_publishers_at_the_same_time_publish_one_log(log: Rig, database: Database, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with rig(database, tmp_path / "other") as other:
        publishers = [log.publisher(), other.publisher()]

        def work(number: int) -> None:
            for step in range(6):
                log.record(f"item:{number}-{step}", "party:P")
                publishers[number].publish_once()

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(work, range(2)))
        for publisher in publishers:
            publisher.publish_once()
    assert check_publication(log) == log.store.head()


def test_a_view_shows_one_moment(log: Rig) -> None:
    publisher = log.publisher()
    log.record("item:A")
    publisher.publish_once()
    with log.publication.view() as view:
        before = dict(view.read([""]))
        log.record("item:B")
        publisher.publish_once()
        assert view.read([""]) == before
        assert view.size == 2
    assert log.publication.size() == 4


def test_a_glance_shows_of_some_names_what_a_view_shows(log: Rig) -> None:
    with log.publication.glance(["item:0"]) as glance:
        assert (glance.published, glance.size, glance.read([""])) == (None, 0, {})
    for number in range(300):
        log.record(f"item:{number}")
    publisher = log.publisher()
    publisher.publish_once()
    names = ["item:0", "item:299", status_name("item:7"), "item:none"]
    with log.publication.view() as view:
        due = view.published, name_states(view.index_root, view, names)
    with log.publication.glance(names) as glance:
        log.record("item:0")
        publisher.publish_once()
        assert (glance.published, name_states(glance.index_root, glance, names)) == due
    assert [state.count for state in due[1].values()] == [1, 1, 0, 0]


def test_a_database_that_is_not_migrated_is_unavailable(empty_database: Database) -> None:
    with closing(Publication(empty_database.app)) as publication, pytest.raises(Unavailable):
        publication.newest()


@pytest.mark.parametrize(
    "change",
    [
        "update vialog.checkpoint set note = ''",
        "delete from vialog.checkpoint",
        "update vialog.tile set hashes = sha256('')",
        "delete from vialog.tile",
        "update vialog.publication set size = 1",
        "delete from vialog.publication",
        "truncate vialog.checkpoint",
    ],
)
def test_what_is_published_cannot_be_changed_by_mistake(log: Rig, database: Database, change: LiteralString) -> None:
    log.record("item:A")
    log.publisher().publish_once()
    with psycopg.connect(database.admin) as connection:
        connection.execute("set session_replication_role = replica")
        with pytest.raises(errors.RestrictViolation):
            connection.execute(change)
    assert check_publication(log) == 2


def test_a_published_checkpoint_that_is_gone_is_an_integrity_failure(log: Rig, database: Database) -> None:
    log.record("item:A")
    log.publisher().publish_once()
    as_admin(database, "alter table vialog.checkpoint disable trigger all; delete from vialog.checkpoint")
    with pytest.raises(IntegrityFailed, match="of 2 entries is missing"):
        log.publication.newest()
