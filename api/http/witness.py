"""The witness's door, as C2SP tlog-witness says: cosign a checkpoint, and show the one that was cosigned last.

POST /add-checkpoint
GET /<hex SHA-256 of the log's name>/checkpoint
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Request, Response

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


class _TooLarge(Exception):
    """The body is larger than any request; the rest of it is not read."""


async def _body(request: Request) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_REQUEST:
            raise _TooLarge
    return bytes(data)


def witness_app(service: WitnessService) -> FastAPI:
    """Return the application that answers for one witness."""
    app = FastAPI(title="Vialog witness", openapi_url=None)

    @app.post("/add-checkpoint")
    def add_checkpoint(data: Annotated[bytes, Depends(_body)]) -> Response:
        try:
            return Response(service.add_checkpoint(data), media_type=_TEXT)
        except Behind as behind:
            # Set as a header: a media type of text would be given a charset, which the protocol does not have.
            return Response(f"{behind.size}\n", status_code=409, headers={"content-type": _SIZE})
        except LedgerError as error:
            return Response(f"{error}\n", status_code=STATUS[type(error)], media_type=_TEXT)

    @app.get("/{origin_hash}/checkpoint")
    def latest_checkpoint(origin_hash: str) -> Response:
        try:
            data = service.latest_checkpoint(origin_hash)
        except LedgerError as error:
            return Response(f"{error}\n", status_code=STATUS[type(error)], media_type=_TEXT)
        return Response(data, media_type=_TEXT, headers={"cache-control": "no-cache"})

    @app.exception_handler(_TooLarge)
    def too_large(_: Request, __: Exception) -> Response:
        return Response(f"a request has at most {MAX_REQUEST} bytes\n", status_code=413, media_type=_TEXT)

    return app
