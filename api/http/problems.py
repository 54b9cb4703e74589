"""Errors over HTTP: one table of problems with stable names, and problem+json (RFC 9457) for all of them.

A body has ``type`` (``urn:vialog:problem:`` and the name in the table), ``title``, ``status`` and mostly ``detail``;
where the answer names them ``rule``, ``member`` and ``breaches``. Titles, details and the sentences of breaches are in
the reader's language; names, rules, members and parameters are the same in every one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from api.answers import breach_lines, breach_objects, reader_of, rules_object
from api.http.bounds.methods import headers_of
from api.http.speaking import HEADER, language_of
from api.language import label, problem_words, spoken
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
from ledger.words.table import Language

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Scope


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem. name: its type without what stands before all of them; title: in English."""

    name: str
    status: int
    title: str


PROBLEMS: Final[Mapping[type[LedgerError], Problem]] = {
    Malformed: Problem("malformed", 400, "The bytes are not what the format asks for"),
    NotTrusted: Problem("not-trusted", 403, "A signature or its key is not trusted"),
    Refused: Problem("refused", 422, "It contradicts the record or the authority to speak"),
    NeedsAcknowledgement: Problem("needs-acknowledgement", 409, "It breaks rules that its signers did not acknowledge"),
    Conflict: Problem("conflict", 409, "Another statement is recorded under the same id"),
    NotFound: Problem("not-found", 404, "Not in the record"),
    Unavailable: Problem("unavailable", 503, "The store cannot answer now; sending again is safe"),
    Halted: Problem("halted", 503, "Nothing may be recorded on this log until a person has looked"),
    IntegrityFailed: Problem("integrity-failed", 500, "Stored bytes contradict themselves"),
    TooOld: Problem("too-old", 503, "This service is older than its log: it has to be upgraded"),
}
"""The ledger's answers."""

OF_REQUESTS: Final[Mapping[int, Problem]] = {
    400: Problem("unreadable-request", 400, "The request cannot be read"),
    401: Problem("not-signed-in", 401, "Who asks has not signed in"),
    403: Problem("not-offered", 403, "This is not served here, or not in this way"),
    404: Problem("no-such-address", 404, "There is nothing at this address"),
    405: Problem("no-such-method", 405, "This address does not take that method"),
    406: Problem("no-such-form", 406, "This is not answered in any form that the request takes"),
    408: Problem("too-slow", 408, "The request's body did not come in time"),
    412: Problem("position-not-known", 412, "The position that the request asks for is not known here yet"),
    413: Problem("too-large", 413, "The request's body is too large"),
    415: Problem("other-media-type", 415, "The request's body is of another media type than this address takes"),
    429: Problem("too-many-requests", 429, "One caller asks too often"),
    431: Problem("head-too-large", 431, "The request's address and headers are too large"),
}
"""What is wrong with a request before the ledger hears of it, by status."""

READ_ONLY: Final = Problem("read-only", 405, "This service only reads")
"""What a service on a standby says to whatever would change anything."""

TYPE: Final = "urn:vialog:problem:"
MEDIA_TYPE: Final = "application/problem+json"
_LOG: Final = logging.getLogger("vialog.http")
_NOT_KEPT: Final = {"Cache-Control": "no-store", "Vary": HEADER}
"""No error is kept by a cache: what is not there yet will be, and a 404 without a word on it may be kept (RFC 9111)."""
_RETRY_AFTER: Final = {"Retry-After": "5"}


def answer_problems(app: FastAPI) -> None:
    """Let an application answer every error with problem+json."""
    app.add_exception_handler(LedgerError, _ledger_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)


def reader_language(scope: Scope) -> Language:
    """Return in which language whoever sent a request is answered."""
    return language_of(Headers(raw=scope.get("headers", ())).get(HEADER, ""))


async def _spoken(request: Request) -> Language:
    return reader_language(request.scope)


Spoken = Annotated[Language, Depends(_spoken)]
"""The language in which a request is answered."""


def problem_of(error: LedgerError, language: Language = Language.ENGLISH) -> dict[str, Any]:
    """Return the members of the problem+json of an answer.

    A driver's words, with addresses and paths, are for the service's log.
    """
    if isinstance(error, Unavailable) and error.__cause__ is not None:
        _LOG.warning("unavailable: %s", error)
        error = Unavailable("the database does not answer as it should; the service's log says more")
    said = _said(PROBLEMS[type(error)], language, problem_words(error, language))
    match error:
        case Malformed():
            said |= {"rule": error.rule, "member": error.member}
        case NotTrusted() | Refused():
            said |= {"rule": error.rule}
        case NeedsAcknowledgement():
            reader = reader_of(error.rules, language)
            said |= {
                "detail": "; ".join(breach_lines(error.breaches, error.rules, reader)),
                "breaches": breach_objects(error.breaches, error.rules, language),
                **rules_object(error.rules),
            }
        case _:
            pass
    return said


def problem_answer(said: Mapping[str, Any], language: Language, headers: Mapping[str, str]) -> JSONResponse:
    """Return the answer that tells a problem."""
    return JSONResponse(dict(said), said["status"], {**_NOT_KEPT, "Content-Language": language, **headers}, MEDIA_TYPE)


def error_answer(error: LedgerError, scope: Scope, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the answer to a request that an error ended."""
    language = reader_language(scope)
    retry = _RETRY_AFTER if isinstance(error, Unavailable) else {}
    return problem_answer(problem_of(error, language), language, retry | dict(headers or {}))


def request_answer(
    status: int, scope: Scope, detail: str = "", headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return the answer to a request that is wrong by itself.

    status: in OF_REQUESTS, or else one that HTTP itself gives words to. detail: in English, as spoken takes it.
    """
    language = reader_language(scope)
    problem = OF_REQUESTS.get(status)
    if problem is None:
        return problem_answer({"type": "about:blank", "title": detail, "status": status}, language, headers or {})
    told = spoken(detail, language) if detail else ""
    return problem_answer(_said(problem, language, told), language, headers or {})


def request_problem(problem: Problem, language: Language, detail: str) -> dict[str, Any]:
    """Return the members of a problem of a request. detail: in English, as spoken takes it."""
    return _said(problem, language, spoken(detail, language))


def _said(problem: Problem, language: Language, detail: str) -> dict[str, Any]:
    said: dict[str, Any] = {"type": f"{TYPE}{problem.name}", "title": label(problem.title, language)}
    return said | {"status": problem.status} | ({"detail": detail} if detail else {})


def _ledger_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, LedgerError):
        raise error
    return error_answer(error, request.scope)


def _http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    # Starlette's own detail is the phrase of the status, which the title says better.
    ours = error.status_code in {400, 401, 403, 412}
    known = error.status_code in OF_REQUESTS
    told = error.detail if ours or not known else ""
    return request_answer(error.status_code, request.scope, told, headers_of(error, request))


def _validation_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    places = [".".join(map(str, one["loc"])) for one in error.errors()]
    return request_answer(400, request.scope, f"these parameters cannot be read: {', '.join(places)}")
