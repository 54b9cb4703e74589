"""How fast views are made anew, and how fast they follow: of signed uses that stand in the log unjudged; of all kinds.

The yardstick is the event library's own ProjectionRunner over events of its own, in the same server and run. It
keeps one row a vial and tracks its position, an event a transaction, as its manual shows; it verifies no leaf, folds no
state and is held against no checkpoint.
"""

from __future__ import annotations

import gc
import os
import statistics
from dataclasses import dataclass
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, Final, TypeVar

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier
from rich.table import Table

from ledger.store.server.embedded import Role
from projections.database.making import Making
from projections.reading import read_checked
from projections.running.rebuilding import Folding, whole
from scripts.bench.against import rate_cells, verdict
from scripts.bench.copies import copies
from scripts.bench.places import folder, server
from scripts.bench.received import received
from scripts.bench.viewed import viewed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from eventsourcing.persistence import Tracking

    from ledger.store.server.embedded import Running
    from projections.database.session import Session
    from projections.folding.applying import Noting
    from projections.running.log import Log
    from scripts.bench.received import Bench
    from scripts.bench.viewed import Viewed

T = TypeVar("T")

USES: Final = 10_000
MANY: Final = 100_000
BATCHES: Final = 4
ROUNDS: Final = 3
TARGET: Final = 10_000
_LONG: Final = 200_000
"""Beyond how many events a log is made anew once."""

LIBRARY: Final = 1_000
"""How many events the library's runner is measured by: each waits for the disk."""


@dataclass(frozen=True, slots=True)
class _Rate:
    """Events a second. wall: as the clock has it. used: of the processor time of this process and of those that it
    starts, whatever else is at work."""

    wall: float
    used: float


def tables(uses: int = USES) -> Iterator[Table]:
    """Yield the table of rates, and that of where the time goes. uses: how many are made anew."""
    with folder() as place, server(place) as running, received(running) as bench:
        with viewed(running, bench.ledger.store) as views:
            each = min(uses, MANY) // BATCHES
            followed = [_followed(bench, views, each) for _ in range(BATCHES)]
            if uses > MANY:  # the rest is made anew alone
                bench.put(uses - each * BATCHES)
            made, shares = _made_anew(views)
        library = _library(running)
    yield _table(f"{uses:,} uses of {len(bench.vials)} vials", made, followed, library)
    yield from shares


def many() -> Iterator[Table]:
    """Yield the same of a log ten times as long."""
    yield from tables(MANY)


def kinds(size: int = USES) -> Iterator[Table]:
    """Yield the same of making anew a log of all kinds. size: about so many events."""
    with folder() as place, server(place) as running:
        with copies(running, size) as made, viewed(running, made.store) as views:
            head = made.store.head()
            rates, shares = _made_anew(views)
        library = _library(running)
    yield _table(f"{head:,} events of all kinds, {made.count:,} times the story", rates, (), library)
    yield from shares


def _made_anew(views: Viewed) -> tuple[list[_Rate], list[Table]]:
    """Return the rates of making views anew, and where the time goes.

    Of a long log once, and then the parts are not measured: for these all of it stands in memory twice, and all rows.
    """
    if views.log.store.head() > _LONG:
        return [_measured(views.make_anew)], []
    rates = [_measured(views.make_anew) for _ in range(ROUNDS)]
    with whole():  # as where views are made anew
        return rates, [_shares(views.log, views.session)]


