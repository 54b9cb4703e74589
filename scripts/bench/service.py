"""The service under load, beside the library's recorder behind the same web server: single posts, and batches.

Both services are processes of their own, each with a server of its own, fsync on, and are asked by clients in another
process, which check every answer. Vialog verifies form and signature, judges, and publishes checkpoints meanwhile; the
library's service only stores. Each round measures all of them, one after the other. The third yardstick is the commit
of one row on one connection: what a single client waits for at least.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from rich.table import Table

from ledger.store.server.embedded import Role
from scripts.bench.against import at_least, rate_cells
from scripts.bench.callers import Measured, measure
from scripts.bench.library_service import NAME, PATH
from scripts.bench.places import folder, server
from scripts.bench.write_path import raw_commits
from scripts.faults.scene import set_up
from scripts.processes import publisher_of, resident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scripts.faults.load import Pen

    Work = list[dict[str, Any]]

CALLERS: Final = (1, 8, 64)
ROUNDS: Final = 5
SHARE: Final = {1: 100, 8: 400, 64: 1_600}
"""How many posts are measured with so many clients, in each round."""
FLOOR: Final = 1_000
"""Statements a second that 64 clients are to be answered, one in a post."""

BATCHERS: Final = 4
BATCHES: Final = 8
BATCH: Final = 250
"""Clients that hand in batches, how many batches each round measures, and how many statements each has."""
BATCHED_FLOOR: Final = 3_000

RAW: Final = "psycopg, one row a commit"
LIBRARY: Final = "eventsourcing's recorder"
POSTED: Final = "Vialog, a statement a post"
BATCHED: Final = f"Vialog, {BATCH} a batch"

Yardstick = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Share:
    """What a round showed of one of them. answered: in one request. used: processor seconds of it and its publisher."""

    measured: Measured
    asked: int
    answered: int
    used: float

    @property
    def rate(self) -> float:
        """Return how many statements a second were answered."""
        return self.measured.rate * self.answered

    @property
    def processor(self) -> float:
        """Return the processor seconds of the service for one statement."""
        return self.used / (self.asked * self.answered)


@dataclass(frozen=True, slots=True)
class Served:
    """A service under load. clients: the process that asks it. process: its own number."""

    clients: subprocess.Popen[str]
    process: int

    def measure(self, callers: int, work: Work) -> Share:
        """Let so many clients hand work in. Raises AssertionError: an answer was wrong, or none came."""
        before = _processor(self.process)
        assert self.clients.stdin is not None
        assert self.clients.stdout is not None
        self.clients.stdin.write(json.dumps({"callers": callers, "work": work}) + "\n")
        self.clients.stdin.flush()
        if not (said := self.clients.stdout.readline()):
            raise AssertionError("the clients gave up: what they say stands above")
        return Share(Measured(**json.loads(said)), len(work), len(work[0]["ids"]), _processor(self.process) - before)


def tables() -> Iterator[Table]:
    """Yield the table of the service under load."""
    measured: defaultdict[Yardstick, list[Share]] = defaultdict(list)
    commits: list[Measured] = []
    with folder() as place, ExitStack() as running:
        bench = _set_up(place, running)
        for _ in bench.round():
            pass  # connections are open and queries prepared
        for _ in range(ROUNDS):
            commits.append(measure(1, range(SHARE[1]), bench.commit))
            for yardstick, share in bench.round():
                measured[yardstick].append(share)
        memory = resident(bench.posts.process) // 1_000_000
    yield _table(commits, measured, memory)


@dataclass(frozen=True, slots=True)
class _Bench:
    """All that is measured. pen: writes what is handed in. commit: the third yardstick."""

    pen: Pen
    commit: Callable[[int], None]
    library: Served
    posts: Served
    batches: Served

    def round(self) -> Iterator[tuple[Yardstick, Share]]:
        """Measure each once."""
        for callers in CALLERS:
            yield (LIBRARY, callers), self.library.measure(callers, _nothing(SHARE[callers]))
            yield (POSTED, callers), self.posts.measure(callers, _statements(self.pen, SHARE[callers]))
        yield (BATCHED, BATCHERS), self.batches.measure(BATCHERS, _batches(self.pen))


def _set_up(place: Path, running: ExitStack) -> _Bench:
    """Start both services and their clients, until the stack is closed."""
    scene = set_up(place)
    service = running.enter_context(scene.served(marked=False))
    other = running.enter_context(server(place / "library")).conninfo(Role.OWNER)
    return _Bench(
        scene.pen(),
        running.enter_context(raw_commits(other, 1)),
        running.enter_context(_library(other)),
        running.enter_context(_asked(scene.port, "/v1/statements", service.pid)),
        running.enter_context(_asked(scene.port, "/v1/statements/batch", service.pid)),
    )


def _table(commits: list[Measured], measured: dict[Yardstick, list[Share]], memory: int) -> Table:
    waits = ("median wait", "p99 wait")
    table = Table("service", "clients", "statements/s", "range", *waits, "processor", "floor", "ratio to it")
    table.title = f"{ROUNDS} rounds, each of all, and their medians; the service has {memory:,} MB at the end"
    waited = f"{1000 * statistics.median(one.median for one in commits):.1f} ms"
    table.add_row(RAW, "1", *rate_cells([one.rate for one in commits]), waited)
    floors = {(POSTED, max(CALLERS)): FLOOR, (BATCHED, BATCHERS): BATCHED_FLOOR}
    for (name, callers), shares in measured.items():
        rates = [one.rate for one in shares]
        both = zip(*((one.measured.median, one.measured.p99) for one in shares), strict=True)
        cells = [f"{1000 * statistics.median(one):.1f} ms" for one in both]
        cells.append(f"{1000 * statistics.median(one.processor for one in shares):.2f} ms")
        if floor := floors.get((name, callers)):
            cells += at_least(floor, rates)[2:]
        table.add_row(name, str(callers), *rate_cells(rates), *cells)
    return table


def _statements(pen: Pen, count: int) -> Work:
    written = [pen.write() for _ in range(count)]
    return [{"ids": [name], "body": line.decode()} for name, line in written]


def _batches(pen: Pen) -> Work:
    written = [[pen.write() for _ in range(BATCH)] for _ in range(BATCHES)]
    return [{"ids": [name for name, _ in one], "body": b"\n".join(line for _, line in one).decode()} for one in written]


def _nothing(count: int) -> Work:
    """Return what the library's service is handed: as long as a statement."""
    names = [uuid4().hex for _ in range(count)]
    return [{"ids": [name], "body": name.ljust(1_200, "-")} for name in names if len(name) == NAME]


@contextmanager
def _library(conninfo: str) -> Iterator[Served]:
    """Let the library's service answer for a with block."""
    command = [sys.executable, "-m", "scripts.bench.library_service", conninfo]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            with _asked(int(process.stdout.readline()), PATH, process.pid) as served:
                yield served
        finally:
            process.terminate()


@contextmanager
def _asked(port: int, path: str, process: int) -> Iterator[Served]:
    """Let clients of a service wait for work, for a with block."""
    command = [sys.executable, "-m", "scripts.bench.clients", str(port), path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as clients:
        yield Served(clients, process)
        assert clients.stdin is not None
        clients.stdin.close()


def _processor(process: int) -> float:
    """Return the processor seconds that a service and its publisher have used (proc(5), stat: utime and stime)."""
    both = (process, *publisher_of(process))
    stats = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in both]
    return sum(int(spent) for one in stats for spent in one[11:13]) / os.sysconf("SC_CLK_TCK")
