"""The first page: for a stranger what this is and where to go."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.console.frame import PageRoute, page
from api.http.doors import Opened

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/")
def home(request: Request, doors: Opened) -> Response:
    """Say what this is, and where to sign in or verify."""
    return page(request, "welcome.html", {"origin": doors.ledger.store.origin})
