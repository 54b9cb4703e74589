"""What comes is taken in its order, all that there is at once; nothing is left behind a closed door."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from ledger.errors import Unavailable
from ledger.store.deciding.batches import Batches


def test_all_that_came_is_taken_at_once_in_its_order() -> None:
    batches = Batches[int](10, 10)
    for number in range(3):
        batches.put([number])
    assert batches.take() == [0, 1, 2]


def test_no_more_is_taken_than_was_asked_for_and_the_rest_the_next_time() -> None:
    batches = Batches[int](2, 10)
    batches.put(range(5))
    assert [batches.take() for _ in range(3)] == [[0, 1], [2, 3], [4]]


def test_who_takes_waits_for_something_to_come() -> None:
    batches = Batches[int](10, 10)
    with ThreadPoolExecutor(1) as taker:
        taken = taker.submit(batches.take)
        assert not taken.done()
        batches.put([])
        batches.put([1])
        assert taken.result(30) == [1]


def test_a_closed_queue_takes_nothing_in_and_gives_out_what_it_has() -> None:
    batches = Batches[int](10, 10)
    batches.put([1])
    batches.close()
    batches.close()
    with pytest.raises(Unavailable, match="shutting down"):
        batches.put([2])
    assert [batches.take(), batches.take()] == [[1], []]


def test_who_waits_is_let_go_by_the_closing() -> None:
    batches = Batches[int](10, 10)
    with ThreadPoolExecutor(1) as taker:
        taken = taker.submit(batches.take)
        batches.close()
        assert taken.result(30) == []


def test_many_put_and_each_one_keeps_its_order() -> None:
    batches = Batches[tuple[int, int]](7, 20)

    def put(owner: int) -> None:
        for number in range(200):
            batches.put([(owner, number)])

    with ThreadPoolExecutor(5) as threads:
        taken = threads.submit(lambda: list(chain.from_iterable(iter(batches.take, []))))
        for putting in [threads.submit(put, owner) for owner in range(4)]:
            putting.result(30)
        batches.close()
        everything = taken.result(30)
    for owner in range(4):
        assert [number for of, number in everything if of == owner] == list(range(200))


def test_who_brings_more_than_there_is_room_for_waits_until_something_is_taken() -> None:
    batches = Batches[int](1, 2)
    batches.put([1, 2])
    with ThreadPoolExecutor(1) as bringer:
        brought = bringer.submit(batches.put, [3])
        assert not brought.done()
        assert batches.take() == [1]
        brought.result(30)
    assert [batches.take(), batches.take()] == [[2], [3]]


def test_who_waits_for_room_is_told_of_the_closing() -> None:
    batches = Batches[int](1, 1)
    batches.put([1])
    with ThreadPoolExecutor(1) as bringer:
        brought = bringer.submit(batches.put, [2])
        batches.close()
        with pytest.raises(Unavailable):
            brought.result(30)
    assert [batches.take(), batches.take()] == [[1], []]


def test_who_offers_never_waits_and_is_told_whether_there_was_room() -> None:
    batches = Batches[int](10, 2)
    assert [batches.offer([1]), batches.offer([2]), batches.offer([3])] == [True, True, False]
    assert batches.take() == [1, 2]
    assert batches.offer([4])
    batches.close()
    with pytest.raises(Unavailable, match="shutting down"):
        batches.offer([5])
    assert batches.take() == [4]
