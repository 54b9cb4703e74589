"""The first page: for a stranger what this is and where to go; who has signed in is led to what is to be done."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.console.frame import PageRoute, led_to, page
from api.http.asking import cookie_of
from api.http.doors import Opened

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/")
def home(request: Request, doors: Opened) -> Response:
    """Say what this is, and where to sign in or verify; who brings a session is led to the worklist."""
    signing_in = doors.signing_in
    secret = request.cookies.get(cookie_of(signing_in.origin))
    if secret is not None and signing_in.in_session(secret, signing_in.record()) is not None:
        return led_to("/worklist")
    return page(request, "welcome.html", {"origin": doors.ledger.store.origin})
