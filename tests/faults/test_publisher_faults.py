"""The publisher stopped at every step, failed or stored after all; then run again, and everything is read again.

And what its guard refuses to sign: a rewritten log, a restored backup, a flipped bit. (Attacks, docs/formats.md.)
"""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from ledger.errors import IntegrityFailed, Unavailable
from ledger.publisher.memory_file import MemoryFile
from ledger.publisher.witnesses import Witnesses
from ledger.statement.entries.entry import leaf_of, parse_entry
from ledger.statement.entries.state_entry import state_id
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication, Update
from tests.contracts.behind import as_admin
from tests.publishing import Rig, check_publication, rig, state_entries
from tests.servers import EMBEDDED
from tests.witness_server import Manners, TestWitness, policy_of, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.store.database.postgres import _LockedLog
    from tests.servers import Database, Servers

FAILED, STORED = "failed", "failed but was stored after all"
STEPS = ("state entry", "cosign", "remember", "publish")


class _Break:
    """Where the next round breaks, once."""

    def __init__(self, step: str, how: str) -> None:
        self._at = (step, how)

    def reached(self, step: str, how: str) -> None:
        if self._at == (step, how):
            self._at = ("", "")
            raise Unavailable(f"broken: {step} {how}")


class _BreakingStore(PostgresStore):
    broken: _Break

    @contextmanager
    def locked(self) -> Iterator[_LockedLog]:
        with super().locked() as log:
            yield log
            self.broken.reached("state entry", FAILED)
        self.broken.reached("state entry", STORED)


class _BreakingPublication(Publication):
    broken: _Break

    def publish(self, update: Update) -> None:
        self.broken.reached("publish", FAILED)
        super().publish(update)
        self.broken.reached("publish", STORED)


class _BreakingFile(MemoryFile):
    broken: _Break

    def write(self, note: bytes) -> None:
        self.broken.reached("remember", FAILED)
        super().write(note)
        self.broken.reached("remember", STORED)


@contextmanager
def _breaking(database: Database, folder: Path, witnesses: Witnesses, broken: _Break) -> Iterator[Rig]:
    with (
        closing(_BreakingStore(database.app)) as store,
        closing(_BreakingPublication(database.app)) as publication,
    ):
        remembered = _BreakingFile(folder / "last-checkpoint")
        store.broken = publication.broken = remembered.broken = broken
        yield Rig(store, publication, remembered, witnesses)


@pytest.mark.parametrize("how", [FAILED, STORED])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("meanwhile", [False, True], ids=["nothing meanwhile", "an event meanwhile"])
def test_crash_between_store_sign_publish(
    embedded_database: Database, tmp_path: Path, step: str, how: str, *, meanwhile: bool
) -> None:
    witness = TestWitness("w.example/1")
    with running(witness), rig(embedded_database, tmp_path, Witnesses(policy := policy_of([witness], 1))) as log:
        log.record("item:A")
        log.publisher().publish_once()
        log.record("item:B")
        if step == "cosign":
            witness.manners = Manners.REFUSES if how == FAILED else Manners.LOSES_ANSWERS
        with (
            _breaking(embedded_database, tmp_path, Witnesses(policy), _Break(step, how)) as broken,
            pytest.raises(Unavailable),
        ):
            broken.publisher().publish_once()
        check_publication(log)
        witness.manners = Manners.GOOD
        if meanwhile:
            log.record("item:A")
        log.with_witnesses(Witnesses(policy)).publisher().publish_once()
        assert check_publication(log) == log.store.head() == log.publication.size() == witness.size
        expected = 4 if not meanwhile else 5 if (step, how) == ("state entry", FAILED) else 6
        assert log.store.head() == expected
        newest = log.publication.newest()
        assert newest is not None
        assert log.remembered.read() == newest.checkpoint


def test_a_quorum_that_is_not_met_keeps_the_checkpoint_back_and_adds_nothing_to_the_log(
    embedded_database: Database, tmp_path: Path
) -> None:
    witnesses = [TestWitness("w.example/1"), TestWitness("w.example/2", Manners.REFUSES)]
    with running(*witnesses), rig(embedded_database, tmp_path, Witnesses(policy_of(witnesses, 2))) as log:
        publisher = log.publisher()
        log.record("item:A")
        for _ in range(3):
            with pytest.raises(Unavailable, match=r"TLOG-14.*w\.example/2 answers 500"):
                publisher.publish_once()
        assert state_entries(log.store) == [2]
        assert log.publication.size() == 0
        witnesses[1].manners = Manners.GOOD
        published = publisher.publish_once()
        assert published is not None
        assert published.checkpoint.size == 2
        assert check_publication(log) == 2


