"""Subjects over HTTP: lists of each type page by page, and one with its history, as whoever asks may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
from fastapi import APIRouter, Request, Response

from api.http.answering.forms import Form, encoded, form_of, given
from api.http.answering.paged import page_of
from api.http.answering.pages import ANSWERS, FORMS, PROBLEMS, SAME, limit_of, page_given, takes
from api.http.answering.parameters import check_id, parameters_of
from api.http.answering.reading import Reads
from api.http.described import answers
from api.http.problems import Spoken
from api.rows import http
from api.telling.histories import ancestors_of, history_of
from api.telling.item_json import event_object, item_object
from ledger.clock import format_time
from ledger.domain.states.party import Party
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Item
from ledger.ids import Tag, is_tag, type_of
from projections.folding.past import FOLDED
from projections.lists import (
    APPROVALS,
    CASES,
    CONSIGNMENTS,
    ITEMS,
    KEYS,
    PARTIES,
    PERMITS,
    SITES,
    STANDING,
    Listing,
    Part,
    Where,
)
from projections.names import Names

if TYPE_CHECKING:
    from api.http.answering.reading import Reading
    from ledger.domain.states.subjects import Subject
    from projections.source import Source

router = APIRouter(prefix="/v1", tags=["asking"])

LISTS: Final[Mapping[str, Listing[Any]]] = {
    "items": ITEMS,
    "approvals": APPROVALS,
    "permits": PERMITS,
    "consignments": CONSIGNMENTS,
    "parties": PARTIES,
    "sites": SITES,
    "cases": CASES,
    "keys": KEYS,
}
"""By the noun of their address."""

_KEPT: Final = frozenset({"item.listed/1", "item.received/1"})
TOLD: Final[Mapping[str, frozenset[str]]] = {
    of: frozenset(kind for kind in FOLDED[of] if not kind.startswith(("item.", "custody.")) or kind in kept)
    for of, kept in (("party", _KEPT), ("site", frozenset()), ("consignment", _KEPT), ("approval", _KEPT))
}
"""By type the kinds of statements that a history has: not what was done with each item that came in or stands there."""

_LONGEST: Final = 1_000
"""Statements of a history that are told at most, the newest."""

_NARROWS: Final = ("party", "site", "consignment", "approval")
_OF_LISTS: Final = (*_NARROWS, "status", "q", "limit", "after")
_NARROWED: Final = takes(*_OF_LISTS)
_AT: Final = takes("at")


@dataclass(frozen=True, slots=True)
class _Own:
    """What one subject is called, by its own events alone."""

    names: Names


def row_now(listing: Listing[Any], one: Subject, source: Source, tag: Tag) -> object:
    """Return what a list tells of one subject, by its own events alone. one: as it is now."""
    return listing.row(_Own(Names(source.about(tag))), one, ())


def as_it_is(reads: Reading, one: Subject, tag: Tag) -> Subject:
    """Return a subject as it is by all that whoever asks may read of it. one: by the kinds that a history tells.

    One's own the record may have folded before: to fold thousands of events of a site again takes long. Who supervises
    a site sees it whole, and yet not what stands in it.
    """
    match one:
        case Site(party=reads.who.party) | Party(id=reads.who.party):
            return reads.record.whole(tag)
        case _:
            return reads.source.subject(tag) if type_of(tag) in TOLD else one


def _where(request: Request) -> tuple[Where, Part]:
    """Return what a list is narrowed by, and which part of it is asked for. Raises HTTPException 400."""
    given = parameters_of(request, _OF_LISTS)
    for name in (*_NARROWS, "after"):
        check_id(name, is_one=name not in given or is_tag(given[name]))
    narrowed = {name: Tag(given[name]) for name in _NARROWS if name in given}
    after = Tag(given["after"]) if "after" in given else None
    return Where(status=given.get("status"), text=given.get("q"), **narrowed), Part(limit_of(given.get("limit")), after)


def _lists(noun: str, listing: Listing[Any]) -> Callable[..., Response]:
    def page(request: Request, reads: Reads, language: Spoken) -> Response:
        form, (where, part) = form_of(request, FORMS), _where(request)
        found = page_of(reads, listing, where, part)
        behind = found.rows[-1].id if found.rows else ""
        return page_given(request, reads, language, noun=noun, found=found, form=form, behind=behind)

    page.__doc__ = f"""List the {noun} of which whoever asks may see anything, by their names, a page at a time.

    Narrowed by ``status``, ``party``, ``site``, ``consignment``, ``approval`` (ids) and ``q`` (part of a name); a page
    has ``limit`` rows and begins behind ``after``; ``Link`` leads to the next one. What a row says is told by the
    statements that may be read. ``total`` is null where there are so many that they are not counted.
    """
    return page


def _shows(noun: str, listing: Listing[Any]) -> Callable[..., Response]:
    def shown(ident: str, request: Request, reads: Reads) -> Response:
        form_of(request, (Form.JSON,))
        given_at = parameters_of(request, ("at",)).get("at")
        tag = Tag(ident)
        reads.check_seen(tag, listing.id_type)
        moment = reads.moment(given_at)
        known = moment.position or reads.position
        told = TOLD.get(listing.id_type, frozenset())
        history = history_of(reads.store, tag, known, moment.instant, told, read=reads.record.event)
        if isinstance(history.subject, Item):
            above = ancestors_of(
                reads.store, history.subject, history.position, moment.instant, read=reads.record.event
            )
            reads.others.tells([tag, *(Tag(one.id) for one in above)])
            said = item_object(history, history.subject, above, moment.instant)
        else:
            said = {
                "as_known_at": history.position,
                "as_of": None if moment.instant is None else format_time(moment.instant),
                "id": tag,
                "history": [event_object(event, history, tag) for event in history.events[-_LONGEST:]],
                "earlier": max(0, len(history.events) - _LONGEST),
            }
            if moment.instant is None and moment.position is None:
                row = row_now(listing, as_it_is(reads, history.subject, tag), reads.source, tag)
                said |= {"now": msgspec.to_builtins(row, order="deterministic")}
        return given(request, encoded({**reads.seen_by, **said}), Form.JSON, position=reads.position)

    shown.__doc__ = f"""Return one of the {noun} with its history; 404 where nothing of it may be seen, or nothing is.

    ``at``: a position, as known then, or a time or a day, as it was then. It is told by the statements that whoever
    asks may read: of an item that was handed on, what it was then. The history of a party, a site, a consignment or an
    approval leaves out what was done with each item since it came in; ``earlier`` says how many statements there are
    before the thousand that are told. All of them, page by page: ``/v1/entries?about=``.
    """
    return shown


for _noun, _listing in {**LISTS, "storage": STANDING}.items():
    router.add_api_route(
        f"/{_noun}",
        _lists(_noun, _listing),
        methods=["GET"],
        operation_id=f"list_{_noun}",
        response_model=None,
        openapi_extra=_NARROWED,
        responses=ANSWERS,
    )
for _noun, _listing in LISTS.items():
    router.add_api_route(
        f"/{_noun}/{{ident}}",
        _shows(_noun, _listing),
        methods=["GET"],
        operation_id=f"read_{_listing.id_type}",
        response_model=None,
        openapi_extra=_AT,
        responses={200: answers("What may be seen of it.", http.SubjectShown), 304: SAME, **PROBLEMS},
    )
