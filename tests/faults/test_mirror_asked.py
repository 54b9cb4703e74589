"""A mirror's copy is asked by whoever has its file: replayed first, while the mirror runs too, and caught if edited."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.errors import IntegrityFailed, Malformed, NotFound, NotTrusted, Unavailable
from ledger.mirror.copy import Copy, Replayed
from ledger.mirror.held import Held, replay_copy
from ledger.rulepacks.load import load_packs
from ledger.tlog.note import Ed25519Signer
from ledger.tlog.policy import Party, Policy
from tests.authors import ORIGIN
from tests.faults.parties import registration
from tests.faults.written_log import NAME, POLICY, pulled, written
from tests.grown import cosigner, private

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ledger.mirror.mirror import Mirrored
    from tests.faults.written_log import Written


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A copy of six entries."""
    written().publish(folder)
    pulled(str(folder), tmp_path)
    return tmp_path / "copy.db"


def held(path: Path, policy: Policy = POLICY) -> Held:
    return replay_copy(path, policy, load_packs(), lambda done, size: None)


def edited(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return path


def stopped(folder: Path, place: Path, log: Written) -> Mirrored:
    log.publish(folder)
    return pulled(str(folder), place)


def test_a_copy_is_asked_as_the_log_that_it_is(copy: Path) -> None:
    log = held(copy)
    told = list(log.store.read())
    assert [one.position for one in told] == [1, 2, 3, 4, 5, 6]
    assert [one.entry for one in told] == written_entries(copy)
    assert (log.store.origin, log.witnessed.checkpoint.size, log.differences, log.unjudged) == (ORIGIN, 6, 0, 0)


def written_entries(path: Path) -> list[bytes]:
    with closing(sqlite3.connect(path)) as connection:
        return [entry for (entry,) in connection.execute("select entry from entry order by position")]


def test_its_mirror_is_a_witness_of_what_it_holds(copy: Path) -> None:
    key = cosigner(NAME).key
    policy = Policy(POLICY.logs, {"m1": Party(key, "")}, {}, "m1", frozenset({"m1"}))
    assert held(copy, policy).witnessed.replayed == ("m1",)


def test_it_is_asked_while_its_mirror_has_it_and_that_writes_on(copy: Path) -> None:
    with closing(Copy(copy)) as running:
        assert held(copy).store.head() == 6
        last = running.replayed()
        assert last is not None
        running.keep(Replayed(last.origin, last.size, last.note, last.time + 1), [])
        assert held(copy).store.head() == 6


def test_what_the_mirror_adds_behind_its_checkpoint_is_left_out(copy: Path) -> None:
    edited(copy, "insert into entry select 7, entry from entry where position = 6")
    assert held(copy).store.head() == 6


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        pytest.param(["delete from entry where position = 3"], "position 3: the copy has no such entry", id="removed"),
        pytest.param(["delete from entry where position = 6"], "position 6: the copy has no such entry", id="cut off"),
        pytest.param(
            ["delete from entry where position = 5", "update entry set position = 5 where position = 6"],
            "position 5",
            id="moved up",
        ),
        pytest.param(
            ["update entry set entry = (select entry from entry where position = 4) where position = 5"],
            "position 5",
            id="another's",
        ),
        pytest.param(["update entry set entry = x'00' where position = 2"], "position 2", id="bytes"),
        pytest.param(["delete from replayed"], "nothing was ever mirrored", id="no checkpoint"),
    ],
)
def test_a_copy_that_was_edited_is_caught(copy: Path, edits: Iterable[str], words: str) -> None:
    with pytest.raises(IntegrityFailed, match=words):
        held(edited(copy, *edits))


def test_entries_that_hold_and_are_not_the_tree_are_caught(copy: Path, folder: Path, tmp_path: Path) -> None:
    """Another history that the operator signed, put under the checkpoint that the mirror holds."""
    other = tmp_path / "other"
    other.mkdir()
    written().publish(other)
    pulled(str(other), other)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("delete from entry")
        connection.executemany("insert into entry values (?, ?)", enumerate(written_entries(other / "copy.db"), 1))
    with pytest.raises(IntegrityFailed, match="are not the tree of its checkpoint"):
        held(copy)


def test_a_checkpoint_of_another_log_is_not_believed(copy: Path) -> None:
    stranger = Policy((Party(Ed25519Signer("other.example/log", private("other")).key, ""),), {}, {}, None)
    with pytest.raises(NotTrusted):
        held(copy, stranger)


def test_a_mirror_that_stopped_is_not_asked_until_it_goes_on(copy: Path, folder: Path, tmp_path: Path) -> None:
    """Two roots of one size: the log forked, and the copy says so to whoever asks it."""
    with pytest.raises(IntegrityFailed, match="forked"):
        stopped(folder, tmp_path, written())
    with pytest.raises(IntegrityFailed, match=r"stopped, so nothing is asked of it: the log forked"):
        held(copy)


def test_a_mirror_that_goes_on_is_asked_again(folder: Path, tmp_path: Path) -> None:
    log = written()
    log.publish(folder)
    pulled(str(folder), tmp_path)
    good = shutil.copytree(folder, tmp_path / "good")
    with pytest.raises(IntegrityFailed):
        stopped(folder, tmp_path, written())
    pulled(str(good), tmp_path)
    assert held(tmp_path / "copy.db").store.head() == 6


@pytest.mark.rule("MIR-06")
@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(84)])
def test_what_is_no_copy_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "some.db"
    file.write_bytes(content)
    with pytest.raises((Malformed, Unavailable)):
        held(file)
    assert file.read_bytes() == content


@pytest.mark.rule("MIR-06")
def test_another_database_is_no_copy_and_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="MIR-06"):
        held(edited(tmp_path / "some.db", "create table entry (position integer)"))
    with pytest.raises(NotFound):
        held(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


def test_what_a_mirror_keeps_later_is_asked_too(folder: Path, tmp_path: Path) -> None:
    log = written()
    log.publish(folder)
    pulled(str(folder), tmp_path)
    log.say(registration(2)).state().publish(folder)
    pulled(str(folder), tmp_path)
    assert held(tmp_path / "copy.db").store.head() == 8
