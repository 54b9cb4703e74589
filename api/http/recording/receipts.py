"""Receipts of refusals over HTTP: the problem of an answer with what it says signed, for who asks for it."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING

from api.http.problems import problem_answer, problem_of, reader_language
from api.receipts.refusal import PROBLEMS, refusal_of, sign_refusal
from api.submissions import read_submission
from ledger.errors import LedgerError, Malformed
from ledger.statement.form.envelope import parse_envelope

if TYPE_CHECKING:
    from fastapi import Request, Response

    from api.http.doors import Doors


class Receipt(StrEnum):
    """What a caller wants to have signed."""

    REFUSAL = "refusal"


def with_receipt(request: Request, doors: Doors, data: bytes, error: LedgerError) -> Response:
    """Return the answer to a statement that was not taken, with its receipt. data: as it was handed in.

    Raises the error itself where there is nothing to be signed: it is no refusal, or there is no statement in the data.
    """
    if type(error) not in PROBLEMS or doors.log_keys is None:
        raise error
    try:
        payload = parse_envelope(read_submission(data).envelope).payload
    except Malformed:
        raise error from None
    language, log = reader_language(request.scope), doors.ledger.store.origin
    refusal = refusal_of(log, payload, error, doors.signing_in.clock.now())
    receipt = sign_refusal(refusal, doors.log_keys.keys[0], doors.log_keys.sign_line)
    return problem_answer(problem_of(error, language) | {"receipt": json.loads(receipt)}, language, {})
