"""A page of a list as somebody may see it: where to look say the views, what is seen and how it is told the record.

What may be listed stands in the views by its name. Whether it is seen, what it is called and whether the list keeps it
is read of what its reader is shown, so that a page is the one that all of the log makes. Of a type of which there are
few, all are looked at and counted. Of many a page looks at those behind its first place, in their order, and counts
none; an item that was labelled again since its reader had it stands at the place that it had then (``FORMER``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from api.access.rights.audits import granted_to
from api.http.bounds.whole_logs import Why
from ledger.domain.bodies.printed import search_key
from ledger.domain.fold import VOIDED, fold
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.store.deciding.earlier import KINDS_FOR
from projections.listed import LISTED, narrowing
from projections.lists import ITEMS, STANDING, Page, Part, Where, bears, folded, no_place
from projections.names import NAMING, Names
from projections.own_kinds import ASKED_KINDS
from projections.views.states import items, keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from api.http.answering.reading import Reading
    from ledger.domain.states.subjects import Subject
    from projections.database.tables import Still
    from projections.lists import Listing

    Place = tuple[str, str]

Row = TypeVar("Row")

MOST_COUNTED: Final = 1_000
"""Of so many subjects of a type all are looked at, and those counted that may be seen."""

MOST_LOOKED_AT: Final = 2_000
"""So many are looked at for a page of more; behind them the whole log is read."""

_AT_ONCE: Final = 500
_SEEN_WHOLE: Final = frozenset({"item", "permit", "case"})
"""The types of which whoever sees one whole is shown every statement; of an approval, its holder is not."""


def page_of(reads: Reading, listing: Listing[Row], where: Where, part: Part) -> Page[Row]:
    """Return a page of a list, as ``folded`` makes it of what the reader is shown; total: None: they were not counted.

    Raises NotFound: there is no subject for them to begin behind. Unavailable: the views do not say where to look, and
    as many read the whole log as may at a time.
    """
    with reads.views() as still:
        found, why = None, Why.NO_VIEWS if still is None else Why.TOO_FAR
        if still is not None:
            found = _Paging(reads, listing, still, where, part).page()
    if found is not None:
        return found
    with reads.whole_log(why):
        return folded(listing, reads.source, where, part)


class _TooFarError(Exception):
    """More would have to be looked at than a page looks at."""


@dataclass(frozen=True)
class _Told:
    """One subject as somebody is told of it, by its own statements. shown: those alone that they are shown.

    Not shown: all that the record has, of one that is seen whole, which comes to the same.
    """

    reads: Reading
    tag: Tag
    shown: bool

    @cached_property
    def subject(self) -> Subject:
        """Return what it is."""
        kinds = KINDS_FOR[type_of(self.tag)]
        if not self.shown:
            known: Subject = self.reads.record.world.subjects[self.tag]
            return known
        if not kinds <= ASKED_KINDS[type_of(self.tag)]:
            return self.reads.source.subject(self.tag)
        subject: Subject = fold(self.tag, self.reads.store.told(self.tag, kinds), KINDS)
        return subject

    @cached_property
    def names(self) -> Names:
        """Return what it is called."""
        if not self.shown:
            return Names(self.reads.record.told(self.tag))
        return Names(self.reads.store.told(self.tag, NAMING[type_of(self.tag)] | {VOIDED}))


@dataclass(frozen=True)
class _Paging(Generic[Row]):
    """One page of a list for one reader, with the views as they are at one moment."""

    reads: Reading
    listing: Listing[Row]
    still: Still
    where: Where
    part: Part

    def page(self) -> Page[Row] | None:
        """Return the page; None: the whole log has to be read for it."""
        changed = {tag for tag in self._changed() if type_of(tag) == self.listing.id_type}
        if len(changed) > MOST_LOOKED_AT:
            return None
        if (few := self._few()) is not None:
            kept = sorted(filter(None, map(self._place, few | changed)))
            behind = [place for place in kept if self._behind is None or place > self._behind]
            return self._rows(behind[: self.part.limit + 1], len(kept))
        if self.listing is STANDING or self.listing.id_type not in LISTED or self._is_auditor:
            return None
        if self.listing is not ITEMS and self.part.after in changed:
            return None  # where it stands in the views, behind which the next ones are named, is not where it stands
        try:
            walked = merge(self._walked(changed), sorted(self._behind_one(filter(None, map(self._place, changed)))))
            return self._rows(list(islice(walked, self.part.limit + 1)), None)
        except _TooFarError:
            return None

    def _rows(self, places: list[Place], total: int | None) -> Page[Row]:
        """Return the page that begins with some places. places: one more than it has rows, where more follow."""
        told = [_Told(self.reads, Tag(ident), shown=True) for _, ident in places[: self.part.limit]]
        rows = (self.listing.row(one, one.subject, self._roots(one.subject, shown=True)) for one in told)
        return Page(tuple(rows), total, len(places) > self.part.limit)

    @cached_property
    def _behind(self) -> Place | None:
        """Return the place behind which the page begins; None: at the first. Raises NotFound."""
        if (after := self.part.after) is None:
            return None
        one = self._one(after) if type_of(after) == self.listing.id_type else None
        return no_place(after) if one is None else self.listing.place(one, one.subject)

    def _behind_one(self, places: Iterator[Place]) -> Iterator[Place]:
        return (place for place in places if self._behind is None or place > self._behind)

    @property
    def _is_auditor(self) -> bool:
        """Say whether an audit is open to the reader: what its period leaves out may be what something is called."""
        return any(True for _ in granted_to(self.reads.who.party, self.reads.record.world))

    def _changed(self) -> Collection[Tag]:
        """Return what entries bear that the views do not have yet, or have already."""
        stands, reads = self.still.standing.position, self.reads
        return reads.borne_since(stands) if stands <= reads.position else reads.borne_until(stands)

    def _few(self) -> set[Tag] | None:
        """Return all that may be in the list; None: they are more than are counted."""
        limit = MOST_COUNTED + 1
        if self.listing.id_type not in LISTED:
            _, rows = self.still.page(keys.KEYS, "", limit)
            found = {Tag(row[0]) for row in rows}
        else:
            found = {Tag(ident) for _, ident in self._named(None, limit)}
        return found if len(found) < limit else None

    def _walked(self, changed: Collection[Tag]) -> Iterator[Place]:
        """Yield the places behind the first one, of what is seen and kept. Raises _TooFarError.

        changed: what is looked at apart.
        """
        place, looked = self._behind, 0
        while looked < MOST_LOOKED_AT:
            found = self._named(place, _AT_ONCE)
            for place in found:
                tag = Tag(place[1])
                if tag not in changed and (own := self._place(tag)) is not None:
                    if own == place:
                        yield place
                    elif self.listing is not ITEMS:
                        raise _TooFarError
            if len(found) < _AT_ONCE:
                return
            looked += len(found)
        raise _TooFarError

    def _named(self, behind: Place | None, limit: int) -> list[Place]:
        """Return the next that the views name, narrowed by nothing that may be otherwise for who is told of less."""
        text = search_key(self.where.text or "") or None
        if self.listing.id_type == "item":
            said = {"consignment": self.where.consignment, "approval": self.where.approval, "text": text}
            key, after = behind or (None, None)
            return self.still.ask(items.ITEMS, "seen", **said, behind=key, after=after, limit=limit)
        asked = narrowing(text=text, after=None if behind is None else behind[1])
        return self.still.ask(LISTED[self.listing.id_type], "listed", **asked, limit=limit)

    def _place(self, tag: Tag) -> Place | None:
        """Return where a subject stands in the list for its reader; None: it does not."""
        if (one := self._one(tag)) is None:
            return None
        narrowed = self.where.consignment is not None or self.where.approval is not None
        roots = self._roots(one.subject, shown=False) if narrowed else ()
        text = search_key(self.where.text or "")
        if not self.listing.keeps(self.where, one.subject, roots) or (text and not bears(one, tag, text)):
            return None
        return self.listing.place(one, one.subject)

    def _roots(self, subject: Subject, *, shown: bool) -> Any:  # noqa: ANN401  as the list has them
        def seen(ident: str) -> Subject | None:
            one = self._one(Tag(ident), shown=shown)
            return None if one is None else one.subject

        return self.listing.roots(seen, subject)

    def _one(self, tag: Tag, *, shown: bool = False) -> _Told | None:
        """Return what a reader is told of a subject; None: nothing. shown: by what they are shown alone."""
        if not (sight := self.reads.looking.sight(tag)):
            return None
        one = _Told(self.reads, tag, shown=shown or not sight.whole or type_of(tag) not in _SEEN_WHOLE)
        subject: Any = one.subject
        return one if isinstance(subject, self.listing.of) and subject.known else None
