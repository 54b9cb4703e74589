"""A search over all types of things at once, narrowed by enterprise, class and district, of what the reader may see.

The views say which things have a name that holds the text, where they are kept up; else the whole log is read. Whether
something may be seen is the record's word, and so are its unit and its districts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.access.rights.districts import of_subject
from api.http.answering.listed import seen_first
from api.http.answering.subjects import LISTS
from api.http.bounds.whole_logs import Why
from ledger.domain.assessment.classes import class_on
from ledger.domain.bodies.printed import search_key
from ledger.domain.states.application import Application
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.risk import Assessment
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item
from ledger.domain.states.supervision import Supervision
from ledger.ids import Tag, type_of
from projections.listed import LISTED
from projections.lists import Part, Where, folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.http.answering.reading import Reading
    from ledger.domain.states.subjects import Subject
    from ledger.ids import PartyId
    from projections.database.tables import Still

KINDS_SOUGHT: Final = {noun: listing for noun, listing in LISTS.items() if listing.id_type in LISTED}
"""By the noun of their address, the types of things that are searched."""

MOST: Final = 500
"""So many of a type are found; where there are more, a count says so."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is searched for. text: part of a name or an id; "" any. party: who has it, runs it, applied for it; itself.

    unit_class: of the unit that it belongs to, now. district: in which it lies or came in, or where its unit is.
    """

    text: str = ""
    party: Tag | None = None
    unit_class: int | None = None
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one type. more: there are more, or more than are looked at."""

    noun: str
    tags: tuple[Tag, ...]
    more: bool


def find_all(reads: Reading, sought: Sought, nouns: Iterator[str]) -> list[Found]:
    """Return what is found of some types, by their names."""
    with reads.views() as still:
        if still is not None:
            return [_found(reads, sought, noun, still) for noun in nouns]
    with reads.whole_log(Why.NO_VIEWS):
        return [_found(reads, sought, noun, None) for noun in nouns]


def _found(reads: Reading, sought: Sought, noun: str, still: Still | None) -> Found:
    listing = KINDS_SOUGHT[noun]
    # The list of cases knows who opened one; whose supervision or application it is, the case itself says.
    by = replace(sought, party=None) if listing.of is Case else sought

    def sees(tag: Tag) -> bool:
        return bool(reads.looking.sight(tag)) and _is_of(reads, sought, tag)

    if still is None:
        page = folded(listing, reads.source, Where(party=by.party, text=by.text or None), Part(MOST + 1))
        named = [Tag(row.id) for row in page.rows]
        return Found(noun, tuple(filter(sees, named[:MOST])), len(named) > MOST)
    text = search_key(by.text) or None
    seen, more = seen_first(sees, listing, still, MOST, text=text, party=by.party)
    return Found(noun, tuple(seen), more)


def _is_of(reads: Reading, sought: Sought, tag: Tag) -> bool:
    """Say whether a thing is of the class and the district that are asked for; of what is seen in part, nobody says."""
    whole = reads.looking.sight(tag).whole
    if sought.party is not None and (type_of(tag) == "case" or not whole):
        # Who has now what the reader handed on is not theirs to find out.
        case = reads.source.subject(tag)
        named = (unit_of(case), case.party, case.receiver) if isinstance(case, Case) else (unit_of(case),)
        if not any(one is not None and Tag(one) == sought.party for one in named):
            return False
    if sought.party is not None and type_of(tag) == "party" and tag != sought.party:
        return False  # the list of parties knows whom each one names as well
    if sought.unit_class is None and sought.district is None:
        return True
    world = reads.record.world
    if not whole or (one := world.subjects.get(tag)) is None:
        return False
    if sought.district is not None and sought.district not in of_subject(world, one):
        return False
    return sought.unit_class is None or _class_of(reads, one) == sought.unit_class


def _class_of(reads: Reading, one: Subject) -> int | None:
    unit, world = unit_of(one), reads.record.world
    if unit is None:
        return None
    rules = reads.packs.at_instant(reads.jurisdiction, world.now)
    party = reads.source.subject(Tag(unit))  # by what the reader is shown of it
    return class_on(party, rules.working_days.local_date(world.now), rules).number if isinstance(party, Party) else None


def unit_of(one: Subject) -> PartyId | None:
    """Return the party that a thing belongs to: who has it, runs it, applied for it or is supervised."""
    match one:
        case Item():
            return one.custodian
        case Approval():
            return one.applicant
        case Permit():
            return one.holder
        case Consignment():
            return one.consignee or one.applicant
        case Site():
            return one.party
        case Party():
            return one.id
        case Case(detail=Supervision(unit=unit)):
            return unit
        case Case(detail=Application(applicant=applicant) | Assessment(applicant=applicant)):
            return applicant
        case Case():
            return one.party
        case _:
            return None
