"""Errors over HTTP: one table from the ledger's answers to status codes, and problem+json (RFC 9457) for all of them.

A body has ``type`` (``urn:vialog:problem:`` and the name of the answer), ``title``, ``status`` and ``detail``; where
the answer names them ``rule``, ``member`` and ``breaches``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.answers import breach_lines, breach_objects
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

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

STATUS: Final[Mapping[type[LedgerError], int]] = {
    Malformed: 400,
    NotTrusted: 403,
    Refused: 422,
    NeedsAcknowledgement: 409,
    Conflict: 409,
    NotFound: 404,
    Unavailable: 503,
    Halted: 503,
    IntegrityFailed: 500,
    TooOld: 503,
}

TITLES: Final[Mapping[type[LedgerError], str]] = {
    Malformed: "The bytes are not what the format asks for",
    NotTrusted: "A signature or its key is not trusted",
    Refused: "It contradicts the record or the authority to speak",
    NeedsAcknowledgement: "It breaks rules that its signers did not acknowledge",
    Conflict: "Another statement is recorded under the same id",
    NotFound: "Not in the record",
    Unavailable: "The store cannot answer now; sending again is safe",
    Halted: "Nothing may be recorded on this log until a person has looked",
    IntegrityFailed: "Stored bytes contradict themselves",
    TooOld: "This service is older than its log: it has to be upgraded",
}

_LOG: Final = logging.getLogger("vialog.http")
MEDIA_TYPE: Final = "application/problem+json"
_NOT_KEPT: Final = {"Cache-Control": "no-store"}
"""No error is kept by a cache: what is not there yet will be, and a 404 without a word on it may be kept (RFC 9111)."""
_RETRY_AFTER: Final = {"Retry-After": "5"}


def answer_problems(app: FastAPI) -> None:
    """Let an application answer every error with problem+json."""
    app.add_exception_handler(LedgerError, _ledger_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)


def problem_of(error: LedgerError) -> dict[str, Any]:
    """Return the members of the problem+json of an answer."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    said: dict[str, Any] = {
        "type": f"urn:vialog:problem:{name}",
        "title": TITLES[type(error)],
        "status": STATUS[type(error)],
        "detail": str(error),
    }
    match error:
        case Malformed():
            said |= {"rule": error.rule, "member": error.member}
        case NotTrusted() | Refused():
            said |= {"rule": error.rule}
        case NeedsAcknowledgement():
            said |= {
                "detail": "; ".join(breach_lines(error.breaches, error.rules)),
                "breaches": breach_objects(error.breaches, error.rules),
            }
        case _:
            pass
    return said


def _ledger_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, LedgerError):
        raise error
    headers = _NOT_KEPT | (_RETRY_AFTER if isinstance(error, Unavailable) else {})
    return JSONResponse(_told(error), STATUS[type(error)], headers, MEDIA_TYPE)


def _told(error: LedgerError) -> dict[str, Any]:
    """Return the problem as strangers are told it: a driver's words, with addresses and paths, are for the log."""
    said = problem_of(error)
    if isinstance(error, Unavailable) and error.__cause__ is not None:
        _LOG.warning("unavailable: %s", error)
        said["detail"] = "the database does not answer as it should; the service's log says more"
    return said


def _http_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    said = {"type": "about:blank", "title": error.detail, "status": error.status_code}
    return JSONResponse(said, error.status_code, _NOT_KEPT | dict(error.headers or {}), MEDIA_TYPE)


def _validation_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    said = {
        "type": "about:blank",
        "title": "A parameter of the request cannot be read",
        "status": 400,
        "detail": "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()),
    }
    return JSONResponse(said, 400, _NOT_KEPT, MEDIA_TYPE)
