"""How soon what is recorded stands in the views, at 500 statements a second.

Signed uses are appended to the log five at a time, each five when they are due, in a transaction of their own; a thread
of the same process follows as `vialog serve` does: woken by the head, it takes all that is there. Measured from the
moment at which a commit is acknowledged to that at which the rows of it are committed too. The yardstick is how long
the append itself took, which waits for the disk once as the rows do.
"""

from __future__ import annotations

import statistics
from bisect import bisect_left
from dataclasses import dataclass, field
from threading import Thread
from time import perf_counter, process_time, sleep
from typing import TYPE_CHECKING, Final

from rich.table import Table

from scripts.bench.against import p99, verdict
from scripts.bench.places import folder, server
from scripts.bench.received import received
from scripts.bench.viewed import viewed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.store.port import Store
    from scripts.bench.received import Bench
    from scripts.bench.viewed import Viewed

RATE: Final = 500
EACH: Final = 5
SPAN: Final = 20
"""Seconds for which statements are appended in a round."""
ROUNDS: Final = 3
TARGET: Final = 0.1
_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Lags:
    """Of one round, in seconds: how long each append took, and until its rows stood.

    rate: statements a second. used: the share of a processor that this process had.
    """

    appended: list[float]
    shown: list[float]
    rate: float
    used: float


def tables(rate: int = RATE) -> Iterator[Table]:
    """Yield the table of lags. rate: statements a second."""
    with (
        folder() as place,
        server(place) as running,
        received(running) as bench,
        viewed(running, bench.ledger.store) as views,
    ):
        rounds = [_round(bench, views, rate) for _ in range(ROUNDS)]
    table = Table("", "a second", "of a processor", "median", "p99 of the rounds", "target", "ratio to it")
    table.title = f"{rate} statements a second for {SPAN} s, {EACH} a commit, {ROUNDS} rounds"
    told = (
        f"{statistics.median(one.rate for one in rounds):,.0f}",
        f"{statistics.median(one.used for one in rounds):.0%}",
    )
    table.add_row("appended", *told, *_cells([one.appended for one in rounds]), "", "")
    slowest = statistics.median(p99(one.shown) for one in rounds)
    met = verdict(slowest / TARGET, met=slowest <= TARGET)
    table.add_row("in the views", *told, *_cells([one.shown for one in rounds]), f"≤ {TARGET:g} s", met)
    yield table


def _cells(rounds: Sequence[list[float]]) -> tuple[str, str]:
    median, p99s = statistics.median(map(statistics.median, rounds)), sorted(map(p99, rounds))
    return f"{median:.3f} s", f"{p99s[0]:.3f} – {p99s[-1]:.3f} s"


def _round(bench: Bench, views: Viewed, rate: int) -> _Lags:
    """Append for a while, and follow meanwhile."""
    records, store = bench.unjudged(rate * SPAN), bench.ledger.store
    follower = _Follower(views, store)
    appended, committed = [], []
    begun, used = perf_counter(), process_time()
    for at in range(0, len(records), EACH):
        sleep(max(0.0, begun + at / rate - perf_counter()))
        due = perf_counter()
        with store.locked() as log:
            position = log.append(records[at : at + EACH], bench.clock.now())[-1].position
        committed.append((position, perf_counter()))
        appended.append(committed[-1][1] - due)
    took = perf_counter() - begun
    follower.finish(position)
    share = (process_time() - used) / (perf_counter() - begun)
    shown = [max(0.0, follower.shown(position) - when) for position, when in committed]
    return _Lags(appended, shown, len(records) / took, share)


@dataclass(slots=True)
class _Follower:
    """One who follows, and notes when the rows up to each position were committed."""

    views: Viewed
    store: Store
    positions: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    last: int | None = None
    thread: Thread = field(init=False)

    def __post_init__(self) -> None:
        """Take what is there, then follow."""
        self._note(self.views.catch_up())
        self.thread = Thread(target=self._run)
        self.thread.start()

    def finish(self, last: int) -> None:
        """Follow until a position stands in the views. Raises AssertionError: that takes too long."""
        self.last = last
        self.thread.join(_PATIENCE)
        if self.positions[-1] < last:
            raise AssertionError(f"position {last} was not in the views within {_PATIENCE:g} s")

    def shown(self, position: int) -> float:
        """Return when the rows up to a position were committed."""
        return self.times[bisect_left(self.positions, position)]

    def _run(self) -> None:
        while self.last is None or self.positions[-1] < self.last:
            self.store.wait(self.positions[-1], 0.5)
            self._note(self.views.following.once())

    def _note(self, position: int) -> None:
        self.positions.append(position)
        self.times.append(perf_counter())