def _table(of: str, made: Sequence[_Rate], followed: Sequence[_Rate], library: _Rate) -> Table:
    """Return the table of rates. of: whose views they are. followed: none, where following was not measured."""
    table = Table("views", "median", "range", "a processor second", "target", "ratio to it")
    table.title = f"Views of {of}, rounds: {len(made)}"
    table.add_row("events made anew", *_cells(made, library, TARGET))
    if followed:
        table.add_row("events followed", *_cells(followed, library))
    table.add_row(f"the library's ProjectionRunner, {LIBRARY:,} events", *_cells([library], library))
    own, beside = (getrusage(whose).ru_maxrss // 1024 for whose in (RUSAGE_SELF, RUSAGE_CHILDREN))
    table.add_row(
        "memory at the most", f"{own:,} MB", "", "", "", f"a process beside it, with what they share: {beside:,} MB"
    )
    return table


def _cells(rates: Sequence[_Rate], library: _Rate, target: int | None = None) -> tuple[str, ...]:
    median, spread = rate_cells([one.wall for one in rates])
    used, typical = (statistics.median(of) for of in ([one.used for one in rates], [one.wall for one in rates]))
    of_it = f"{typical / library.wall:.1f} of the library's"
    wanted = (
        ("", of_it)
        if target is None
        else (f"≥ {target:,}/s", f"{verdict(typical / target, met=typical >= target)}, {of_it}")
    )
    return (median, spread, f"{used:,.0f}", *wanted)


def _measured(act: Callable[[], int]) -> _Rate:
    """Measure something that returns how many events it took."""
    begun, used = perf_counter(), _used()
    count = act()
    return _Rate(count / (perf_counter() - begun), count / (_used() - used))


def _used() -> float:
    """Return the processor seconds of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def _followed(bench: Bench, views: Viewed, uses: int) -> _Rate:
    """Put uses into the log, then follow them in one go."""
    begun_at = views.following.once()
    bench.put(uses)
    return _measured(lambda: views.catch_up() - begun_at)


def _shares(log: Log, session: Session) -> Table:
    """Return where the processor time of making anew goes, each part alone over the log; without the server's."""
    parts = []
    gc.collect()  # what was measured before is no part of it
    recorded, used = _timed(lambda: list(log.store.read()))
    parts.append(("load", used))
    _, decoded = _timed(lambda: sum(read_checked(one).position > 0 for one in recorded))
    parts.append(("check and decode", decoded))
    folding = Folding(log, len(recorded))
    _, gathered = _timed(folding.go_on)  # loads it again
    parts.append(("gather", gathered - used))
    _, grown = _timed(folding.grow)
    parts.append(("grow the tree", grown))
    notings, folded = _timed(lambda: list(folding.notings()))  # decodes it again
    parts.append(("fold and make rows", folded - decoded))
    making = Making(session)
    with making.begun(log.store.head()):
        _, used = _timed(lambda: _written(making, folding, notings))
    parts.append(("write, index and analyse", used))
    table = Table("part", "microseconds an event", "share", title="Where the time goes")
    for name, part in parts:
        table.add_row(name, f"{part / len(recorded) * 1e6:.0f}", f"{part / sum(one for _, one in parts):.0%}")
    return table


def _written(making: Making, folding: Folding, notings: Iterable[Noting]) -> None:
    making.prepare()
    for noting in notings:
        making.load(noting)
    making.finish(folding.standing)


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    begun = process_time()
    return act(), process_time() - begun


# The yardstick


class _Vial(Aggregate):
    @event("Used")
    def use(self, amount: str) -> None:
        """Use some."""
        self.left = amount


class _Vials(Application[Any]):
    pass


class _Rows(PostgresTrackingRecorder):
    def __init__(self, datastore: PostgresDatastore, **more: Any) -> None:  # noqa: ANN401  as the library has it
        super().__init__(datastore, **more)
        self._table = SQL("{}.{}").format(Identifier(datastore.schema), Identifier("left_of_vials"))
        create = "create table if not exists {} (vial uuid primary key, left_of_it text, version bigint)"
        self.sql_create_statements.append(SQL(create).format(self._table))

    def put(self, vial: object, left: str, version: int, tracking: Tracking) -> None:
        """Write a row, and what it stands at, in one transaction."""
        put = "insert into {} values (%s, %s, %s) on conflict (vial) do update set left_of_it = %s, version = %s"
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(SQL(put).format(self._table), (vial, left, version, left, version))
            self._insert_tracking(cursor, tracking)


class _LeftOfVials(Projection[_Rows]):
    name = "left"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:  # noqa: ANN401  as the library has it
        """Write the row of the vial that was used."""
        left = getattr(domain_event, "amount", "")
        self.view.put(domain_event.originator_id, left, domain_event.originator_version, tracking)


def _library(running: Running) -> _Rate:
    """Return how many events a second the library's runner projects."""
    said = conninfo_to_dict(running.conninfo(Role.OWNER))
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(said["dbname"]),
        "POSTGRES_HOST": str(said["host"]),
        "POSTGRES_PORT": str(said["port"]),
        "POSTGRES_USER": str(said["user"]),
        "POSTGRES_PASSWORD": "",
        "POSTGRES_SCHEMA": "public",
    }
    application = _Vials(environment)
    vials = [_Vial() for _ in range(40)]
    for number in range(LIBRARY):
        vials[number % len(vials)].use(str(number))
    application.save(*vials)
    last = application.recorder.max_notification_id()
    application.close()

    def project() -> int:
        with ProjectionRunner(
            application_class=_Vials, projection_class=_LeftOfVials, view_class=_Rows, env=environment
        ) as runner:
            runner.wait(last, timeout=600)
        return last or 0

    return _measured(project)
