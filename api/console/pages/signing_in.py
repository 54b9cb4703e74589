"""Signing in and out, as pages: the challenge is signed in the browser, or by the program whose key file it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from api.console.frame import SIGN_IN, PageRoute, led_to, page, safe_next
from api.console.language import Told
from api.http.asking import TokenKeeper
from api.http.doors import Doors, Opened
from api.http.signing_in import set_session
from api.language import problem_words
from ledger.errors import Malformed, NotTrusted

if TYPE_CHECKING:
    from collections.abc import Mapping

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_LARGEST: Final = 16_384


async def _form(request: Request) -> Mapping[str, str]:
    """Return the fields of a form. Raises HTTPException 400: it is none; 403: another site's page sends it."""
    origin = request.headers.get("Origin")
    if origin not in {None, request.app.state.doors.signing_in.origin}:
        raise HTTPException(403, "A page of another web origin may not act here")
    data = await request.body()
    try:
        fields = parse_qs(data.decode("ascii"), max_num_fields=8) if len(data) <= _LARGEST else {}
    except ValueError:
        raise HTTPException(400, "this is not what the page sends") from None
    return {name: values[-1] for name, values in fields.items()}


Form = Annotated["Mapping[str, str]", Depends(_form)]


@router.get(SIGN_IN)
def sign_in_page(request: Request, doors: Opened) -> Response:
    """Show how somebody signs in."""
    return _page(request, doors, request.query_params.get("next"))


@router.post(SIGN_IN)
def sign_in(request: Request, form: Form, doors: Opened, language: Told) -> Response:
    """Take what the program signed, as somebody pasted it, and lead on to where they wanted to go."""
    signed = form.get("signed", "").strip()
    try:
        opened = doors.signing_in.sign_in(signed.encode())
    except (Malformed, NotTrusted) as error:
        return _page(request, doors, form.get("next"), signed, problem_words(error, language))
    answer = led_to(safe_next(form.get("next")))
    set_session(answer, doors.signing_in.origin, opened.secret)
    return answer


@router.post("/sign-out")
def sign_out(asked: TokenKeeper, doors: Opened) -> Response:
    """End the session, and lead to where somebody signs in."""
    doors.signing_in.sign_out(asked.who)
    answer = led_to(SIGN_IN)
    set_session(answer, doors.signing_in.origin, "")
    return answer


def _page(request: Request, doors: Doors, wanted: str | None, signed: str = "", problem: str = "") -> Response:
    values = {
        "web_origin": doors.signing_in.origin,
        "origin": doors.ledger.store.origin,
        "next": safe_next(wanted),
        "signed": signed,
        "problem": problem,
    }
    return page(request, "sign-in.html", values, 403 if problem else 200, signs=True)
