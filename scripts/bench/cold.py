"""What it costs to hold the rows of tags against the signed index when subjects are loaded cold.

One log is made, published but for its last entries, and its server stopped; each measurement begins with a copy of it
that nobody has used. On it a ledger that has just been opened judges one use of each vial, or records uses for many
callers, as a service does that was just started: with its rows believed and with its rows checked, in turns, the order
of the two alternating. So both find the same history and are asked the same, byte for byte. What was folded before is
not loaded again: the cost is paid once for each subject in each process.
"""

from __future__ import annotations

import statistics
import subprocess
from contextlib import closing, contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Final

from rich.table import Table

from ledger.publisher.log_keys import LogKeys
from ledger.publisher.memory_file import FILE_NAME, MemoryFile
from ledger.publisher.publisher import Publisher
from ledger.publisher.witnesses import Witnesses
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from ledger.store.server.postmaster import read_note
from ledger.store.tag_rows import TagRows
from scripts.bench.against import verdict
from scripts.bench.callers import measure
from scripts.bench.places import folder, server
from scripts.bench.processors import used
from scripts.bench.received import ORIGIN, received
from scripts.bench.versions import CONFIDENCE, FLOOR, interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ledger.clock import Clock
    from ledger.service import Submission
    from ledger.store.server.embedded import Running
    from scripts.bench.received import Bench

PAIRS: Final = 40
CALLERS: Final = 64
USES: Final = 2_000
BEHIND: Final = 100
"""How many of the uses no checkpoint covers: what is recorded in about a tenth of a second."""
SHARE: Final = 4_800


@dataclass(frozen=True, slots=True)
class _Log:
    """A log whose server is stopped, and uses that are signed and not handed in yet.

    one_each: a use of each vial. many: for the callers.
    """

    place: Path
    keys: LogKeys
    clock: Clock
    one_each: Sequence[Submission]
    many: Sequence[Submission]


@dataclass(frozen=True, slots=True)
class _Rate:
    """Uses a second. clock: as the clock has it. used: of the processors' time, the server's included."""

    clock: float
    used: float


def tables() -> Iterator[Table]:
    """Yield the tables of judging what is not in memory, and of recording by a service that was just started."""
    with folder() as place:
        log = _made(place / "log")
        given = f"{len(log.one_each)} vials with {USES // len(log.one_each)} uses each, loaded cold"
        yield _table(f"a use of each of {given}", _pairs(log, _judged))
        yield _table(f"a service just started: {SHARE:,} uses, {CALLERS} callers", _pairs(log, _recorded))


def _made(place: Path) -> _Log:
    place.mkdir(mode=0o755)
    keys = LogKeys.generate(ORIGIN)
    with server(place) as running, received(running) as bench:
        list(bench.ledger.record_many(bench.uses(USES - BEHIND)))
        _publish(running, bench, keys, place / FILE_NAME)
        list(bench.ledger.record_many(bench.uses(BEHIND)))
        return _Log(place, keys, bench.clock, bench.uses(len(bench.vials)), bench.uses(SHARE))


def _publish(running: Running, bench: Bench, keys: LogKeys, memory: Path) -> None:
    with closing(Publication(running.conninfo())) as publication:
        remembered = MemoryFile(memory)
        Publisher(
            bench.ledger.store, publication, keys=keys, remembered=remembered, witnesses=Witnesses(), clock=bench.clock
        ).publish_once()


def _pairs(log: _Log, act: Callable[[Ledger, _Log], int]) -> list[tuple[_Rate, _Rate]]:
    """Return how fast something was in each pair of copies of a log, with its rows believed and checked."""
    pairs = []
    for number in range(PAIRS):
        order = (False, True) if number % 2 == 0 else (True, False)
        rates = {checked: _rate(log, act, checked=checked) for checked in order}
        pairs.append((rates[False], rates[True]))
    return pairs


def _rate(log: _Log, act: Callable[[Ledger, _Log], int], *, checked: bool) -> _Rate:
    """Return how fast a ledger that knows nothing yet does something on a copy of a log. act: returns how many."""
    with _copied(log) as (running, first), closing(Publication(running.conninfo())) as publication:
        store = PostgresStore(running.conninfo())
        rows = TagRows(store, publication, log.keys.keys) if checked else None
        with closing(Ledger(store, load_packs(), clock=log.clock, rows=rows)) as ledger:
            began, before = perf_counter(), used(first)
            count = act(ledger, log)
            return _Rate(count / (perf_counter() - began), count / (used(first) - before))


@contextmanager
def _copied(log: _Log) -> Iterator[tuple[Running, int]]:
    """Yield the running server of a copy of a log, and the number of its first process."""
    with folder() as place:
        # As whoever keeps a backup does: with owners and modes.
        subprocess.run(["cp", "-a", f"{log.place}/.", place], check=True)
        place.chmod(0o755)
        with server(place) as running:
            note = read_note(place / "data" / "postgres")
            assert note is not None
            yield running, note.pid


def _judged(ledger: Ledger, log: _Log) -> int:
    for one in log.one_each:
        ledger.check(one)
    return len(log.one_each)


def _recorded(ledger: Ledger, log: _Log) -> int:
    measure(CALLERS, log.many, ledger.record)
    return len(log.many)


def _table(title: str, pairs: Sequence[tuple[_Rate, _Rate]]) -> Table:
    table = Table("uses", "rows believed", "rows checked", "ratio, median", f"{CONFIDENCE:.0%} interval")
    table.title = f"{title}, {PAIRS} pairs"
    table.add_row("a second", *_cells([(believed.clock, checked.clock) for believed, checked in pairs]))
    table.add_row("a processor second", *_cells([(believed.used, checked.used) for believed, checked in pairs]))
    return table


def _cells(pairs: Sequence[tuple[float, float]]) -> tuple[str, str, str, str]:
    ratios = [checked / believed for believed, checked in pairs]
    low, high = interval(ratios)
    told = verdict(low / FLOOR, met=low > FLOOR).partition(" ")[2]
    believed, checked = (f"{statistics.median(rates):,.0f}" for rates in zip(*pairs, strict=True))
    return believed, checked, f"{statistics.median(ratios):.3f}", f"{low:.2f} – {high:.2f} {told}"
