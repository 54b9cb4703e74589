"""A publisher that runs: when it publishes, what it waits out, and what stops it; and how it keeps index pages."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.errors import IntegrityFailed, Unavailable
from ledger.publisher.page_cache import ChangingPages, PageCache
from ledger.publisher.running import RunningPublisher
from ledger.publisher.witnesses import Witnesses
from ledger.tlog.index import EMPTY
from ledger.tlog.pages import MemoryPages, extend_index
from tests.publishing import Rig, check_publication, rig, state_entries
from tests.witness_server import Manners, TestWitness, policy_of, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Database

_LONG = 30.0  # seconds: a test that needs them has failed


@pytest.fixture
def log(embedded_database: Database, tmp_path: Path) -> Iterator[Rig]:
    """A log that is empty."""
    with rig(embedded_database, tmp_path) as log:
        yield log


def _run(log: Rig, every: float = 0.01) -> closing[RunningPublisher]:
    return closing(RunningPublisher(log.publisher(), log.store, log.publication, every=every))


def test_what_is_recorded_is_published_and_nothing_is_added_when_idle(log: Rig) -> None:
    with _run(log) as publisher:
        for number in range(3):
            position = log.record(f"item:{number}").position
            published = publisher.wait_for(position, _LONG)
            assert published is not None
            assert published.checkpoint.size > position
        assert publisher.wait_for(log.store.head() + 1, 0.2) is None
        assert log.store.head() == log.publication.size() == 3 + len(state_entries(log.store))
    check_publication(log)


def test_what_was_recorded_before_the_start_is_published(log: Rig) -> None:
    log.record("item:A")
    with _run(log) as publisher:
        assert publisher.wait_for(1, _LONG) is not None


def test_a_look_that_finds_nothing_new_begins_no_period(log: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.publisher.running.POLL", 0.01)
    with _run(log, every=3600) as publisher:
        assert publisher.wait_for(1, 0.2) is None
        log.record("item:A")
        assert publisher.wait_for(1, _LONG) is not None


def test_a_checkpoint_of_another_publisher_ends_the_wait(log: Rig) -> None:
    with _run(log, every=3600) as publisher:
        log.record("item:A")
        assert publisher.wait_for(1, _LONG) is not None
        log.record("item:B")
        log.publisher().publish_once()
        assert publisher.wait_for(3, _LONG) is not None


def test_a_quorum_that_is_missing_is_waited_out(log: Rig) -> None:
    witness = TestWitness("w.example/1", Manners.REFUSES)
    with running(witness), _run(log.with_witnesses(Witnesses(policy_of([witness], 1)))) as publisher:
        log.record("item:A")
        assert publisher.wait_for(1, 0.2) is None
        assert publisher.stopped_by is None
        witness.manners = Manners.GOOD
        assert publisher.wait_for(1, _LONG) is not None
        assert state_entries(log.store) == [2]


def test_a_contradiction_stops_it_for_good(log: Rig) -> None:
    log.remembered.path.write_bytes(b"damaged")
    with _run(log) as publisher:
        log.record("item:A")
        with pytest.raises(Unavailable, match="no checkpoints are published any more"):
            publisher.wait_for(1, _LONG)
        assert isinstance(publisher.stopped_by, IntegrityFailed)
        log.remembered.path.unlink()
        log.record("item:B")
        with pytest.raises(Unavailable):
            publisher.wait_for(2, 0.2)
    assert log.publication.newest() is None


def test_the_page_cache_is_bounded_and_of_one_index() -> None:
    cache = PageCache(capacity=3)
    cache.advance(5, {str(number): b"page" for number in range(5)})
    assert set(cache.find("01234")) == {"2", "3", "4"}
    cache.find("2")
    cache.keep({"9": b"page"})
    assert set(cache.find("01234")) == {"2", "4"}
    cache.settle(5)
    assert set(cache.find("9")) == {"9"}
    cache.settle(6)
    assert cache.find("0123456789") == {}


def test_pages_are_read_from_changes_then_memory_then_the_store() -> None:
    stored = MemoryPages()
    first = extend_index(EMPTY, stored, [(1, bytes(32), [f"item:{number}" for number in range(100)])])
    stored.write(first.pages)
    cache = PageCache(capacity=2)
    pages = ChangingPages(stored, cache)
    root = first.root
    for number in range(100):
        grown = extend_index(root, pages, [(number + 2, bytes(32), [f"item:{number}"])])
        assert grown.new_names == ()
        pages.changed.update(grown.pages)
        root = grown.root
    plain = extend_index(first.root, stored, [(number + 2, bytes(32), [f"item:{number}"]) for number in range(100)])
    assert root == plain.root
    assert stored.read(first.pages) == first.pages
