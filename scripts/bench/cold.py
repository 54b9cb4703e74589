"""What it costs to hold the rows of tags against the signed index when subjects are loaded cold.

One log, published; in turns a ledger that checks its rows and one that believes them, each just opened, judge one use
of each vial; then, in turns again, each records uses for many callers, as a service does that was just started. What
was folded before is not loaded again, so the cost is paid once for each subject in each process.
"""

from __future__ import annotations

import statistics
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
from ledger.store.tag_rows import TagRows
from scripts.bench.against import rate_cells, verdict
from scripts.bench.callers import measure
from scripts.bench.places import folder, server
from scripts.bench.received import ORIGIN, received
from scripts.bench.versions import FLOOR, interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.service import Submission
    from scripts.bench.received import Bench

    Opened = Callable[..., Ledger]

USES: Final = 2_000
ROUNDS: Final = 10
PAIRS: Final = 12
CALLERS: Final = 64
SHARE: Final = 4_800


def tables() -> Iterator[Table]:
    """Yield the tables of judging what is not in memory, and of recording by a service that was just started."""
    with _published() as log:
        list(log.bench.ledger.record_many(log.bench.uses(USES)))
        log.publisher.publish_once()
        yield _judging(log)
    yield _recording()


@dataclass(frozen=True)
class _Log:
    """A log with its publisher, and ledgers on it that know nothing yet."""

    bench: Bench
    publisher: Publisher
    opened: Opened


@contextmanager
def _published() -> Iterator[_Log]:
    keys = LogKeys.generate(ORIGIN)
    with (
        folder() as place,
        server(place) as running,
        received(running) as bench,
        closing(Publication(running.conninfo())) as publication,
    ):
        memory = MemoryFile(place / FILE_NAME)
        publisher = Publisher(
            bench.ledger.store, publication, keys=keys, remembered=memory, witnesses=Witnesses(), clock=bench.clock
        )

        def opened(*, checked: bool) -> Ledger:
            store = PostgresStore(running.conninfo())
            rows = TagRows(store, publication, keys.keys) if checked else None
            return Ledger(store, load_packs(), clock=bench.clock, rows=rows)

        yield _Log(bench, publisher, opened)


def _judging(log: _Log) -> Table:
    asked = log.bench.uses(len(log.bench.vials))
    believed: list[float] = []
    checked: list[float] = []
    for _ in range(ROUNDS):
        believed.append(_each(asked, log.opened(checked=False)))
        checked.append(_each(asked, log.opened(checked=True)))
    table = Table("a use of a vial with the rows of its tags", "median", "range", "ratio")
    table.title = f"{len(asked)} vials with {USES // len(asked)} uses each, loaded cold, {ROUNDS} rounds"
    table.add_row("believed", *_cells(believed), "yardstick")
    ratio = statistics.median(one / other for one, other in zip(checked, believed, strict=True))
    table.add_row("checked", *_cells(checked), f"{ratio:.2f} of it")
    return table


def _recording() -> Table:
    pairs = []
    for number in range(PAIRS):
        rates = {}
        with _published() as log:  # a log for each pair: on one log the later ones would load ever longer histories
            for checked in (False, True) if number % 2 == 0 else (True, False):
                log.publisher.publish_once()  # as each second: what lies behind the checkpoint is read entry by entry
                rates[checked] = _rate(log.bench.uses(SHARE), log.opened(checked=checked))
        pairs.append((rates[False], rates[True]))
    low, high = interval([checked / believed for believed, checked in pairs])
    table = Table("rows of tags", "a second", "range", "ratio, median", "95% interval")
    table.title = f"a service just started: {SHARE:,} uses, {CALLERS} callers, {PAIRS} pairs"
    table.add_row("believed", *rate_cells([believed for believed, _ in pairs]), "yardstick", "")
    ratio = statistics.median(checked / believed for believed, checked in pairs)
    told = verdict(low / FLOOR, met=low > FLOOR).partition(" ")[2]
    table.add_row(
        "checked", *rate_cells([checked for _, checked in pairs]), f"{ratio:.3f}", f"{low:.2f} – {high:.2f} {told}"
    )
    return table


def _rate(uses: Sequence[Submission], ledger: Ledger) -> float:
    """Return how many statements a second a ledger that knows nothing yet records for its callers."""
    with closing(ledger):
        return measure(CALLERS, uses, ledger.record).rate


def _each(asked: Sequence[Submission], ledger: Ledger) -> float:
    """Return how many seconds a ledger that knows nothing yet takes for each of some statements."""
    with closing(ledger):
        begun = perf_counter()
        for one in asked:
            ledger.check(one)
        return (perf_counter() - begun) / len(asked)


def _cells(took: Sequence[float]) -> tuple[str, str]:
    low, *_, high = sorted(took)
    return f"{1000 * statistics.median(took):.2f} ms", f"{1000 * low:.2f} – {1000 * high:.2f}"
