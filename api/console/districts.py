"""What a district is called: the code that statements bear, with the authorities that the register assigns to it.

The record gives a district no name of its own, and none is made up: that of its authorities says which one it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.access.rights.departments import authority_of
from api.access.rights.districts import of_subject
from api.language import label
from ledger.domain.connection import AUTHORITIES
from ledger.domain.states.subjects import Case
from ledger.domain.states.supervision import Supervision
from ledger.ids import PartyId
from ledger.words.table import words_in
from projections.views.states.parties import PARTIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.console.telling import Teller
    from api.http.answering.reading import Reading
    from ledger.domain.judging import World
    from ledger.ids import Tag

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


def is_official(reads: Reading) -> bool:
    """Say whether whoever reads speaks for an authority: who does is told the district of each matter."""
    return bool(reads.record.world.party(reads.who.party).roles & AUTHORITIES)


def districts_of(reads: Reading, *tags: Tag) -> list[str]:
    """Return the codes of the districts of some subjects, sorted; of what the reader sees in part, nobody says.

    A supervision lies where its unit does, and where the authorities belong that take part in it.
    """
    found = (one for tag in tags if reads.looking.sight(tag).whole for one in _of(reads.record.world, tag))
    return sorted({code for code in found if code is not None})


def _of(world: World, tag: Tag) -> Iterator[str | None]:
    one = world.subjects[tag]
    yield from of_subject(world, one)
    if isinstance(one, Case) and isinstance(one.detail, Supervision):
        taking_part = (authority_of(world.party(party), world.now) for party in one.detail.areas)
        yield from (assigned.district for assigned in taking_part if assigned is not None)


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