@pytest.mark.parametrize("manners", [one for one in Manners if one is not Manners.GOOD])
def test_a_witness_of_bad_manners_is_reported_and_left_out(
    embedded_database: Database, tmp_path: Path, manners: Manners
) -> None:
    witnesses = [TestWitness("w.example/1"), TestWitness("w.example/2", manners)]
    with running(*witnesses):
        policy = policy_of(witnesses, 1)
        with rig(embedded_database, tmp_path, Witnesses(policy, timeout=0.3)) as log:
            publisher = log.publisher()
            log.record("item:A")
            published = publisher.publish_once()
            assert published is not None
            assert log.witnesses_of(published.note, policy) == {"w.example/1"}
            assert set(log.witnesses.problems) == {"w.example/2"}
            for one in witnesses:
                one.released.set()


def test_a_witness_that_comes_later_is_brought_up_to_date(embedded_database: Database, tmp_path: Path) -> None:
    early, late = TestWitness("w.example/1"), TestWitness("w.example/2")
    with running(early, late), rig(embedded_database, tmp_path, Witnesses(policy_of([early], 1))) as log:
        publisher = log.publisher()
        for number in range(3):
            log.record(f"item:{number}")
            publisher.publish_once()
        log.record("item:A")
        policy = policy_of([early, late], 2)
        published = log.with_witnesses(Witnesses(policy)).publisher().publish_once()
        assert published is not None
        assert early.size == late.size == published.checkpoint.size == 8


def _tell(log: Rig, *rounds: tuple[str, ...]) -> None:
    """Record events with these tags, and publish after each; told twice, the same story makes the same bytes."""
    publisher = log.publisher()
    for tags in rounds:
        log.record(*tags)
        publisher.publish_once()


def test_split_view_two_forks_of_a_database_cannot_both_be_cosigned(servers: Servers, tmp_path: Path) -> None:
    server, witness = servers.get(EMBEDDED), TestWitness("w.example/1")
    (tmp_path / "fork").mkdir()
    with running(witness), ExitStack() as stack:
        policy = policy_of([witness], 1)
        log, fork = (
            stack.enter_context(rig(stack.enter_context(server.database()), folder, Witnesses(policy)))
            for folder in (tmp_path, tmp_path / "fork")
        )
        _tell(log, ("item:A",))
        _tell(fork, ("item:A",))
        log.record("item:B")
        log.publisher().publish_once()
        fork.record("item:C")
        with pytest.raises(
            IntegrityFailed, match=r"w\.example/1 holds a checkpoint of 4 entries with another root.* own key"
        ):
            fork.publisher().publish_once()
        assert (log.publication.size(), fork.publication.size()) == (4, 2)


def test_rewrite_a_log_that_does_not_extend_the_witnessed_one_is_refused(servers: Servers, tmp_path: Path) -> None:
    server, witness = servers.get(EMBEDDED), TestWitness("w.example/1")
    (tmp_path / "other").mkdir()
    with running(witness), ExitStack() as stack:
        policy = policy_of([witness], 1)
        log, rewritten = (
            stack.enter_context(rig(stack.enter_context(server.database()), folder, Witnesses(policy)))
            for folder in (tmp_path, tmp_path / "other")
        )
        _tell(log, ("item:A",), ("item:B",))
        for tag in ("item:A", "item:X", "item:Y", "item:Z", "item:B"):
            rewritten.record(tag)
        with pytest.raises(
            IntegrityFailed, match=r"w\.example/1 holds a checkpoint of 4 entries with another root.* own key"
        ):
            rewritten.publisher().publish_once()
        assert rewritten.publication.newest() is None


@pytest.mark.parametrize("since", [0, 1, 5], ids=["nothing since", "one event since", "more events since"])
def test_backup_restored_this_machine_remembers_and_refuses_to_sign(
    servers: Servers, tmp_path: Path, since: int
) -> None:
    server = servers.get(EMBEDDED)
    (tmp_path / "restored").mkdir()
    with ExitStack() as stack:
        today, yesterday = (
            stack.enter_context(rig(stack.enter_context(server.database()), folder))
            for folder in (tmp_path, tmp_path / "restored")
        )
        _tell(yesterday, ("item:A",))
        _tell(today, ("item:A",), ("item:B",))
        remembered = today.remembered.path.read_bytes()
        yesterday.remembered.write(remembered)
        for number in range(since):
            yesterday.record(f"item:{number}")
        with pytest.raises(IntegrityFailed, match=r"this machine .* holds a checkpoint of 4 entries"):
            yesterday.publisher().publish_once()
        assert (yesterday.store.head(), yesterday.publication.size()) == (2 + since, 2)
        assert yesterday.remembered.path.read_bytes() == remembered


def test_backup_restored_a_witness_remembers_and_nothing_is_signed(servers: Servers, tmp_path: Path) -> None:
    server, witness = servers.get(EMBEDDED), TestWitness("w.example/1")
    (tmp_path / "restored").mkdir()
    with running(witness), ExitStack() as stack:
        policy = policy_of([witness])
        today, yesterday = (
            stack.enter_context(rig(stack.enter_context(server.database()), folder))
            for folder in (tmp_path, tmp_path / "restored")
        )
        _tell(yesterday, ("item:A",))
        _tell(today.with_witnesses(Witnesses(policy)), ("item:A",), ("item:B",), ("item:C",))
        yesterday.record("item:D")
        asked = witness.asked
        with pytest.raises(IntegrityFailed, match=r"w\.example/1 holds a checkpoint of 6 entries, .* only 3"):
            yesterday.with_witnesses(Witnesses(policy)).publisher().publish_once()
        # Asked once, with the checkpoint that is published already: nothing new was signed, nothing was appended.
        assert witness.asked == asked + 1
        assert (yesterday.store.head(), yesterday.publication.size()) == (3, 2)


