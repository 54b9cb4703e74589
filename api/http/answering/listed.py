"""The beginning of a list of what has to do with a party, as somebody may see it: looked up in the views.

Which subjects there are is the views' word, whether they may be seen is the record's, and what is told of each is
folded of what the reader is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.http.bounds.whole_logs import Why
from ledger.ids import Tag
from projections.listed import LISTED, narrowing
from projections.lists import Part, Where, folded

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.http.answering.reading import Reading
    from projections.database.tables import Still
    from projections.lists import Listing


MOST_LOOKED_AT: Final = 2_000
"""Subjects that the views name of which it is looked whether they may be seen."""
_AT_ONCE: Final = 500


def seen_first(
    sees: Callable[[Tag], bool], listing: Listing[Any], still: Still, most: int, **narrowed: object
) -> tuple[list[Tag], bool]:
    """Return so many of the first subjects of a list that somebody sees, and whether there are more.

    sees: whether one is seen. narrowed: as the query of the list takes it.

    What they do not see neither takes the place of what they see, nor counts: but for the first ``MOST_LOOKED_AT``, of
    which nobody looks further, and of which is said that there may be more.
    """
    found: list[Tag] = []
    looked, after = 0, None
    while looked < MOST_LOOKED_AT:
        said = narrowing(**narrowed, after=after)
        named = [Tag(ident) for _, ident in still.ask(LISTED[listing.id_type], "listed", **said, limit=_AT_ONCE)]
        for tag in filter(sees, named):
            if len(found) == most:
                return found, True
            found.append(tag)
        if len(named) < _AT_ONCE:
            return found, False
        looked, after = looked + len(named), named[-1]
    return found, True


def first_of(reads: Reading, listing: Listing[Any], party: Tag, most: int) -> tuple[list[Tag], bool]:
    """Return so many subjects of a list that have to do with a party, by their names, and whether there are more.

    Raises Unavailable: the views cannot be asked, and as many read the whole log as may at a time.
    """
    with reads.views() as still:
        if still is not None:
            return seen_first(lambda tag: bool(reads.looking.sight(tag)), listing, still, most, party=party)
    with reads.whole_log(Why.NO_VIEWS):
        page = folded(listing, reads.source, Where(party=party), Part(most))
    return [Tag(row.id) for row in page.rows], page.more
