"""The places of a party: the sites that it has stated, by which whoever works there says where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.telling.labels import Labels
from ledger.domain.states.site import Site
from ledger.ids import Tag
from projections.reading import read_checked

if TYPE_CHECKING:
    from api.http.answering.reading import Reading
    from ledger.words.table import Language


def places_of(reads: Reading, language: Language) -> list[tuple[str, str]]:
    """Return the sites of the reader's party, each by its id and what it is called; costs their own statements."""
    labels = Labels(lambda: reads.store, language=language)
    events = (read_checked(one) for one in reads.store.about(Tag(reads.who.party), kinds=("site.registered/1",)))
    found: dict[str, Any] = {event.said.body.site: reads.source.subject(Tag(event.said.body.site)) for event in events}
    own = [one for one in found.values() if isinstance(one, Site) and one.party == reads.who.party]
    return sorted(((one.id, labels.called(Tag(one.id)) or one.id) for one in own), key=lambda one: one[1])
