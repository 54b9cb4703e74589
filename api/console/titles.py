"""What is called that nobody named: a case by its matter and whom it is about, goods by the number in their id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.console.days import calendar_of
from api.console.language import begun
from api.language import label, listed
from api.telling.titles import case_title
from ledger.domain.states.border import Consignment
from ledger.domain.states.subjects import Case
from ledger.ids import Tag, type_of

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
    what = begun(case_title(case, teller.name, teller.language))
    if number is None and len(case.items) == 1 and teller.reads.looking.sight(item := Tag(next(iter(case.items)))):
        # Of one consignment there may be several on one day, each about one item.
        what = listed((what, teller.name(item)), teller.language)
    if number is None and case.opened_on is not None:
        number = calendar_of(teller.reads).local_date(case.opened_on).isoformat()
    return what if number is None else label("{what} ({number})", teller.language).format(what=what, number=number)


def _of_goods(teller: Teller, goods: Consignment) -> str | None:
    if goods.applicant is None:
        return None
    return label("goods of {party}", teller.language).format(party=teller.name(Tag(goods.applicant)))
