"""What waits, over HTTP: statements that lack signatures, for those who sign them; and drafts, for who writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.http.asking import Reader, Recorder
from api.http.described import JSON, answers, problems, takes
from api.http.doors import Opened
from api.http.recording.statements import Body
from api.rows import record
from api.rows import waiting as rows
from ledger.clock import format_time
from ledger.errors import Malformed, NotFound, NotTrusted, Refused, Unavailable

if TYPE_CHECKING:
    from api.waiting.drafts import KeptDraft
    from api.waiting.leaving import OpenStatement

router = APIRouter(prefix="/v1", tags=["what waits"])

_NOT_KEPT: Final = {"Cache-Control": "no-store"}
_HERE: Final = problems(401, 403, Unavailable)
_LEFT: Final = problems(Malformed, NotTrusted, Refused, 400, 401, 403, 408, 413, Unavailable)


@router.post(
    "/open-statements",
    operation_id="leave_open_statement",
    response_model=None,
    status_code=201,
    openapi_extra=takes(record.Submission, words="A statement with some of its signatures, docs/formats.md section 8."),
    responses={201: answers("It waits, with the signatures that it has by now.", rows.OpenStatementRow), **_LEFT},
)
def leave(data: Body, asked: Recorder, doors: Opened) -> Response:
    """Leave a statement that lacks signatures for the others who sign it; or add signatures to one that is here.

    Who signs it sees it, and nobody else is told that it is there. Once all have signed, any of them hands it in; it is
    taken away when it is recorded, withdrawn, or after 30 days.
    """
    return JSONResponse(open_row(doors.open_statements.leave(asked.who, data, asked.record)), 201, _NOT_KEPT)


@router.get(
    "/open-statements",
    operation_id="list_open_statements",
    response_model=None,
    responses={200: answers("Those that the party that asks signs.", rows.OpenStatementsOfParty), **_HERE},
)
def waiting(asked: Reader, doors: Opened) -> Response:
    """List the open statements that the party that asks is to sign, or has signed, the newest first."""
    found = doors.open_statements.waiting(asked.who, asked.record)
    row: rows.OpenStatementsOfParty = {"open": list(map(open_row, found))}
    return JSONResponse(row, headers=_NOT_KEPT)


@router.get(
    "/open-statements/{digest}",
    operation_id="read_open_statement",
    response_model=None,
    responses={200: answers("As it is signed by now.", rows.OpenStatementShown), **_HERE, **problems(NotFound)},
)
def show(digest: str, asked: Reader, doors: Opened) -> Response:
    """Return an open statement, to be signed or handed in; its address is the SHA-256 of what is signed."""
    found = doors.open_statements.find(asked.who, digest, asked.record)
    return JSONResponse({**open_row(found), "submission": found.submission}, headers=_NOT_KEPT)


@router.delete(
    "/open-statements/{digest}",
    operation_id="withdraw_open_statement",
    response_model=None,
    status_code=204,
    responses={204: {"description": "It waits no more."}, **_HERE, **problems(NotFound)},
)
def withdraw(digest: str, asked: Recorder, doors: Opened) -> Response:
    """Withdraw an open statement that the party that asks has left."""
    doors.open_statements.withdraw(asked.who, digest)
    return Response(status_code=204, headers=_NOT_KEPT)


@router.get(
    "/drafts",
    operation_id="list_drafts",
    response_model=None,
    responses={200: answers("The drafts of the party that asks.", rows.KeptDrafts), **_HERE},
)
def drafts(asked: Reader, doors: Opened) -> Response:
    """List the drafts that the party that asks keeps here, by their names."""
    found = doors.kept_drafts.of_party(asked.who, asked.record.world.now)
    row: rows.KeptDrafts = {"drafts": list(map(_draft, found))}
    return JSONResponse(row, headers=_NOT_KEPT)


@router.put(
    "/drafts/{name}",
    operation_id="keep_draft",
    response_model=None,
    openapi_extra=takes(words="A draft as its writer has it: any JSON object."),
    responses={
        200: answers("It is kept, in the place of the one before.", rows.KeptDraftRow),
        **problems(Malformed, Refused, 400, 401, 403, 408, 413, Unavailable),
    },
)
def keep(name: str, data: Body, asked: Recorder, doors: Opened) -> Response:
    """Keep a draft under a name, for 90 days; it is seen by the party that keeps it, and judged by nobody."""
    return JSONResponse(
        _draft(doors.kept_drafts.keep(asked.who, name, data, asked.record.world.now)), headers=_NOT_KEPT
    )


@router.get(
    "/drafts/{name}",
    operation_id="read_draft",
    response_class=Response,
    responses={
        200: {"description": "As it was kept.", "content": {JSON: {"schema": {"type": "object"}}}},
        **_HERE,
        **problems(NotFound),
    },
)
def draft(name: str, asked: Reader, doors: Opened) -> Response:
    """Return a draft of the party that asks."""
    found = doors.kept_drafts.find(asked.who, name, asked.record.world.now)
    return Response(found.draft, headers=_NOT_KEPT, media_type=JSON)


@router.delete(
    "/drafts/{name}",
    operation_id="drop_draft",
    response_model=None,
    status_code=204,
    responses={204: {"description": "It is kept no more."}, **_HERE, **problems(NotFound)},
)
def drop(name: str, asked: Recorder, doors: Opened) -> Response:
    """Drop a draft of the party that asks."""
    doors.kept_drafts.drop(asked.who, name)
    return Response(status_code=204, headers=_NOT_KEPT)


def open_row(one: OpenStatement) -> rows.OpenStatementRow:
    """Return what is told of an open statement to those who sign it."""
    return {
        "digest": one.digest,
        "statement": one.statement,
        "kind": one.kind,
        "left_by": one.party,
        "left": format_time(one.made),
        "expires": format_time(one.expires),
        "signers": [
            {"party": each.party, "person": each.person, "meaning": each.meaning, "signed": signed}
            for each, signed in one.signers
        ],
    }


def _draft(one: KeptDraft) -> rows.KeptDraftRow:
    return {
        "name": one.name,
        "person": one.person,
        "kept": format_time(one.kept),
        "expires": format_time(one.expires),
    }
