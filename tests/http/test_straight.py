"""A single statement goes straight to the doors, past the framework's routing: it is answered as the route answers."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import Future
from contextlib import closing
from http.client import HTTPConnection
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from api.http.bounds.arrivals import Arrivals
from api.submissions import write_submission
from ledger.errors import Unavailable
from ledger.service import Submission
from tests.authors import opening

if TYPE_CHECKING:
    from tests.http.serving import Answer, Served

STRAIGHT = "/v1/statements"
ROUTED = "/v1/statements?other="
"""A parameter that nobody reads: whatever has any is answered by the route."""


OPENING = opening()


def told(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    passing = {"date", "x-request-id"}
    return answer.status, {name: one for name, one in answer.headers.items() if name not in passing}, answer.body


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(write_submission(OPENING), 200, id="recorded before"),
        pytest.param(b"", 400, id="nothing"),
        pytest.param(b'{"envelope": 1}', 400, id="no envelope"),
        pytest.param(b"[" * 20_000, 400, id="large, and no statement"),
        pytest.param(write_submission(Submission(OPENING.envelope, ("WyJ4Il0",))), 400, id="another disclosure"),
        pytest.param(b" " * 2_000_000, 413, id="too large"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_ways_answer_alike(log: Served, body: bytes, status: int, language: str) -> None:
    log.ask("POST", STRAIGHT, write_submission(OPENING))
    asked = {"Accept-Language": language}
    straight, routed = (log.ask("POST", path, body, headers=asked) for path in (STRAIGHT, ROUTED))
    assert straight.status == status
    assert told(straight) == told(routed)


def test_both_ways_record_and_are_counted_under_one_name(log: Served) -> None:
    first = log.ask("POST", STRAIGHT, write_submission(OPENING))
    again = log.ask("POST", ROUTED, write_submission(OPENING))
    assert [json.loads(one.body)["status"] for one in (first, again)] == ["recorded", "repeated"]
    figures = log.get("/metrics").body.decode()
    assert 'vialog_http_requests_total{route="submit_statement",status="201"} 1.0' in figures
    assert 'vialog_http_requests_total{route="submit_statement",status="200"} 1.0' in figures


def test_a_bug_is_answered_500_by_both_ways(log: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(log.doors.ledger, "offer", broken)
    answers = []
    for path in (STRAIGHT, ROUTED):
        with closing(HTTPConnection("127.0.0.1", log.port, timeout=30)) as connection:
            connection.request("POST", path, write_submission(OPENING))
            with connection.getresponse() as answer:
                answers.append((answer.status, answer.headers["Content-Type"], answer.read()))
    assert answers == [(500, "text/plain; charset=utf-8", b"Internal Server Error")] * 2


def test_answers_of_another_thread_arrive_each_at_who_waits_for_it() -> None:
    answers = [Future[int]() for _ in range(500)]

    def give() -> None:
        for number, one in enumerate(answers):
            if number % 7:
                one.set_result(number)
            else:
                one.set_exception(Unavailable(str(number)))

    async def ask() -> list[int | BaseException]:
        arrivals, giver = Arrivals(), Thread(target=give)
        asked = [asyncio.ensure_future(arrivals.of(one)) for one in answers]
        await asyncio.sleep(0)
        asked[3].cancel()  # who does not wait any more keeps nobody else waiting
        giver.start()
        return await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 30)

    came = asyncio.run(ask())
    assert isinstance(came[3], asyncio.CancelledError)
    for number, one in enumerate(came):
        if number != 3:
            assert (one if number % 7 else str(one)) == (number if number % 7 else str(number))


def test_an_answer_that_comes_when_the_loop_is_closed_troubles_nobody() -> None:
    answer: Future[int] = Future()

    async def give_up() -> None:
        waiting = asyncio.ensure_future(Arrivals().of(answer))
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(give_up())
    answer.set_result(1)
    assert answer.result() == 1
