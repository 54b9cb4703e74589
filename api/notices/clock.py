"""The clock: notes what falls due soon and what is overdue, at the instant at which it is so.

It looks at the views, and only once they have all that was on record when it looked at the time: what lags is waited
for, and said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import NotFound
from projections.falling_due import Falling, falling, next_change, reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.notices.keeping import Notices
    from ledger.clock import Clock
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Store
    from projections.database.tables import Still, Tables

_ANEW: Final = timedelta(hours=1)
"""After which all that has fallen due is written once more: what somebody took out of the table comes back."""

_PULSE: Final = timedelta(minutes=1)
"""After which it is looked again at the latest, so that whoever reads notices sees that somebody looks."""

_OTHERWISE: Final = "the views tell of another time than this, or by other editions of the rules"


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look came to. until: when to look again, if nothing is recorded before. lag: why nothing was said."""

    new: int = 0
    until: datetime | None = None
    lag: str = ""


class _Instant(NamedTuple):
    """An instant, and the head of the log just after it: what was recorded before the instant is in it."""

    at: datetime
    head: int


@dataclass(slots=True)
class Noting:
    """Looks at the views, and writes notices. One thread uses it. soon: how many working days before its date."""

    notices: Notices
    views: Tables
    store: Store
    packs: RulePacks
    jurisdiction: str
    clock: Clock
    soon: int
    _waited_for: _Instant | None = None
    _written: Sequence[Falling] = ()
    _anew: datetime | None = None

    def look(self) -> Looked:
        """Look once. Raises Unavailable, IntegrityFailed."""
        now = self.clock.now()
        # Views that are always a little behind reach the head as it was, however much is recorded meanwhile.
        self._waited_for = self._waited_for or _Instant(now, self.store.head())
        try:
            with self.views.still() as still:
                return self._looked(still, now, *self._waited_for)
        except NotFound as error:
            return Looked(lag=str(error))

    def _looked(self, still: Still, now: datetime, at: datetime, head: int) -> Looked:
        standing = still.standing
        if standing.stopped is not None:
            return Looked(lag=f"the views go on no more: {standing.stopped}")
        if standing.position < head:
            return Looked(lag="the views are behind the log")
        self._waited_for = None
        calendar = self.packs.at_instant(self.jurisdiction, at).working_days
        found = falling(still, self.packs, now, at, reach(calendar, at, self.soon))
        if found is None:
            return Looked(lag=_OTHERWISE)
        new = self._write(found, at, standing.position)
        return Looked(new, min(next_change(still, calendar, at), at + _PULSE))

    def _write(self, found: Sequence[Falling], at: datetime, position: int) -> int:
        new = 0
        if found != self._written or self._anew is None or at >= self._anew:
            new = self.notices.write(found, at, position) if found else 0
            # Die here: the notices stand, and whoever looks next finds that they do.
            self._written, self._anew = found, at + _ANEW
        self.notices.tick(at, position)
        return new
