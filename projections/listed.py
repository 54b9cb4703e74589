"""Lists from the views: which subjects a page has is theirs to say, what each row says is folded from the log again.

So a row that was changed in the views is never told: what they say of a subject is compared with its own events, and
these with what the runner noted of them. That a row is missing from a list only ``vialog views check`` finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ledger.domain.bodies.printed import search_key
from ledger.domain.fold import fold
from ledger.errors import IntegrityFailed
from ledger.ids import ItemId, Tag
from ledger.statement.catalogue import KINDS
from projections.folding.past import Past, Stored
from projections.lists import Listing, Page, Part, Where, bears, no_place
from projections.names import Names
from projections.views.states.approvals import APPROVALS
from projections.views.states.cases import CASES
from projections.views.states.consignments import CONSIGNMENTS
from projections.views.states.items import ITEMS
from projections.views.states.parties import PARTIES
from projections.views.states.permits import PERMITS
from projections.views.states.sites import SITES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.store.port import Readable
    from projections.database.tables import Still
    from projections.names import Naming
    from projections.views.view import View

Row = TypeVar("Row")

LISTED: Final[Mapping[str, View]] = {
    "item": ITEMS,
    "approval": APPROVALS,
    "permit": PERMITS,
    "consignment": CONSIGNMENTS,
    "party": PARTIES,
    "site": SITES,
    "case": CASES,
}
"""By the type of their subjects the view that each list is of."""

_NARROWS: Final = ("status", "party", "site", "consignment", "approval", "text", "after")

LARGEST: Final = 1_000
"""Rows of a page; of more it costs less to fold the log in one go than each subject by itself."""


def narrowing(**said: object) -> dict[str, object]:
    """Return what the query ``listed`` of a view is asked with; what is not said narrows nothing."""
    return {**dict.fromkeys(_NARROWS), **said}


def listed(listing: Listing[Row], still: Still, store: Readable, where: Where, part: Part) -> Page[Row]:
    """Return a page of a list of ``LISTED``, as ``lists.folded`` does, up to where the views stand.

    still: the views at one moment.

    Raises IntegrityFailed: what a view says of a subject on the page, or which events it was made of, is not what the
    log says. NotFound: there is no subject to begin behind.
    """
    view, limit, after = LISTED[listing.id_type], part.limit, part.after
    said: dict[str, object] = {
        "status": where.status,
        "party": where.party,
        "site": where.site,
        "consignment": where.consignment,
        "approval": where.approval,
        "text": search_key(where.text or "") or None,
    }
    ((total,),) = still.ask(view, "counted", **said)
    found = still.ask(view, "listed", **said, after=after, limit=limit + 1)
    again = _Again(Past(Stored(store), still), still.standing.position)
    again.past.fetch([Tag(ident) for _, ident in found], again.position)
    if after is not None and not again.subject(after).known:
        no_place(after)
    rows = tuple(_row(listing, again, where, (key, ident)) for key, ident in found[:limit])
    return Page(rows, total, len(found) > limit)


def _row(listing: Listing[Row], again: _Again, where: Where, place: tuple[str, str]) -> Row:
    """Return the row of a subject. place: where the view has it in the list."""
    tag, text = Tag(place[1]), search_key(where.text or "")
    one = again.subject(tag)
    if isinstance(one, listing.of) and one.known:
        roots = listing.roots(lambda item: again.subject(Tag(item)), one)
        kept = listing.keeps(where, one, roots) and (not text or bears(again, tag, text))
        if kept and listing.place(again, one) == place:
            return listing.row(again, one, roots)
    raise IntegrityFailed(
        f"vialog_views.{LISTED[listing.id_type].name}, row {tag}: it is not what the log makes of its subject; "
        "`vialog views check` says in what"
    )


@dataclass(frozen=True, slots=True)
class _Again:
    """Subjects folded again from the events that views were made of. position: where these stand."""

    past: Past
    position: int

    @property
    def names(self) -> _Again:
        """Return what subjects are called, by their own events."""
        return self

    def of(self, subject: Tag) -> tuple[Naming, ...]:
        """Return the names of a subject."""
        return Names(self._events(subject)).of(subject)

    def called(self, subject: Tag) -> str | None:
        """Return what people call a subject."""
        return Names(self._events(subject)).called(subject)

    def given(self, subject: Tag, sort: str) -> str | None:
        """Return the last name of one sort that a subject was given."""
        return Names(self._events(subject)).given(subject, sort)

    def subject(self, tag: Tag | ItemId) -> Subject:
        """Fold a subject. Raises IntegrityFailed: its events are not those that are noted."""
        return fold(Tag(tag), self._events(Tag(tag)), KINDS)

    def _events(self, tag: Tag) -> list[Event[Any]]:
        return self.past.events_of(tag, self.position)
