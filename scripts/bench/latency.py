"""How soon a statement is covered by a checkpoint that three witnesses have cosigned, at 500 statements a second.

Sixteen callers hand in signed uses, each at its own due time whether or not the one before was answered early; the
publisher takes its default second between checkpoints; the witnesses are three processes of `vialog witness serve` on
loopback, and all three must cosign. Measured from the due time to the moment at which one who waits for a covering
checkpoint is told. The yardstick is the answer that the statement is recorded, which every statement waits for first.
"""

from __future__ import annotations

import statistics
from bisect import bisect_left
from contextlib import closing
from dataclasses import dataclass, field
from threading import Thread
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Final

from rich.table import Table

from api.settings import Settings
from ledger.publisher.log_keys import LogKeys
from ledger.publisher.memory_file import FILE_NAME, MemoryFile
from ledger.publisher.publisher import Publisher
from ledger.publisher.running import RunningPublisher
from ledger.publisher.witnesses import Witnesses
from ledger.store.database.publication import Publication
from scripts.bench.against import p99, verdict
from scripts.bench.places import folder, server
from scripts.bench.received import ORIGIN, received
from scripts.bench.witness_servers import witness_servers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.service import Ledger, Submission

CALLERS: Final = 16
RATE: Final = 500
SPAN: Final = 20
"""Seconds for which statements are offered in a round."""
ROUNDS: Final = 3
TARGET: Final = 2.0
_PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from each statement's due time, sorted: to its being recorded, and to its being covered."""

    recorded: list[float]
    covered: list[float]
    rate: float


def tables() -> Iterator[Table]:
    """Yield the table of what a statement waits for."""
    table = Table("a statement is", "a second", "median wait", "p99 wait", "p99 of the rounds", "target", "ratio to it")
    with folder() as place, server(place) as running, received(running) as bench:
        keys = LogKeys.generate(ORIGIN)
        with witness_servers(place, keys) as policy, closing(Publication(running.conninfo())) as publication:
            publisher = Publisher(
                bench.ledger.store,
                publication,
                keys=keys,
                remembered=MemoryFile(place / FILE_NAME),
                witnesses=Witnesses(policy),
                clock=bench.clock,
            )
            every = Settings(data=place).checkpoint_every
            with closing(RunningPublisher(publisher, bench.ledger.store, publication, every=every)) as publishing:
                rounds = [_round(bench.ledger, publishing, bench.uses(RATE * SPAN)) for _ in range(ROUNDS)]
    table.title = f"{RATE} statements a second for {SPAN} s by {CALLERS} callers, {ROUNDS} rounds"
    rate = f"{statistics.median(one.rate for one in rounds):,.0f}"
    table.add_row("recorded", rate, *_waits([one.recorded for one in rounds]), "", "")
    slowest = statistics.median(p99(one.covered) for one in rounds)
    ratio = verdict(slowest / TARGET, met=slowest <= TARGET)
    table.add_row("covered and cosigned", rate, *_waits([one.covered for one in rounds]), f"≤ {TARGET:g} s", ratio)
    yield table


def _waits(rounds: Sequence[list[float]]) -> tuple[str, str, str]:
    p99s = sorted(map(p99, rounds))
    median = statistics.median(map(statistics.median, rounds))
    return f"{median:.3f} s", f"{statistics.median(p99s):.3f} s", f"{p99s[0]:.3f} – {p99s[-1]:.3f}"


def _round(ledger: Ledger, publishing: RunningPublisher, statements: Sequence[Submission]) -> Waits:
    watch = _Watch(publishing, ledger.store.head())
    begun = perf_counter()
    callers = [_Caller(ledger, statements, number, begun) for number in range(CALLERS)]
    for caller in callers:
        caller.thread.join()
    took = perf_counter() - begun
    answers = [answer for caller in callers for answer in caller.answers]
    if len(answers) < len(statements):
        raise AssertionError(f"{len(statements) - len(answers)} statements were not recorded")
    watch.finish(max(position for _, _, position in answers))
    return Waits(
        recorded=sorted(recorded - due for due, recorded, _ in answers),
        covered=sorted(watch.covered(position) - due for due, _, position in answers),
        rate=len(answers) / took,
    )


class _Caller:
    """Hands in every so many-th statement when it is due. answers: due, recorded, and the position of each."""

    def __init__(self, ledger: Ledger, statements: Sequence[Submission], number: int, begun: float) -> None:
        self.answers: list[tuple[float, float, int]] = []
        self._ledger = ledger
        self._due = [(begun + at / RATE, statements[at]) for at in range(number, len(statements), CALLERS)]
        self.thread = Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        for due, statement in self._due:
            sleep(max(0.0, due - perf_counter()))
            event = self._ledger.record(statement).event
            if event is not None:
                self.answers.append((due, perf_counter(), event.position))


@dataclass(slots=True)
class _Watch:
    """One who waits for each next checkpoint, and notes when it was told of it."""

    publishing: RunningPublisher
    size: int
    sizes: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    last: int | None = None
    thread: Thread = field(init=False)

    def __post_init__(self) -> None:
        """Start watching."""
        self.thread = Thread(target=self._run)
        self.thread.start()

    def finish(self, last: int) -> None:
        """Watch until a position is covered. Raises AssertionError: that takes too long."""
        self.last = last
        self.thread.join(_PATIENCE)
        if self.size < last:
            raise AssertionError(f"position {last} was not covered within {_PATIENCE:g} s")

    def covered(self, position: int) -> float:
        """Return when a checkpoint covered a position first."""
        return self.times[bisect_left(self.sizes, position)]

    def _run(self) -> None:
        while self.last is None or self.size < self.last:
            published = self.publishing.wait_for(self.size + 1, timeout=1.0)
            if published is not None:
                self.size = published.checkpoint.size
                self.sizes.append(self.size)
                self.times.append(perf_counter())
