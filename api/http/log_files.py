"""The log as files, exactly as C2SP tlog-tiles says, under ``/log``.

    /log/checkpoint                          the newest signed checkpoint; never cached
    /log/tile/<L>/<N>[.p/<W>]                hashes; public
    /log/tile/entries/<N>[.p/<W>]            entries; only with the bearer token of the settings

Tiles and bundles never change and may be kept for ever. What the newest checkpoint does not cover is not there (404),
and that is not kept. Bundles are compressed for those who take gzip; hashes would only grow.
"""

from __future__ import annotations

import gzip
import hmac
import re
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.access.read import Part
from api.access.rights.showing import Right
from api.accesses.entry import Access
from api.http.bounds.logged import Logged
from api.http.bounds.positions import POSITION, TAKES, Least, published
from api.http.described import BYTES, TEXT, answers, problems
from api.http.doors import Opened
from ledger.errors import IntegrityFailed, Malformed, NotFound, Unavailable
from ledger.tlog.own import check_own
from ledger.tlog.tiles import TILE_WIDTH, Tile, encode_bundle, format_path, parse_path

if TYPE_CHECKING:
    from api.http.doors import Doors

router = APIRouter(prefix="/log", tags=["log files"])

_PROBLEMS: Final = problems(NotFound, Unavailable, IntegrityFailed)
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_FOR_EVER_PRIVATELY: Final = {"Cache-Control": "private, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
_REFUSED: Final = re.compile(r"q *= *0(?:\.0{0,3})?")
_QUICKLY: Final = 1
"""How hard gzip tries: bundles shrink to a third of their size, and a harder try saves no tenth more."""


@router.get(
    "/checkpoint",
    operation_id="read_checkpoint",
    response_class=Response,
    openapi_extra=TAKES,
    responses={
        200: answers("A signed checkpoint, C2SP tlog-checkpoint.", media=TEXT),
        **_PROBLEMS,
        **problems(400, 412),
    },
)
def checkpoint(doors: Opened, least: Least) -> Response:
    """Return the newest signed checkpoint, once its signature by the log is verified."""
    published(doors, least)
    newest = doors.publication.newest()
    if newest is None:
        raise NotFound("nothing is published of this log yet")
    check_own(newest.note, doors.keys)
    headers = {"Cache-Control": "no-cache", POSITION: str(newest.checkpoint.size)}
    return Response(newest.note, media_type=TEXT, headers=headers)


@router.get(
    "/tile/{path:path}",
    operation_id="read_tile",
    response_class=Response,
    responses={
        200: answers("A tile, or a bundle of entries, C2SP tlog-tiles.", media=BYTES),
        **problems(401, 403),
        **_PROBLEMS,
    },
)
def tile(path: str, request: Request, doors: Opened, telling: Logged) -> Response:
    """Return a tile of hashes, or, with the bearer token, a bundle of entries, once the access log has that."""
    try:
        wanted = parse_path(f"tile/{path}")
    except Malformed as error:
        raise NotFound(f"tile/{path} is not the path of a tile") from error
    if wanted.level is None:
        _check_token(request, doors.log_files_token)
        bundle = _bundle(doors, wanted)
        first = wanted.index * TILE_WIDTH + 1
        whole = Part(None, Right.OPERATOR, None, wanted.width, first, first + wanted.width - 1)
        now, size = doors.signing_in.clock.now(), doors.publication.size()
        telling.write(Access(now, None, telling.route, None, size, (whole,)))
        return _compressed(request, bundle)
    data = doors.publication.tile(wanted)
    if data is None:
        raise _not_covered(wanted)
    return Response(data, media_type=BYTES, headers=_FOR_EVER)


def _bundle(doors: Doors, wanted: Tile) -> bytes:
    before = wanted.index * TILE_WIDTH
    if before + wanted.width > doors.publication.size():
        raise _not_covered(wanted)
    return encode_bundle([recorded.entry for recorded in doors.ledger.store.read(before, wanted.width)])


def _compressed(request: Request, bundle: bytes) -> Response:
    if not takes_gzip(request.headers.get("Accept-Encoding", "")):
        return Response(bundle, media_type=BYTES, headers=_FOR_EVER_PRIVATELY)
    headers = _FOR_EVER_PRIVATELY | {"Content-Encoding": "gzip"}
    return Response(gzip.compress(bundle, _QUICKLY, mtime=0), media_type=BYTES, headers=headers)


def takes_gzip(accepted: str) -> bool:
    """Say whether a client takes gzip, by its Accept-Encoding (RFC 9110 12.5.3); one that sends none is sent none."""
    weights: dict[str, bool] = {}
    for one in accepted.lower().split(","):
        coding, _, parameters = one.partition(";")
        weights[coding.strip()] = _REFUSED.fullmatch(parameters.strip()) is None
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))


def _not_covered(wanted: Tile) -> NotFound:
    return NotFound(f"{format_path(wanted)} is not covered by the newest checkpoint")


def _check_token(request: Request, token: str | None) -> None:
    """Raise 403 where no token opens the entries, 401 where it is not the one that was sent."""
    if token is None:
        raise HTTPException(403, "The entries of this log are not served: VIALOG_LOG_FILES_TOKEN is not set")
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    # Both are compared in constant time: how long a refusal takes tells nothing of the token.
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise HTTPException(401, "A bearer token is needed to read entries", {"WWW-Authenticate": "Bearer"})
