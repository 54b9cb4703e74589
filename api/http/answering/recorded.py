"""Entries over HTTP page by page: those of a subject, of some kinds or all, as far as whoever asks may read them.

A program that has them answers by itself what commands answer on the machine of the log, from bytes that it can check.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response

from api.http.answering.forms import Form, encoded, form_of, given
from api.http.answering.pages import MOST, SAME, USUAL, link_of, takes
from api.http.answering.parameters import DIGITS, check_id, number_in, parameters_of
from api.http.answering.reading import Reads
from api.http.described import answers, problems
from api.rows import http
from ledger.clock import format_time
from ledger.errors import IntegrityFailed, Malformed, NotFound, TooOld, Unavailable
from ledger.ids import Tag, is_tag

if TYPE_CHECKING:
    from api.http.answering.reading import Reading
    from ledger.store.port import Recorded

router = APIRouter(prefix="/v1", tags=["asking"])

MOST_LOOKED_AT: Final = 5_000
"""Entries of the log that one page looks through for those of some kinds, or that may be read."""

MOST_BYTES: Final = 8_000_000
"""Of the entries of a page, but for its first one."""

_TAKES: Final = ("about", "kinds", "as_of", "after", "limit")
_LONGEST: Final = 2_000
"""Characters of a parameter: the names of all kinds that name subjects have a third of it."""


@router.get(
    "/entries",
    operation_id="list_entries",
    response_model=None,
    openapi_extra=takes(*_TAKES),
    responses={
        200: answers("A page; Link leads to the next one.", http.Entries),
        304: SAME,
        **problems(400, 401, 403, 406, 412, Malformed, NotFound, Unavailable, TooOld, IntegrityFailed),
    },
)
def entries(request: Request, reads: Reads) -> Response:
    """List the entries of the statements that whoever asks may read, oldest first, a page at a time.

    Narrowed to what is ``about`` a subject, by its id, and to ``kinds``, separated by commas; as they were known at
    ``as_of``, a position or a time. A page has at most ``limit`` rows, and may have fewer, or none, where there are
    more: ``more`` says so, and ``Link`` leads to the next one, which begins behind the position ``after``.

    Each row is held against the bytes of its entry before it is told. Whether one is missing is not shown: what is
    ``about`` a subject is found by rows of the database, and evidence about the subject shows that none is missing.
    """
    form_of(request, (Form.JSON,))
    asked = parameters_of(request, _TAKES, _LONGEST)
    check_id("about", is_one="about" not in asked or is_tag(asked["about"]))
    known, after = reads.known_at(asked.get("as_of")), number_in(asked, "after", 10**DIGITS, least=0) or 0
    rows, behind = _page(reads, asked, known, after)
    reads.others.tells((), [one["position"] for one in rows])
    said: http.Entries = {
        "log": reads.store.origin,
        "seen_by": reads.who.party,
        "as_known_at": known,
        "more": behind is not None,
        "rows": rows,
    }
    return given(request, encoded(said), Form.JSON, position=reads.position, headers=link_of(request, behind))


def _page(reads: Reading, asked: dict[str, str], known: int, after: int) -> tuple[list[http.EntryRow], int | None]:
    """Return the rows of a page, and behind which position the next one begins; None: there is none."""
    most = number_in(asked, "limit", MOST) or USUAL
    kinds = frozenset(filter(None, asked.get("kinds", "").split(",")))
    end = known if "about" in asked else min(known, after + MOST_LOOKED_AT)
    if "about" in asked:
        found = reads.store.about(Tag(asked["about"]), after, kinds)
    else:
        found = reads.store.of_kinds(kinds, after, MOST_LOOKED_AT)
    rows: list[http.EntryRow] = []
    size = 0
    for one in found:
        if one.position > end:
            break
        size += len(one.entry)
        if len(rows) == most or (rows and size > MOST_BYTES):
            return rows, rows[-1]["position"]
        rows.append(_row(one))
    return rows, end if end < known else None


def _row(recorded: Recorded) -> http.EntryRow:
    return {
        "position": recorded.position,
        "recorded": format_time(recorded.recorded),
        "statement": recorded.statement,
        "kind": recorded.kind,
        "leaf": recorded.leaf.hex(),
        "entry": base64.b64encode(recorded.entry).decode(),
    }
