"""In which form an answer leaves: JSON, CSV or XLSX as the request's Accept asks, and not at all where it is known.

An answer has a tag of what is in it (``ETag``, weak: the instant at which it was asked is left out); who has it already
is told so (304). What one reader gets is kept by nobody for another.
"""

from __future__ import annotations

import hashlib
import json
import re
from enum import StrEnum
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from fastapi import Response
from starlette.exceptions import HTTPException

from api.asking.sheets import write_csv
from api.http.bounds.positions import POSITION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from fastapi import Request

    from api.asking.sheets import Cell


class Form(StrEnum):
    """The forms by their media types; the first one is what is given to who asks for none."""

    JSON = "application/json"
    CSV = "text/csv; charset=utf-8"
    HTML = "text/html; charset=utf-8"
    TEXT = "text/plain; charset=utf-8"
    ZIP = "application/zip"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


_ONE: Final = re.compile(r"\s*([!-+\--:<-~]{1,127})\s*((?:;[^;]{0,200}){0,8})\s*")
_WEIGHT: Final = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*")
_MOST: Final = 32
"""So many ranges of a header are looked at."""

_VARY: Final = "Accept, Accept-Language, Authorization, Cookie"


def form_of(request: Request, offered: Sequence[Form]) -> Form:
    """Return the form that is asked for (RFC 9110 12.5.1). Raises HTTPException 406: none of those offered is taken."""
    accepted = request.headers.get("Accept", "*/*")
    ranges = [found for one in accepted.split(",", _MOST)[:_MOST] if (found := _ONE.fullmatch(one)) is not None]
    weights = {found[1].lower(): _weight(found[2]) for found in ranges}
    best = max(offered, key=lambda form: _wanted(form, weights))
    if not _wanted(best, weights):
        raise HTTPException(406)
    return best


def _weight(parameters: str) -> float:
    found = _WEIGHT.search(parameters)
    return 1.0 if found is None else min(float(found[1]), 1.0)


def _wanted(form: Form, weights: Mapping[str, float]) -> float:
    media = form.partition(";")[0]
    kind = media.partition("/")[0]
    return next((weights[one] for one in (media, f"{kind}/*", "*/*") if one in weights), 0.0)


def encoded(value: Any) -> bytes:  # noqa: ANN401  members of JSON
    """Return a value as the bytes of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def filed(
    form: Form,
    head: Sequence[str],
    table: Sequence[Sequence[Cell]],
    about: Sequence[tuple[str, str]],
    at: datetime,
) -> bytes:
    """Return a table as CSV, or as a workbook that says besides what it is of. at: when it was asked for."""
    if form is Form.CSV:
        file = StringIO()
        write_csv(file, head, table)
        return file.getvalue().encode()
    # Loaded here: its writer takes long to load.
    from api.asking.workbook import workbook

    return workbook(head, table, about, at)


def given(
    request: Request,
    content: bytes,
    form: Form,
    *,
    position: int,
    same: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer, or 304 where the request has it.

    position: up to which it knows the log. same: what is the same as long as the answer says the same; None: its bytes.
    """
    digest = hashlib.sha256(form.encode() + b"\0" + (content if same is None else same)).hexdigest()
    tag = f'W/"{digest[:32]}"'
    own = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": _VARY, POSITION: str(position)}
    if _has(request.headers.get("If-None-Match", ""), tag):
        return Response(status_code=304, headers=own)
    return Response(content, headers=own | dict(headers or {}), media_type=form)


def _has(known: str, tag: str) -> bool:
    opaque = tag.removeprefix("W/")
    return known.strip() == "*" or opaque in (one.strip().removeprefix("W/") for one in known.split(","))
