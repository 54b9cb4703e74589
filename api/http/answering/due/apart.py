"""What is owed in chains of which the views do not say how it stands where it is read: computed of the record.

The views may be some entries behind what is read, or ahead of it. What these reach (``projections.folding.reached``) is
looked at apart, by all that the record has, and put among what the views name: so that together they name what views
would that stood there. What of it is told is for whoever reads to say, as of what the views name.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from heapq import merge
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import is_link
from ledger.domain.fold import initial, rewrites
from ledger.ids import SiteId, Tag, type_of
from projections.folding.reached import reached
from projections.obligations import Place, by_date
from projections.owed_for import Noted, Owing
from projections.views.obligations import OBLIGATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.http.answering.reading import Reading
    from ledger.domain.judging import Event
    from projections.database.tables import Still
    from projections.obligations import Asked

MOST: Final = 2_000
"""So many chains are computed apart, each a millisecond or two; where there are more, the whole log is read."""


class Apart:
    """The chains that are looked at apart, for one list and one thread."""

    def __init__(self, reads: Reading, asked: Asked, position: int) -> None:
        """Look at none yet. asked: what has not ended, in whatever district. position: up to which is told."""
        self._reads, self._at, self._position = reads, asked.at, position
        self._owing = Owing(reads.kept, reads.packs, replace(asked, standing=None), position)
        self._chains: set[Tag] = set()
        self._waiting: list[Noted] = []

    def take(self, still: Still, after: Noted | None) -> bool:
        """Look at the chains that the views tell otherwise; False: they are too many.

        after: behind which the views are asked: what of these stands before it was told as the views had it, rightly.
        """
        new = self._otherwise(still) - self._chains
        self._chains |= new
        if len(self._chains) > MOST:
            return False
        self._reads.record.fetch(new)
        rows = (Noted.of(row) for tag in new for row in self._owing.rows(tag))
        behind = [one for one in rows if after is None or by_date(one) > by_date(after)]
        self._waiting = sorted([*self._waiting, *behind], key=by_date)
        return True

    def among(self, named: Sequence[Noted], *, more: bool) -> list[Noted]:
        """Return what the views name next with what is owed in these chains among it, by its dates.

        more: whether the views name more behind it.
        """
        upto = bisect_right(self._waiting, by_date(named[-1]), key=by_date) if more else len(self._waiting)
        own, self._waiting = self._waiting[:upto], self._waiting[upto:]
        return [*merge((one for one in named if one.subject not in self._chains), own, key=by_date)]

    def _otherwise(self, still: Still) -> set[Tag]:
        """Return in whose chains something may be owed otherwise, where it is read, than the views say."""
        later = still.ask(OBLIGATIONS, "acted_later", at=self._at, limit=MOST + 1)
        return self._reached(still) | {Tag(row[0]) for row in later}

    def _reached(self, still: Still) -> set[Tag]:
        if (stands := still.standing.position) == self._position:
            return set()
        # Up to the head, by which it is looked whether a site is quiet: of more entries as much follows, and more.
        low, high = min(stands, self._position), max(stands, self._reads.position)
        events, near = self._reads.between(low, high)
        chains = reached(events, near, still.resting_on) if events else set[Tag]()
        sites = {tag for tag in chains if type_of(tag) == "site"}
        return chains - {
            site for site in sites if self._is_quiet(site, [one for one in events if site in one.tags], still)
        }

    def _is_quiet(self, site: Tag, events: Sequence[Event[Any]], still: Still) -> bool:
        """Say whether what is owed for a site is what the views say, with some events as without them.

        What comes in and goes changes nothing as long as something has stood there since before the first of them. So
        the chain of a busy site, which is as long as the site is busy, is not read for each vial that is stored.
        """
        if any(rewrites(one) or is_link(initial(site), one.said.kind) for one in events):
            return False
        owed = [(Place(*row[:4]), row[4]) for row in still.ask(OBLIGATIONS, "unended_of", subject=site)]
        if not owed:
            now = self._reads.record.world.site(SiteId(site))
            return now.certificate_to is None or not now.active
        first = min(one.said.occurred_at for one in events)
        return all(since < first and self._reads.sites.stood(place, first, still) for place, since in owed)
