"""The files that pages load: style sheets and scripts, all served from here, each by an address that bears its digest.

So a browser keeps a file for as long as it is the same, and asks for another where it is not.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi import APIRouter, Request, Response

from ledger.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

router = APIRouter(include_in_schema=False)

_MEDIA: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


class _File(NamedTuple):
    """One file. digest: the beginning of its SHA-256."""

    content: bytes
    media: str
    digest: str


@cache
def _files() -> Mapping[str, _File]:
    found: dict[str, _File] = {}
    root = files("api.console").joinpath("static")
    for folder, within in ((root, ""), (root.joinpath("acts"), "acts/")):
        for one in folder.iterdir():
            media = _MEDIA.get(one.name.rpartition(".")[2])
            if media is not None and one.is_file():
                content = one.read_bytes()
                found[within + one.name] = _File(content, media, hashlib.sha256(content).hexdigest()[:16])
    return MappingProxyType(found)


def address_of(name: str) -> str:
    """Return the address of a file."""
    return f"/static/{name}?{_files()[name].digest}"


def content_of(name: str) -> bytes:
    """Return a file. Raises KeyError: there is none."""
    return _files()[name].content


@router.get("/static/{name:path}")
async def static(name: str, request: Request) -> Response:
    """Return a file that pages load; the same for everybody."""
    if (file := _files().get(name)) is None:
        raise NotFound("there is no such file")
    kept = "public, max-age=31536000, immutable" if request.url.query == file.digest else "no-cache"
    return Response(file.content, media_type=file.media, headers={"Cache-Control": kept})
