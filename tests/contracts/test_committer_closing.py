"""How a committer goes on and ends: its times, another ledger beside it, its closing, callers that go away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING, Final

import pytest

from ledger.errors import Unavailable
from tests.authors import START
from tests.contracts.vials import A
from tests.imports import TestClock, answer_of, handed_in, open_ledger, opening, told, use

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from ledger.service import Ledger
    from ledger.store.deciding.committer import Outcome
    from ledger.store.port import Store

_LONG: Final = 30.0  # seconds: a test that needs them has failed


@contextmanager
def beside(ledger: Ledger) -> Iterator[Ledger]:
    """Yield another ledger over the same store, as another process has one."""
    other = open_ledger(ledger.store)
    yield other
    other._intake.close()


def test_recorded_times_never_go_back_when_the_clock_does(ledger: Ledger, clock: TestClock) -> None:
    times = []
    for step in (10, -3600, 5, 0, 20):
        clock.time = START + timedelta(seconds=step)
        recorded = ledger.record(handed_in(use(A, "0.1"))).event
        assert recorded
        times.append((recorded.recorded - START).total_seconds())
    assert times == [10, 10, 10, 10, 20]


def test_a_ledger_opened_anew_goes_on_where_the_other_ended(ledger: Ledger) -> None:
    with beside(ledger) as other:
        for value, told_to in (("4", "recorded"), ("4", "recorded"), ("4", "PRT-02")):
            assert told(answer_of(other.submit(handed_in(use(A, value))))) == told_to
        assert told(answer_of(ledger.submit(handed_in(use(A, "4"))))) == "PRT-02"
        assert told(answer_of(ledger.submit(handed_in(use(A, "2"))))) == "recorded"


def test_closing_answers_what_is_queued_and_takes_nothing_more(ledger: Ledger, clock: TestClock) -> None:
    with clock.held() as asked:
        waiting = [ledger.submit(handed_in(use(A, "0.1")))]
        assert asked.wait(_LONG)
        waiting += [ledger.submit(handed_in(use(A, "0.1"))) for _ in range(10)]
        closing_it = Thread(target=ledger._intake.close)
        closing_it.start()
    closing_it.join(_LONG)
    assert [told(one.result(0)) for one in waiting] == ["recorded"] * 11
    with pytest.raises(Unavailable, match="shutting down"):
        ledger.submit(handed_in(use(A, "0.1")))
    ledger._intake.close()


def test_no_caller_is_left_waiting_by_a_closing_at_the_same_time(store: Store) -> None:
    ledger = open_ledger(store)
    said = handed_in(opening())

    def hand_in_until_closed(_: int) -> list[Future[Outcome]]:
        waiting: list[Future[Outcome]] = []
        with suppress(Unavailable):
            while True:
                waiting.append(ledger.submit(said))
        return waiting

    with ThreadPoolExecutor(4) as callers:
        handed = [callers.submit(hand_in_until_closed, number) for number in range(4)]
        ledger.record(said)
        ledger._intake.close()
        assert all(one.done() for caller in handed for one in caller.result(_LONG))


def test_a_caller_that_goes_away_stops_nobody(ledger: Ledger, clock: TestClock) -> None:
    with clock.held():
        gone, other = ledger.submit(handed_in(use(A, "1"))), ledger.submit(handed_in(use(A, "1")))
        gone.cancel()
    assert told(answer_of(other)) == "recorded"
    assert told(ledger.record(handed_in(use(A, "1")))) == "recorded"
