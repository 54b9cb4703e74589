"""What is owed by what somebody may read, from the views where they say where to look, and else from the whole log.

Rights are decided from the record, subject by subject, in the order of the list and as far as it is read: of tens of
thousands that are owed a page looks at those that it tells and counts. Of a subject that is seen whole, the views say
what is owed and until when, or the record where they are not where it is read (``apart``); what a list tells of it is
computed of its statements, and where that comes out otherwise the list is made of all of the log. Of one that is seen
in part, everything is computed of what is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final
from weakref import proxy

from api.access.accredited import Accredited
from api.access.kept import kept_shown
from api.http.answering.due.apart import Apart
from api.http.bounds.whole_logs import Why
from ledger.errors import Unavailable
from ledger.ids import Tag, type_of
from projections.obligations import Part, folded, is_asked
from projections.owed_for import Noted, Owing, noted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from api.http.answering.reading import Reading
    from projections.obligations import Asked, ObligationRow, Place

_EVERY: Final = 1_000_000
_AT_A_TIME: Final = 2_000
"""So many the views are asked for at a time: a page seldom looks further."""

_LOOKED_UP: Final = 256
"""The subjects of so many are read in one go."""


@dataclass(frozen=True, slots=True)
class _Named:
    """What is named next, by its dates. last: behind which the views name more; None: nothing."""

    found: Sequence[Noted]
    last: Noted | None


class Owed:
    """What has not ended and may be seen, in the order of its dates."""

    def __init__(
        self,
        reads: Reading,
        asked: Asked,
        wanted: Callable[[Noted], bool] = lambda _: True,
        until: datetime | None = None,
        least: int = 0,
    ) -> None:
        """Look up where to look. asked: what has not ended, in whatever district. wanted: which of it is told.

        until: what the views date later, or not at all, is not looked at; None: everything is. least: a position that
        has to be told besides that of the reading.
        """
        self._reads, self._asked, self.at, self._wanted, self._until = reads, asked, asked.at, wanted, until
        self._rows: dict[object, ObligationRow] = {}
        self._seen: list[Noted] = []
        self.from_views: int | None = None
        """The position that the views stood at; None: the whole log was read."""
        self.position, self._least = reads.position, least
        """Up to which is told."""
        reads.until_viewed(least)
        if (found := self._behind(None)) is None:
            self.read_all(Why.NO_VIEWS)
            return
        # What goes on where the list stopped is held by the list, and knows of it: by a weak reference, so that a
        # request that stops early leaves no cycle of all that it looked at to the collector.
        mine: Owed = proxy(self)
        self._next = Owed._looked_at(mine, filter(wanted, Owed._from(mine, found)))

    def read_all(self, why: Why) -> None:
        """Compute all of the whole log. Raises Unavailable: others read it now."""
        reads = self._reads
        with reads.whole_log(why):
            rows = folded(reads.source, reads.packs, self._asked, Part(_EVERY)).rows
        self._rows = {row.place: row for row in rows if self._is_told(row.subject)}
        seen = map(Noted.of, self._rows.values())
        self._seen, self._next, self.from_views = list(filter(self._wanted, seen)), iter(()), None
        self._begin(reads.position)

    def __iter__(self) -> Iterator[Noted]:
        """Yield what is noted of each, as far as somebody goes on."""
        at = 0
        while at < len(self._seen) or self._go_on():
            yield self._seen[at]
            at += 1

    def first(self, most: int) -> tuple[list[Noted], bool]:
        """Return so many of the first, and whether there are more."""
        found = list(islice(self, most + 1))
        return found[:most], len(found) > most

    def rows(self, wanted: Sequence[Noted]) -> list[ObligationRow] | None:
        """Return the rows of some; None: the views say otherwise than the log, all of which has to be read."""
        if self.from_views is None:
            return [self._rows[one.place] for one in wanted]
        found = []
        for one in wanted:
            row = self._row(one)
            if row is None or Noted.of(row) != one:
                return None
            found.append(row)
        return found

    def find(self, place: Place) -> ObligationRow | None:
        """Return the row of an obligation, however it stands; None: there is none, or nothing is told of it."""
        if (row := self._rows.get(place)) is not None:
            return row
        return self._owing.find(place) if self._is_told(Tag(place.subject)) else None

    def _begin(self, position: int) -> None:
        """Tell up to a position."""
        reads, self.position = self._reads, position
        shown = reads.store.up_to(position)
        sites = Accredited(shown, reads.record, reads.views)
        self._owing = Owing(kept_shown(shown), reads.packs, self._asked, position, sites)
        self._apart = Apart(reads, self._asked, position)

    def _go_on(self) -> bool:
        if (one := next(self._next, None)) is None:
            return False
        self._seen.append(one)
        return True

    def _behind(self, after: Noted | None) -> _Named | None:
        """Return the next that the views name behind one; None: they cannot be asked now."""
        with self._reads.views() as still:
            if still is None:
                return None
            if after is None:
                self.from_views = still.standing.position
                self._begin(self._reads.as_of(self.from_views, self._least))
            found = noted(still, self._reads.packs, self._asked, after, _AT_A_TIME)
            if found is None or not self._apart.take(still, after):
                return None
        last = found[-1] if len(found) == _AT_A_TIME else None
        return _Named(self._apart.among(found, more=last is not None), last)

    def _from(self, named: _Named | None) -> Iterator[Noted]:
        """Yield all that the views name, as many at a time as they are asked for. Raises Unavailable."""
        while named is not None:
            for begin in range(0, len(named.found), _LOOKED_UP):
                some = named.found[begin : begin + _LOOKED_UP]
                self._reads.record.fetch(one.subject for one in some)
                for one in some:
                    if self._until is not None and (one.due is None or one.due > self._until):
                        return
                    yield one
            if named.last is None:
                return
            named = self._behind(named.last)
        raise Unavailable("the views that say where to look changed meanwhile; asking again is safe")

    def _looked_at(self, found: Iterable[Noted]) -> Iterator[Noted]:
        for one in found:
            if not self._is_told(one.subject):
                continue
            if self._reads.looking.sight(one.subject).whole and type_of(one.subject) != "site":
                yield one
                continue
            if (row := self._row(one)) is not None and self._wanted(seen := Noted.of(row)):
                yield seen

    def _is_told(self, subject: Tag) -> bool:
        """Say whether somebody is told what is owed for a subject: not of a site that the register alone shows."""
        sight = self._reads.looking.sight(subject)
        return bool(sight.windows) if type_of(subject) == "site" else bool(sight)

    def _row(self, one: Noted) -> ObligationRow | None:
        """Return what the log says of one, as the reader is shown it."""
        row = self._owing.find(one.place)
        return row if row is not None and is_asked(row, self._asked) else None
