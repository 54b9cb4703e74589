"""What the door takes for a request, byte by byte, and what it does with bytes that are none."""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from api.http.connections import Limits
from api.submissions import write_submission
from tests.authors import opening
from tests.http.serving import served
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.http.serving import Served
    from tests.servers import Servers

GET = b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n"
HOST = b"Host: h\r\n"


def said(log: Served, *pieces: bytes) -> bytes:
    """Return all that the door says to some pieces, sent one after the other, until it closes."""
    with closing(socket.create_connection(("127.0.0.1", log.port))) as asking:
        asking.settimeout(20)
        answer = b""
        with suppress(ConnectionResetError, BrokenPipeError):
            for piece in pieces:
                asking.sendall(piece)
            while data := asking.recv(65_536):
                answer += data
        return answer


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize("more", [1, 5_000], ids=["one more", "thousands more"])
def test_of_several_requests_at_once_the_first_is_answered_and_the_connection_closes(log: Served, more: int) -> None:
    answer = said(log, GET + GET * more)
    assert statuses(answer) in ([200], [])  # what is sent behind a closed door may take the answer with it
    assert log.ask("GET", "/livez").status == 200


def test_a_second_request_is_not_heard_and_not_recorded_before_the_first_is_answered(log: Served) -> None:
    line = write_submission(opening())
    post = b"POST /v1/statements HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n%b" % (len(line), line)
    answer = said(log, GET + post)
    assert statuses(answer) == [200]
    assert b"connection: close" in answer.lower()
    assert log.doors.ledger.store.head() == 0


def test_requests_that_wait_for_their_answers_share_a_connection(log: Served) -> None:
    with closing(socket.create_connection(("127.0.0.1", log.port))) as asking:
        asking.settimeout(20)
        for _ in range(5):
            asking.sendall(GET[:9])
            asking.sendall(GET[9:])
            answer = asking.recv(65_536)
            while not answer.endswith(b"}"):
                answer += asking.recv(65_536)
            assert statuses(answer) == [200]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"\x16\x03\x01\x02\x00", id="TLS"),
        pytest.param(b"GET /livez HTTP/1.1\r\n\r\n", id="no host"),
        pytest.param(b"GET /livez HTTP/1.1\r\n" + HOST * 2 + b"\r\n", id="two hosts"),
        pytest.param(b"GET /livez HTTP/1.1\r\n" + HOST + b"a b: c\r\n\r\n", id="a field with a space"),
        pytest.param(b"GET /livez HTTP/1.1\r\n" + HOST + b"a: b\r\n c\r\n\r\n", id="a folded field"),
        pytest.param(b"GET /l\xc3\xb6 HTTP/1.1\r\n" + HOST + b"\r\n", id="an address that is not ASCII"),
        pytest.param(
            b"POST /v1/statements HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
            id="two lengths of a body",
        ),
        pytest.param(
            b"POST /v1/statements HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            id="two lengths that differ",
        ),
        pytest.param(
            b"POST /v1/statements HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}", id="no chunk"
        ),
        pytest.param(b"TEA /livez HTTP/1.1\r\n" + HOST + b"\r\n", id="a method of no standard"),
        pytest.param(b"GET /livez HTTP/1.1\r\n" + HOST + b"Cookie: a=\x7f\r\n\r\n", id="a control character"),
        pytest.param(b"\r\n" * 40_000, id="blank lines without end"),
    ],
)
def test_what_is_no_request_is_answered_400_once_and_the_connection_closes(log: Served, sent: bytes) -> None:
    assert statuses(said(log, sent)) in ([400], [])
    assert log.ask("GET", "/livez").status == 200


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        pytest.param(b"GET /", b"x" * 4_000, id="an address"),
        pytest.param(b"GET /livez HTTP/1.1\r\n" + HOST + b"a: ", b"x" * 4_000, id="a field"),
        pytest.param(b"GET /livez HTTP/1.1\r\n" + HOST, b"a: b\r\n" * 700, id="fields"),
        pytest.param(
            b"POST /v1/statements HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n2;",
            b"x" * 4_000,
            id="a chunk's extension",
        ),
        pytest.param(
            b"POST /v1/statements HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
            b"a: b\r\n" * 700,
            id="fields behind a body",
        ),
    ],
)
def test_what_never_ends_is_ended_long_before_its_deadline(
    servers: Servers, tmp_path: Path, begun: bytes, more: bytes
) -> None:
    with served(servers.get(EMBEDDED), tmp_path, limits=Limits(within=600)) as log:
        assert statuses(said(log, begun, *[more] * 40)) in ([400], [431], [])
        assert log.ask("GET", "/livez").status == 200


def test_fields_behind_a_body_are_no_fields_of_the_request(log: Served) -> None:
    answer = said(
        log,
        b"POST /v1/statements HTTP/1.1\r\n" + HOST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"2\r\n{}\r\n0\r\nX-Request-Id: from-behind\r\nAccept-Language: zh\r\n\r\n",
    )
    assert statuses(answer) == [400]
    assert b"from-behind" not in answer
    assert b"content-language: en" in answer.lower()


def test_nothing_is_heard_behind_a_request_for_another_protocol(log: Served) -> None:
    asked = b"GET /livez HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    answer = said(log, asked, GET)
    assert statuses(answer) in ([200], [])
