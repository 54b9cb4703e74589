"""Hooks over HTTP: where a party wants to be told of what is recorded, and what it was told (docs/hooks.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.hooks.events import Event, Stream
from api.hooks.keeping import Wanted
from api.http.answering.pages import BEHIND_A_NUMBER, link_of, part_of
from api.http.answering.parameters import parameters_of
from api.http.asking import HookKeeper
from api.http.described import answers, problems, takes
from api.http.doors import Opened
from api.http.recording.statements import Body
from api.rows import hooks as rows
from ledger.clock import format_time
from ledger.errors import Malformed, NotFound, Refused, Unavailable
from ledger.statement.text import strict_json
from ledger.statement.text.shape import read_array, read_choice, read_count, read_members, read_text

if TYPE_CHECKING:
    from datetime import datetime

    from api.hooks.keeping import Delivery, Hook, Hooks
    from api.http.doors import Doors

router = APIRouter(prefix="/v1/hooks", tags=["hooks"])

_NOT_KEPT: Final = {"Cache-Control": "no-store"}
_HERE: Final = problems(401, 403, Unavailable)
_OF: Final = "of"
_STREAMS: Final = {"type": "string", "enum": [one.value for one in Stream]}
_PAGES: Final = {"parameters": [*BEHIND_A_NUMBER, {"name": _OF, "in": "query", "required": False, "schema": _STREAMS}]}


def kept_hooks(doors: Doors) -> Hooks:
    """Return the hooks of a service. Raises Unavailable: it only reads, and keeps none."""
    if doors.hooks is None:
        raise Unavailable("hooks are kept at the primary")
    return doors.hooks


@router.post(
    "",
    operation_id="register_hook",
    response_model=None,
    status_code=201,
    openapi_extra=takes(
        words='`{"url": "https://lab.example/vialog", "label": "…"}`, and `"events"`: of `statement`, `due-soon`, '
        "`overdue`, `digest`; statements where it is left out."
    ),
    responses={
        201: answers("It hears of what is recorded from here on.", rows.HookRow),
        **problems(Malformed, Refused, 400, 401, 403, 408, 413, Unavailable),
    },
)
def register(data: Body, asked: HookKeeper, doors: Opened) -> Response:
    """Register a hook: an address that is told of each statement that the party may read, as it is recorded.

    Or of what falls due soon and is overdue (docs/notices.md), and of the digest of each working day.
    """
    said = read_members(strict_json.parse(data), "$", ("url", "label"), ("events",))
    named = read_array(said.get("events", [Event.STATEMENT]), "$.events", least=1, most=len(Event))
    events = [read_choice(one, "$.events", "HOK-04", Event) for one in named]
    wanted = Wanted(read_text(said["url"], "$.url"), read_text(said["label"], "$.label"), events)
    now = asked.record.world.now
    calendar = doors.ledger.packs.at_instant(doors.ledger.jurisdiction, now).working_days
    today = calendar.local_date(now).toordinal()
    hook = kept_hooks(doors).register(asked.who, wanted, asked.record.position, now, today=today)
    return JSONResponse(_hook(hook), 201, _NOT_KEPT)


@router.get(
    "",
    operation_id="list_hooks",
    response_model=None,
    responses={200: answers("The hooks of the party that asks.", rows.HooksOfParty), **_HERE},
)
def hooks(asked: HookKeeper, doors: Opened) -> Response:
    """List the hooks of the party that asks, whoever of it registered them."""
    row: rows.HooksOfParty = {"hooks": list(map(_hook, kept_hooks(doors).of_party(asked.who)))}
    return JSONResponse(row, headers=_NOT_KEPT)


@router.get(
    "/keys",
    operation_id="list_hook_keys",
    response_model=None,
    responses={200: answers("The keys by which deliveries are signed.", rows.HookKeys)},
)
async def keys(doors: Opened) -> Response:
    """Tell by which keys deliveries are signed; it is no secret."""
    row: rows.HookKeys = {"keys": kept_hooks(doors).key.public}
    return JSONResponse(row, headers={"Cache-Control": "no-cache"})


@router.delete(
    "/{name}",
    operation_id="withdraw_hook",
    response_model=None,
    status_code=204,
    responses={204: {"description": "Nothing is delivered to it any more."}, **_HERE, **problems(NotFound)},
)
def withdraw(name: str, asked: HookKeeper, doors: Opened) -> Response:
    """Withdraw a hook of the party that asks, with its deliveries; what is on its way arrives."""
    kept_hooks(doors).withdraw(asked.who, name)
    return Response(status_code=204, headers=_NOT_KEPT)


@router.get(
    "/{name}/deliveries",
    operation_id="list_deliveries",
    response_model=None,
    openapi_extra=_PAGES,
    responses={
        200: answers("A page; Link leads to the next one.", rows.Deliveries),
        **_HERE,
        **problems(NotFound, 400),
    },
)
def deliveries(name: str, request: Request, asked: HookKeeper, doors: Opened) -> Response:
    """List what was delivered to a hook, the newest position first; what is done is kept for 30 days.

    ``of``: statements, where it is left out, or notices by their numbers, or digests by the ordinals of their days. A
    page has ``limit`` rows and begins behind the position ``after``.
    """
    given = parameters_of(request, ("after", "limit", _OF))
    if (stream := given.get(_OF, Stream.STATEMENT)) not in set(Stream):
        raise HTTPException(400, f"{_OF} is one of {', '.join(Stream)}")
    limit, after = part_of(given)
    found = kept_hooks(doors).deliveries(asked.who, name, Stream(stream), after, limit + 1)
    more = len(found) > limit
    link = link_of(request, found[limit - 1].position if more else None)
    row: rows.Deliveries = {"more": more, "rows": list(map(_delivery, found[:limit]))}
    return JSONResponse(row, headers=_NOT_KEPT | link)


@router.post(
    "/{name}/replays",
    operation_id="replay_deliveries",
    response_model=None,
    status_code=202,
    openapi_extra=takes(
        words='`{"after": 811, "until": 812}`: positions; without `until` all behind the first; and `of`, a stream.'
    ),
    responses={
        202: answers("So many wait to be made once more.", rows.DeliveredAgain),
        **problems(Malformed, NotFound, 400, 401, 403, 408, 413, Unavailable),
    },
)
def replay(name: str, data: Body, asked: HookKeeper, doors: Opened) -> Response:
    """Make deliveries once more, those that were given up too: of what the party may still read.

    Each has the id that it had.
    """
    said = read_members(strict_json.parse(data), "$", ("after",), ("until", _OF))
    after = read_count(said["after"], "$.after")
    until = read_count(said["until"], "$.until") if "until" in said else None
    stream = read_choice(said.get(_OF, Stream.STATEMENT), "$.of", "HOK-04", Stream)
    again = kept_hooks(doors).replay(asked.who, name, stream, (after, until), asked.record.world.now)
    row: rows.DeliveredAgain = {"again": again}
    return JSONResponse(row, 202, _NOT_KEPT)


def _hook(hook: Hook) -> rows.HookRow:
    row: Any = hook._asdict() | {"made": format_time(hook.made), "ended": _time(hook.ended)}
    told: rows.HookRow = row  # its members are those of the hook
    return told


def _delivery(delivery: Delivery) -> rows.DeliveryRow:
    return {
        "position": delivery.position,
        "state": delivery.state,  # type: ignore[typeddict-item]  # the table checks it
        "attempts": delivery.attempts,
        "due": _time(delivery.due) if delivery.state == "waiting" else None,
        "tried": _time(delivery.tried),
        "status": delivery.status,
        "problem": delivery.problem,
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else format_time(at)
