"""The witness's door, as C2SP tlog-witness says: cosign a checkpoint, and show the one that was cosigned last.

POST /add-checkpoint
GET /<hex SHA-256 of the log's name>/checkpoint
GET /healthz                                     whether it can read what it cosigned; not of the protocol
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.http.bounds.methods import Headed, headers_of
from ledger.errors import (
    Conflict,
    IntegrityFailed,
    LedgerError,
    Malformed,
    NotFound,
    NotTrusted,
    Unavailable,
)
from ledger.witness.core import Behind
from ledger.witness.request import MAX_REQUEST
from ledger.witness.service import WitnessService

STATUS: Final[Mapping[type[LedgerError], int]] = {
    Malformed: 400,
    NotTrusted: 403,
    NotFound: 404,
    Conflict: 409,
    IntegrityFailed: 422,
    Unavailable: 503,
}
"""The status of each answer that a witness can give."""

_TEXT: Final = "text/plain; charset=utf-8"
_SIZE: Final = "text/x.tlog.size"
_NOT_KEPT: Final = {"Cache-Control": "no-store"}
_LOG: Final = logging.getLogger("vialog.witness")


async def _body(request: Request) -> bytes:
    return await request.body()


def _answer(error: LedgerError) -> Response:
    if isinstance(error, Unavailable):
        # Where its files are is for the log, and nobody else's to know.
        _LOG.warning("%s", error)
        return Response("the witness cannot keep its state now\n", status_code=503, media_type=_TEXT)
    return Response(f"{error}\n", status_code=STATUS[type(error)], media_type=_TEXT)


def witness_app(service: WitnessService) -> FastAPI:
    """Return the application that answers for one witness."""
    app = FastAPI(title="Vialog witness", openapi_url=None, redirect_slashes=False)
    app.state.largest_body = MAX_REQUEST
    app.state.larger_bodies = {}
    app.state.metrics = None
    app.state.followers = None
    app.add_middleware(Headed)

    @app.post("/add-checkpoint")
    def add_checkpoint(data: Annotated[bytes, Depends(_body)]) -> Response:
        try:
            return Response(service.add_checkpoint(data), media_type=_TEXT)
        except Behind as behind:
            # Set as a header: a media type of text would be given a charset, which the protocol does not have.
            return Response(f"{behind.size}\n", status_code=409, headers={"content-type": _SIZE})
        except LedgerError as error:
            return _answer(error)

    @app.get("/healthz")
    def health() -> Response:
        try:
            cosigned = service.cosigned()
        except LedgerError as error:
            _LOG.warning("health: %s", error)
            return JSONResponse({"status": "its state cannot be read"}, STATUS[type(error)], _NOT_KEPT)
        return JSONResponse({"status": "ok", "cosigned": cosigned}, headers=_NOT_KEPT)

    @app.get("/{origin_hash}/checkpoint")
    def latest_checkpoint(origin_hash: str) -> Response:
        try:
            data = service.latest_checkpoint(origin_hash)
        except LedgerError as error:
            return _answer(error)
        return Response(data, media_type=_TEXT, headers={"cache-control": "no-cache"})

    @app.exception_handler(HTTPException)
    def not_taken(request: Request, error: HTTPException) -> Response:
        return Response(f"{error.detail}\n", error.status_code, headers_of(error, request), _TEXT)

    return app
