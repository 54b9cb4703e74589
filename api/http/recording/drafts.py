"""Drafts over HTTP: from a kind and what belongs into it to the exact bytes that are to be signed.

A client that can make a signature needs no code of our formats: it signs ``to_sign``, puts each signature into the
``envelope`` and hands that in. Nothing is looked up and nothing is kept: what is drafted shows nothing of the record.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.answers import reader_of
from api.drafts.payload import draft_payload
from api.drafts.problems import Problems
from api.drafts.reading import check_body, read_members_of_draft
from api.http.described import answers, problems, takes
from api.http.doors import Opened
from api.http.problems import Spoken
from api.http.recording.statements import Body
from api.rows.record import Drafted
from ledger.clock import SystemClock
from ledger.errors import Malformed, Refused
from ledger.statement.form.envelope import PAYLOAD_TYPE, pae
from ledger.statement.form.payload import read_payload
from ledger.statement.text import strict_json
from ledger.statement.text.shape import read_object
from ledger.words.telling import sentence

if TYPE_CHECKING:
    from api.http.doors import Doors
    from ledger.statement.form.payload import Payload
    from ledger.words.reader import Reader
    from ledger.words.table import Language

router = APIRouter(prefix="/v1/drafts", tags=["statements"])


@router.post(
    "",
    operation_id="draft_statement",
    response_model=None,
    openapi_extra=takes(words="A draft, docs/formats.md: kind, signers with their keys, body, and what else it has."),
    responses={200: answers("What is to be signed.", Drafted), **problems(Malformed, 400, 408, 413)},
)
def draft(data: Body, doors: Opened, language: Spoken) -> Response:
    """Return what is to be signed for a draft: the payload's bytes, and in words what they say.

    The body is a draft as JSON: ``kind``, ``signers`` with their keys, ``body``, and what else a draft may have;
    ``log`` is this one where it is left out. Everything that is wrong with the body of the draft is told at once.
    """
    members = {"log": doors.ledger.store.origin} | read_object(strict_json.parse(data), "$")
    problems = Problems()
    said = read_members_of_draft(members, problems)
    check_body(said, problems)
    payload, disclosures = draft_payload(said, (), SystemClock())
    return JSONResponse(_drafted(payload, disclosures, doors, language))


def _drafted(payload: bytes, disclosures: tuple[str, ...], doors: Doors, language: Language) -> Drafted:
    read = read_payload(payload)
    written = base64.b64encode(payload).decode()
    return {
        "statement": read.id,
        "kind": read.kind,
        "told": sentence(read, _reader(doors, read, language)),
        "signers": [one._asdict() for one in read.signers],
        "to_sign": base64.b64encode(pae(PAYLOAD_TYPE, payload)).decode(),
        "envelope": {"payload": written, "payloadType": PAYLOAD_TYPE, "signatures": []},
        "disclosures": list(disclosures),
    }


def _reader(doors: Doors, payload: Payload, language: Language) -> Reader:
    """Return who reads a draft: ids as they are, the local time of the rules of its day."""
    try:
        rules = doors.ledger.rules_at(payload.occurred_at).name
    except Refused:
        rules = ""
    return reader_of(rules, language)
