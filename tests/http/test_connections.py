"""What the door does with connections, whoever holds the other end."""

from __future__ import annotations

import json
import logging
import select
import socket
from asyncio import Event, create_task, gather, run, sleep
from contextlib import ExitStack, closing, contextmanager, suppress
from threading import Timer
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.cli.operate.serve import listen
from api.http.bounds.bodies import Bodies
from api.http.connections import Limits
from api.http.server import Orderly, Sparing, Turns
from api.submissions import write_submission
from ledger.domain.bodies.vocabulary import Role
from tests.authors import admissions, author, opening
from tests.http.serving import served
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import Message, Receive, Scope, Send

    from tests.servers import Servers


def test_answers_are_not_held_back_for_an_acknowledgement() -> None:
    with listen("127.0.0.1", 0) as listening, closing(socket.create_connection(listening.getsockname())):
        accepted, _ = listening.accept()
        with accepted:
            # What asyncio asks a socket before it sets TCP_NODELAY.
            assert accepted.proto == socket.IPPROTO_TCP


@contextmanager
def holding(port: int, number: int, sent: bytes) -> Iterator[list[socket.socket]]:
    """Hold connections on which nothing more is sent, for a with block."""
    with ExitStack() as stack:
        held = [stack.enter_context(closing(socket.create_connection(("127.0.0.1", port)))) for _ in range(number)]
        for one in held:
            one.sendall(sent)
        yield held


def _said(connection: socket.socket) -> bytes:
    """Return all that the other side says until it closes."""
    connection.settimeout(20)
    with suppress(ConnectionResetError):
        return b"".join(iter(lambda: connection.recv(65_536), b""))
    return b""


HALF = b"POST /v1/statements HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n{"
FULL = b"POST /v1/statements HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n" + b"x" * 899_999


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HT", HALF], ids=["nothing", "half a head", "half a body"])
def test_many_who_owe_their_request_keep_nobody_out(servers: Servers, tmp_path: Path, sent: bytes) -> None:
    limits = Limits(connections=20, within=600)
    with (
        served(servers.get(EMBEDDED), tmp_path, limits=limits) as log,
        holding(log.port, 60, sent) as held,
    ):
        answers = [log.get("/healthz").status for _ in range(5)]
        assert answers == [200] * 5
        assert log.ask("POST", "/v1/statements", b"{}").status == 400
        assert _said(held[0]) == b""


def test_what_does_not_come_in_time_is_closed(servers: Servers, tmp_path: Path) -> None:
    with served(servers.get(EMBEDDED), tmp_path, limits=Limits(within=0.2)) as log:
        with holding(log.port, 2, b"GET /heal") as held:
            assert [_said(one) for one in held] == [b"", b""]
        with holding(log.port, 1, HALF) as (half,):
            head, _, body = _said(half).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 408 ")
            assert json.loads(body)["status"] == 408


def test_bodies_that_come_slowly_make_room_for_those_that_come_at_once(servers: Servers, tmp_path: Path) -> None:
    limits = Limits(within=600, body_bytes=3_000_000)
    with (
        served(servers.get(EMBEDDED), tmp_path, limits=limits) as log,
        holding(log.port, 10, FULL) as held,
    ):
        assert log.ask("POST", "/v1/statements", b"x" * 900_000).status == 400
        # Closed, with or without words: what it still sends is not read, and may take the answer with it.
        assert _said(held[0])[:13] in {b"", b"HTTP/1.1 408 "}


def test_of_many_large_bodies_that_have_hardly_begun_the_newest_are_heard(servers: Servers, tmp_path: Path) -> None:
    limits = Limits(within=600, large_bodies=3)
    begun = b"POST /v1/statements HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n{"
    with (
        served(servers.get(EMBEDDED), tmp_path, limits=limits) as log,
        holding(log.port, 4, begun) as held,
    ):
        assert _said(held[0]).startswith(b"HTTP/1.1 408 ")
        assert log.ask("POST", "/v1/statements", b"x" * 900_000).status == 400
        with holding(log.port, 5, HALF):
            assert log.ask("POST", "/v1/statements", b"{}").status == 400


def test_little_is_kept_of_a_connection() -> None:
    with listen("127.0.0.1", 0) as listening, closing(socket.create_connection(listening.getsockname())):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) <= 2 * 32_768


@pytest.mark.parametrize("many", [1, 4_000], ids=["one after the other", "all at once"])
def test_a_reader_that_takes_nothing_is_closed(servers: Servers, tmp_path: Path, many: int) -> None:
    with served(servers.get(EMBEDDED), tmp_path, limits=Limits(within=0.3)) as log:
        with closing(socket.socket()) as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            slow.connect(("127.0.0.1", log.port))
            slow.settimeout(30)
            closed = select.poll()
            closed.register(slow, 0)
            for _ in range(600):
                with suppress(ConnectionResetError, BrokenPipeError):
                    slow.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n" * many)
                if told := closed.poll(50):
                    break
            assert told == [(slow.fileno(), select.POLLERR | select.POLLHUP)]
        assert log.get("/healthz").status == 200


