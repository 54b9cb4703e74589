"""A page of a list over HTTP: its rows as JSON or as a table, and the way to the next page."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec
from starlette.exceptions import HTTPException

from api.access.read import REGISTERED
from api.access.rights.said import ids_in
from api.http.answering.forms import Form, encoded, filed, given
from api.http.answering.parameters import DIGITS, number_in, whole_number
from api.http.bounds.positions import TAKES
from api.http.described import problems
from api.language import heading, label
from ledger.clock import format_time
from ledger.errors import IntegrityFailed, Malformed, NotFound, Refused, TooOld, Unavailable
from ledger.ids import Tag, type_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request, Response

    from api.http.answering.reading import Reading
    from ledger.words.table import Language
    from projections.lists import Page

FORMS: Final = (Form.JSON, Form.CSV, Form.XLSX)
SAME: Final = {"description": "The request has this answer."}
PROBLEMS: Final = problems(400, 401, 403, 406, 412, Malformed, NotFound, Refused, Unavailable, TooOld, IntegrityFailed)
ANSWERS: Final[dict[int | str, Any]] = {
    200: {
        "description": "A page; Link leads to the next one.",
        "content": {
            Form.JSON: {"schema": {"$ref": "#/components/schemas/Listed"}},
            Form.CSV: {"schema": {"type": "string"}},
            Form.XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    },
    304: SAME,
    **PROBLEMS,
}
"""What a list answers, for the OpenAPI document."""

_HEADS: Final = {"until": "owed_until", "key": "told_apart_by", "closes": "closed_by", "ended_by": "ended_at_position"}
"""Of members whose name heads something else elsewhere: what stands over them."""

MOST: Final = 1_000
USUAL: Final = 100
"""How many rows a page has: at most, and where nothing is said of it."""
_DIGITS: Final = 4

BEHIND_A_NUMBER: Final = [
    {"name": one, "in": "query", "required": False, "schema": {"type": "integer", "minimum": 1}}
    for one in ("after", "limit")
]
"""What ``part_of`` takes, for the OpenAPI document."""


def takes(*names: str) -> dict[str, Any]:
    """Return what a read takes besides the position that it waits for, as FastAPI's openapi_extra."""
    query = [{"name": one, "in": "query", "required": False, "schema": {"type": "string"}} for one in names]
    return {"parameters": [*TAKES["parameters"], *query]}


def limit_of(written: str | None) -> int:
    """Return how many rows a page has. Raises HTTPException 400."""
    if written is None:
        return USUAL
    number = whole_number(written, _DIGITS) or 0
    if not 0 < number <= MOST:
        raise HTTPException(400, f"a page has 1 to {MOST} rows")
    return number


def part_of(given: Mapping[str, str]) -> tuple[int, int | None]:
    """Return how many rows a page has, and behind which number it begins; None: at the first. Raises HTTPException 400.

    given: the parameters ``limit`` and ``after``.
    """
    return number_in(given, "limit", MOST) or USUAL, number_in(given, "after", 10**DIGITS)


def page_given(
    request: Request, reads: Reading, language: Language, *, noun: str, found: Page[Any], form: Form, behind: str
) -> Response:
    """Return a page as an answer. behind: what its last row is named by, where the next page begins."""
    rows = [msgspec.to_builtins(row, order="deterministic") for row in found.rows]
    reads.others.tells(_told(rows))
    same = encoded([noun, rows, found.total, language, reads.who.party])
    position = reads.position if found.as_of is None else found.as_of
    listed = {**reads.seen_by, "as_known_at": position, "total": found.total, "more": found.more, "rows": rows}
    content = encoded(listed) if form is Form.JSON else _table(found, form, reads, language, position)
    return given(
        request,
        content,
        form,
        position=position,
        same=same,
        headers=link_of(request, behind if found.more else None),
    )


def _told(rows: list[Any]) -> frozenset[Tag]:
    """Return what a page tells of: its subjects, and other ids in its rows, but not all of a party or a site."""
    named = (tag for tag in ids_in(rows) if type_of(tag) not in REGISTERED)
    return frozenset(named) | {Tag(row["id"] if "id" in row else row["subject"]) for row in rows}


def link_of(request: Request, behind: object) -> dict[str, str]:
    """Return the header that leads to the next page. behind: where that begins; None: there is none."""
    if behind is None:
        return {}
    query = urlencode({**request.query_params, "after": behind})
    return {"Link": f'<{request.url.path}?{query}>; rel="next"'}


def _table(found: Page[Any], form: Form, reads: Reading, language: Language, position: int) -> bytes:
    """Return a page as CSV, or as a workbook that says besides by whom and as of which position it was asked."""
    names = [one.name for one in fields(type(found.rows[0]))] if found.rows else []
    head = [heading(_HEADS.get(name, name).replace("_", " "), language) for name in names]
    table = [[_cell(getattr(row, name)) for name in names] for row in found.rows]
    about = [
        (label("as seen by", language), str(reads.who.party)),
        (label("as known at", language), label("position {number}", language).format(number=position)),
        (label("times", language), label("in UTC", language)),
    ]
    return filed(form, head, table, about, reads.record.world.now)


def _cell(value: Any) -> Any:  # noqa: ANN401  a cell of any row
    if isinstance(value, datetime):
        return format_time(value)
    return "; ".join(map(str, value)) if isinstance(value, tuple) else value
