"""The bench: one page with one scan field, that also works where there is no network, and what it knows by heart.

The page holds no data of the record and is the same for everybody, so that a browser may keep it. What it knows of
items, places and parties it asks for with the session of whoever works there, and keeps until it asks again.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.console.acts.known import changes, first, page_of_things
from api.console.frame import HEADERS, PageRoute, page
from api.console.language import PARAMETER, Told
from api.console.static_files import content_of
from api.http.answering.parameters import DIGITS, check_id, parameters_of, whole_number
from api.http.answering.reading import Reads
from ledger.ids import Tag, is_tag
from ledger.quantity import POWERS
from ledger.words.table import words_in

router = APIRouter(include_in_schema=False)
pages = APIRouter(route_class=PageRoute, include_in_schema=False)

AT_BENCH: Final = (
    *("receive", "store", "move", "check-out", "return", "use", "aliquot", "pool", "hand-over", "accept"),
    *("count", "dispose"),
)
"""The acts that are scanned; the last two are signed by two persons. All others have a page of their own."""

SHELL: Final = ("/bench", "/bench?lang=en", "/bench?lang=zh")
FILES: Final = (
    *("keys.js", "outside.js", "console.css", "govuk-frontend.css", "icon.svg"),
    *(f"acts/{name}.js" for name in ("amounts", "bench", "changes", "counting", "digesting", "dividing", "finishing")),
    *(f"acts/{name}.js" for name in ("gathered", "keeping", "knowing", "known", "leaving", "making", "offline")),
    *(f"acts/{name}.js" for name in ("panel", "queue", "receiving", "rows", "scanning", "statement", "stating")),
    *(f"acts/{name}.js" for name in ("sticky", "telling", "things", "together")),
)
"""What the page loads, by its address under ``/static``."""


@pages.get("/bench")
def bench(request: Request, language: Told) -> Response:
    """Show the bench; what it knows is asked for by its script, with the session."""
    parameters_of(request, (PARAMETER,))
    words = words_in(language).code
    values = {
        "acts": AT_BENCH,
        "version": version(),
        "powers": dict(POWERS),
        "conditions": list(words["condition"].items()),
        "packaging": list(words["packaging"].items()),
        "documents": list(words["documents"].items()),
        "purposes": list(words["purpose"].items()),
        "activities": list(words["work"].items()),
        "reasons": list(words["reason"].items()),
        "grounds": list(words["voiding-ground"].items()),
        "methods": list(words["method"].items()),
        "indicators": list(words["indicator"].items()),
    }
    return page(request, "acts/bench.html", values)


@router.get("/bench/version")
def bench_version() -> Response:
    """Say which bench this service has, and what belongs to it, for a browser that keeps it."""
    said = {"version": version(), "shell": SHELL, "files": [f"/static/{name}" for name in FILES]}
    return JSONResponse(said, headers={"Cache-Control": "no-store"})


@router.get("/bench-worker.js")
def worker() -> Response:
    """Return the script with which a browser opens the bench where there is no network."""
    headers = {**HEADERS, "Cache-Control": "no-cache", "Service-Worker-Allowed": "/bench"}
    return Response(content_of("acts/worker.js"), media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/bench/known")
def known(request: Request, reads: Reads, language: Told) -> Response:
    """Say what a bench has to know by heart: all of it, the page of things behind one, or what changed since."""
    given = parameters_of(request, (PARAMETER, "after", "since"))
    if (after := given.get("after")) is not None:
        check_id("after", is_one=is_tag(after))
        said = page_of_things(reads, Tag(after), language)
    elif (since := given.get("since")) is not None:
        if (position := whole_number(since, DIGITS)) is None:
            raise HTTPException(400, "this address takes no such parameter")
        said = changes(reads, AT_BENCH, position, language)
    else:
        said = first(reads, AT_BENCH, language)
    return JSONResponse(said, headers={"Cache-Control": "no-store"})


@cache
def version() -> str:
    """Return the digest of all that belongs to the bench: where one byte of it differs, it is another one."""
    found = hashlib.sha256()
    for name in (*FILES, "acts/worker.js"):
        found.update(content_of(name))
    for template in ("frame.html", "acts/bench.html", "acts/open.html"):
        found.update(files("api.console").joinpath("templates", template).read_bytes())
    found.update(json.dumps(dict(POWERS)).encode())
    return found.hexdigest()[:16]
