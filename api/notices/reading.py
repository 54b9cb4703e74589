"""Notices as one reader is told of them: which are theirs, and how what each is about stands now, by the record.

A party's own are those of what it owes or is owed; an authority's are besides those of whatever it supervises. Rights
are decided at the head by the function that decides them everywhere, and what is told of an obligation is computed of
the statements that the reader is shown: a notice whose obligation these do not make is told to nobody who sees less
than the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from api.access.kept import kept_shown
from api.access.rights.departments import authority_of
from api.telling.obligations import subjects_told
from ledger.ids import Tag
from projections.obligations import Asked
from projections.owed_for import Owing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from api.access.principal import Principal
    from api.access.record import AtHead
    from api.access.rights.seeing import Looking
    from api.access.shown import Shown
    from api.notices.keeping import Notice, Notices
    from ledger.ids import PartyId
    from ledger.rulepacks.load import RulePacks
    from projections.accreditation import Sites
    from projections.obligations import ObligationRow

_AT_ONCE: Final = 200
MOST_COUNTED: Final = 99
_LATE: Final = timedelta(minutes=3)
"""After which it is said that nobody has looked at what falls due: it is looked at each minute."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as it is told. row: of its obligation as it stands now; None: by the record nothing is owed there."""

    notice: Notice
    row: ObligationRow | None


def subjects_of(shown: Sequence[Told]) -> set[Tag]:
    """Return what notices tell of: their subjects, and what these are about, but not all of a party or a site."""
    told = subjects_told(one.row for one in shown if one.row is not None)
    return told | {Tag(one.notice.place.subject) for one in shown}


class Inbox:
    """The notices of one reader, for one request and one thread."""

    def __init__(
        self,
        notices: Notices,
        who: Principal,
        record: AtHead,
        *,
        looking: Looking,
        store: Shown,
        packs: RulePacks,
        sites: Sites | None = None,
    ) -> None:
        """Read nothing yet. record: at its head; looking, store: with the reader's eyes. sites: as ``Owing`` has it."""
        self._notices, self._who, self._looking, self._now = notices, who, looking, record.world.now
        self._supervises = authority_of(record.world.party(who.party), record.world.now) is not None
        self._owing = Owing(kept_shown(store), packs, Asked(record.world.now), record.position, sites)

    @cached_property
    def looked(self) -> datetime | None:
        """Return as of when all that falls due is noted; None: nobody has looked yet."""
        return self._notices.ticked().looked

    @property
    def late(self) -> bool:
        """Say whether nobody has looked for minutes at what falls due."""
        return self.looked is None or self._now - self.looked > _LATE

    @property
    def newest(self) -> int:
        """Return the number of the newest notice, whoever is told of it; 0: there is none."""
        return self._notices.newest()

    @cached_property
    def read_up_to(self) -> int:
        """Return up to which number the person has read, when it was first asked; 0: nothing."""
        return self._notices.read_up_to(self._who)

    def read(self, up_to: int) -> int:
        """Mark notices as read by the person; return up to which number they are, for it never goes back."""
        return self._notices.read(self._who, up_to, self._now)

    @property
    def _party(self) -> PartyId | None:
        """Return whose notices are looked at; None: all, by an authority."""
        return None if self._supervises else self._who.party

    def below(self, number: int | None, limit: int, above: int = 0) -> list[Told]:
        """Return the newest below a number; None: from the newest. above: only those behind another number."""
        return self._first(lambda at, most: self._notices.below(self._party, at, most, above), number, limit)

    def above(self, number: int, limit: int) -> tuple[list[Told], int]:
        """Return the oldest of the next behind a number, and up to which it was looked. limit: of those looked at."""
        found = self._notices.above(self._party, number, limit)
        return list(self._told(found)), found[-1].number if found else number

    def unread(self) -> tuple[int, bool]:
        """Return how many of the newest were not read, and whether older ones were not looked at."""
        found = self._notices.below(self._party, None, MOST_COUNTED + 1, self.read_up_to)
        return sum(map(self._is_told, found[:MOST_COUNTED])), len(found) > MOST_COUNTED

    def find(self, number: int) -> Told | None:
        """Return one notice; None: there is none that the reader is told of."""
        found = self._notices.above(self._party, number - 1, 1)
        return next(self._told([one for one in found if one.number == number]), None)

    def _first(self, page: Callable[[int | None, int], Sequence[Notice]], at: int | None, limit: int) -> list[Told]:
        kept: list[Told] = []
        while len(kept) < limit and (found := page(at, _AT_ONCE)):
            kept += self._told(found)
            at = found[-1].number
        return kept[:limit]

    def _told(self, found: Sequence[Notice]) -> Iterator[Told]:
        for one in found:
            if self._is_told(one):
                yield Told(one, self._owing.find(one.place))

    def _is_told(self, one: Notice) -> bool:
        """Say whether a reader is told of a notice: of what is seen in part, where that makes something owed."""
        if not self._may_see(one):
            return False
        return self._looking.sight(Tag(one.place.subject)).whole or self._owing.find(one.place) is not None

    def _may_see(self, one: Notice) -> bool:
        """Say whether a reader sees what a notice is about; of a register, which all see, only whom it names."""
        sight = self._looking.sight(Tag(one.place.subject))
        return bool(sight.windows) or (bool(sight) and self._who.party in one.parties)
