"""Notices in PostgreSQL: that something falls due soon or is overdue, each written once, and up to which one was read.

A notice says of no subject how it stands: which obligation, by which date, and when that was noted. Who may be told of
it, and what is told, is read from the record each time (``reading``). So what stands here proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.ids import Tag
from projections.obligations import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.access.principal import Principal
    from api.sessions.tables import DoorTables
    from ledger.ids import PartyId
    from projections.falling_due import Falling

QUERIES: Final = Path(__file__).parent / "sql" / "notices.sql"
_MOST: Final = 2**62
_BETWEEN: Final = "\x1f"
"""Between ids on their way into an array; none has it."""


class What(StrEnum):
    """What a notice says: that a date comes within some working days, or that it has passed."""

    DUE_SOON = "due-soon"
    OVERDUE = "overdue"


class Notice(NamedTuple):
    """A notice. due: the date that it was written for, which may have moved since. position: of the views then."""

    number: int
    what: What
    place: Place
    due: datetime
    parties: tuple[str, ...]
    noted: datetime
    position: int


class Ticked(NamedTuple):
    """As of when all that falls due is noted; None: nobody has looked yet. lag: why not since then; "" it goes on."""

    looked: datetime | None
    lag: str


@dataclass(frozen=True, slots=True)
class Notices:
    """Those of one log. Threads may share it."""

    tables: DoorTables

    def write(self, found: Sequence[Falling], noted: datetime, position: int) -> int:
        """Write what is not written yet, all of it or nothing, and return how many notices were new.

        found: in the order in which it is told. position: of the views that say so. Raises Unavailable.
        """
        rows = self.tables.ask_in_turn(
            "take_turn",
            "write",
            what=[What.OVERDUE if one.overdue else What.DUE_SOON for one in found],
            opened_by=[one.place.opened_by for one in found],
            duty=[one.place.duty for one in found],
            subject=[one.place.subject for one in found],
            key=[one.place.key for one in found],
            due=[one.due for one in found],
            parties=[_BETWEEN.join(one.parties) for one in found],
            noted=noted,
            position=position,
        )
        # Die here: the notices stand, and whoever is elected next finds that they do.
        return len(rows)

    def tick(self, looked: datetime, position: int) -> None:
        """Note as of when all that falls due is noted. position: of the views that say so. Raises Unavailable."""
        self.tables.ask("tick", looked=looked, position=position)

    def say(self, lag: str, now: datetime) -> None:
        """Note why nothing can be noted now."""
        self.tables.ask("lag", lag=lag, looked=now)

    def ticked(self) -> Ticked:
        """Return as of when all that falls due is noted. Raises Unavailable."""
        rows = self.tables.ask("ticked")
        return Ticked(*rows[0]) if rows else Ticked(None, "")

    def newest(self) -> int:
        """Return the number of the newest notice; 0: there is none. Raises Unavailable."""
        ((number,),) = self.tables.ask("newest")
        return int(number)

    def gone(self) -> int:
        """Return how many of the notices up to the newest were taken out of the table: their numbers have no gaps."""
        ((number,),) = self.tables.ask("gone")
        return int(number)

    def below(self, party: PartyId | None, number: int | None, limit: int, above: int = 0) -> list[Notice]:
        """Return notices of a party, the newest first. party: None: all. number: below which; None: from the newest."""
        asked = self.tables.ask("below", party=party, below=number or _MOST, above=above, limit=limit)
        return list(map(_notice, asked))

    def above(self, party: PartyId | None, number: int, limit: int) -> list[Notice]:
        """Return notices of a party behind a number, the oldest first. party: None: all."""
        return list(map(_notice, self.tables.ask("above", party=party, above=number, limit=limit)))

    def read_up_to(self, who: Principal) -> int:
        """Return up to which number a person has read; 0: nothing yet."""
        rows = self.tables.ask("read_up_to", party=who.party, person=who.person)
        return int(rows[0][0]) if rows else 0

    def read(self, who: Principal, number: int, now: datetime) -> int:
        """Note that a person has read up to a number, and return up to which that is now; it never goes back."""
        ((kept,),) = self.tables.ask("read", party=who.party, person=who.person, number=min(number, _MOST), at=now)
        return int(kept)


def _notice(row: tuple[Any, ...]) -> Notice:
    number, what, opened_by, duty, subject, key, due, parties, noted, position = row
    return Notice(number, What(what), Place(opened_by, duty, Tag(subject), key), due, tuple(parties), noted, position)
