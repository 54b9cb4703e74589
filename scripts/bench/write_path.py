"""The write path beside its yardsticks: raw commits, the library's own recorder, and the full path of the ledger.

All on one server with fsync on, in one run. The full path verifies form and signature, judges by the rule pack and
commits; the yardsticks only store. Each round measures all of them one after the other, so that a machine that is
faster in one minute than in the next is so for all alike.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from contextlib import closing, contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import uuid4

import psycopg
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.dcb.postgres_tt import PostgresDCBRecorderTT
from rich.table import Table

from ledger.store.server.embedded import Role
from scripts.bench.against import rate_cells, verdict
from scripts.bench.callers import Measured, measure
from scripts.bench.places import folder, library_datastore, server
from scripts.bench.received import received

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.store.server.embedded import Running
    from scripts.bench.received import Bench

CALLERS: Final = (1, 8, 64)
ROUNDS: Final = 7
SHARE: Final = {1: 150, 8: 600, 64: 2400}
"""How many answers are measured with so many callers, in each round."""
TARGET: Final = 2.0
"""How many times the library's best figure the full path is to reach with the most callers."""

RAW: Final = "psycopg, one row a commit"
LIBRARY: Final = "eventsourcing's recorder"
FULL: Final = "Vialog: verify, judge, commit"

T = TypeVar("T")
Yardstick = tuple[str, int]


def tables() -> Iterator[Table]:
    """Yield the table of the write path."""
    measured: defaultdict[Yardstick, list[Measured]] = defaultdict(list)
    with folder() as place, server(place) as running, received(running) as bench:
        for _ in range(ROUNDS):
            for yardstick, one in _round(running, bench):
                measured[yardstick].append(one)
    rates = {yardstick: [one.rate for one in rounds] for yardstick, rounds in measured.items()}
    best = max(CALLERS, key=lambda callers: statistics.median(rates[LIBRARY, callers]))
    table = Table("write path", "callers", "a second", "range", "median wait", "p99 wait", "to the library's best")
    table.title = f"One server, fsync on: {ROUNDS} rounds, each of all, and their medians"
    for (name, callers), rounds in measured.items():
        waits = [1000 * statistics.median(waited) for waited in zip(*((r.median, r.p99) for r in rounds), strict=True)]
        ratio = statistics.median(
            ours / its for ours, its in zip(rates[name, callers], rates[LIBRARY, best], strict=True)
        )
        judged = (name, callers) == (FULL, max(CALLERS))
        shown = verdict(ratio, met=ratio >= TARGET) if judged else f"{ratio:.2f}"
        table.add_row(name, str(callers), *rate_cells(rates[name, callers]), *(f"{one:.1f} ms" for one in waits), shown)
    yield table


def _round(running: Running, bench: Bench) -> Iterator[tuple[Yardstick, Measured]]:
    for callers in CALLERS:
        with raw_commits(running.conninfo(Role.OWNER), callers) as commit:
            yield (RAW, callers), _measured(callers, range, commit)
    for callers in CALLERS:
        with _library(running, callers) as append:
            yield (LIBRARY, callers), _measured(callers, range, append)
    for callers in CALLERS:
        yield (FULL, callers), _measured(callers, bench.uses, bench.ledger.record)


def _measured(callers: int, work: Callable[[int], Sequence[T]], answer: Callable[[T], object]) -> Measured:
    """Measure after some answers that do not count, by which connections are open and queries prepared."""
    measure(callers, work(SHARE[callers] // 4), answer)
    return measure(callers, work(SHARE[callers]), answer)


@contextmanager
def raw_commits(conninfo: str, callers: int) -> Iterator[Callable[[int], None]]:
    """Give the least that can be done: one row, one commit, on a connection of the caller's own."""
    connections: SimpleQueue[psycopg.Connection] = SimpleQueue()
    with psycopg.connect(conninfo) as setup:
        setup.execute("create table if not exists bench_row (id bigserial primary key, data bytea not null)")
    for _ in range(callers):
        connections.put(psycopg.connect(conninfo))

    def commit(_: int) -> None:
        connection = connections.get()
        connection.execute("insert into bench_row (data) values (%s)", (bytes(900),))
        connection.commit()
        connections.put(connection)

    yield commit
    while not connections.empty():
        connections.get().close()


@contextmanager
def _library(running: Running, callers: int) -> Iterator[Callable[[int], None]]:
    """Give the library's own recorder, with a condition as a decision on one subject has it."""
    with closing(library_datastore(running.conninfo(Role.OWNER), callers)) as datastore:
        recorder = PostgresDCBRecorderTT(datastore)
        recorder.create_table()

        def append(_: int) -> None:
            tag = f"item:{uuid4().hex}"
            unknown = DCBAppendCondition(DCBQuery([DCBQueryItem(tags=[tag])]))
            recorder.append([DCBEvent(type="item.used/1", data=bytes(900), tags=[tag])], unknown)

        yield append
