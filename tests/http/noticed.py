"""A log whose views and clock a test moves by hand: what is recorded, when it is, and who notes what falls due."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from api.notices.clock import Looked, Noting
from api.notices.keeping import QUERIES, Notices
from api.sessions.tables import DoorTables
from ledger.domain.bodies.vocabulary import Packaging, Role
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.ids import ItemId
from tests.authors import SteppingClock, admissions, author, made, opening
from tests.http.serving import Answer, Served, served
from tests.http.test_asking import stated
from tests.http.test_signing_in import signed_in
from tests.viewed import Viewed, viewed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from ledger.clock import Clock
    from ledger.service import Submission
    from ledger.statement.authoring import Author
    from tests.servers import Server

LAB: Final = author("party:lab-1", Role.LABORATORY)
TAKER: Final = author("party:lab-2", Role.LABORATORY)
OTHER: Final = author("party:lab-3", Role.LABORATORY)
CUSTOMS: Final = author("party:customs", Role.CUSTOMS)
ITEM: Final = ItemId("item:a")
TERM: Final = timedelta(hours=24)
"""Of a hand-over, until it is to be answered: pending_handover_hours."""


@dataclass
class Instants:
    """The log's clock for whoever notes what falls due; or an instant, whoever else asks that clock."""

    clock: Clock
    instant: datetime | None = None

    def now(self) -> datetime:
        """Return the instant that is set, or else the next second."""
        return self.instant or self.clock.now()


@dataclass
class Noticed:
    """A served log, its views, and whoever notes what falls due in it."""

    log: Served
    views: Viewed
    noting: Noting
    instants: Instants

    @property
    def clock(self) -> SteppingClock:
        clock = self.log.doors.signing_in.clock
        assert isinstance(clock, SteppingClock)
        return clock

    @property
    def notices(self) -> Notices:
        return self.log.doors.notices

    def state(self, submission: Submission) -> int:
        """Record a statement, and return its position."""
        event = self.log.doors.ledger.record(submission).event
        assert event is not None
        return event.position

    def now(self) -> datetime:
        """Return an instant at which something may have happened."""
        return self.clock.now()

    def at(self, instant: datetime) -> None:
        """Let it be an instant when somebody looks next; the clock moves on from there."""
        self.clock.time = instant - timedelta(seconds=1)
        self.instants.instant = instant

    def hand_over(self, item: ItemId = ITEM) -> datetime:
        """Let the laboratory hand an item over to the taker, and return until when that is to be answered."""
        at = self.now()
        given = CustodyHandedOver(items=(item,), receiver=TAKER.party, count=1, packaging=Packaging.INTACT)
        self.state(made(given, LAB, at=at))
        return at + TERM

    def accept(self, item: ItemId = ITEM) -> None:
        """Let the taker accept it."""
        self.state(made(CustodyAccepted(items=(item,), count=1, packaging=Packaging.INTACT), TAKER, at=self.now()))

    def look(self) -> Looked:
        """Have the views follow to the head and what falls due noted, whatever is published meanwhile."""
        while (looked := self._looked()).lag == "the views are behind the log":
            pass
        assert looked.lag == ""
        self.clock.time = max(self.clock.time, self.instants.instant or self.clock.time)
        self.instants.instant = None
        return looked

    def _looked(self) -> Looked:
        self.views.follow()
        return self.noting.look()

    def written(self) -> list[tuple[str, str, str]]:
        """Return all notices, oldest first: what they say, under which duty, of what."""
        return [(one.what, one.place.duty, one.place.subject) for one in self.notices.above(None, 0, 1_000)]

    def ask(self, who: Author, path: str = "", method: str = "GET", body: object = None, **headers: str) -> Answer:
        """Ask the inbox as somebody who has signed in."""
        data = None if body is None else json.dumps(body).encode()
        given = {name.replace("_", "-"): one for name, one in headers.items()}
        return self.log.ask(method, f"/v1/inbox{path}", data, headers=given | {"Cookie": self.cookie(who)})

    def cookie(self, who: Author) -> str:
        """Sign somebody in, and return their cookie."""
        return signed_in(self.log, who.signer)

    def inbox(self, who: Author, path: str = "") -> dict[str, Any]:
        """Return somebody's inbox."""
        answer = self.ask(who, path)
        assert answer.status == 200, answer.body
        said: dict[str, Any] = json.loads(answer.body)
        return said

    def told(self, who: Author) -> list[tuple[str, str | None]]:
        """Return what somebody is told, the newest first: what each notice says, and how its obligation stands."""
        return [(one["what"], one["obligation"] and one["obligation"]["state"]) for one in self.inbox(who)["rows"]]


@contextmanager
def noticed(server: Server, folder: Path, soon: int = 3) -> Iterator[Noticed]:
    """Serve a log with two laboratories, a third that has nothing to do with them, and an authority."""
    with (
        served(server, folder) as log,
        viewed(log.database) as views,
        closing(DoorTables(log.database.owner, QUERIES)) as tables,
    ):
        for one in (opening(), *admissions(LAB, TAKER, OTHER, CUSTOMS), *stated("lab-1", ITEM, "A-1")):
            log.doors.ledger.record(one)
        ledger, instants = log.doors.ledger, Instants(log.doors.signing_in.clock)
        noting = Noting(Notices(tables), views.tables, ledger.store, ledger.packs, ledger.jurisdiction, instants, soon)
        yield Noticed(log, views, noting, instants)
