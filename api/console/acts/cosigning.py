"""What several persons sign: told to each whom it names before they sign it, in a browser of their own.

A bench sends what it is about to sign, the second person a file that somebody left open. Nothing of either is kept
here, and what it says and breaks is told only to one of its signers.
"""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.console.acts.judging import told_of
from api.console.frame import PageRoute, page
from api.console.language import PARAMETER, Told
from api.console.telling import Teller
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.http.recording.statements import Body
from api.submissions import read_submission
from api.waiting.leaving import usable_key
from ledger.errors import NotTrusted
from ledger.statement.form.payload import read_payload
from ledger.statement.statement import open_partly, unsigned

pages = APIRouter(route_class=PageRoute, include_in_schema=False)
router = APIRouter(include_in_schema=False)


@pages.get("/cosign")
def cosign(request: Request, reads: Reads, language: Told) -> Response:
    """Ask for the file."""
    parameters_of(request, (PARAMETER,))
    return page(request, "acts/cosign.html", Teller(reads, language).of_every_page, signs=True)


@router.post("/cosign")
def told(data: Body, reads: Reads, language: Told) -> Response:
    """Tell an open statement to one of its signers, judged as if it were recorded now.

    Who states it has signed it, where that is somebody of another party: else anybody would learn how the record
    judges what others never said. Raises Malformed: it is none. NotTrusted: KEY-10 to KEY-17 of a signature that it
    has; KEY-23 the payload does not name the key of whoever asks, or who states it has not signed.
    """
    payload, envelope = open_partly(read_submission(data).envelope, lambda key: usable_key(key, reads.record))
    first = payload.signers[0]
    if first.party != reads.who.party and first in unsigned(payload, envelope):
        raise NotTrusted("KEY-23", f"{first.party} states it and has not signed it")
    return _told(envelope.payload, reads, language)


@router.post("/bench/told")
def told_first(data: Body, reads: Reads, language: Told) -> Response:
    """Tell what somebody at a bench is about to sign with another person, judged as if it were recorded now.

    data: the payload, of which nothing is signed yet: so all its signers are of the reader's party, for a statement of
    others would be judged by what these alone may know. Raises as ``told``; HTTPException 400 for others.
    """
    if any(one.party != reads.who.party for one in read_payload(data).signers):
        raise HTTPException(400, "this is not what the page sends")
    return _told(data, reads, language)


def _told(written: bytes, reads: Reads, language: Told) -> Response:
    payload = read_payload(written)
    if payload.log != reads.store.origin:
        raise HTTPException(400, "this is not what the page sends")
    if reads.who.key.removeprefix("key:") not in {one.key for one in payload.signers}:
        raise NotTrusted("KEY-23", f"{reads.who.key} is no key that the payload names")
    said = told_of(Teller(reads, language), payload, written)
    answer = {**asdict(said), "open": said.open}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})
