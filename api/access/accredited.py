"""What makes a site owe something, for one reader: found where the views say, and read from the log.

The views say that an obligation has not ended, and name items that stand in the site; of one of them the log has to say
so at its head. What opened the obligation is told to whoever may read that statement.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ledger.domain.acts import is_link
from ledger.domain.fold import initial, rewrites
from ledger.domain.states.subjects import Item
from ledger.ids import ItemId, SiteId, Tag, type_of
from projections.accreditation import Opening
from projections.views.obligations import OBLIGATIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from api.access.record import AtHead
    from api.access.shown import Shown
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from projections.database.tables import Still
    from projections.obligations import Place


class Accredited:
    """As ``accreditation.Sites`` says, for one request and one thread."""

    def __init__(self, shown: Shown, record: AtHead, views: Callable[[], AbstractContextManager[Still | None]]) -> None:
        """Read nothing yet. views: gives them at one moment; None: they cannot be asked.

        shown: up to where is told. record: at its head, which may be behind that.
        """
        self._shown, self._record, self._views = shown, record, views

    def stands(self, place: Place) -> bool:
        """Say whether something stands there, and has since an obligation was opened; False: that is not known."""
        if self._is_changed_behind(place):
            return False
        with self._views() as still:
            named = [] if still is None else still.ask(OBLIGATIONS, "standing_while_owed", **place._asdict())
        return any(self._stands(ItemId(item), SiteId(place.subject)) for (item,) in named)

    def _is_changed_behind(self, place: Place) -> bool:
        """Say whether the site, or what opened an obligation, counts otherwise by entries behind what is told."""
        site, upto = Tag(place.subject), self._shown.head()
        if upto == self._record.position:
            return False
        behind = [one for one in self._record.told(site) if one.position > upto]
        if any(rewrites(one) or is_link(initial(site), one.said.kind) for one in behind):
            return True
        first = next(self._shown.read(place.opened_by - 1, 1), None)
        items = [] if first is None else [tag for tag in self._record.event(first).tags if type_of(tag) == "item"]
        told = (one for tag in sorted(items)[:1] for one in self._record.told(tag))
        return any(rewrites(one) for one in told if one.position > upto)

    def stood(self, place: Place, instant: datetime, still: Still) -> bool:
        """Say whether something stands there, and has since before an instant; False: that is not known.

        place: of an obligation that has not ended by the views.
        """
        site = SiteId(place.subject)
        named = [ItemId(item) for (item,) in still.ask(OBLIGATIONS, "standing_while_owed", **place._asdict())]
        self._record.fetch(map(Tag, named))
        return any(self._stands(item, site) and self._since(item, site) < instant for item in named)

    def _since(self, ident: ItemId, site: SiteId) -> datetime:
        """Return since when an item that stands in a site has been there."""
        steps = reversed(self._record.steps(Tag(ident)))
        here = takewhile(
            lambda step: isinstance(step[2], Item) and step[2].site == site and step[2].place is not None, steps
        )
        return min(event.said.occurred_at for event, _, _ in here)

    def _stands(self, ident: ItemId, site: SiteId) -> bool:
        return _is_in(self._record.world.item(ident), site)

    def opening(self, place: Place) -> Opening | None:
        """Return what an obligation is computed from; None: what opened it is not there, or not shown."""
        site = Tag(place.subject)
        recorded = next(self._shown.read(place.opened_by - 1, 1), None)
        if recorded is None or site not in (first := self._record.event(recorded)).tags:
            return None
        if (counts := self._counts(first, site)) is None:
            return None
        own = (one for one in self._record.told(site) if one.position <= self._shown.head())
        return Opening(counts, (*own, first), list(self._record.steps(site)))

    def _counts(self, first: Event[Any], site: Tag) -> Event[Any] | None:
        """Return an event as it counts; None: it does no more. Whatever corrects it bears all its tags."""
        items = sorted(tag for tag in first.tags if type_of(tag) == "item")
        steps = (step for tag in (site, *items[:1]) for step in self._record.steps(tag))
        return next((event for event, _, _ in steps if event.position == first.position), None)


def _is_in(item: Subject, site: SiteId) -> bool:
    return isinstance(item, Item) and item.site == site and item.place is not None
