"""What a district is called: the code that statements bear, with the authorities that the register assigns to it.

The record gives a district no name of its own, and none is made up: that of its authorities says which one it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.access.departments import authority_of
from api.language import label
from ledger.ids import PartyId
from ledger.words.table import words_in
from projections.views.states.parties import PARTIES

if TYPE_CHECKING:
    from api.console.telling import Teller
    from api.http.answering.reading import Reading

_MOST: Final = 4
"""So many authorities are told; a district has one or two of a department."""

_LOOKED_AT: Final = 20


def district_told(teller: Teller, code: str) -> str:
    """Return a district as people are told of it; its code alone where no authority is known to be assigned to it."""
    names = [teller.name(one) for one in _assigned(teller.reads, code)[:_MOST]]
    if not names:
        return code
    between = words_in(teller.language).form["between"].join(names)
    return label("{name} ({kind})", teller.language).format(name=code, kind=between)


def _assigned(reads: Reading, code: str) -> list[PartyId]:
    """Return the authorities of a district itself; of its offices only where there are no others.

    The views say where to look, the record who is one: without views none is told.
    """
    with reads.views() as still:
        rows = [] if still is None else still.ask(PARTIES, "of_district", district=code, limit=_LOOKED_AT)
    world = reads.record.world
    found = {party: authority_of(world.party(party), world.now) for party in (PartyId(row[0]) for row in rows)}
    here = {party: one for party, one in found.items() if one is not None and one.district == code}
    return [party for party, one in here.items() if one.office is None] or [*here]