_FLIP = "set {0} = set_byte({0}, {1}, get_byte({0}, {1}) # 1)"


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(f"update vialog.event {_FLIP.format('entry', 20)} where position = 4", id="a new entry's header"),
        pytest.param(f"update vialog.event {_FLIP.format('entry', 115)} where position = 4", id="a new entry's data"),
        pytest.param(f"update vialog.event {_FLIP.format('leaf', 7)} where position = 4", id="a new entry's leaf"),
        pytest.param(f"update vialog.event {_FLIP.format('entry', 110)} where position = 3", id="the last state entry"),
        pytest.param("update vialog.event set position = 9 where position = 4", id="a position"),
        pytest.param("delete from vialog.event where position = 4", id="a new entry deleted"),
        pytest.param("delete from vialog.event where position >= 4", id="the tail deleted"),
        pytest.param("delete from vialog.event where position = 3", id="the last state entry deleted"),
        pytest.param(f"update vialog.tile {_FLIP.format('hashes', 0)}", id="the first hash of a tile"),
        pytest.param(f"update vialog.tile {_FLIP.format('hashes', 95)}", id="the last hash of a tile"),
        pytest.param("update vialog.tile set hashes = substring(hashes from 1 for 64)", id="a tile cut short"),
        pytest.param("delete from vialog.tile", id="a tile deleted"),
        pytest.param(f"update vialog.index_page {_FLIP.format('page', 40)} where path = ''", id="an index page"),
        pytest.param("delete from vialog.index_page", id="an index page deleted"),
        pytest.param(f"update vialog.checkpoint {_FLIP.format('note', 20)}", id="the checkpoint's size or root"),
        pytest.param("update vialog.head set position = 2", id="the head set back"),
    ],
)
def test_bit_flip_or_edited_row_is_found_before_signing(embedded_database: Database, tmp_path: Path, edit: str) -> None:
    with rig(embedded_database, tmp_path) as log:
        log.record("item:A", "party:P")
        log.record("item:B", "party:P")
        log.publisher().publish_once()
        log.record("item:A", "party:P")
        log.record("item:C", "party:P")
        remembered = log.remembered.path.read_bytes()
        tables = ("event", "head", "tile", "checkpoint")
        disabled = "".join(f"alter table vialog.{table} disable trigger user; " for table in tables)
        as_admin(embedded_database, disabled + edit)
        with pytest.raises(IntegrityFailed):
            log.publisher().publish_once()
        assert log.publication.size() == 3
        assert log.remembered.path.read_bytes() == remembered


def test_a_state_entry_that_lies_is_refused(embedded_database: Database, tmp_path: Path) -> None:
    with rig(embedded_database, tmp_path) as log:
        log.record("item:A")
        log.publisher().publish_once()
        log.record("item:B")
        with (
            _breaking(embedded_database, tmp_path, log.witnesses, _Break("remember", FAILED)) as broken,
            pytest.raises(Unavailable),
        ):
            broken.publisher().publish_once()
        (*_, state) = log.store.read()
        lie = state.entry.replace(b'"names":2', b'"names":3')
        edit = f"""
            alter table vialog.event disable trigger user;
            update vialog.event set entry = '\\x{lie.hex()}', leaf = '\\x{leaf_of(lie).hex()}',
                   statement = '{state_id(parse_entry(lie).data)}'
             where position = 4
        """
        as_admin(embedded_database, edit)
        with pytest.raises(IntegrityFailed, match="position 4: a state entry that says what is not true"):
            log.publisher().publish_once()


def test_a_damaged_memory_of_the_last_checkpoint_is_refused(embedded_database: Database, tmp_path: Path) -> None:
    with rig(embedded_database, tmp_path) as log:
        log.record("item:A")
        log.publisher().publish_once()
        log.remembered.path.write_bytes(b"garbage")
        log.record("item:B")
        with pytest.raises(IntegrityFailed, match="does not hold the last checkpoint"):
            log.publisher().publish_once()


def test_the_memory_of_another_log_is_refused(embedded_database: Database, tmp_path: Path) -> None:
    with rig(embedded_database, tmp_path) as log:
        log.record("item:A")
        published = log.publisher().publish_once()
        assert published is not None
        log.remembered.write(published.note.replace(b"ledger.example/log1\n", b"ledger.example/log2\n", 1))
        log.record("item:B")
        with pytest.raises(IntegrityFailed, match=r"is the checkpoint of ledger\.example/log2"):
            log.publisher().publish_once()
