"""A service publishes through a process beside it: whatever happens to that, proofs come again, or it is said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest

from ledger.store.server.embedded import start
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
        bench.environ |= {"VIALOG_VIEWS": "no", "VIALOG_CHECKPOINT_EVERY": "0.1"}
        yield bench


@dataclass
class _Service:
    process: subprocess.Popen[bytes]
    url: str
    written: bytes = b""
    """What it had written to standard error when it had ended."""

    def said(self) -> Any:  # noqa: ANN401  JSON
        """Return what health says."""
        try:
            with urlopen(f"{self.url}/readyz", timeout=_LONG) as answer:
                return json.loads(answer.read())
        except HTTPError as error:
            return json.loads(error.read())

    def post(self, statement: bytes) -> int:
        """Hand in a statement, and return the status of the answer."""
        try:
            with urlopen(Request(f"{self.url}/v1/statements", statement), timeout=_LONG) as answer:
                status: int = answer.status
        except HTTPError as error:
            return error.code
        return status

    def publisher(self) -> int | None:
        """Return the process number of the publisher."""
        return child(self.process.pid, "beside_service")

    def all_is_published(self) -> bool:
        said = self.said()
        return bool(said.get("size") and said["checkpoint"] == said["size"])


@contextmanager
def _served(bench: Bench) -> Iterator[_Service]:
    with running(bench, "serve", "--port", "0", "--json", stderr=subprocess.PIPE) as process:
        assert process.stdout
        yield (service := _Service(process, json.loads(process.stdout.readline())["url"]))
        if process.poll() is None:
            process.terminate()
            _, said = process.communicate(timeout=_LONG)
            assert process.returncode == 0
            service.written = said


def test_what_is_recorded_is_published_and_the_publisher_ends_with_the_service_in_order(opened: Bench) -> None:
    with _served(opened) as service:
        opened.admit("party:one", "carrier")
        until(service.all_is_published)
        publisher = service.publisher()
    assert publisher is not None
    assert not lives(publisher)
    assert server_pid(opened.place / "data") is None
    assert b"published a checkpoint of" in service.written  # its lines are among the service's


def test_a_publisher_that_is_killed_is_back_and_proofs_come_again(opened: Bench) -> None:
    with _served(opened) as service:
        until(lambda: service.publisher() is not None)
        killed = service.publisher()
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        opened.admit("party:two", "carrier")
        until(lambda: service.publisher() not in {None, killed})
        until(service.all_is_published)


def test_a_service_that_is_killed_leaves_no_publisher(opened: Bench) -> None:
    with _served(opened) as service:
        until(lambda: service.publisher() is not None)
        publisher = service.publisher()
        assert publisher is not None
        service.process.kill()
        until(lambda: not lives(publisher))


def test_a_publisher_that_finds_a_contradiction_stops_and_the_service_says_so_and_records_nothing(
    opened: Bench,
) -> None:
    party = {"party": "party:three", "name": "three", "country": "CN", "business": "research"}
    first, second = (
        opened.signed("party.registered/1", party | {"party": name}, opened.operator).read_bytes()
        for name in ("party:three", "party:four")
    )
    with _served(opened) as service:
        until(service.all_is_published)
        after = service.said()["size"]
        _change(opened, f"insert into vialog.event_tag values ('item:nobodys', 'item.received/1', {after + 1})")
        assert service.post(first) == 201
        until(lambda: service.said()["status"] == 503)
        assert "the publisher has stopped, and a person must look" in service.said()["detail"]
        assert service.post(second) == 503
        _change(opened, "delete from vialog.event_tag where tag = 'item:nobodys'")
        assert service.post(second) == 503  # until a person has looked, and starts it again
    with _served(opened) as again:
        assert again.post(second) == 201
        until(again.all_is_published)


def _change(bench: Bench, statement: str) -> None:
    with (
        start(bench.place / "data") as server,
        psycopg.connect(server.conninfo(), user="postgres", autocommit=True) as connection,
    ):
        connection.execute(b"alter table vialog.event_tag disable trigger all")
        connection.execute(statement.encode())
        connection.execute(b"alter table vialog.event_tag enable always trigger append_only")
