"""One field that finds everything: what is printed on it, its number, name or id, a statement, a person's code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response

from api.console.frame import PageRoute, led_to, page
from api.console.language import Told
from api.console.telling import NOUNS, Teller
from api.http.answering.named import found_in
from api.http.answering.parameters import DIGITS, parameters_of, whole_number
from api.http.answering.reading import Reads
from api.labels.codes import item_by
from ledger.domain.states.subjects import Key
from ledger.ids import StatementId, Tag, is_statement_id, is_tag, type_of

if TYPE_CHECKING:
    from api.http.answering.reading import Reading
    from ledger.ids import PartyId

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_MOST: Final = 50


@router.get("/search")
def search(request: Request, reads: Reads, language: Told) -> Response:
    """Lead to what is meant, where it is one thing; list what may be meant, where there are several."""
    text = parameters_of(request, ("q", "lang")).get("q", "").strip()
    if (address := _direct(text, reads)) is not None:
        return led_to(address)
    hits, near = found_in(reads, text) if text else ([], [])
    reads.others.tells([*(one.tag for one in hits), *(one.tag for one in near)])
    if len(hits) == 1:
        return led_to(address_of(hits[0].tag))
    if not hits and (number := whole_number(text, DIGITS)) and next(reads.store.read(number - 1, 1), None):
        return led_to(f"/entries/{number}")
    teller = Teller(reads, language)
    shown = hits[:_MOST]
    values = {
        "searched": text,
        "hits": shown,
        "owners": {one.tag: _owner(reads, one.tag) for one in shown},
        "total": len(hits),
        "near": [one.text for one in near],
    }
    made = page(request, "search.html", {**teller.of_every_page, **values})
    teller.tells(())
    return made


def address_of(tag: Tag) -> str:
    """Return the address of a subject's page."""
    return f"/{NOUNS[type_of(tag)]}/{tag}"


def _owner(reads: Reading, tag: Tag) -> PartyId | None:
    """Return the party of a key: codes of persons are each party's own, so many keys are called the same."""
    key = reads.source.subject(tag) if type_of(tag) == "key" else None
    return key.party if isinstance(key, Key) else None


def _direct(text: str, reads: Reading) -> str | None:
    """Return where an id leads; None: it is none, or nothing of it may be seen."""
    text = item_by(text) or text
    if is_statement_id(text):
        found = reads.store.find(StatementId(text))
        return None if found is None else f"/entries/{found.position}"
    if is_tag(text) and type_of(Tag(text)) in NOUNS and reads.looking.sight(Tag(text)):
        return address_of(Tag(text))
    return None
