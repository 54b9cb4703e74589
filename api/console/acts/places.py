"""The places of a party: the sites that it has stated, by which whoever works there says where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.telling.labels import Labels
from ledger.ids import Tag
from projections.reading import read_checked

if TYPE_CHECKING:
    from api.http.answering.reading import Reading
    from ledger.words.table import Language


def places_of(reads: Reading, language: Language) -> list[tuple[str, str]]:
    """Return the sites of the reader's party, each by its id and what it is called; costs their own statements.

    Not those of what stood in them: whose a site is follows from the register alone.
    """
    labels = Labels(lambda: reads.store, language=language)
    events = (read_checked(one) for one in reads.store.about(Tag(reads.who.party), kinds=("site.registered/1",)))
    stated = dict.fromkeys(event.said.body.site for event in events)
    own = [site for site in stated if reads.record.world.site(site).party == reads.who.party]
    return sorted(((site, labels.called(Tag(site)) or site) for site in own), key=lambda one: one[1])
