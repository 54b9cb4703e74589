"""How fast views are made anew, and how fast they follow: of uses that were judged and recorded one by one.

The yardstick is the event library's own ProjectionRunner over events of its own, in the same server and run. It
keeps one row a vial and tracks its position, an event a transaction, as its manual shows; it verifies no leaf, folds no
state and is held against no checkpoint.
"""

from __future__ import annotations

import statistics
from contextlib import closing
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier
from rich.table import Table

from ledger.statement.state_entry import STATE_KIND
from ledger.store.database.publication import Publication
from ledger.store.server.embedded import Role
from projections.database.session import Session, prepare
from projections.database.tables import Tables
from projections.folding.applying import Applying
from projections.folding.past import Nothing, event_at
from projections.running.following import Following
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from scripts.bench.against import at_least, rate_cells
from scripts.bench.places import folder, server
from scripts.bench.received import received

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventsourcing.persistence import Tracking

    from ledger.service import Ledger
    from ledger.store.server.embedded import Running
    from scripts.bench.received import Bench

USES: Final = 4_000
BATCHES: Final = 4
ROUNDS: Final = 3
TARGET: Final = 10_000
VIALS: Final = 40
LIBRARY: Final = 1_000
"""How many events the library's runner is measured by: each waits for the disk."""


def tables() -> Iterator[Table]:
    """Yield the table of rates, and that of where the time goes."""
    with folder() as place, server(place) as running, received(running) as bench:
        prepare(running.conninfo(Role.OWNER))
        with (
            closing(Publication(running.conninfo())) as publication,
            closing(Session(running.conninfo(Role.OWNER))) as session,
        ):
            log = Log(bench.ledger.store, publication)
            rebuild(log, session, lambda _, __: None)
            following = Following(log, Tables(session))
            followed = [_followed(bench, following) for _ in range(BATCHES)]
            made = [_made(log, session) for _ in range(ROUNDS)]
            shares = _shares(log)
        library = _library(running)
    table = Table("views", "median", "range", "target", "ratio to it")
    table.title = f"Views of {USES:,} uses of {VIALS} vials, {ROUNDS} rounds"
    table.add_row("events made anew", *at_least(TARGET, made))
    table.add_row("events followed", *rate_cells(followed), "", f"{statistics.median(followed) / library:.1f} of it")
    table.add_row("the library's ProjectionRunner", f"{library:,.0f}/s", "", "yardstick", "")
    yield table
    yield shares


def _followed(bench: Bench, following: Following) -> float:
    """Record uses, then follow them in one go; return how many events a second."""
    begun_at = following.once()
    _record(bench.ledger, bench, USES // BATCHES)
    begun = perf_counter()
    position, before = following.once(), begun_at
    while position != before:
        before, position = position, following.once()
    return (position - begun_at) / (perf_counter() - begun)


def _record(ledger: Ledger, bench: Bench, count: int) -> None:
    for outcome in ledger.record_many(bench.uses(count)):
        if isinstance(outcome, Exception):
            raise outcome


def _made(log: Log, session: Session) -> float:
    begun = perf_counter()
    standing = rebuild(log, session, lambda _, __: None)
    return standing.position / (perf_counter() - begun)


def _shares(log: Log) -> Table:
    """Return where the time of folding goes: each part alone, over the whole log."""
    begun = perf_counter()
    recorded = list(log.store.read())
    loaded = perf_counter() - begun
    begun = perf_counter()
    for one in recorded:
        if one.kind != STATE_KIND:
            event_at(one)
    decoded = perf_counter() - begun
    begun = perf_counter()
    folding = Applying(log.store, Nothing(), capacity=None)
    for one in recorded:
        folding.take(one)
    folded = perf_counter() - begun - decoded
    whole = loaded + decoded + folded
    table = Table("part", "microseconds an event", "share", title="Where the time goes, the writing of rows left out")
    for name, part in (("load", loaded), ("decode", decoded), ("check, fold and make rows", folded)):
        table.add_row(name, f"{part / len(recorded) * 1e6:.0f}", f"{part / whole:.0%}")
    return table


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


def _library(running: Running) -> float:
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
    vials = [_Vial() for _ in range(VIALS)]
    for number in range(LIBRARY):
        vials[number % VIALS].use(str(number))
    application.save(*vials)
    last = application.recorder.max_notification_id()
    application.close()
    begun = perf_counter()
    with ProjectionRunner(
        application_class=_Vials, projection_class=_LeftOfVials, view_class=_Rows, env=environment
    ) as runner:
        runner.wait(last, timeout=600)
        return (last or 0) / (perf_counter() - begun)
