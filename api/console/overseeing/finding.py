"""The official search: one field over all types of things, with filters; counts lead to exactly so many rows."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.console.districts import is_official
from api.console.frame import PageRoute, changed, page, pages_of
from api.console.language import Told
from api.console.naming import meant
from api.console.telling import Teller
from api.http.answering.parameters import parameters_of, whole_number
from api.http.answering.reading import Reads
from api.http.answering.sought import KINDS_SOUGHT, Sought, find_all, unit_of
from api.language import heading
from ledger.ids import Tag
from ledger.words.table import Language

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_TAKES: Final = ("q", "party", "class", "district", "kind", "page", "lang")
_PAGE: Final = 50
_DIGITS: Final = 4
_CLASSES: Final = ("1", "2", "3", "4")


@router.get("/find")
def find(request: Request, reads: Reads, language: Told) -> Response:
    """Show how many things of each type are found, and of one type which; nothing where nothing is asked for."""
    given = {name: one.strip() for name, one in parameters_of(request, _TAKES).items() if one.strip()}
    number, kind = whole_number(given.get("page", "1"), _DIGITS), given.get("kind")
    if not number or kind not in {None, *KINDS_SOUGHT} or given.get("class") not in {None, *_CLASSES}:
        raise HTTPException(400, "this address takes no such parameter")
    official = is_official(reads)
    if not official and not given.keys().isdisjoint({"class", "district"}):
        raise HTTPException(400, "this address takes no such parameter")  # what others are found by may not be theirs
    party = Tag(meant(reads, given["party"], "party")) if "party" in given else None
    unit_class = int(given["class"]) if "class" in given else None
    sought = Sought(given.get("q", ""), party, unit_class, given.get("district"))
    teller = Teller(reads, language)
    found = find_all(reads, sought, iter(KINDS_SOUGHT)) if sought != Sought() else []
    shown = next((one for one in found if one.noun == kind), None)
    tags = () if shown is None else shown.tags
    rows = tags[(number - 1) * _PAGE : number * _PAGE]
    values: dict[str, Any] = {
        "given": given,
        "asked": bool(found),
        "official": official,
        "classes": _CLASSES,
        "kind": kind,
        "counts": [
            (one, _called(one.noun, language, len(one.tags)), changed(request, kind=one.noun, page=None))
            for one in found
        ],
        "shown": shown,
        "what": "" if shown is None else _called(shown.noun, language),
        "rows": [(tag, unit_of(reads.source.subject(tag))) for tag in rows],
        "pages": pages_of(request, len(tags), _PAGE),
        "number": number,
    }
    made = page(request, "find.html", {**teller.of_every_page, **values})
    teller.tells(tag for one in found for tag in one.tags)
    return made


def _called(noun: str, language: Language, number: int = 0) -> str:
    """Return what so many things of a type are called; the noun of their address is their English plural."""
    plural = language is Language.ENGLISH and number != 1
    return noun if plural else heading(KINDS_SOUGHT[noun].id_type, language)
