"""The inbox over HTTP: what fell due or does so soon, for whom it concerns, as it stands now; and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api.http.answering.feed import EVENTS, FOLLOWS, Feed, asked_of
from api.http.answering.feed import Told as ToldInOneGo
from api.http.answering.forms import Form, encoded, form_of, given
from api.http.answering.pages import BEHIND_A_NUMBER, PROBLEMS, SAME, link_of, part_of
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads, read_on
from api.http.bounds.positions import TAKES
from api.http.described import answers, problems, takes
from api.http.recording.statements import Body
from api.http.recording.waiting import open_row
from api.notices.announced import announced_notice
from api.notices.reading import subjects_of
from api.rows.notices import InboxRead, InboxShown
from ledger.clock import format_time
from ledger.errors import Malformed, Unavailable
from ledger.statement.text import strict_json
from ledger.statement.text.shape import read_count, read_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.http.answering.reading import Reading
    from api.notices.reading import Told
    from api.rows.notices import NoticeRow

router = APIRouter(prefix="/v1/inbox", tags=["asking"])

_AT_ONCE: Final = 256


@router.get(
    "",
    operation_id="read_inbox",
    response_model=None,
    openapi_extra={"parameters": [*TAKES["parameters"], *BEHIND_A_NUMBER]},
    responses={200: answers("A page; Link leads to the next one.", InboxShown), 304: SAME, **PROBLEMS},
)
def inbox(request: Request, reads: Reads) -> Response:
    """List what was noted to fall due soon or to be overdue of what the party that asks owes, is owed or supervises.

    The newest first, each with how its obligation stands now, and why. A page has ``limit`` notices and begins behind
    the number ``after``. It is a convenience: what is owed is in the worklist, which is computed anew.
    """
    form_of(request, (Form.JSON,))
    limit, after = part_of(parameters_of(request, ("after", "limit")))
    found = reads.inbox.below(after, limit + 1)
    shown, more = found[:limit], len(found) > limit
    said = _shown(reads, shown, more=more)
    reads.others.tells(subjects_of(shown))
    same = encoded({name: value for name, value in said.items() if name not in {"noted_at", "as_known_at"}})
    link = link_of(request, shown[-1].notice.number if more else None)
    return given(request, encoded(said), Form.JSON, position=reads.position, same=same, headers=link)


@router.get(
    "/feed",
    operation_id="follow_inbox",
    response_model=None,
    response_class=StreamingResponse,
    openapi_extra=FOLLOWS,
    responses=EVENTS,
)
def feed(request: Request, reads: Reads) -> StreamingResponse:
    """Tell each notice to whom it concerns, as it is noted: what falls due, about whom, and how it stands.

    `id` is its number, which is no position: the feed of statements has its own. Who comes again with `Last-Event-ID`
    is told what is behind it. It ends as that does.
    """
    after, once = asked_of(request, reads.inbox.newest)
    return Feed(request, reads.who, after, _tell, once=once)


def _tell(request: Request, after: int) -> ToldInOneGo:
    """Return what is told behind a number. Raises HTTPException 401, 403: nothing, to whoever asks by now."""
    with read_on(request) as (reads, telling):
        # In this order: what is written meanwhile is behind the newest, and told in the next go.
        newest = reads.inbox.newest
        shown, looked = reads.inbox.above(after, _AT_ONCE)
        at = looked if looked > after else max(after, newest)
        reads.others.tells(subjects_of(shown))
        events = [(one.notice.number, announced_notice(one, reads.store.origin)) for one in shown]
        return ToldInOneGo.of(events, after, at, newest, telling)


@router.post(
    "/read",
    operation_id="mark_inbox_read",
    response_model=None,
    openapi_extra=takes(words='`{"up_to": 812}`: the number of a notice.'),
    responses={
        200: answers("Up to there the person that asks has read.", InboxRead),
        **problems(Malformed, 400, 401, 403, 408, 413, Unavailable),
    },
)
def read(data: Body, reads: Reads) -> Response:
    """Mark the notices up to a number as read by the person that asks; it never goes back, and changes nothing else."""
    said = read_members(strict_json.parse(data), "$", ("up_to",))
    row: InboxRead = {"read_up_to": reads.inbox.read(read_count(said["up_to"], "$.up_to"))}
    return JSONResponse(row, headers={"Cache-Control": "no-store"})


def _shown(reads: Reading, shown: Sequence[Told], *, more: bool) -> InboxShown:
    read_up_to, looked = reads.inbox.read_up_to, reads.inbox.looked
    unread, more_unread = reads.inbox.unread()
    return {
        "log": reads.store.origin,
        "seen_by": reads.who.party,
        "as_known_at": reads.position,
        "noted_at": None if looked is None else format_time(looked),
        "late": reads.inbox.late,
        "read_up_to": read_up_to,
        "unread": unread,
        "more_unread": more_unread,
        "more": more,
        "rows": [_row(one, read_up_to) for one in shown],
        "waiting": [open_row(one) for one in reads.unsigned()],
    }


def _row(one: Told, read_up_to: int) -> NoticeRow:
    notice = one.notice
    return {
        "number": notice.number,
        "what": notice.what.value,
        "noted": format_time(notice.noted),
        "due": format_time(notice.due),
        "unread": notice.number > read_up_to,
        "duty": notice.place.duty,
        "subject": notice.place.subject,
        "opened_by": notice.place.opened_by,
        "key": notice.place.key,
        "obligation": None if one.row is None else msgspec.to_builtins(one.row, order="deterministic"),
    }
