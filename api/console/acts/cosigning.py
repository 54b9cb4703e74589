"""The second signature: a statement that somebody left open is told to whom it names, and signed in their own browser.

The file holds the statement and nothing of it is kept here. What it says and breaks is told only to one of its signers.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.console.acts.judging import told_of
from api.console.frame import PageRoute, page
from api.console.language import PARAMETER, Told
from api.console.telling import Teller
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.submissions import read_submission
from ledger.errors import NotTrusted
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload

pages = APIRouter(route_class=PageRoute, include_in_schema=False)
router = APIRouter(include_in_schema=False)


@pages.get("/cosign")
def cosign(request: Request, reads: Reads, language: Told) -> Response:
    """Ask for the file."""
    parameters_of(request, (PARAMETER,))
    return page(request, "acts/cosign.html", Teller(reads, language).of_every_page)


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post("/cosign")
def told(data: Annotated[bytes, Depends(_body)], reads: Reads, language: Told) -> Response:
    """Tell an open statement to one of its signers, judged as if it were recorded now.

    Raises Malformed: it is none. NotTrusted: KEY-23 the payload does not name the key of whoever asks.
    """
    submission = read_submission(data)
    written = parse_envelope(submission.envelope).payload
    payload = read_payload(written)
    if payload.log != reads.store.origin:
        raise HTTPException(400, "this is not what the page sends")
    if reads.who.key.removeprefix("key:") not in {one.key for one in payload.signers}:
        raise NotTrusted("KEY-23", f"{reads.who.key} is no key that the payload names")
    said = told_of(Teller(reads, language), payload, written)
    answer = {**asdict(said), "open": said.open}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})
