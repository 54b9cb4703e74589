"""A service keeps the views up: whatever happens to their runner, it comes back, or says so; recording goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.request import urlopen

import psycopg
import pytest

from ledger.store.server.embedded import Role, start
from tests.commands import child, embedded_bench, lives, running
from tests.embedded_server import server_pid
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.bench import Bench

_LONG: Final = 60.0


@pytest.fixture(scope="module")
def opened() -> Iterator[Bench]:
    """A log on an embedded server, which nothing keeps up when it is yielded."""
    with embedded_bench() as bench:
        yield bench


@dataclass(frozen=True)
class _Service:
    process: subprocess.Popen[bytes]
    url: str

    def views(self) -> Any:  # noqa: ANN401  JSON
        """Return what health says of the views."""
        with urlopen(f"{self.url}/healthz", timeout=_LONG) as answer:
            return json.loads(answer.read())["views"]

    def runner(self) -> int | None:
        """Return the process number of the runner of the views."""
        return child(self.process.pid, "views follow")

    def wait_for(self, state: str) -> None:
        until(lambda: self.views()["state"] == state)


@contextmanager
def _served(bench: Bench) -> Iterator[_Service]:
    with running(bench, "serve", "--port", "0", "--json", stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        yield _Service(process, json.loads(process.stdout.readline())["url"])
        if process.poll() is None:
            process.terminate()
            assert process.wait(_LONG) == 0


def _change(bench: Bench, statement: str) -> None:
    with (
        start(bench.place / "data") as server,
        psycopg.connect(server.conninfo(Role.OWNER), autocommit=True) as connection,
    ):
        connection.execute(statement.encode())


def test_a_service_makes_the_views_follows_and_ends_in_order(opened: Bench) -> None:
    with _served(opened) as service:
        service.wait_for("current")
        opened.admit("party:one", "carrier")
        until(lambda: service.views()["position"] >= 4)  # the log's opening, and an admission
        service.wait_for("current")
        runner = service.runner()
    assert runner is not None
    assert not lives(runner)
    assert server_pid(opened.place / "data") is None


def test_a_runner_that_is_killed_is_back_and_one_that_loses_its_connection_goes_on(opened: Bench) -> None:
    with _served(opened) as service:
        service.wait_for("current")
        killed = service.runner()
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        until(lambda: service.runner() not in {None, killed})
        opened.admit("party:two", "carrier")
        service.wait_for("current")
        going = service.runner()
        _change(
            opened,
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
            " and (classid::bigint << 32 | objid::bigint) = hashtextextended('vialog.views.follower', 0)",
        )
        opened.admit("party:three", "carrier")
        service.wait_for("current")
        assert service.runner() == going


def test_a_service_that_is_killed_leaves_no_runner(opened: Bench) -> None:
    with _served(opened) as service:
        service.wait_for("current")
        runner = service.runner()
        assert runner is not None
        service.process.kill()
        until(lambda: not lives(runner))


def test_of_two_services_one_follows_and_the_other_takes_its_place(opened: Bench) -> None:
    with _served(opened) as first:
        first.wait_for("current")
        with _served(opened) as second:
            assert first.process.poll() is None
            first.process.terminate()
            assert first.process.wait(_LONG) == 0
            opened.admit("party:four", "carrier")
            second.wait_for("current")


def test_a_runner_that_must_not_go_on_says_so_and_recording_goes_on(opened: Bench) -> None:
    with _served(opened) as service:
        service.wait_for("current")
        _change(opened, "update vialog_views.runner set peaks = sha256(peaks) || substring(peaks from 33)")
        runner = service.runner()
        assert runner is not None
        os.kill(runner, signal.SIGKILL)  # what is in memory is right; the next one begins with what is written
        opened.admit("party:five", "carrier")
        service.wait_for("stopped")
        position = service.views()["position"]
        opened.admit("party:six", "carrier")
        with urlopen(f"{service.url}/healthz", timeout=_LONG) as answer:
            said = json.loads(answer.read())
        assert said["status"] == "ok"
        assert (said["views"]["position"], said["views"]["lag"]) == (position, said["size"] - position)
    assert "of another tree" in opened.done("views", "list", "--json").objects[0]["stopped"]
    opened.done("views", "rebuild")


def test_a_service_that_is_told_so_keeps_no_views_up(opened: Bench) -> None:
    opened.environ["VIALOG_VIEWS"] = "no"
    try:
        with _served(opened) as service:
            assert service.runner() is None
            assert service.views()["state"] in {"current", "behind"}
    finally:
        opened.environ["VIALOG_VIEWS"] = None
