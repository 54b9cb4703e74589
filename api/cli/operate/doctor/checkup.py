"""What the doctor finds where a log is held against this machine's memory, its clock and its witnesses."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from api.cli.operate.doctor.findings import Finding, Level
from api.logs.guarding import LOG_KEYS_FOLDER, Guard
from ledger.errors import Halted, IntegrityFailed, LedgerError
from ledger.publisher.log_keys import ED25519_FILE, ML_DSA_44_FILE
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from ledger.store.deciding.watch import REMEDY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.logs.wiring import Database
    from api.settings import Settings
    from ledger.store.database.inspection import Inspection

_RESTORE: Final = "record nothing, and put the log back (docs/operations.md, a backup was restored)"


def examine_guard(settings: Settings, database: Database, origin: str, found: Inspection) -> Iterator[Finding]:
    """Yield what is found of a log that is open and migrated: what is remembered, the clocks, the witnesses."""
    try:
        guard = Guard(settings, origin)
        with closing(PostgresStore(database.app)) as store, closing(Publication(database.app)) as publication:
            yield from _remembered(guard, store, publication)
    except (LedgerError, OSError) as error:
        level, subject = Level.FAIL, "log" if isinstance(error, Halted | IntegrityFailed) else "memory"
        yield Finding(level, subject, str(error), _RESTORE)
        return
    yield from _keys(settings, guard)
    yield from _clocks(guard, found)
    yield from _witnesses(guard, settings)


def _remembered(guard: Guard, store: PostgresStore, publication: Publication) -> Iterator[Finding]:
    """Compare the head, what is published, and what this machine remembers; raises where they contradict each other."""
    guard.check(store, publication)
    published = publication.newest()
    size = 0 if published is None else published.checkpoint.size
    said = f"{size} of {store.head()} entries are published, and this machine remembers {guard.memory.size()}"
    yield Finding(Level.OK, "memory", said)


def _keys(settings: Settings, guard: Guard) -> Iterator[Finding]:
    """Look whether the keys are there without which nothing more can be published."""
    folder = settings.data / LOG_KEYS_FOLDER
    missing = [name for name in (ED25519_FILE, ML_DSA_44_FILE) if not (folder / name).exists()]
    if guard.memory.size() and missing:
        found = f"there is no {' and no '.join(missing)} in {folder}: nothing more can be published"
        yield Finding(Level.FAIL, "log keys", found, "docs/operations.md, the log's keys are lost")


def _clocks(guard: Guard, found: Inspection) -> Iterator[Finding]:
    newest = None if found.kept is None else found.kept.newest
    doubts = [one for one in guard.watch.readings(newest, found.server.clock) if not one.believed]
    for one in doubts:
        yield Finding(Level.FAIL, "clock", f"{one}, and nothing is recorded", REMEDY)
    if not doubts:
        yield Finding(Level.OK, "clock", "no other source of the time contradicts it")


def _witnesses(guard: Guard, settings: Settings) -> Iterator[Finding]:
    if settings.witness_policy is None:
        said = "none are asked: that a backup was restored with its last-checkpoint, nobody would notice"
        yield Finding(Level.WARN, "witnesses", said, "name some in VIALOG_WITNESS_POLICY, or have the log mirrored")
        return
    claims = {
        name: f"claims, unsigned, to hold {size} entries, where {guard.memory.size()} are published"
        for name, size in guard.witnesses.claims.items()
    }
    problems = claims | guard.witnesses.problems
    for name, problem in problems.items():
        remedy = "ask whoever runs it (docs/operations.md, a witness forgot, or says what cannot be)"
        yield Finding(Level.WARN, "witness", f"{name} {problem}", remedy)
    if not problems:
        yield Finding(Level.OK, "witnesses", "nothing is known against any")
