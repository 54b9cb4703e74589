"""Callers: threads that hand in work at the same time, and how fast it is answered."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one measurement showed.

    rate: answers a second over the whole run.
    median, p99: of the seconds that one caller waited for one answer.
    """

    rate: float
    median: float
    p99: float


def measure(callers: int, work: Sequence[T], answer: Callable[[T], object]) -> Measured:
    """Share out the work among some threads, each waiting for one answer before it asks for the next.

    Raises whatever the first failing answer raised.
    """
    shares = [work[number::callers] for number in range(callers)]
    waits: list[float] = []
    failures: list[BaseException] = []

    def call(share: Sequence[T]) -> None:
        own: list[float] = []
        try:
            for one in share:
                begun = perf_counter()
                answer(one)
                own.append(perf_counter() - begun)
        except BaseException as failure:  # noqa: BLE001  told to the one who measures, below
            failures.append(failure)
        waits.extend(own)

    threads = [threading.Thread(target=call, args=(share,)) for share in shares]
    begun = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = perf_counter() - begun
    if failures:
        raise failures[0]
    return Measured(len(waits) / took, statistics.median(waits), statistics.quantiles(waits, n=100)[98])
