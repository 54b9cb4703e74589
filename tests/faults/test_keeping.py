"""A service whose embedded server is gone starts it again, as soon as it can, and goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from ledger.store.server.postmaster import read_note
from tests.commands import embedded_bench, running
from tests.embedded_server import server_pid
from tests.waiting import LONG, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.bench import Bench

_SOON: Final = 15.0
"""Seconds in which all is well again, and in which somebody has an answer where the server gives none."""


@pytest.fixture(scope="module")
def opened() -> Iterator[Bench]:
    with embedded_bench() as bench:
        yield bench


@contextmanager
def serving(bench: Bench) -> Iterator[str]:
    """Yield the address of a service, which ends in order afterwards."""
    with running(bench, "serve", "--port", "0", "--json", stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())["url"]
        process.terminate()
        assert process.wait(LONG) == 0


def is_well(url: str) -> bool:
    try:
        with urlopen(f"{url}/healthz", timeout=LONG) as answer:
            return bool(answer.status == 200)
    except URLError:
        return False


def wait_until_well(url: str) -> None:
    until(lambda: is_well(url), within=_SOON)


def kill_server(bench: Bench) -> int:
    """Kill the database server, and return its process number."""
    pid = server_pid(bench.place / "data")
    assert pid
    os.kill(pid, signal.SIGKILL)
    return pid


def wait_until_another_runs(bench: Bench, killed: int) -> None:
    """Wait until a server has noted its number in the place of one that was killed, whose children may still answer."""
    folder = bench.place / "data" / "postgres"
    until(lambda: (note := read_note(folder)) is not None and note.pid != killed, within=_SOON)


def test_a_service_is_back_soon_after_its_server_was_killed(opened: Bench) -> None:
    with serving(opened) as url:
        wait_until_well(url)
        for _ in range(2):
            wait_until_another_runs(opened, kill_server(opened))
            wait_until_well(url)
    assert server_pid(opened.place / "data") is None


def test_a_service_is_back_soon_after_its_server_can_start_again(opened: Bench) -> None:
    """A setting that cannot be stands for a disk that is full: each attempt fails until it is put right."""
    settings = opened.place / "data" / "postgres" / "postgresql.conf"
    log = opened.place / "data" / "postgres.log"
    with serving(opened) as url:
        wait_until_well(url)
        proper = settings.read_text()
        settings.write_text("no_such_setting = 1\n")
        kill_server(opened)
        until(lambda: "no_such_setting" in log.read_text())
        assert not is_well(url)
        settings.write_text(proper)
        wait_until_well(url)


def test_a_service_is_back_soon_after_one_of_the_processes_of_its_server_was_killed(opened: Bench) -> None:
    with serving(opened) as url:
        wait_until_well(url)
        said = subprocess.run(["pgrep", "-P", str(server_pid(opened.place / "data"))], capture_output=True, check=True)
        os.kill(int(said.stdout.split()[0]), signal.SIGKILL)
        wait_until_well(url)


def test_a_service_ends_in_order_while_its_server_cannot_start(opened: Bench) -> None:
    settings = opened.place / "data" / "postgres" / "postgresql.conf"
    proper = settings.read_text()
    try:
        with serving(opened) as url:
            wait_until_well(url)
            settings.write_text("no_such_setting = 1\n")
            kill_server(opened)
    finally:
        settings.write_text(proper)


def test_a_service_whose_database_is_frozen_says_so_soon_and_goes_on_afterwards(opened: Bench) -> None:
    with serving(opened) as url:
        wait_until_well(url)
        pid = server_pid(opened.place / "data")
        assert pid
        children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, check=True).stdout.split()
        everybody = [pid, *map(int, children)]
        for one in everybody:
            os.kill(one, signal.SIGSTOP)
        began = monotonic()
        with pytest.raises(HTTPError) as told:
            urlopen(f"{url}/v1/statements/0191d2a4-7c00-7000-8000-000000000000/proof", timeout=LONG)
        told.value.close()
        assert (told.value.code, monotonic() - began < _SOON) == (503, True)
        for one in everybody:
            os.kill(one, signal.SIGCONT)
        wait_until_well(url)


def test_a_command_ends_soon_where_the_server_is_frozen(opened: Bench) -> None:
    with serving(opened) as url:
        wait_until_well(url)
        pid = server_pid(opened.place / "data")
        assert pid
        os.kill(pid, signal.SIGSTOP)  # who is connected goes on; who comes is not let in
        began = monotonic()
        ran = opened.run("log", "show")
        assert (ran.code, monotonic() - began < _SOON) == (9, True)
        assert "runs and does not answer" in ran.stderr
        os.kill(pid, signal.SIGCONT)
        wait_until_well(url)
