"""The beginning of a list of what has to do with a party, as somebody may see it: looked up in the views.

Which subjects there are is the views' word, whether they may be seen is the record's, and what is told of each is
folded of what the reader is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.ids import Tag
from projections.listed import LISTED
from projections.lists import Part, Where, folded

if TYPE_CHECKING:
    from api.http.answering.reading import Reading
    from projections.lists import Listing


def first_of(reads: Reading, listing: Listing[Any], party: Tag, most: int) -> tuple[list[Tag], bool]:
    """Return so many subjects of a list that have to do with a party, by their names, and whether there are more.

    Raises Unavailable: the views cannot be asked, and others read the whole log now.
    """
    with reads.views() as still:
        if still is not None:
            said = dict.fromkeys(("status", "site", "consignment", "approval", "text", "after"))
            rows = still.ask(LISTED[listing.id_type], "listed", **said, party=party, limit=most + 1)
            seen = [Tag(ident) for _, ident in rows if reads.looking.sight(Tag(ident))]
            return seen[:most], len(rows) > most
    with reads.whole_log():
        page = folded(listing, reads.source, Where(party=party), Part(most))
    return [Tag(row.id) for row in page.rows], page.more
