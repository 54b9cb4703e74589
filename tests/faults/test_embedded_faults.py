"""The embedded server after crashes, interruptions and in places where it cannot run."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.errors import Unavailable
from ledger.store.server.account import SERVER, open_data_directory, server_account
from ledger.store.server.embedded import Role, start
from tests.embedded_server import ROOT, User, ask, fresh_place, named, server_pid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def place() -> Iterator[Path]:
    with fresh_place() as fresh:
        yield fresh


@pytest.fixture(scope="module")
def settled() -> Iterator[Path]:
    """A data directory whose cluster exists; no server runs between two tests."""
    with fresh_place() as fresh:
        start(fresh / "data").release()
        yield fresh / "data"


def _kill_server(data: Path) -> None:
    pid = server_pid(data)
    assert pid
    os.kill(pid, signal.SIGKILL)


def test_a_killed_server_is_started_again_with_all_that_was_committed(settled: Path) -> None:
    with start(settled) as running:
        with psycopg.connect(running.conninfo(Role.OWNER)) as owner:
            owner.execute("create table kept as select 7 as value")
            owner.execute("grant select on kept to vialog_app")
        _kill_server(settled)
        with start(settled) as again:
            assert ask(again, "select value from kept") == 7
        assert ask(running, "select value from kept") == 7
    assert server_pid(settled) is None


def test_a_server_killed_while_it_is_used_can_be_released(settled: Path) -> None:
    running = start(settled)
    _kill_server(settled)
    running.release()
    with start(settled) as again:
        assert ask(again, "select 1") == 1


def test_killed_users_do_not_hold_the_server(settled: Path) -> None:
    users = [User(settled), User(settled)]
    assert all(user.conninfo() for user in users)
    pid = server_pid(settled)
    for user in users:
        user.kill()
    with start(settled):
        assert server_pid(settled) == pid is not None
    assert server_pid(settled) is None


def test_a_crash_of_everything_is_survived(settled: Path) -> None:
    user = User(settled)
    assert user.conninfo()
    user.kill()
    _kill_server(settled)
    with start(settled) as running:
        assert ask(running, "select 1") == 1


def test_the_server_after_a_crash_is_found_where_the_one_before_it_was(settled: Path) -> None:
    with named(settled, "x" * 120) as data, start(data) as running:
        before = running.conninfo()
        _kill_server(data)
        with start(data) as again:
            assert again.conninfo() == before
            assert ask(running, "select 1") == 1
        folder = (data / "postgres.socket").resolve()
        running.release()
        assert not folder.exists()


def test_a_note_with_the_number_of_another_process_by_now_does_not_stop_the_start(settled: Path) -> None:
    with start(settled):
        note = (settled / "postgres" / "postmaster.pid").read_text().splitlines()
    other = subprocess.Popen(["sleep", "60"], user=SERVER.uid if ROOT else None)
    try:
        (settled / "postgres" / "postmaster.pid").write_text("\n".join([str(other.pid), *note[1:]]) + "\n")
        with start(settled) as running:
            assert ask(running, "select 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_an_interrupted_creation_is_done_anew(place: Path) -> None:
    half = place / "data" / "postgres.new" / "base"
    half.mkdir(parents=True)
    (half.parent / "PG_VERSION").write_text("18\n")
    (place / "data").chmod(0o700)
    with start(place / "data") as running:
        assert ask(running, "select 1") == 1
    assert not half.exists()


def test_a_creation_interrupted_before_roles_and_database_is_completed(settled: Path) -> None:
    with start(settled) as running, psycopg.connect(running.conninfo(), user="postgres", dbname="postgres") as admin:
        admin.autocommit = True
        admin.execute("drop database vialog")
        admin.execute("drop role vialog_app")
    with start(settled) as running:
        assert ask(running, "select 1") == 1


def test_a_server_that_cannot_start_says_so_in_its_own_words(settled: Path) -> None:
    settings = settled / "postgres" / "postgresql.conf"
    proper = settings.read_text()
    settings.write_text("no_such_setting = 1\n")
    with pytest.raises(Unavailable, match=r'unrecognized configuration parameter "no_such_setting"'):
        start(settled)
    settings.write_text(proper)
    with start(settled) as running:
        assert ask(running, "select 1") == 1


def test_a_directory_that_others_may_write_in_is_refused_and_left_as_it_is(place: Path) -> None:
    place.chmod(0o777)
    (place / "of somebody").touch()
    with pytest.raises(Unavailable, match="other users may write"):
        start(place)
    assert place.stat().st_mode & 0o777 == 0o777


def test_an_empty_directory_is_made_private_first(place: Path) -> None:
    (place / "data").mkdir()
    (place / "data").chmod(0o777)
    open_data_directory(place / "data", server_account())
    assert (place / "data").stat().st_mode & 0o777 == (0o710 if ROOT else 0o700)


def test_a_file_in_the_place_of_the_directory_is_said(place: Path) -> None:
    (place / "data").touch()
    with pytest.raises(Unavailable, match="out of reach"):
        start(place / "data")


if ROOT:

    def test_root_is_told_which_directory_keeps_the_server_out_and_what_to_do(place: Path) -> None:
        (place / "home").mkdir(mode=0o700)
        with pytest.raises(Unavailable, match=rf"cannot enter {place}/home on the way .* set VIALOG_DATA"):
            start(place / "home" / "x" / "data")
        assert (place / "home").stat().st_mode & 0o777 == 0o700

    def test_root_does_not_take_over_another_users_directory(place: Path) -> None:
        (place / "data").mkdir(mode=0o700)
        os.chown(place / "data", SERVER.uid + 1, SERVER.gid + 1)
        with pytest.raises(Unavailable, match=f"belongs to uid {SERVER.uid + 1}"):
            start(place / "data")
        assert not list((place / "data").iterdir())
