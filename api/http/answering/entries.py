"""Single statements over HTTP: the entry as stored, what it says in words, and the proof that it is in the log."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.answers import breach_objects, reader_of, rules_object
from api.http.answering.forms import Form, encoded, form_of, given
from api.http.answering.parameters import DIGITS, whole_number
from api.http.answering.reading import Reads
from api.http.bounds.positions import TAKES
from api.http.described import answers, problems
from api.http.problems import Spoken
from api.rows import http
from api.telling.labels import Labels
from api.telling.reading import told
from ledger.clock import format_time
from ledger.errors import IntegrityFailed, NotFound, TooOld, Unavailable
from ledger.ids import StatementId
from ledger.words.telling import sentence
from projections.reading import read_checked

if TYPE_CHECKING:
    from api.http.answering.reading import Reading
    from ledger.store.port import Recorded
    from ledger.words.table import Language

router = APIRouter(prefix="/v1", tags=["asking"])

_ANSWERS: Any = {
    200: answers("The entry.", http.EntryShown),
    304: {"description": "The request has this answer."},
    **problems(400, 401, 403, 406, 412, NotFound, Unavailable, TooOld, IntegrityFailed),
}


@router.get(
    "/entries/{position}", operation_id="read_entry", response_model=None, openapi_extra=TAKES, responses=_ANSWERS
)
def entry(position: str, request: Request, reads: Reads, language: Spoken) -> Response:
    """Return the entry at a position, with its proof where a checkpoint covers it; 404 where it may not be read."""
    number = whole_number(position, DIGITS)
    found = next(reads.store.read(number - 1, 1), None) if number else None
    if found is None:
        raise NotFound("the record has no such entry for you")
    return _answer(found, request, reads, language)


@router.get(
    "/statements/{statement:uuid}",
    operation_id="read_statement",
    response_model=None,
    openapi_extra=TAKES,
    responses=_ANSWERS,
)
def statement(statement: UUID, request: Request, reads: Reads, language: Spoken) -> Response:
    """Return the entry of a statement, with its proof where a checkpoint covers it; 404 where it may not be read."""
    found = reads.store.find(StatementId(str(statement)))
    if found is None:
        raise NotFound("the record has no such entry for you")
    return _answer(found, request, reads, language)


def _answer(found: Recorded, request: Request, reads: Reading, language: Language) -> Response:
    form_of(request, (Form.JSON,))
    event = read_checked(found)
    proof = reads.prove(found)
    labels = Labels(lambda: reads.store, language=language)
    reader = replace(reader_of(event.rules, language), names=labels.name)
    said: http.EntryShown = {
        "log": reads.store.origin,
        "seen_by": reads.who.party,
        "position": found.position,
        "recorded": format_time(found.recorded),
        "statement": found.statement,
        "kind": found.kind,
        "told": sentence(told(event.said), reader),
        "tags": sorted(event.tags),
        **rules_object(event.rules),
        "breaches": breach_objects(event.breaches, event.rules, language),
        "leaf": found.leaf.hex(),
        "entry": base64.b64encode(found.entry).decode(),
        "proof": None if proof is None else proof.decode(),
    }
    return given(request, encoded(said), Form.JSON, position=reads.position)
