"""Subjects over HTTP: lists of each type page by page, and one with its history, as whoever asks may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from io import StringIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.access.said import ids_in
from api.asking.sheets import write_csv
from api.http.answering.forms import Form, encoded, form_of, given
from api.http.answering.parameters import check_id, parameters_of, whole_number
from api.http.answering.reading import Reads
from api.http.bounds.positions import TAKES
from api.http.described import answers, problems
from api.http.problems import Spoken
from api.language import heading
from api.rows import http
from api.telling.histories import ancestors_of, history_of
from api.telling.item_json import event_object, item_object
from ledger.clock import format_time
from ledger.domain.states.subjects import Item
from ledger.errors import IntegrityFailed, Malformed, NotFound, Refused, TooOld, Unavailable
from ledger.ids import Tag, is_tag, type_of
from projections.lists import (
    APPROVALS,
    CASES,
    CONSIGNMENTS,
    ITEMS,
    PARTIES,
    PERMITS,
    SITES,
    Listing,
    Page,
    Part,
    Where,
    folded,
)
from projections.names import Names

if TYPE_CHECKING:
    from api.http.answering.reading import Reading
    from ledger.words.table import Language

router = APIRouter(prefix="/v1", tags=["asking"])

LISTS: Final[Mapping[str, Listing[Any]]] = {
    "items": ITEMS,
    "approvals": APPROVALS,
    "permits": PERMITS,
    "consignments": CONSIGNMENTS,
    "parties": PARTIES,
    "sites": SITES,
    "cases": CASES,
}
"""By the noun of their address."""

_MOST: Final = 1_000
_USUAL: Final = 100
_NARROWS: Final = ("party", "site", "consignment", "approval")
_DIGITS: Final = 4
_FORMS: Final = (Form.JSON, Form.CSV)
_PROBLEMS: Final = problems(400, 401, 403, 406, 412, Malformed, NotFound, Refused, Unavailable, TooOld, IntegrityFailed)
_SAME: Final = {"description": "The request has this answer."}


def _takes(*names: str) -> dict[str, Any]:
    query = [{"name": one, "in": "query", "required": False, "schema": {"type": "string"}} for one in names]
    return {"parameters": [*TAKES["parameters"], *query]}


_OF_LISTS: Final = (*_NARROWS, "status", "q", "limit", "after")
_NARROWED: Final = _takes(*_OF_LISTS)
_AT: Final = _takes("at")


@dataclass(frozen=True, slots=True)
class _Own:
    """What one subject is called, by its own events alone."""

    names: Names


def _where(request: Request) -> tuple[Where, Part]:
    """Return what a list is narrowed by, and which part of it is asked for. Raises HTTPException 400."""
    given = parameters_of(request, _OF_LISTS)
    for name in (*_NARROWS, "after"):
        check_id(name, is_one=name not in given or is_tag(given[name]))
    narrowed = {name: Tag(given[name]) for name in _NARROWS if name in given}
    after = Tag(given["after"]) if "after" in given else None
    return Where(status=given.get("status"), text=given.get("q"), **narrowed), Part(_limit(given.get("limit")), after)


def _limit(written: str | None) -> int:
    if written is None:
        return _USUAL
    number = whole_number(written, _DIGITS) or 0
    if not 0 < number <= _MOST:
        raise HTTPException(400, f"a page has 1 to {_MOST} rows")
    return number


def _lists(noun: str, listing: Listing[Any]) -> Callable[..., Response]:
    def page(request: Request, reads: Reads, language: Spoken) -> Response:
        form, (where, part) = form_of(request, _FORMS), _where(request)
        with reads.whole_log():
            found = folded(listing, reads.source, where, part)
        rows = [msgspec.to_builtins(row, order="deterministic") for row in found.rows]
        reads.others.tells(_told(rows))
        same = encoded([noun, rows, found.total, language, reads.who.party])
        content = encoded(_listed(found, rows, reads)) if form is Form.JSON else _csv(found, language)
        return given(request, content, form, position=reads.position, same=same, headers=_link(request, found))

    page.__doc__ = f"""List the {noun} of which whoever asks may see anything, by their names, a page at a time.

    Narrowed by ``status``, ``party``, ``site``, ``consignment``, ``approval`` (ids) and ``q`` (part of a name); a page
    has ``limit`` rows and begins behind ``after``; ``Link`` leads to the next one. What a row says is told by the
    statements that may be read.
    """
    return page


def _told(rows: list[Any]) -> frozenset[Tag]:
    """Return what a page tells of: its subjects, and other ids in its rows, but not all of a party or a site."""
    named = (tag for tag in ids_in(rows) if type_of(tag) not in {"party", "site"})
    return frozenset(named) | {Tag(row["id"]) for row in rows}


def _listed(found: Page[Any], rows: list[Any], reads: Reading) -> dict[str, Any]:
    return {**reads.seen_by, "as_known_at": reads.position, "total": found.total, "more": found.more, "rows": rows}


def _link(request: Request, found: Page[Any]) -> dict[str, str]:
    if not found.more:
        return {}
    query = urlencode({**request.query_params, "after": found.rows[-1].id})
    return {"Link": f'<{request.url.path}?{query}>; rel="next"'}


def _csv(found: Page[Any], language: Language) -> bytes:
    file = StringIO()
    names = [one.name for one in fields(type(found.rows[0]))] if found.rows else []
    cells = ([_cell(getattr(row, name)) for name in names] for row in found.rows)
    write_csv(file, [heading(name.replace("_", " "), language) for name in names], cells)
    return file.getvalue().encode()


def _cell(value: Any) -> Any:  # noqa: ANN401  a cell of any row
    return "; ".join(map(str, value)) if isinstance(value, tuple) else value


def _shows(noun: str, listing: Listing[Any]) -> Callable[..., Response]:
    def shown(ident: str, request: Request, reads: Reads) -> Response:
        form_of(request, (Form.JSON,))
        given_at = parameters_of(request, ("at",)).get("at")
        tag = Tag(ident)
        reads.check_seen(tag, listing.id_type)
        moment = reads.moment(given_at)
        history = history_of(reads.store, tag, moment.position or reads.position, moment.instant)
        if isinstance(history.subject, Item):
            above = ancestors_of(reads.store, history.subject, history.position, moment.instant)
            reads.others.tells([tag, *(Tag(one.id) for one in above)])
            said = item_object(history, history.subject, above, moment.instant)
        else:
            said = {
                "as_known_at": history.position,
                "as_of": None if moment.instant is None else format_time(moment.instant),
                "id": tag,
                "history": [event_object(event, history, tag) for event in history.events],
            }
            if moment.instant is None and moment.position is None:
                row = listing.row(_Own(Names(reads.source.about(tag))), history.subject, ())
                said |= {"now": msgspec.to_builtins(row, order="deterministic")}
        return given(request, encoded({**reads.seen_by, **said}), Form.JSON, position=reads.position)

    shown.__doc__ = f"""Return one of the {noun} with its history; 404 where nothing of it may be seen, or nothing is.

    ``at``: a position, as known then, or a time or a day, as it was then. It is told by the statements that whoever
    asks may read: of an item that was handed on, what it was then.
    """
    return shown


for _noun, _listing in LISTS.items():
    router.add_api_route(
        f"/{_noun}",
        _lists(_noun, _listing),
        methods=["GET"],
        operation_id=f"list_{_noun}",
        response_model=None,
        openapi_extra=_NARROWED,
        responses={
            200: {
                "description": "A page; Link leads to the next one.",
                "content": {
                    Form.JSON: {"schema": {"$ref": "#/components/schemas/Listed"}},
                    Form.CSV: {"schema": {"type": "string"}},
                },
            },
            304: _SAME,
            **_PROBLEMS,
        },
    )
    router.add_api_route(
        f"/{_noun}/{{ident}}",
        _shows(_noun, _listing),
        methods=["GET"],
        operation_id=f"read_{_listing.id_type}",
        response_model=None,
        openapi_extra=_AT,
        responses={200: answers("What may be seen of it.", http.SubjectShown), 304: _SAME, **_PROBLEMS},
    )
