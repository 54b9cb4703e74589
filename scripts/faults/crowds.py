"""What a service's door and its health hold out against: `python -m scripts.faults.crowds`.

Thousands of silent connections, of bodies that are sent but for their last byte, of readers that take nothing; callers
who wait for a locked head, and for a database that is frozen. All the time health is asked, ten times a second: it must
answer within a second, and the truth. Afterwards a statement must be recorded, published and proved within fifteen
seconds. Prints a table; exit code 1 where anything of this does not hold, or memory or the service's log grow without
bounds. On this machine alone, and over loopback.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

import psycopg
from rich.table import Table

from ledger.store.server.embedded import Role, start
from ledger.store.server.postmaster import read_note
from scripts.faults.assailants import Kind
from scripts.faults.ending import end
from scripts.faults.load import status_of
from scripts.faults.scene import SOON, set_up, wait_until
from scripts.processes import resident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from scripts.faults.load import Pen
    from scripts.faults.scene import Scene

_WITHIN: Final = 1.0
_EVERY: Final = 0.1
_MOST_MEMORY: Final = 256  # MiB more than before: four times what bodies may take
_MOST_LOG: Final = 64  # KiB
_RECORDED: Final = frozenset({200, 201})


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many of each there are, and for how many seconds each lasts when it is complete."""

    silent: int = 5_000
    half: int = 2_500
    slow: int = 500
    waiting: int = 300
    seconds: float = 12.0
    within: float = _WITHIN


@dataclass(slots=True)
class Row:
    """What was seen while one thing went on. Seconds, MiB and KiB. callers: what those who handed in were answered."""

    what: str
    answers: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    memory: float = 0.0
    log: float = 0.0
    callers: Counter[int] = field(default_factory=Counter)
    well: float | None = None


class Crowds:
    """A service, and what is done to it."""

    def __init__(self, scene: Scene, numbers: Numbers) -> None:
        """Start witness and service; the first statement is recorded when this returns."""
        self.rows: list[Row] = []
        self.wrong: list[str] = []
        self._scene, self._numbers, self._pen = scene, numbers, scene.pen()
        self._log = scene.folder / "service.log"
        self._witness = scene.witness()
        with self._log.open("wb") as log:
            self._service = scene.launch("serve", "--port", scene.port, stderr=log.fileno())
        wait_until(scene.is_well)
        wait_until(lambda: _records(scene, self._pen))
        self._memory = self._resident()

    def close(self) -> None:
        """End all in order."""
        for process in (self._service, self._witness):
            process.terminate()
            process.wait()

    def run(self) -> None:
        """Let everything happen, one thing after the other."""
        numbers, port = self._numbers, self._scene.port
        self._let(f"{numbers.silent:,} silent connections", {200}, _crowd(Kind.SILENT, numbers.silent, port))
        self._let(f"{numbers.half:,} bodies but for a byte", {200}, _crowd(Kind.HALF, numbers.half, port))
        self._let(f"{numbers.slow:,} readers that take nothing", {200}, _crowd(Kind.SLOW, numbers.slow, port))
        # While callers only wait, all is well; once one of them could not be recorded, health says so.
        waiting = f"and {numbers.waiting:,} callers"
        self._let(f"a locked head {waiting}", {200, 503}, _locked(self._scene), numbers.waiting)
        self._let(f"a frozen database {waiting}", {503}, _frozen(self._scene), numbers.waiting)

    def _let(
        self, what: str, truth: set[int], happening: AbstractContextManager[Callable[[], object]], callers: int = 0
    ) -> None:
        """Let something happen while callers hand in, and judge what was seen. truth: what health may answer."""
        row, log = Row(what), self._log.stat().st_size
        lines = [self._pen.write()[1] for _ in range(callers)]
        with ThreadPoolExecutor(max(1, callers)) as threads:
            with happening as complete, self._looked(row):
                answers = [threads.submit(_handed_in, self._scene.port, line) for line in lines]
                complete()
                sleep(self._numbers.seconds)
            row.callers.update(one.result() for one in answers)
        row.log = (self._log.stat().st_size - log) / 1024
        with suppress(TimeoutError):
            row.well = wait_until(lambda: _records(self._scene, self._pen) and self._scene.is_well())
        self.rows.append(row)
        self.wrong.extend(f"{row.what}: {one}" for one in self._judged(row, truth))

    @contextmanager
    def _looked(self, row: Row) -> Iterator[None]:
        """Ask health for a with block."""
        stop = Event()
        looking = Thread(target=self._look, args=(row, stop))
        looking.start()
        try:
            yield
        finally:
            stop.set()
            looking.join()

    def _look(self, row: Row, stop: Event) -> None:
        while not stop.wait(_EVERY):
            began = monotonic()
            row.answers[status_of(self._scene.port, "GET", "/healthz")] += 1
            row.slowest = max(row.slowest, monotonic() - began)
            row.memory = max(row.memory, self._resident() - self._memory)

    def _judged(self, row: Row, truth: set[int]) -> Iterator[str]:
        if lies := row.answers.keys() - truth:
            yield f"health answered {sorted(lies)} (0: nothing)"
        if row.slowest > self._numbers.within:
            yield f"health took {row.slowest:.1f} s"
        if row.memory > _MOST_MEMORY:
            yield f"the service took {row.memory:.0f} MiB more"
        if row.log > _MOST_LOG:
            yield f"the service wrote {row.log:.0f} KiB into its log"
        if unheard := row.callers.keys() - {200, 201, 503}:
            yield f"callers were answered {sorted(unheard)} (0: nothing)"
        if row.well is None or row.well > SOON:
            yield "it was not well again within fifteen seconds"

    def _resident(self) -> float:
        """Return how much memory the service holds, in MiB."""
        return resident(self._service.pid) / 2**20


