"""Many statements over HTTP: JSON lines in, and one line out for each, in their order.

Each line stands on its own, or with ``together`` all are recorded or none. An answer is a line as soon as it is known;
who does not read them keeps nobody else waiting, and who is cut off hands the same lines in again.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from api.answers import outcome_object, recordable_object
from api.http.bounds.positions import POSITION
from api.http.bounds.proofs import Wait, awaited
from api.http.described import LINES, answers, takes
from api.http.doors import Doors, Opened
from api.http.problems import Spoken, problem_of
from api.http.recording.statements import REFUSALS, Body
from api.rows import http, record
from api.submissions import read_submission
from ledger.errors import Halted, IntegrityFailed, LedgerError, Malformed, Unavailable
from ledger.store.deciding.committer import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.service import Submission
    from ledger.words.table import Language

router = APIRouter(prefix="/v1/statements", tags=["statements"])

PATH: Final = "/v1/statements/batch"
MOST_BYTES: Final = 8_000_000
"""Of all lines together; each may be as large as a statement that comes alone."""

MOST_LINES: Final = 10_000
MOST_PROOFS: Final = 256

RULES: Final = {
    "BAT-01": f"A batch has 1 to {MOST_LINES:,} lines, of which none is blank but those at its end.",
    "BAT-02": f"A batch whose proofs are waited for has at most {MOST_PROOFS} lines.",
}

_ANSWERS: Final = (http.RecordedInBatch, http.FailedProblem)


@router.post(
    "/batch",
    operation_id="submit_statements",
    response_model=None,
    openapi_extra=takes(record.Submission, media=LINES, words="Signed statements, one a line."),
    responses=REFUSALS
    | {
        200: answers("Of each line what became of it, or would.", http.CheckedInBatch, *_ANSWERS, media=LINES),
        201: answers("All are recorded.", http.RecordedInBatch, media=LINES),
        202: answers("What is recorded has no checkpoint that covers all of it yet.", *_ANSWERS, media=LINES),
        422: answers("One is wrong, and none is recorded.", http.CheckedInBatch, *_ANSWERS, media=LINES),
    },
)
def submit(
    data: Body,
    doors: Opened,
    language: Spoken,
    *,
    together: Annotated[bool, Query()] = False,
    check: Annotated[bool, Query()] = False,
    wait: Wait | None = None,
) -> Response:
    """Record statements, one a line, and answer each with a line, in their order.

    A line of the answer has ``line`` and ``status``: ``recorded``, ``repeated``, or ``error`` with the ``problem``.
    A line may rest on those before it. With ``together`` all are recorded, 201, or none, 422: then those that are not
    wrong are ``recordable``; a line may rest on those before it, but not on a key that one of them enrols.

    With ``together`` and ``check`` they are judged, and none is recorded: 200 where all could be, or else 422.

    With ``wait=proof``, of at most 256 lines, each line of what is recorded has its .tlog-proof as ``proof``, once a
    checkpoint covers all; 202 and lines without it when none does in time: they are recorded then too.
    """
    if check and (wait is not None or not together):
        raise HTTPException(400, "check goes with together, and records nothing whose proof could be waited for")
    lines = _lines(data, MOST_LINES if wait is None else MOST_PROOFS)
    if together:
        return _together(doors, [*map(_read, lines)], language, wait, record=not check)
    answered = _answered(doors, map(_read, lines))
    if wait is not None:
        return _proven(doors, [*chain.from_iterable(answered)], language, 200)
    return StreamingResponse(_told(answered, language), media_type=LINES)


def _lines(data: bytes, most: int) -> list[bytes]:
    """Return the lines of a batch. Raises Malformed BAT-01, BAT-02."""
    lines = data.rstrip(b"\r\n").split(b"\n") if data.strip() else []
    if not 1 <= len(lines) <= most:
        raise Malformed("BAT-01" if most == MOST_LINES else "BAT-02", "$", f"has {len(lines)} lines")
    return lines


def _read(line: bytes) -> Submission | LedgerError:
    try:
        return read_submission(line.rstrip(b"\r"))
    except LedgerError as error:
        return error


def _answered(doors: Doors, read: Iterable[Submission | LedgerError]) -> Iterator[list[Outcome | LedgerError]]:
    """Record what could be read, and yield the answers to the lines, those together that are known together.

    Once nothing can be recorded now, nothing more is handed in: what comes later may rest on what is lost.
    """
    lost: list[Unavailable] = []
    for known in doors.ledger.record_as_known(lost[0] if lost else one for one in read):
        for answer in known:
            if isinstance(answer, Unavailable) and not lost:
                doors.writing.failed()
                lost.append(Unavailable("a line before it could not be recorded now; handing in both again is safe"))
            elif not isinstance(answer, LedgerError):
                doors.writing.recorded()
        yield known


def _told(answers: Iterable[list[Outcome | LedgerError]], language: Language) -> Iterator[bytes]:
    """Write the lines that are known together in one piece: each piece costs the event loop a turn of a thread."""
    number = 0
    for known in answers:
        yield b"".join(_line(place, _said(one, language)) for place, one in enumerate(known, number + 1))
        number += len(known)


def _proven(doors: Doors, answers: Sequence[Outcome | LedgerError], language: Language, status: int) -> Response:
    """Answer with the proofs of what is recorded; 202 where there are none yet. status: otherwise."""
    events = [one.event for one in answers if isinstance(one, Outcome) and one.event is not None]
    proofs = dict(zip((event.position for event in events), awaited(doors, events), strict=True))
    said = [_said(one, language) for one in answers]
    for one in said:
        if (proof := proofs.get(one.get("position", 0))) is not None:
            one["proof"] = proof.decode()
    late = None in proofs.values()
    headers = {POSITION: str(max(proofs))} if proofs else {}
    return _whole(said, 202 if late else status, headers | ({"Retry-After": "5"} if late else {}))


def _whole(said: Sequence[dict[str, Any]], status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(b"".join(map(_line, range(1, len(said) + 1), said)), status, headers, LINES)


def _together(
    doors: Doors, read: list[Submission | LedgerError], language: Language, wait: Wait | None, *, record: bool
) -> Response:
    """Record all, or none where one of them is wrong, and answer. record: False to judge them alone."""
    good = [one for one in read if not isinstance(one, LedgerError)]
    try:
        decided = iter(doors.ledger.record_together(good, record=record and len(good) == len(read)))
    except (Unavailable, Halted, IntegrityFailed):
        doors.writing.failed()
        raise
    answers = [one if isinstance(one, LedgerError) else next(decided) for one in read]
    wrong = any(isinstance(one, LedgerError) for one in answers)
    if wait is not None and not wrong:
        return _proven(doors, answers, language, 201)
    done = 201 if record else 200
    return _whole([_said(one, language, recorded=record and not wrong) for one in answers], 422 if wrong else done)


def _said(answer: Outcome | LedgerError, language: Language, *, recorded: bool = True) -> dict[str, Any]:
    if isinstance(answer, LedgerError):
        return {"status": "error", "problem": problem_of(answer, language)}
    if not recorded and answer.event is None:
        return {"status": "recordable", **recordable_object(answer, language)}
    return {**outcome_object(answer, language)}


def _line(number: int, said: dict[str, Any]) -> bytes:
    return json.dumps({"line": number} | said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
