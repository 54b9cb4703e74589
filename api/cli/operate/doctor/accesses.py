"""What the doctor finds of the access log: whether its digest was stated within a day."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from api.accesses.checking import LONGEST_WAIT
from api.accesses.digests import digests_of
from api.accesses.log import AccessLog
from api.cli.operate.doctor.findings import Finding, Level
from ledger.clock import SystemClock, format_time
from ledger.errors import Unavailable
from ledger.store.database.postgres import PostgresStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.logs.wiring import Database


def examine_accesses(database: Database) -> Iterator[Finding]:
    """Yield what is found where anything was ever read of others; the tables are left as they are."""
    with closing(PostgresStore(database.app)) as store, closing(AccessLog(database.owner)) as accesses:
        digests = list(digests_of(store))
        try:
            waiting = next(accesses.entries(max((one.last for one in digests), default=0)), None)
        except Unavailable:
            return  # no service has made these tables yet: nothing was read over HTTP
    if waiting is not None and SystemClock().now() - waiting.at > LONGEST_WAIT:
        found = f"entries have had no digest since {format_time(waiting.at)}"
        yield Finding(Level.WARN, "access log", found, "run `vialog access digest` each day")
    elif digests:
        yield Finding(Level.OK, "access log", f"the newest digest was recorded at {format_time(digests[-1].recorded)}")
