"""Statements over HTTP: hand one in, have one judged, and get its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from api.answers import checked_object, outcome_object
from api.http.bounds.positions import POSITION, TAKES, Least, published
from api.http.bounds.proofs import Wait, awaited
from api.http.described import TEXT, answers, or_proof, problems, takes
from api.http.doors import Doors, Opened, doors_of
from api.http.problems import Spoken, reader_language
from api.http.recording.receipts import Receipt, with_receipt
from api.rows import record
from api.rows.answers import Recorded as RecordedRow
from api.submissions import read_submission
from ledger.errors import (
    Conflict,
    Halted,
    IntegrityFailed,
    LedgerError,
    Malformed,
    NeedsAcknowledgement,
    NotFound,
    NotTrusted,
    Refused,
    TooOld,
    Unavailable,
)
from ledger.ids import StatementId, is_statement_id
from ledger.publisher.proofs import prove_recorded
from projections.foreseen import foresee_in
from projections.reading import check_stored

if TYPE_CHECKING:
    from ledger.store.deciding.committer import Outcome
    from ledger.store.port import Recorded
    from ledger.words.table import Language

PATH: Final = "/v1/statements"
router = APIRouter(prefix=PATH, tags=["statements"])

REFUSALS: Final = problems(
    *(Malformed, NotTrusted, Refused, NeedsAcknowledgement, Conflict, Unavailable, Halted, TooOld, IntegrityFailed),
    *(400, 408, 413),
)
"""What may stand in the way of a statement."""

_AT_ONCE: Final = 16_384
"""Bytes of a body that are read at once; larger ones are read by a thread, so that nobody else waits meanwhile."""

_TAKES: Final = takes(record.Submission, words="A signed statement, docs/formats.md section 8.")


async def body_of(request: Request) -> bytes:
    """Return a request's body, which is here already."""
    return await request.body()


Body = Annotated[bytes, Depends(body_of)]


@router.post(
    "",
    operation_id="submit_statement",
    response_model=None,
    status_code=201,
    openapi_extra=_TAKES,
    responses={
        200: or_proof(answers("It was recorded before: its first answer.", RecordedRow)),
        201: or_proof(answers("It is recorded.", RecordedRow)),
        202: answers("It is recorded, and no checkpoint covers it yet.", RecordedRow),
        **REFUSALS,
    },
)
async def submit(request: Request, wait: Wait | None = None, receipt: Receipt | None = None) -> Response:
    """Record a statement: 201, or 200 with the first answer when it is recorded already.

    The body is ``{"envelope": {…}, "disclosures": ["…"]}``. With ``wait=proof`` the answer is the .tlog-proof of the
    statement's entry, as soon as a checkpoint covers it; 202 and the plain answer when none does in time: the statement
    is recorded then too, and ``Location`` says where its proof will be. With ``receipt=refusal`` the problem of one
    that is not taken has a ``receipt``, which the log's own key has signed.
    """
    data, doors = await request.body(), doors_of(request)
    try:
        outcome = await recorded(doors, data)
    except LedgerError as error:
        if receipt is None:
            raise
        return await run_in_threadpool(with_receipt, request, doors, data, error)
    if wait is None:
        return recorded_answer(outcome, reader_language(request.scope))
    (proof,) = await run_in_threadpool(awaited, doors, [_event_of(outcome)])
    if proof is not None:
        return Response(proof, _status(outcome), _headers(outcome), TEXT)
    answer = recorded_answer(outcome, reader_language(request.scope))
    answer.status_code, answer.headers["Retry-After"] = 202, "5"
    return answer


@router.post(
    "/check",
    operation_id="check_statement",
    response_model=None,
    openapi_extra=_TAKES,
    responses={200: answers("It could be recorded, or is.", record.Checked), **REFUSALS},
)
def check(data: Body, doors: Opened, language: Spoken) -> Response:
    """Verify and judge a signed statement as if it were handed in now, and record nothing.

    The body is that of a statement that is handed in; the problems are the same. ``opens`` and ``ends`` are the
    obligations that it would open and end.
    """
    ledger = doors.ledger
    outcome = ledger.check(read_submission(data))
    return JSONResponse(checked_object(outcome, foresee_in(ledger.store, ledger.packs, outcome.next), language))


@router.get(
    "/{statement}/proof",
    operation_id="read_proof",
    response_class=Response,
    openapi_extra=TAKES,
    responses={
        200: answers("A .tlog-proof, docs/formats.md.", media=TEXT),
        **problems(NotFound, Unavailable, IntegrityFailed, TooOld, 400, 412),
    },
)
def proof(statement: str, doors: Opened, least: Least) -> Response:
    """Return the .tlog-proof of a statement's entry under the newest checkpoint; 404 until one covers it."""
    size = published(doors, least)
    recorded = doors.ledger.store.find(StatementId(statement)) if is_statement_id(statement) else None
    if recorded is None:
        raise NotFound(f"no statement {statement} is recorded")
    check_stored(recorded)
    found = prove_recorded(doors.publication, recorded, doors.keys)
    if found is None:
        raise NotFound(f"statement {statement} is recorded, and no checkpoint covers it yet")
    return Response(found, media_type=TEXT, headers={"Cache-Control": "no-cache", POSITION: str(size)})


async def recorded(doors: Doors, data: bytes) -> Outcome:
    """Have a statement recorded, and wait for it without a thread: so many wait at a time as the server lets in.

    data: as it was handed in. Raises as ``Ledger.record``.
    """
    large = len(data) > _AT_ONCE
    submission = await run_in_threadpool(read_submission, data) if large else read_submission(data)
    try:
        answer = doors.ledger.offer(submission)
        if answer is None:
            answer = await run_in_threadpool(doors.ledger.submit, submission)
        outcome = await doors.arrivals.of(answer)
    except Unavailable:
        doors.writing.failed()
        raise
    doors.writing.recorded()
    return outcome


def recorded_answer(outcome: Outcome, language: Language) -> Response:
    """Return the answer to a statement that is recorded: 201, or 200 with its first answer where it was before."""
    return JSONResponse(outcome_object(outcome, language), _status(outcome), _headers(outcome))


def _status(outcome: Outcome) -> int:
    return 200 if outcome.repeated else 201


def _headers(outcome: Outcome) -> dict[str, str]:
    event = _event_of(outcome)
    return {"Location": f"{PATH}/{event.statement}/proof", POSITION: str(event.position)}


def _event_of(outcome: Outcome) -> Recorded:
    """Return the event of a statement that was recorded."""
    if outcome.event is None:
        raise TypeError("a statement that was recorded has an event")
    return outcome.event
