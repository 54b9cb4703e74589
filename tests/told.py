"""The demo's whole story behind a service: told once on each server, and served as a copy to each who asks for it."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.store.database.postgres import PostgresStore
from scripts.demo.stage import StoryClock
from tests.console.browsing import at_own_address
from tests.http.serving import make_log
from tests.story import play
from tests.waiting import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from scripts.demo.cast import Cast, Vial
    from tests.http.serving import Served
    from tests.servers import Database, Server


@dataclass(frozen=True)
class _Told:
    """A database in which nobody changes anything, who plays in the story, and when it ends."""

    database: Database
    cast: Cast
    vials: tuple[Vial, ...]
    end: datetime


def _tell(server: Server) -> _Told:
    clock, database = StoryClock(), server.lasting_database()
    make_log(database)
    with closing(PostgresStore(database.app)) as store, closing(Ledger(store, load_packs(), clock=clock)) as ledger:
        cast, vials = play(ledger, clock)
    return _Told(database, cast, tuple(vials), clock.now())


@contextmanager
def story_served(server: Server, folder: Path, clock: StoryClock) -> Iterator[tuple[Served, Cast, list[Vial]]]:
    """Serve a log of its own in which the story has been told and is published, for a with block.

    clock: a new one; it stands at the story's end when this yields who plays in it, and the vials that it is about.
    """
    told = server.kept(_tell)
    clock.later(seconds=(told.end - clock.now()).total_seconds())
    with at_own_address(server, folder, clock, of=told.database) as log:
        assert log.doors.publisher.wait_for(log.doors.ledger.store.head(), LONG) is not None
        yield log, told.cast, list(told.vials)
