"""Who asks for what rests on the whole log while others read it: waits for a place, or is told to come again."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Final

import pytest

from api.http.bounds.whole_logs import MOST_WAITING, WholeLogs, Why
from ledger.domain.bodies.vocabulary import Role
from ledger.errors import Unavailable
from tests.authors import admissions, author, opening
from tests.http.serving import all_places
from tests.http.test_asking import stated
from tests.http.test_signing_in import signed_in
from tests.waiting import LONG, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.serving import Served

LAB: Final = author("party:lab-1", Role.LABORATORY)
PAGE: Final = "/ask/nobodys"
PICTURE: Final = "/ask/custody-chain?item=item:own&file=svg"


def test_a_question_opened_while_pictures_of_others_are_drawn_is_answered(log: Served) -> None:
    """One person alone asks for that much, who goes on before the pictures of the pages behind them are there."""
    for one in (opening(), *admissions(LAB), *stated("lab-1", "item:own", "B-1")):
        log.doors.ledger.record(one)
    cookie = {"Cookie": signed_in(log, LAB.signer), "Accept-Language": "en"}
    readings, found = log.doors.whole_logs, dict[str, int]()
    readings.within = LONG

    def open_page(path: str) -> None:
        found[path] = log.ask("GET", path, headers=cookie).status

    threads = [Thread(target=open_page, args=(path,)) for path in (PAGE, PICTURE)]
    with all_places(readings):
        for thread in threads:
            thread.start()
        until(lambda: readings.waiting == len(threads))
        assert found == {}
    for thread in threads:
        thread.join()
    assert found == {PAGE: 200, PICTURE: 200}
    assert readings.waiting == 0


@contextmanager
def waiting(readings: WholeLogs, number: int) -> Iterator[None]:
    """Have so many wait for a place, for a with block, after which there has to be one."""

    def read() -> None:
        with readings.read(Why.ASKED):
            pass

    threads = [Thread(target=read) for _ in range(number)]
    for thread in threads:
        thread.start()
    until(lambda: readings.waiting == number)
    yield
    for thread in threads:
        thread.join()


def test_a_crowd_is_refused_at_once_and_each_that_waited_reads() -> None:
    readings = WholeLogs(within=LONG)
    with all_places(readings) as held, waiting(readings, MOST_WAITING):
        with pytest.raises(Unavailable, match="asking again is safe"), readings.read(Why.ASKED):
            pass
        held.close()
    with all_places(readings):
        assert (readings.waiting, readings.counted[Why.ASKED]) == (0, 2 + MOST_WAITING + 2)


def test_nobody_waits_for_ever() -> None:
    readings = WholeLogs(within=0.1)
    with all_places(readings):
        for _ in range(MOST_WAITING + 1):
            with pytest.raises(Unavailable), readings.read(Why.ASKED):
                pass
        assert readings.waiting == 0
