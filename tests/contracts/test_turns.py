"""Who waits for the head gets it next, though the one before asks again at once."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from ledger.errors import Unavailable
from ledger.store.database.turns import Turns
from tests.waiting import until


def waited_for(turns: Turns, count: int) -> None:
    """Wait until so many threads wait for their turn; fails after ten seconds."""
    until(lambda: turns.waiting >= count, within=10)


def test_whoever_waits_comes_before_the_one_who_asks_again() -> None:
    turns, order = Turns(1, 10), list[str]()

    def come(name: str) -> None:
        with turns:
            order.append(name)

    with turns:
        others = [Thread(target=come, args=(name,)) for name in ("first", "second")]
        for number, other in enumerate(others, start=1):
            other.start()
            waited_for(turns, number)
    come("again")
    for other in others:
        other.join()
    assert order == ["first", "second", "again"]


def test_as_many_are_let_in_as_may_be_in_at_a_time() -> None:
    turns, inside, leave = Turns(2, 10), list[int](), Event()

    def stay(number: int) -> None:
        with turns:
            inside.append(number)
            leave.wait(10)

    threads = [Thread(target=stay, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    waited_for(turns, 1)
    assert len(inside) <= 2
    leave.set()
    for thread in threads:
        thread.join()
    assert sorted(inside) == [0, 1, 2]


def test_whoever_waits_too_long_is_told_and_gives_up_the_place_in_the_queue() -> None:
    turns = Turns(1, 0.01)
    with turns, pytest.raises(Unavailable, match="busy"), turns:
        pass
    assert turns.waiting == 0
    with turns:
        pass
