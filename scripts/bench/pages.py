"""How soon pages of the console come from a long log, and while statements come in: `python -m scripts.bench pages`.

A custodian who has had every vial of the log asks, and the customs of the district that they came to (`told`). Each
page is asked for again and again by one client; then again while statements are appended, in a thread of the same
process as `vialog serve` does, and views follow in a process of their own. The publisher shares the interpreter here,
which it does not in `vialog serve`; the statements are appended as if judged.
"""

from __future__ import annotations

import http.client
import statistics
from contextlib import closing, contextmanager
from threading import Event, Thread
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

from rich.table import Table

from scripts.bench.against import p99_of_few, verdict
from scripts.bench.follower import followed
from scripts.bench.places import folder
from scripts.bench.told import told
from tests.http.test_signing_in import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.bench.told import Told
    from tests.http.serving import Served

SIZES: Final = (10_000, 100_000)
TARGET: Final = 0.3
"""Seconds within which an item's page and the worklist are to come, of a log that rests."""
WRITING: Final = 0.05
"""The same while statements come in."""
MOST: Final = 100
SPAN: Final = 4.0
"""How often a page is asked for at most, and for how many seconds in all."""
FEWEST: Final = 5
RATE: Final = 20
"""Statements a second that come in meanwhile."""
_FIRST_NEW: Final = 1_000_000


def tables(*sizes: int) -> Iterator[Table]:
    """Yield two tables for each size, of a log that rests and of one that grows. sizes: about so many events."""
    for size in sizes or SIZES:
        with folder() as place, told(place, size) as made:
            yield _table(made, f"Pages of a log of {made.size:,} events", TARGET)
            with _growing(made):
                table = _table(made, f"The same while {RATE} statements a second come in", WRITING)
            yield table


def _table(made: Told, title: str, target: float) -> Table:
    table = Table(
        "who", "page", "first", "median", "p99", "of a processor", "asked", "bytes", f"p99 ≤ {1000 * target:g} ms"
    )
    table.title = title
    for name, signer in made.people.items():
        cookie = signed_in(made.log, signer)
        for page, path in made.paths.items():
            table.add_row(name, page, *measured(made.log, cookie, path, target))
    return table


@contextmanager
def _growing(made: Told) -> Iterator[None]:
    """Append statements, and let views follow, for a with block."""
    ended, log = Event(), made.log
    store = log.doors.ledger.store

    def append() -> None:
        number, begun, appended = _FIRST_NEW, perf_counter(), 0
        while True:
            for record in made.more(number):
                if ended.wait(max(0.0, begun + appended / RATE - perf_counter())):
                    return
                with store.locked() as locked:
                    locked.append([record], made.clock.now())
                appended += 1
            number += 1

    thread = Thread(target=append)
    with followed(log.database.app, log.database.owner):
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def measured(log: Served, cookie: str, path: str, target: float = TARGET) -> tuple[str, ...]:
    """Return the cells of a page: the first time, and of the times after it the median and what 99 in 100 took."""

    def once() -> tuple[float, int]:
        begun = perf_counter()
        with closing(http.client.HTTPConnection("127.0.0.1", log.port, timeout=600)) as connection:
            connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "en"})
            answer = connection.getresponse()
            size = len(answer.read())
        if answer.status not in {200, 303}:
            raise RuntimeError(f"{path}: {answer.status}")
        return perf_counter() - begun, size

    first, size = once()
    times: list[float] = []
    used = process_time()
    while len(times) < FEWEST or (len(times) < MOST and sum(times) < SPAN):
        times.append(once()[0])
    used = (process_time() - used) / len(times)
    p99 = p99_of_few(times)
    told_ = (f"{1000 * one:.0f}" for one in (first, statistics.median(times), p99, used))
    return *told_, str(len(times)), f"{size:,}", verdict(p99 / target, met=p99 <= target)
