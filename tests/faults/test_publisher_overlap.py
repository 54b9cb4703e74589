"""Two publishers that overlap on a healthy log: nobody cries fork, and nobody forgets what the other one signed."""

from __future__ import annotations

from base64 import b64encode
from contextlib import closing
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from ledger.errors import IntegrityFailed
from ledger.publisher.memory_file import MemoryFile
from ledger.publisher.witnesses import Witnesses
from ledger.store.database.publication import Publication
from ledger.tlog.checkpoint import Checkpoint, encode_checkpoint
from tests.publishing import Rig, check_publication, rig
from tests.witness_server import TestWitness, policy_of, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.store.database.publication import Update
    from ledger.tlog.tree import HashReader
    from tests.servers import Database

_NO_ROOT = b64encode(bytes(32))
STEPS = ("size", "view", "publish")


class _Overtaken(Publication):
    """A publication whose reader is overtaken once, just after it has asked, or just before it publishes."""

    step = ""

    def overtake(self, step: str, meanwhile: Callable[[], object]) -> None:
        self.step, self._meanwhile = step, meanwhile

    def size(self) -> int:
        found = super().size()
        self._reached("size")
        return found

    def hashes(self, size: int) -> HashReader:
        self._reached("view")
        return super().hashes(size)

    def publish(self, update: Update) -> None:
        self._reached("publish")
        super().publish(update)

    def _reached(self, step: str) -> None:
        if self.step == step:
            self.step = ""
            self._meanwhile()


def overtake(slow: Rig, step: str, meanwhile: Callable[[], object]) -> None:
    """Let something happen while a publisher is between two steps."""
    assert isinstance(slow.publication, _Overtaken)
    slow.publication.overtake(step, meanwhile)


@pytest.fixture
def log(embedded_database: Database, tmp_path: Path) -> Iterator[Rig]:
    """A log with a checkpoint over its one event."""
    with rig(embedded_database, tmp_path) as log:
        log.record("item:A")
        log.publisher().publish_once()
        yield log


@pytest.fixture
def slow(log: Rig, embedded_database: Database) -> Iterator[Rig]:
    """The same log, as a publisher sees it that can be overtaken."""
    with closing(_Overtaken(embedded_database.app)) as publication:
        yield Rig(log.store, publication, log.remembered, log.witnesses)


@pytest.mark.parametrize("more", [False, True], ids=["nothing since", "an event since"])
@pytest.mark.parametrize("step", STEPS)
def test_a_publisher_that_is_overtaken_goes_on(log: Rig, slow: Rig, step: str, *, more: bool) -> None:
    def meanwhile() -> None:
        log.publisher().publish_once()
        if more:
            log.record("item:C")

    log.record("item:B")
    publisher = slow.publisher()
    overtake(slow, step, meanwhile)
    publisher.publish_once()
    publisher.publish_once()
    assert check_publication(log) == log.store.head() == log.publication.size()
    newest = log.publication.newest()
    assert newest is not None
    assert log.remembered.read() == newest.checkpoint


@pytest.mark.parametrize("quorum", [0, 1])
def test_a_publisher_that_is_overtaken_at_its_witness_goes_on(log: Rig, slow: Rig, quorum: int) -> None:
    witness = TestWitness("w.example/1")
    with running(witness):
        policy = policy_of([witness], quorum)

        def meanwhile() -> None:
            log.record("item:C")
            log.with_witnesses(Witnesses(policy)).publisher().publish_once()

        log.record("item:B")
        slow = slow.with_witnesses(Witnesses(policy))
        overtake(slow, "view", meanwhile)
        publisher = slow.publisher()
        publisher.publish_once()
        publisher.publish_once()
    assert check_publication(log) == log.store.head() == witness.size


def test_a_witness_that_another_publisher_brings_further_between_two_questions_is_asked_again(log: Rig) -> None:
    witness = TestWitness("w.example/1")
    with running(witness):
        policy = policy_of([witness], 1)
        slow, quick = (log.with_witnesses(Witnesses(policy)).publisher() for _ in range(2))
        for publisher in (slow, quick):
            log.record("item:B")
            publisher.publish_once()
        log.record("item:C")
        # Asked from what it held before the quick one's checkpoint, then from that one, and it has gone on once more.
        witness.meanwhile[witness.asked + 2] = quick.publish_once
        slow.publish_once()
    assert check_publication(log) == log.store.head() == witness.size == 8


def test_nothing_new_at_the_moment_of_looking_is_no_failure(log: Rig, slow: Rig) -> None:
    log.record("item:B")
    overtake(slow, "size", lambda: log.publisher().publish_once())
    assert slow.publisher().publish_once() is None
    assert log.publication.size() == log.store.head() == 4


def test_a_publisher_tries_no_more_where_another_one_has_published_what_it_was_asked_for(log: Rig, slow: Rig) -> None:
    def meanwhile() -> None:
        log.publisher().publish_once()
        log.record("item:C")

    log.record("item:B")
    overtake(slow, "publish", meanwhile)
    assert slow.publisher().publish_once() is None
    assert (log.publication.size(), log.store.head()) == (4, 5)


def test_what_this_machine_remembers_never_goes_backwards(log: Rig) -> None:
    older = log.remembered.path.read_bytes()
    log.record("item:B")
    log.publisher().publish_once()
    newer = log.remembered.path.read_bytes()
    log.remembered.write(older)
    assert log.remembered.path.read_bytes() == newer
    assert {one.name for one in log.remembered.path.parent.iterdir()} == {"last-checkpoint", "last-checkpoint.place"}


def test_another_checkpoint_of_the_same_size_is_not_remembered_over_the_first(log: Rig) -> None:
    first = log.remembered.path.read_bytes()
    origin, size, root, rest = first.split(b"\n", 3)
    assert root != _NO_ROOT
    other = b"\n".join((origin, size, _NO_ROOT, rest))
    with pytest.raises(IntegrityFailed, match="another checkpoint of 2 entries"):
        log.remembered.write(other)
    assert log.remembered.path.read_bytes() == first


def test_a_file_left_over_by_a_crash_is_taken_the_place_of(log: Rig) -> None:
    stray = log.remembered.path.with_name(".last-checkpoint.new")
    stray.write_bytes(b"half a chec")
    log.record("item:B")
    log.publisher().publish_once()
    assert not stray.exists()


def test_what_another_publisher_is_writing_is_no_copy(tmp_path: Path) -> None:
    def written() -> None:
        for size in range(2, 250):
            MemoryFile(path).write(_note(size))
        ended.set()

    path, ended, copy = tmp_path / "last-checkpoint", Event(), tmp_path / "copy"
    copy.touch()  # before the others, so that its number is none that one of them had
    MemoryFile(path).write(_note(1))
    writer = Thread(target=written)
    writer.start()
    try:
        while not ended.is_set():
            assert MemoryFile(path).is_in_place()
    finally:
        writer.join()
    copy.write_bytes(path.read_bytes())
    copy.replace(path)
    assert not MemoryFile(path).is_in_place()


def _note(size: int) -> bytes:
    checkpoint = Checkpoint("vialog.test/log", size, bytes(32))
    return encode_checkpoint(checkpoint).encode() + "\n— vialog.test/log AAAAAAAA\n".encode()