@contextmanager
def _crowd(kind: Kind, number: int, port: int) -> Iterator[Callable[[], object]]:
    """Let a crowd come for a with block, in a process of its own; what is yielded waits until it is complete."""
    command = [sys.executable, "-m", "scripts.faults.assailants", kind, str(number), str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as crowd:
        if crowd.stdin is None or crowd.stdout is None:
            raise TypeError("a process with pipes has them")
        yield crowd.stdout.readline
        crowd.stdin.close()


@contextmanager
def _locked(scene: Scene) -> Iterator[Callable[[], object]]:
    """Hold the head of the log, as somebody else's session could, for a with block."""
    with start(scene.data) as running, psycopg.connect(running.conninfo(Role.OWNER)) as other:
        other.execute("select from vialog.head for update")
        yield lambda: None
        other.rollback()


@contextmanager
def _frozen(scene: Scene) -> Iterator[Callable[[], object]]:
    """Stop every process of the database (SIGSTOP) for a with block."""
    if (note := read_note(scene.data / "postgres")) is None:
        raise RuntimeError("the database does not run")
    children = subprocess.run(["pgrep", "-P", str(note.pid)], capture_output=True, check=True)
    everybody = [note.pid, *map(int, children.stdout.split())]
    for pid in everybody:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield lambda: None
    finally:
        for pid in everybody:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _records(scene: Scene, pen: Pen) -> bool:
    """Hand in a statement, and say whether it is recorded, published and proved."""
    return status_of(scene.port, "POST", "/v1/statements?wait=proof", pen.write()[1]) in _RECORDED


def _handed_in(port: int, line: bytes) -> int:
    return status_of(port, "POST", "/v1/statements", line)


def table_of(rows: list[Row]) -> Table:
    """Return what was seen."""
    table = Table(
        "what", "health", "slowest, s", "memory more, MiB", "log, KiB", "callers' answers", "well again after, s"
    )
    for row in rows:
        well = "" if row.well is None else f"{row.well:.1f}"
        table.add_row(
            row.what,
            _counted(row.answers),
            f"{row.slowest:.2f}",
            f"{row.memory:.0f}",
            f"{row.log:.1f}",
            _counted(row.callers),
            well,
        )
    return table


def _counted(answers: Counter[int]) -> str:
    return ", ".join(f"{status} × {number}" for status, number in sorted(answers.items()))


def main() -> None:
    """Run everything once and print its table."""
    parser = argparse.ArgumentParser(prog="python -m scripts.faults.crowds", description=__doc__)
    parser.add_argument("--seconds", type=float, default=12, help="how long each lasts; 12 if left out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vialog-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server may run as another user; its own directory inside is closed
        with closing(Crowds(set_up(folder), Numbers(seconds=given.seconds))) as crowds:
            crowds.run()
    end(table_of(crowds.rows), crowds.wrong)


if __name__ == "__main__":
    main()
