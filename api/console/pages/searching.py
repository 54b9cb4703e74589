"""One field that finds everything: what is printed on it, its number, name or id, a statement, a person's code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response

from api.console.frame import PageRoute, led_to, page
from api.console.language import Told
from api.console.telling import NOUNS, Teller
from api.http.answering.parameters import parameters_of, whole_number
from api.http.answering.reading import DIGITS, Reads
from ledger.ids import StatementId, Tag, is_statement_id, is_tag, type_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.http.answering.reading import Reading

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_MOST: Final = 50
_PERSONS: Final = frozenset({"key.enrolled/1", "log.opened/1"})


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found. text: by which of its names; old: one that it bears no more."""

    tag: Tag
    text: str
    old: bool


@router.get("/search")
def search(request: Request, reads: Reads, language: Told) -> Response:
    """Lead to what is meant, where it is one thing; list what may be meant, where there are several."""
    text = parameters_of(request, ("q", "lang")).get("q", "").strip()
    if (address := _direct(text, reads)) is not None:
        return led_to(address)
    with reads.whole_log():
        hits = _hits(text, reads) if text else []
        near = [] if hits or not text else list(reads.source.names.near(text, None))
    nearest = {one.subject for text in near for one in reads.source.names.find(text)}
    reads.others.tells([*nearest, *(one.tag for one in hits)])
    if len(hits) == 1:
        return led_to(address_of(hits[0].tag))
    if not hits and (number := whole_number(text, DIGITS)) and next(reads.store.read(number - 1, 1), None):
        return led_to(f"/entries/{number}")
    teller = Teller(reads, language)
    values = {"searched": text, "hits": hits[:_MOST], "total": len(hits), "near": near}
    made = page(request, "search.html", {**teller.of_every_page, **values})
    teller.tells(())
    return made


def address_of(tag: Tag) -> str:
    """Return the address of a subject's page."""
    return f"/{NOUNS[type_of(tag)]}/{tag}"


def _direct(text: str, reads: Reading) -> str | None:
    """Return where an id leads; None: it is none, or nothing of it may be seen."""
    if is_statement_id(text):
        found = reads.store.find(StatementId(text))
        return None if found is None else f"/entries/{found.position}"
    if is_tag(text) and type_of(Tag(text)) in NOUNS and reads.looking.sight(Tag(text)):
        return address_of(Tag(text))
    return None


def _hits(text: str, reads: Reading) -> list[Hit]:
    named = (Hit(one.subject, one.text, one.old) for one in reads.source.names.find(text))
    seen = {one.tag: one for one in named if type_of(one.tag) in NOUNS and reads.looking.sight(one.tag)}
    return list(({one.tag: one for one in _persons(text, reads)} | seen).values())


def _persons(text: str, reads: Reading) -> Iterator[Hit]:
    """Yield the parties one of whose persons has a code, each once."""
    events = reads.source.events(_PERSONS)
    parties = dict.fromkeys(Tag(one.said.body.party) for one in events if one.said.body.person == text)
    return (Hit(one, text, old=False) for one in parties)
