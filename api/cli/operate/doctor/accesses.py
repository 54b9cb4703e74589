"""What the doctor finds of the access log: whether its digest was stated within a day."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from api.accesses.checking import LONGEST_WAIT
from api.accesses.digests import digests_of
from api.accesses.log import AccessLog, is_there
from api.cli.operate.doctor.findings import Finding, Level
from ledger.clock import SystemClock, format_time
from ledger.errors import IntegrityFailed, TooOld, Unavailable
from ledger.store.database.postgres import PostgresStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.accesses.checking import Digest
    from api.accesses.entry import Kept
    from api.logs.wiring import Database


def examine_accesses(database: Database) -> Iterator[Finding]:
    """Yield what is found where anything was ever read of others; the tables are left as they are."""
    try:
        digests, waiting = _read(database)
    except (IntegrityFailed, TooOld, Unavailable) as error:
        level = Level.WARN if isinstance(error, TooOld) else Level.FAIL
        yield Finding(level, "access log", str(error), "`vialog access check` looks closer")
        return
    if waiting is not None and SystemClock().now() - waiting.at > LONGEST_WAIT:
        found = f"entries have had no digest since {format_time(waiting.at)}"
        yield Finding(Level.WARN, "access log", found, "run `vialog access digest` each day")
    elif digests:
        yield Finding(Level.OK, "access log", f"the newest digest was recorded at {format_time(digests[-1].recorded)}")


def _read(database: Database) -> tuple[Sequence[Digest], Kept | None]:
    """Return the digests, and the first entry that has none; None: each has, or no service has made the tables yet.

    Raises IntegrityFailed, TooOld, Unavailable.
    """
    with closing(PostgresStore(database.app)) as store, closing(AccessLog(database.owner)) as accesses:
        digests = list(digests_of(store))
        if not is_there(database.owner):
            return digests, None
        return digests, next(accesses.entries(max((one.last for one in digests), default=0)), None)
