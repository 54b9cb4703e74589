"""The embedded server where it does not stop, start or answer as it should: nobody waits long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final

import psycopg
import pytest

from ledger.errors import Unavailable
from ledger.store.server.cluster import Cluster
from ledger.store.server.embedded import start
from ledger.store.server.locks import take_if_free
from ledger.store.server.postmaster import read_note
from ledger.store.server.undisturbed import undisturbed
from tests.embedded_server import User, ask, fresh_place, server_pid
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SOON: Final = 15.0
"""Seconds in which a supervisor, or a person, is to have an answer."""

_DEAF: Final = """
import signal
for one in (signal.SIGINT, signal.SIGQUIT):
    signal.signal(one, signal.SIG_IGN)
print(flush=True)
while True:
    signal.pause()
"""


@pytest.fixture(scope="module")
def settled() -> Iterator[Path]:
    """A data directory whose cluster exists; no server runs between two tests."""
    with fresh_place() as fresh:
        start(fresh / "data").release()
        yield fresh / "data"


@contextmanager
def soon() -> Iterator[None]:
    began = monotonic()
    yield
    assert monotonic() - began < _SOON


def _send(pid: int | None, what: signal.Signals) -> None:
    assert pid
    os.kill(pid, what)


def _backend(conninfo: str) -> tuple[psycopg.Connection, int]:
    """Return a connection, and the process that serves it."""
    connection = psycopg.connect(conninfo)
    return connection, connection.info.backend_pid


def _comes(settled: Path, status: str) -> None:
    """Wait until the server has noted a status."""
    until(lambda: (note := read_note(settled / "postgres")) is not None and note.status == status, within=_SOON)


def test_the_last_one_leaves_a_server_that_restarts_because_one_of_its_processes_was_killed(settled: Path) -> None:
    with soon(), start(settled) as running:
        connection, backend = _backend(running.conninfo())
        _send(backend, signal.SIGKILL)
        connection.close()
    assert server_pid(settled) is None
    with start(settled) as again:
        assert ask(again, "select 1") == 1


def test_a_server_that_hangs_while_it_stops_does_not_stand_in_the_way_of_the_next_start(settled: Path) -> None:
    user = User(settled)
    connection, backend = _backend(user.conninfo())
    _send(backend, signal.SIGSTOP)
    _send(former := server_pid(settled), signal.SIGINT)
    _comes(settled, "stopping")
    user.kill()  # as is whoever asked the server to stop and did not live to see it
    with soon(), start(settled) as running:
        assert ask(running, "select 1") == 1
        assert server_pid(settled) != former
    connection.close()


def test_a_server_all_of_whose_processes_are_frozen_is_ended_by_the_last_one_out(settled: Path) -> None:
    running = start(settled)
    connection, backend = _backend(running.conninfo())
    for pid in (server_pid(settled), backend):
        _send(pid, signal.SIGSTOP)
    with soon():
        running.release()
    assert server_pid(settled) is None
    connection.close()


def test_a_frozen_server_is_said_to_give_no_answer_and_works_afterwards(settled: Path) -> None:
    user = User(settled)
    assert user.conninfo()
    _send(server_pid(settled), signal.SIGSTOP)
    with soon(), pytest.raises(Unavailable, match="runs and does not answer"):
        start(settled)
    _send(server_pid(settled), signal.SIGCONT)
    with start(settled) as running:
        assert ask(running, "select 1") == 1
    assert user.leave() == 0


def test_a_frozen_server_that_nobody_uses_is_ended_and_the_next_start_works(settled: Path) -> None:
    user = User(settled)
    assert user.conninfo()
    _send(server_pid(settled), signal.SIGSTOP)
    user.kill()
    with soon(), pytest.raises(Unavailable, match="runs and does not answer"):
        start(settled)
    with start(settled) as running:
        assert ask(running, "select 1") == 1


def test_a_frozen_process_that_outlived_its_server_does_not_stand_in_the_way_of_the_next_start(settled: Path) -> None:
    user = User(settled)
    connection, backend = _backend(user.conninfo())
    _send(backend, signal.SIGSTOP)
    _send(server_pid(settled), signal.SIGKILL)
    user.kill()
    with soon(), start(settled) as running:
        assert ask(running, "select 1") == 1
    connection.close()


def test_a_wrong_answer_ends_the_wait_at_once_with_its_own_words(settled: Path) -> None:
    rules = settled / "postgres" / "pg_hba.conf"
    proper = rules.read_text()
    rules.write_text("local all all reject\n")
    try:
        with soon(), pytest.raises(Unavailable, match=r"pg_hba\.conf rejects connection"):
            start(settled)
    finally:
        rules.write_text(proper)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PGSERVICE", "nothere"),
        ("PGSERVICEFILE", "/nowhere"),
        ("PGOPTIONS", "-c default_transaction_read_only=on"),
        ("PGHOST", "192.0.2.1"),
        ("PGHOSTADDR", "192.0.2.1"),
        ("PGSSLMODE", "verify-full"),
        ("PGREQUIREAUTH", "scram-sha-256"),
        ("PGTARGETSESSIONATTRS", "standby"),
        ("PGDATESTYLE", "German"),
    ],
)
def test_nothing_is_taken_from_the_environment_of_libpq(
    settled: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with soon(), start(settled) as running:
        assert ask(running, "select current_setting('DateStyle')") == "ISO, MDY"
        assert name not in os.environ


def test_a_creation_that_goes_on_after_its_caller_was_killed_is_waited_for() -> None:
    with fresh_place() as place:
        data = place / "data"
        data.mkdir(mode=0o700)
        alive = take_if_free(data / "postgres.alive")
        assert alive
        with subprocess.Popen(["sleep", "1"], pass_fds=(alive,)) as creating:
            os.close(alive)
            with start(data) as running:
                assert creating.poll() == 0
                assert ask(running, "select 1") == 1


def test_a_server_that_ignores_every_polite_word_is_killed(settled: Path) -> None:
    """A process that holds the server's lock and hears nothing stands for it."""
    cluster = Cluster(settled, settled, None)
    alive = take_if_free(settled / "postgres.alive")
    assert alive
    with subprocess.Popen([sys.executable, "-c", _DEAF], pass_fds=(alive,), stdout=subprocess.PIPE) as server:
        os.close(alive)
        assert server.stdout
        server.stdout.readline()
        (settled / "postgres" / "postmaster.pid").write_text(f"{server.pid}\n")
        with soon():
            cluster.halt()
        assert server.wait() == -signal.SIGKILL
    assert not cluster.runs()


def test_a_signal_that_comes_while_the_server_is_stopped_waits_until_it_is() -> None:
    done = False
    with pytest.raises(KeyboardInterrupt), undisturbed():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        done = True
    assert done
