"""The write path beside its yardsticks: raw commits, the library's own recorder, and the full path of the ledger.

All on one server with fsync on, in one run. The full path verifies form and signature, judges by the rule pack and
commits; the yardsticks only store.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import uuid4

import psycopg
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.dcb.postgres_tt import PostgresDCBRecorderTT
from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from rich.table import Table

from ledger.store.embedded import Role
from scripts.bench.callers import Measured, measure
from scripts.bench.places import folder, server
from scripts.bench.received import received

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.store.embedded import Running

T = TypeVar("T")

CALLERS: Final = (1, 8, 64)
ROUNDS: Final = 3
SHARE: Final = {1: 200, 8: 1000, 64: 4000}
"""How many answers are measured with so many callers."""

Yardstick = tuple[str, int, Measured]


def tables() -> Iterator[Table]:
    """Yield the table of the write path."""
    table = Table("write path", "callers", "a second", "to one row a commit", "median wait", "p99 wait")
    table.title = "One server, fsync on"
    raw: dict[int, float] = {}
    with folder() as place, server(place) as running:
        for name, callers, measured in _write_path(running):
            ratio = measured.rate / raw.setdefault(callers, measured.rate)
            waits = (f"{1000 * measured.median:.1f} ms", f"{1000 * measured.p99:.1f} ms")
            table.add_row(name, str(callers), f"{measured.rate:,.0f}", f"{ratio:.2f}", *waits)
    yield table


def _write_path(running: Running) -> Iterator[Yardstick]:
    """Yield each measurement as it is made: its name, the number of callers, the median round by rate."""
    with _raw(running) as commit:
        for callers in CALLERS:
            yield "psycopg, one row a commit", callers, _median(callers, lambda count: list(range(count)), commit)
    with _library(running) as append:
        for callers in CALLERS:
            yield "eventsourcing's recorder", callers, _median(callers, lambda count: list(range(count)), append)
    with received(running) as bench:
        for callers in CALLERS:
            yield "Vialog: verify, judge, commit", callers, _median(callers, bench.uses, bench.ledger.record)


def _median(callers: int, work: Callable[[int], Sequence[T]], answer: Callable[[T], object]) -> Measured:
    rounds = [measure(callers, work(SHARE[callers]), answer) for _ in range(ROUNDS)]
    return sorted(rounds, key=lambda one: one.rate)[len(rounds) // 2]


@contextmanager
def _raw(running: Running) -> Iterator[Callable[[int], None]]:
    """Give the least that can be done: one row, one commit, on a connection of the caller's own."""
    connections: SimpleQueue[psycopg.Connection] = SimpleQueue()
    with psycopg.connect(running.conninfo(Role.OWNER)) as setup:
        setup.execute("create table bench_row (id bigserial primary key, data bytea not null)")
    for _ in range(max(CALLERS)):
        connections.put(psycopg.connect(running.conninfo(Role.OWNER)))

    def commit(_: int) -> None:
        connection = connections.get()
        connection.execute("insert into bench_row (data) values (%s)", (bytes(900),))
        connection.commit()
        connections.put(connection)

    yield commit
    while not connections.empty():
        connections.get().close()


@contextmanager
def _library(running: Running) -> Iterator[Callable[[int], None]]:
    """Give the library's own recorder, with a condition as a decision on one subject has it."""
    server = conninfo_to_dict(running.conninfo(Role.OWNER))
    datastore = PostgresDatastore(
        dbname=str(server["dbname"]),
        host=str(server["host"]),
        port=str(server["port"]),
        user=str(server["user"]),
        password="",
        pool_size=8,
        max_overflow=56,
    )
    with closing(datastore):
        recorder = PostgresDCBRecorderTT(datastore)
        recorder.create_table()

        def append(_: int) -> None:
            tag = f"item:{uuid4().hex}"
            unknown = DCBAppendCondition(DCBQuery([DCBQueryItem(tags=[tag])]))
            recorder.append([DCBEvent(type="item.used/1", data=bytes(900), tags=[tag])], unknown)

        yield append
