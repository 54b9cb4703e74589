"""Signing in over HTTP: challenges, sessions and tokens (docs/access.md)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.access.principal import Scope
from api.http.asking import Reader, TokenKeeper, cookie_of
from api.http.described import answers, problems, takes
from api.http.doors import Opened
from api.http.recording.statements import Body
from api.rows import http
from api.sessions.challenge import SIGN_IN_TYPE
from api.sessions.signing_in import SESSION_FOR
from ledger.clock import format_time
from ledger.errors import Malformed, NotFound, NotTrusted, Refused, Unavailable
from ledger.statement.text import strict_json
from ledger.statement.text.shape import read_array, read_choice, read_count, read_members, read_text

if TYPE_CHECKING:
    from datetime import datetime

    from api.access.principal import Principal
    from api.sessions.signing_in import Token

router = APIRouter(prefix="/v1", tags=["signing in"])

_NOT_KEPT: Final = {"Cache-Control": "no-store"}
_HERE: Final = problems(401, 403, Unavailable)


@router.post(
    "/challenges",
    operation_id="ask_for_challenge",
    response_model=None,
    status_code=201,
    openapi_extra=takes(words='The key that will sign: `{"key": "<64 hex digits>"}`.'),
    responses={
        201: answers("What is to be signed.", http.Challenged),
        **problems(Malformed, 400, 408, 413, Unavailable),
    },
)
def challenge(data: Body, doors: Opened) -> Response:
    """Return a challenge for a key, whether or not it is one of this log's.

    Whoever signs it first looks at its web origin, its log and its words, which the signature covers.
    """
    said = read_members(strict_json.parse(data), "$", ("key",))
    payload, expires = doors.signing_in.challenge(read_text(said["key"], "$.key"))
    row: http.Challenged = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": SIGN_IN_TYPE,
        "expires": format_time(expires),
    }
    return JSONResponse(row, 201, _NOT_KEPT)


@router.post(
    "/sessions",
    operation_id="sign_in",
    response_model=None,
    status_code=201,
    openapi_extra=takes(words="The signed challenge: a DSSE envelope of its payload type, docs/formats.md."),
    responses={
        201: answers("Signed in: the cookie is the session.", http.SignedIn),
        **problems(Malformed, NotTrusted, 400, 408, 413, Unavailable),
    },
)
def sign_in(data: Body, doors: Opened) -> Response:
    """Open a session with a signed challenge; the challenge counts once."""
    opened = doors.signing_in.sign_in(data)
    answer = JSONResponse(_who(opened.who, opened.expires), 201, _NOT_KEPT)
    set_session(answer, doors.signing_in.origin, opened.secret)
    return answer


@router.get(
    "/sessions/current",
    operation_id="read_session",
    response_model=None,
    responses={200: answers("Who asks.", http.SignedIn), **_HERE},
)
def current(asked: Reader) -> Response:
    """Say who asks, as the session or the token proves it."""
    return JSONResponse(_who(asked.who, None), headers=_NOT_KEPT)


@router.delete(
    "/sessions/current",
    operation_id="sign_out",
    response_model=None,
    status_code=204,
    responses={204: {"description": "The session has ended."}, **_HERE},
)
def sign_out(asked: TokenKeeper, doors: Opened) -> Response:
    """End the session that the request came with."""
    doors.signing_in.sign_out(asked.who)
    answer = Response(status_code=204, headers=_NOT_KEPT)
    set_session(answer, doors.signing_in.origin, "")
    return answer


@router.post(
    "/tokens",
    operation_id="make_token",
    response_model=None,
    status_code=201,
    openapi_extra=takes(words='`{"label": "…", "scopes": ["read", "record"], "days": 30}`.'),
    responses={
        201: answers("The token, shown this once.", http.TokenMade),
        **problems(Malformed, Refused, 400, 401, 403, 408, 413, Unavailable),
    },
)
def make_token(data: Body, asked: TokenKeeper, doors: Opened) -> Response:
    """Make a token for a program: it acts as the person who makes it, within its scopes, until it ends."""
    said = read_members(strict_json.parse(data), "$", ("label", "scopes", "days"))
    listed = read_array(said["scopes"], "$.scopes", least=1, most=len(Scope))
    scopes = frozenset(read_choice(one, f"$.scopes[{index}]", "SES-05", Scope) for index, one in enumerate(listed))
    label, days = read_text(said["label"], "$.label"), read_count(said["days"], "$.days")
    secret, token = doors.signing_in.make_token(asked.who, label, scopes, days)
    return JSONResponse({**_token(token), "token": secret}, 201, _NOT_KEPT)


@router.get(
    "/tokens",
    operation_id="list_tokens",
    response_model=None,
    responses={200: answers("The tokens of whoever asks.", http.Tokens), **_HERE},
)
def tokens(asked: TokenKeeper, doors: Opened) -> Response:
    """List the tokens of the person who asks, with their last use; never their secrets."""
    return JSONResponse({"tokens": list(map(_token, doors.signing_in.tokens(asked.who)))}, headers=_NOT_KEPT)


@router.delete(
    "/tokens/{name}",
    operation_id="withdraw_token",
    response_model=None,
    status_code=204,
    responses={204: {"description": "It opens nothing any more."}, **_HERE, **problems(NotFound)},
)
def withdraw(name: str, asked: TokenKeeper, doors: Opened) -> Response:
    """Withdraw a token of the person who asks, by its name."""
    doors.signing_in.withdraw(asked.who, name)
    return Response(status_code=204, headers=_NOT_KEPT)


def _who(who: Principal, expires: datetime | None) -> dict[str, Any]:
    said: dict[str, Any] = {"party": who.party, "person": who.person, "key": who.key, "scopes": sorted(who.scopes)}
    return said if expires is None else said | {"expires": format_time(expires)}


def _token(token: Token) -> dict[str, Any]:
    return {
        "name": token.name,
        "label": token.label,
        "key": token.key,
        "scopes": sorted(token.scopes),
        "made": format_time(token.made),
        "expires": format_time(token.expires),
        "used": None if token.used is None else format_time(token.used),
    }


def set_session(answer: Response, origin: str, secret: str) -> None:
    """Let a browser keep the secret of a session for as long as one lasts; "": forget it."""
    answer.set_cookie(
        cookie_of(origin),
        secret,
        max_age=int(SESSION_FOR.total_seconds()) if secret else 0,
        path="/",
        secure=origin.startswith("https://"),
        httponly=True,
        samesite="strict",
    )
