"""What the doctor finds of notices: as of when what falls due was noted, why not since, and whether some are gone."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from api.accesses.log import is_there
from api.cli.operate.doctor.findings import Finding, Level
from api.notices.keeping import QUERIES, Notices
from api.sessions.tables import DoorTables
from ledger.clock import format_time
from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.logs.wiring import Database


def examine_notices(database: Database) -> Iterator[Finding]:
    """Yield what is found where a service has noted anything; the tables are left as they are."""
    try:
        if is_there(database.owner, "vialog_doors.clock"):
            with closing(DoorTables(database.owner, QUERIES)) as tables:
                yield from _found(Notices(tables))
    except Unavailable as error:
        yield Finding(Level.FAIL, "notices", str(error), "run `vialog serve`, which brings the tables up to date")


def _found(notices: Notices) -> Iterator[Finding]:
    looked, lag = notices.ticked()
    if gone := notices.gone():
        yield Finding(Level.WARN, "notices", f"{gone} were taken out of the table", "find out who writes in it")
    if looked is None:
        return
    if lag:
        found = f"nothing is noted of what falls due since {format_time(looked)}: {lag}"
        yield Finding(Level.WARN, "notices", found, "`vialog views check` looks closer")
    else:
        yield Finding(Level.OK, "notices", f"what falls due is noted as of {format_time(looked)}")
