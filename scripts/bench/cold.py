"""What it costs to hold the rows of tags against the signed index when subjects are loaded cold.

One log, published; in turns a ledger that checks its rows and one that believes them, each just opened, judge one use
of each vial. What was folded before is not loaded again, so this is paid once for each subject in each process.
"""

from __future__ import annotations

import statistics
from contextlib import closing
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
from scripts.bench.places import folder, server
from scripts.bench.received import ORIGIN, received

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.service import Submission

USES: Final = 2_000
ROUNDS: Final = 10


def tables() -> Iterator[Table]:
    """Yield the table of judging what is not in memory."""
    keys = LogKeys.generate(ORIGIN)
    with (
        folder() as place,
        server(place) as running,
        received(running) as bench,
        closing(Publication(running.conninfo())) as publication,
    ):
        list(bench.ledger.record_many(bench.uses(USES)))
        store, clock = bench.ledger.store, bench.clock
        memory = MemoryFile(place / FILE_NAME)
        Publisher(store, publication, keys=keys, remembered=memory, witnesses=Witnesses(), clock=clock).publish_once()
        asked = bench.uses(len(bench.vials))
        believed: list[float] = []
        checked: list[float] = []
        for _ in range(ROUNDS):
            fresh = PostgresStore(running.conninfo())
            believed.append(_each(asked, Ledger(fresh, load_packs(), clock=clock)))
            fresh = PostgresStore(running.conninfo())
            rows = TagRows(fresh, publication, keys.keys)
            checked.append(_each(asked, Ledger(fresh, load_packs(), clock=clock, rows=rows)))
    table = Table("a use of a vial with the rows of its tags", "median", "range", "ratio")
    table.title = f"{len(asked)} vials with {USES // len(asked)} uses each, loaded cold, {ROUNDS} rounds"
    table.add_row("believed", *_cells(believed), "yardstick")
    ratio = statistics.median(one / other for one, other in zip(checked, believed, strict=True))
    table.add_row("checked", *_cells(checked), f"{ratio:.2f} of it")
    yield table


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
