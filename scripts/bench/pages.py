"""How soon pages of the console come from a long log, and while statements come in: `python -m scripts.bench pages`.

A custodian who has had every vial of the log asks, and the customs of the district that they came to (`told`). Each
page is asked for again and again by one client; then again while statements are appended and views follow, in threads
of the same process, so that all share one interpreter as they do in `vialog serve`.
"""

from __future__ import annotations

import http.client
import statistics
from contextlib import closing, contextmanager
from threading import Event, Thread
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

from rich.table import Table

from ledger.rulepacks.load import load_packs
from projections.database.session import Session
from projections.database.tables import Tables
from projections.running.following import Following
from projections.running.log import Log
from scripts.bench.against import verdict
from scripts.bench.places import folder
from scripts.bench.told import told
from tests.http.test_signing_in import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.bench.told import Told
    from tests.http.serving import Served

SIZES: Final = (10_000, 100_000)
TARGET: Final = 0.3
"""Seconds within which an item's page and the worklist are to come."""
MOST: Final = 100
SPAN: Final = 10.0
"""How often a page is asked for at most, and for how many seconds in all."""
FEWEST: Final = 5
RATE: Final = 20
"""Statements a second that come in meanwhile."""
_FIRST_NEW: Final = 1_000_000


def tables(*sizes: int) -> Iterator[Table]:
    """Yield two tables for each size, of a log that rests and of one that grows. sizes: about so many events."""
    for size in sizes or SIZES:
        with folder() as place, told(place, size) as made:
            yield _table(made, f"Pages of a log of {made.size:,} events")
            with _growing(made):
                table = _table(made, f"The same while {RATE} statements a second come in")
            yield table


def _table(made: Told, title: str) -> Table:
    table = Table(
        "who", "page", "first", "median", "p99", "of a processor", "asked", "bytes", f"≤ {1000 * TARGET:g} ms"
    )
    table.title = title
    for name, signer in made.people.items():
        cookie = signed_in(made.log, signer)
        for page, path in made.paths.items():
            table.add_row(name, page, *measured(made.log, cookie, path))
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

    def follow() -> None:
        with closing(Session(log.database.owner)) as session:
            following = Following(Log(store, log.doors.publication, load_packs()), Tables(session))
            while not ended.is_set():
                store.wait(following.once(), 0.5)

    threads = [Thread(target=append), Thread(target=follow)]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        ended.set()
        for one in threads:
            one.join()


def measured(log: Served, cookie: str, path: str) -> tuple[str, ...]:
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
    p99 = statistics.quantiles(times, n=100, method="inclusive")[98]
    told_ = (f"{1000 * one:.0f}" for one in (first, statistics.median(times), p99, used))
    return *told_, str(len(times)), f"{size:,}", verdict(p99 / TARGET, met=p99 <= TARGET)