def test_more_requests_than_are_worked_on_are_answered_at_once(servers: Servers, tmp_path: Path) -> None:
    with (
        served(servers.get(EMBEDDED), tmp_path, limits=Limits(within=600, requests=2)) as log,
        holding(log.port, 2, HALF),
    ):
        assert log.get("/healthz").status == 200
        answer = log.get("/log/checkpoint")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_caller_that_leaves_half_way_leaves_no_traceback(
    servers: Servers, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with served(servers.get(EMBEDDED), tmp_path) as log:
        with holding(log.port, 5, HALF):
            pass
        assert log.get("/healthz").status == 200
    assert [record for record in caplog.records if record.exc_info] == []


def test_what_strangers_cause_is_logged_in_numbers() -> None:
    sparing = Sparing()
    records = [logging.makeLogRecord({"levelno": 30, "msg": "Invalid HTTP request received."}) for _ in range(1_000)]
    other = logging.makeLogRecord({"levelno": 30, "msg": "another"})
    assert [sparing.filter(one) for one in [*records, other]] == [True, *[False] * 999, True]


def test_who_waits_for_a_proof_when_the_service_stops_is_told_where_it_will_be(
    servers: Servers, tmp_path: Path
) -> None:
    with served(servers.get(EMBEDDED), tmp_path, every=3_600) as log:
        log.doors.ledger.record(opening())
        assert log.doors.publisher.wait_for(1, 20) is not None
        Timer(0.5, log.doors.publisher.let_go).start()
        answer = log.ask(
            "POST", "/v1/statements?wait=proof", write_submission(admissions(author("party:a", Role.LABORATORY))[0])
        )
    assert answer.status == 202
    assert answer.headers["location"].endswith("/proof")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.booleans(), max_size=40), st.integers(1, 7))
def test_so_many_begin_in_one_turn_in_their_order_and_nobody_waits_for_who_has_gone(
    leaves: list[bool], most: int
) -> None:
    begun: list[int] = []
    stay = [number for number, gone in enumerate(leaves) if number < most or not gone]

    async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
        pass

    async def come(turns: Turns, number: int) -> None:
        await turns.come()
        begun.append(number)

    async def seen() -> list[list[int]]:
        turns = Turns(nothing, most)
        tasks = [create_task(come(turns, number)) for number in range(len(leaves))]
        await sleep(0)
        for number, task in enumerate(tasks):
            if number not in stay:
                task.cancel()
        each = [begun.copy()]
        while not all(task.done() for task in tasks):
            before = len(begun)
            await sleep(0)
            each.append(begun[before:])
        return each

    each = run(seen())
    assert begun == stay
    assert all(len(one) <= most for one in each)
    assert len(each) <= 4 + len(stay) // most


def test_health_does_not_wait_for_its_turn() -> None:
    answered: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        answered.append(scope["path"])

    async def asked() -> None:
        turns = Turns(app)
        paths = ["/v1/items"] * 100 + ["/healthz"]
        tasks = [create_task(turns({"type": "http", "path": path}, None, None)) for path in paths]  # type: ignore[arg-type]
        await sleep(0)
        assert "/healthz" in answered
        assert len(answered) < len(paths)
        await gather(*tasks)

    run(asked())
    assert len(answered) == 101


def test_a_request_that_the_stop_cuts_short_is_answered() -> None:
    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        await Event().wait()

    async def stopped() -> list[Message]:
        said: list[Message] = []

        async def send(message: Message) -> None:
            said.append(message)

        scope: Scope = {"type": "http", "path": "/"}
        task = create_task(Orderly(never, 5)(scope, None, send))  # type: ignore[arg-type]
        await sleep(0)
        task.cancel()
        await task
        return said

    start, body = run(stopped())
    assert (start["status"], json.loads(body["body"])["status"]) == (503, 503)
    assert (b"content-type", b"application/problem+json") in start["headers"]


def test_a_body_that_makes_another_go_is_not_given_up_for_the_bytes_of_that_one() -> None:
    """Most of it comes in one turn, in which the other has not ended yet."""

    def chunk(data: bytes, *, more: bool) -> Message:
        return {"type": "http.request", "body": data, "more_body": more}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append((await receive())["body"])

    async def slow() -> Message:
        if not held.is_set():
            held.set()
            return chunk(b"xxx", more=True)
        await Event().wait()
        raise AssertionError

    async def quick() -> Message:
        if len(coming) == 1:
            await sleep(0)
        return coming.pop(0)

    async def send(message: Message) -> None:
        statuses.append(message.get("status"))

    async def both() -> None:
        bodies = Bodies(app, Limits(body_bytes=3), 3)
        scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
        given_up = create_task(bodies(scope, slow, send))
        await held.wait()
        await bodies(scope, quick, send)
        await given_up

    heard: list[bytes] = []
    statuses: list[int | None] = []
    held = Event()
    coming = [chunk(b"a", more=True), chunk(b"b", more=True), chunk(b"c", more=False)]
    run(both())
    assert heard == [b"abc"]
    assert statuses[0] == 408
