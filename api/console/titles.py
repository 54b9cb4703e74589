"""What is called that nobody named: a case by its matter and whom it is about, goods by the number in their id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.console.days import calendar_of
from api.language import label
from ledger.domain.states.application import Application
from ledger.domain.states.border import Consignment
from ledger.domain.states.risk import Assessment, Meeting
from ledger.domain.states.subjects import Case
from ledger.domain.states.supervision import Supervision
from ledger.ids import Tag, type_of
from ledger.words.reader import code_word

if TYPE_CHECKING:
    from api.console.telling import Teller

_MADE: Final = re.compile("[0-9A-HJKMNP-TV-Z]{26}")
"""What the program makes of an id (``ledger.ids.new_id``), and what says nothing to people."""


def title_of(teller: Teller, tag: Tag) -> str | None:
    """Return what a case or a consignment without a name is called, by what the reader is shown; None: as its id."""
    number = None if _MADE.fullmatch(own := tag.partition(":")[2]) else own
    match type_of(tag):
        case "case":
            one = teller.reads.source.subject(tag)
            return _of_case(teller, one, number) if isinstance(one, Case) and one.known else None
        case "consignment" if number is None:
            goods = teller.reads.source.subject(tag)
            return _of_goods(teller, goods) if isinstance(goods, Consignment) and goods.known else None
        case "consignment":
            return number
        case _:
            return None


def _of_case(teller: Teller, case: Case, number: str | None) -> str:
    what, about = code_word("matter", case.matter, teller.today), _about(case)
    if about is not None:
        what = label("{what}: {whom}", teller.language).format(what=what, whom=teller.name(about))
    if number is None and case.opened_on is not None:
        number = calendar_of(teller.reads).local_date(case.opened_on).isoformat()
    return what if number is None else label("{what} ({number})", teller.language).format(what=what, number=number)


def _about(case: Case) -> Tag | None:
    """Return whom or what a case is about most: of a supervision the unit, of an application who applies."""
    match case.detail:
        case Supervision() as detail:
            return Tag(detail.unit)
        case Application(applicant=applicant) | Assessment(applicant=applicant):
            return Tag(applicant)
        case Meeting() as detail:
            return Tag(detail.body)
        case _:
            named = case.consignment or case.approval or case.receiver or case.party
            return None if named is None else Tag(named)


def _of_goods(teller: Teller, goods: Consignment) -> str | None:
    if goods.applicant is None:
        return None
    return label("goods of {party}", teller.language).format(party=teller.name(Tag(goods.applicant)))
