"""The digest of a day over HTTP: what whoever asks owes, is owed or supervises; as JSON, as HTML, or as text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.access.rights.departments import authority_of
from api.http.answering.due.owed import Owed
from api.http.answering.forms import Form, encoded, form_of, given
from api.http.answering.pages import PROBLEMS, SAME
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.http.bounds.positions import TAKES
from api.http.bounds.whole_logs import Why
from api.http.described import answers
from api.http.problems import Spoken
from api.rows.notices import DigestShown
from api.settings import read_settings
from api.telling.digests import Digest, html_of, text_of
from api.telling.labels import Labels
from api.telling.obligations import subjects_told
from api.telling.reading import Readers
from ledger.clock import format_time
from ledger.ids import Tag
from projections.digest import MOST, Day, parts
from projections.obligations import Asked

if TYPE_CHECKING:
    from api.http.answering.reading import Reading

router = APIRouter(prefix="/v1", tags=["asking"])

_FORMS: Final = (Form.JSON, Form.HTML, Form.TEXT)
_ON: Final = "on"
_QUERY: Final = [
    {
        "name": _ON,
        "in": "query",
        "required": False,
        "description": "A day, as 2026-08-05; today if left out.",
        "schema": {"type": "string", "format": "date"},
    }
]
_ALONE: Final = {"Content-Security-Policy": "default-src 'none'"}


@router.get(
    "/digest",
    operation_id="read_digest",
    response_model=None,
    openapi_extra={"parameters": [*TAKES["parameters"], *_QUERY]},
    responses={
        200: {
            "description": "The digest.",
            "content": {
                Form.JSON: answers("", DigestShown)["content"]["application/json"],
                Form.HTML: {"schema": {"type": "string"}},
                Form.TEXT: {"schema": {"type": "string"}},
            },
        },
        304: SAME,
        **PROBLEMS,
    },
)
def digest(request: Request, reads: Reads, language: Spoken) -> Response:
    """Tell what is overdue, falls due within seven days, or is new since the working day before, on a day.

    Of what the party that asks owes or is owed, and for an authority of all that it supervises; as it stands at the end
    of the day, or now, by all that is told now. At most 100 rows of each part.
    """
    form, asked = form_of(request, _FORMS), parameters_of(request, (_ON,))
    made = _digest(reads, _day(asked.get(_ON), reads))
    labels = Labels(lambda: reads.store, language=language)
    reader = Readers(read_settings(), labels, language, reads.packs).today
    members = made.members()
    if form is Form.JSON:
        content = encoded(_said(made, members))
    else:
        content = (html_of if form is Form.HTML else text_of)(made, reader).encode()
    reads.others.tells(subjects_told(made.rows), named=labels.asked_for)
    same = encoded([members, language, reads.who.party, made.day.day.isoformat()])
    return given(request, content, form, position=made.position, same=same, headers=_ALONE)


def _day(written: str | None, reads: Reading) -> Day:
    now = reads.record.world.now
    calendar = reads.packs.at_instant(reads.jurisdiction, now).working_days
    try:
        day = calendar.local_date(now) if written is None else date.fromisoformat(written)
        return Day.of(day, now, calendar)
    except (ValueError, OverflowError):
        raise HTTPException(400, f"{_ON} is a day that has begun, as 2026-08-05") from None


def _digest(reads: Reading, day: Day) -> Digest:
    supervises = authority_of(reads.record.world.party(reads.who.party), reads.record.world.now) is not None
    asked = Asked(day.at, () if supervises else (Tag(reads.who.party),))
    newer_than = reads.known_by(day.since)
    owed = Owed(reads, asked, lambda one: day.tells(one, newer_than))
    found = parts(day, owed, newer_than)
    rows = [owed.rows(part[:MOST]) for part in found]
    if None in rows:
        owed.read_all(Why.OTHERWISE)
        found = parts(day, owed, newer_than)
        rows = [owed.rows(part[:MOST]) for part in found]
    more = tuple(max(0, len(part) - MOST) for part in found)
    return Digest(reads.store.origin, reads.who.party, day, owed.position, tuple(one or () for one in rows), more)


def _said(made: Digest, told: dict[str, Any]) -> DigestShown:
    return {
        "log": made.log,
        "seen_by": made.party,
        "as_known_at": made.position,
        "day": made.day.day.isoformat(),
        "at": format_time(made.day.at),
        "since": format_time(made.day.since),
        "overdue": told["overdue"],
        "soon": told["soon"],
        "new": told["new"],
        "more": told["more"],
    }
