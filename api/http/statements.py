"""Statements over HTTP: hand one in, and get its proof."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from api.answers import outcome_object
from api.http.doors import Doors, Opened
from api.submissions import read_submission
from ledger.errors import NotFound, Unavailable
from ledger.ids import StatementId, is_statement_id
from ledger.publisher.proofs import prove_recorded

if TYPE_CHECKING:
    from ledger.service import Submission
    from ledger.store.deciding.committer import Outcome
    from ledger.store.port import Recorded

router = APIRouter(prefix="/v1/statements", tags=["statements"])

_PROOF: Final = "text/plain; charset=utf-8"


class Wait(StrEnum):
    """What a caller waits for."""

    PROOF = "proof"


async def _submitted(request: Request) -> bytes:
    return await request.body()


@router.post("", operation_id="submit_statement", response_model=None)
def submit(data: Annotated[bytes, Depends(_submitted)], doors: Opened, wait: Wait | None = None) -> Response:
    """Record a statement: 201, or 200 with the first answer when it is recorded already.

    The body is ``{"envelope": {…}, "disclosures": ["…"]}``. With ``wait=proof`` the answer is the .tlog-proof of the
    statement's entry, as soon as a checkpoint covers it; 202 and the plain answer when none does in time: the statement
    is recorded then too, and ``Location`` says where its proof will be.
    """
    outcome = _recorded(doors, read_submission(data))
    if outcome.event is None:
        raise TypeError("a statement that was recorded has an event")
    status = 200 if outcome.repeated else 201
    headers = {"Location": f"/v1/statements/{outcome.event.statement}/proof"}
    if wait is None:
        return JSONResponse(outcome_object(outcome), status, headers)
    proof = _awaited(doors, outcome.event)
    if proof is None:
        return _later(outcome, headers)
    return Response(proof, status, headers, _PROOF)


@router.head("/{statement}/proof", include_in_schema=False)
@router.get("/{statement}/proof", operation_id="read_proof", response_class=Response)
def proof(statement: str, doors: Opened) -> Response:
    """Return the .tlog-proof of a statement's entry under the newest checkpoint; 404 until one covers it."""
    recorded = doors.ledger.store.find(StatementId(statement)) if is_statement_id(statement) else None
    if recorded is None:
        raise NotFound(f"no statement {statement} is recorded")
    found = prove_recorded(doors.publication, recorded, doors.keys)
    if found is None:
        raise NotFound(f"statement {statement} is recorded, and no checkpoint covers it yet")
    return Response(found, media_type=_PROOF, headers={"Cache-Control": "no-cache"})


def _recorded(doors: Doors, submission: Submission) -> Outcome:
    try:
        outcome = doors.ledger.record(submission)
    except Unavailable:
        doors.writing.failed()
        raise
    doors.writing.recorded()
    return outcome


def _awaited(doors: Doors, event: Recorded) -> bytes | None:
    """Return the proof of a position as soon as there is one; None when it takes too long or too many are waiting."""
    if not doors.waiting.acquire(blocking=False):
        return None
    try:
        doors.publisher.wait_for(event.position, doors.proof_within)
        return prove_recorded(doors.publication, event, doors.keys)
    except Unavailable:
        return None  # the statement is recorded, and must not be answered as if it were not
    finally:
        doors.waiting.release()


def _later(outcome: Outcome, headers: dict[str, str]) -> Response:
    return JSONResponse(outcome_object(outcome), 202, headers | {"Retry-After": "5"})
