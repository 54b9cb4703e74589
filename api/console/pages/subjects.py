"""A subject as a page: what it is now or was then, what is owed about it, and all statements about it, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.console.approvals import of_approval
from api.console.asof import AS_OF, AT, moment_of, query_of, steps_of
from api.console.frame import PageRoute, page, pages_of
from api.console.items import of_item
from api.console.language import Told
from api.console.overseeing.cases import has_tasks
from api.console.owing import owed_of
from api.console.telling import Teller
from api.http.answering.evidence import OF
from api.http.answering.labels import OF as PRINTED
from api.http.answering.parameters import parameters_of, whole_number
from api.http.answering.reading import Reads
from api.http.answering.subjects import LISTS, TOLD, as_it_is, row_now
from api.language import heading, label
from api.telling.histories import history_of
from ledger.domain.states.audit import Audit
from ledger.domain.states.border import Approval
from ledger.domain.states.party import Party
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item
from ledger.ids import Tag
from ledger.words.reader import code_word
from ledger.words.table import questions_in
from projections.asked.table import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from api.telling.histories import History
    from api.telling.moments import Moment
    from ledger.words.table import Language
    from projections.lists import Listing

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_PAGE: Final = 50
"""Statements of a history on one page."""

_DIGITS: Final = 4
_NAMED_ABOVE = frozenset({"id", "known"})
_CALLED: Final = {"alg": "algorithm", "name_zh": "Chinese name"}
"""What members are called whose names say it to programs alone."""


def _shows(listing: Listing[Any]) -> Callable[..., Response]:
    def shown(ident: str, request: Request, reads: Reads, language: Told) -> Response:
        given = parameters_of(request, (AT, AS_OF, "page", "lang"))
        at, number = given.get(AT) or None, whole_number(given.get("page", "1"), _DIGITS)
        if not number:
            raise HTTPException(400, "this address takes no such parameter")
        tag = Tag(ident)
        reads.check_seen(tag, listing.id_type)
        moment, teller = moment_of(given, reads), Teller(reads, language)
        told = TOLD.get(listing.id_type, frozenset())
        history = history_of(reads.store, tag, moment.position, moment.instant, told, read=reads.record.event)
        lines, pages = teller.history(history, tag, slice((number - 1) * _PAGE, number * _PAGE))
        values: dict[str, Any] = {
            "tag": tag,
            "sort": heading(listing.id_type, language),
            "name": teller.name(tag),
            "in_part": not reads.looking.shows_all(tag),
            "at": at,
            "as_of": given.get(AS_OF),
            "steps": steps_of(request, tag, moment, reads, told),
            "then": query_of(given),
            "moment": moment,
            "status": _status(teller, listing, history),
            "facts": list(_facts(teller, listing, history, moment, tag)),
            "owed": list(owed_of(teller, history, tag)),
            "lines": lines,
            "further": list(_further(history, language)),
            "asks": _asks(listing.id_type, tag, language),
            "prints": listing.id_type if listing.id_type in PRINTED else "",
            "has_evidence": listing.id_type in OF.values(),
            "number": number,
            "pages": pages_of(request, pages, _PAGE),
            **_special(teller, history, moment, at),
        }
        made = page(request, "subject.html", {**teller.of_every_page, **values})
        branches = (one.tag for side in ("above", "below") for one in values.get(side, ()))
        teller.tells([tag, *branches])
        return made

    shown.__doc__ = f"Show one of the {listing.id_type}s; 404 where nothing of it may be seen, or nothing is."
    return shown


def _further(history: History, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the further pages of a subject: where each is, and what it shows."""
    match history.subject:
        case Case() as case if has_tasks(case):
            yield f"/cases/{case.id}/tasks", label("Its tasks: what is done, what is open, whose turn it is", language)
        case Party() as party:
            yield f"/parties/{party.id}/file", label("File of a unit", language)
        case Site() as site:
            yield f"/sites/{site.id}/positions", label("What stands where", language)
        case Item() as item:
            yield f"/recall?item={item.id}", label("What was made of it, and who has it", language)


def _asks(id_type: str, tag: Tag, language: Language) -> list[tuple[str, str]]:
    """Return the questions about a subject: where each is asked, and what it asks."""
    found = [one for one in QUESTIONS.values() if id_type in one.about]
    return [(f"/ask/{one.name}?{id_type}={tag}", questions_in(language)[one.name]) for one in found]


def _special(teller: Teller, history: History, moment: Moment, at: str | None) -> dict[str, Any]:
    match history.subject:
        case Item() as item:
            return of_item(teller, history, item, moment)
        case Approval() as approval:
            return of_approval(teller, approval, moment, at)
        case _:
            return {}


def _status(teller: Teller, listing: Listing[Any], history: History) -> str:
    status = getattr(history.subject, "status", None)
    return "" if status is None else code_word(f"{listing.id_type}_status", str(status), teller.today)


def _facts(
    teller: Teller, listing: Listing[Any], history: History, moment: Moment, tag: Tag
) -> Iterator[tuple[str, Markup]]:
    """Yield what is told of a subject now; an item has a table of its own, and a past moment its history."""
    if isinstance(history.subject, Item) or moment.position or moment.instant:
        return
    reads, left_out = teller.reads, _NAMED_ABOVE
    if isinstance(history.subject, Case) and isinstance(history.subject.detail, Audit):
        left_out = _NAMED_ABOVE | {"items"}  # a case has items; an audit shows some, which is told by its statement
    row: Any = row_now(listing, as_it_is(reads, history.subject, tag), reads.source, tag)
    for one in fields(row):
        if one.name not in left_out and (value := teller.cell(row, one.name)):
            yield heading(_CALLED.get(one.name, one.name.replace("_", " ")), teller.language), value


for _noun, _listing in LISTS.items():
    router.add_api_route(f"/{_noun}/{{ident}}", _shows(_listing), methods=["GET"])
