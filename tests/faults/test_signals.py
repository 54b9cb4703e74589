"""Signals that ask a command to end: it ends in order and soon, and leaves no server and no worker behind."""

from __future__ import annotations

import json
import signal
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

from ledger.store.server.embedded import start
from ledger.store.server.undisturbed import STOPPING
from tests.commands import embedded_bench, running
from tests.embedded_server import server_pid
from tests.waiting import LONG, until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from ledger.store.server.embedded import Running
    from tests.journeys.bench import Bench

_SOON: Final = 15.0


@pytest.fixture(scope="module")
def opened() -> Iterator[Bench]:
    """A bench whose log is open, in a data directory of its own; no server runs between two tests."""
    with embedded_bench() as bench:
        yield bench


def data(bench: Bench) -> Path:
    return bench.place / "data"


def session_of(pid: int) -> list[int]:
    """Return the processes of a session that are left, as Linux tells."""
    left = []
    for one in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session, *_ = one.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(session) == pid and state != "Z":
            left.append(int(one.parent.name))
    return left


@contextmanager
def locked(use: Running, table: str) -> Iterator[psycopg.Connection[Any]]:
    """Hold a table so that whoever reads it waits, until the server goes down."""
    holding = psycopg.connect(use.conninfo(), user="postgres")
    holding.execute(f"lock table vialog.{table} in access exclusive mode".encode())
    try:
        yield holding
    finally:
        holding.close()


def wait_until_blocked(use: Running, how_many: int) -> None:
    with psycopg.connect(use.conninfo(), user="postgres", autocommit=True) as watching:
        query = b"select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        until(lambda: watching.execute(query).fetchone() == (how_many,))


def wait_until_nobody_is_left(session: int) -> None:
    # What watches over the workers ends when it sees that their parent has.
    until(lambda: not session_of(session), within=_SOON)


def ended(process: subprocess.Popen[bytes], stopping: signal.Signals) -> tuple[int, bytes]:
    began = monotonic()
    process.send_signal(stopping)
    _, said = process.communicate(timeout=LONG)
    assert monotonic() - began < _SOON
    return process.returncode, said


@pytest.mark.parametrize("stopping", STOPPING)
def test_a_service_ends_in_order_whatever_the_signal(opened: Bench, stopping: signal.Signals) -> None:
    with running(opened, "serve", "--port", "0", "--json") as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["port"]
        code, said = ended(process, stopping)
    assert (code, b"Traceback" in said, server_pid(data(opened))) == (0, False, None)


@pytest.mark.parametrize("stopping", STOPPING)
@pytest.mark.parametrize(
    ("command", "table", "blocked"),
    [("log verify", "event", 1), ("fsck --jobs 2", "disclosure", 1), ("log show", "event", 1), ("publish", "event", 1)],
)
def test_a_command_that_waits_for_the_database_ends_and_leaves_nothing_behind(
    opened: Bench, stopping: signal.Signals, command: str, table: str, blocked: int
) -> None:
    use = start(data(opened))
    with locked(use, table), running(opened, *command.split()) as process:
        wait_until_blocked(use, blocked)
        use.release()  # the command is the last one to use the server now
        code, said = ended(process, stopping)
        wait_until_nobody_is_left(process.pid)
    assert (code, b"Traceback" in said, server_pid(data(opened))) == (128 + stopping, False, None)


def test_the_processes_of_a_check_that_was_killed_end_too(opened: Bench) -> None:
    with start(data(opened)) as use, locked(use, "disclosure"), running(opened, "fsck", "--jobs", "2") as process:
        wait_until_blocked(use, 1)
        assert len(session_of(process.pid)) > 1
        process.kill()
        process.wait()
        wait_until_nobody_is_left(process.pid)
