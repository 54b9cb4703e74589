"""The page that verifies evidence: for everybody, and the very one that each bundle brings along.

It is one file whose policy names its own scripts by their digests and lets no connection be made at all, so it is
served as it is, with that policy: who saves it has what a bundle has, byte for byte, and can compare.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from api.console.frame import HEADERS, PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_POLICY: Final = re.compile(r'http-equiv="Content-Security-Policy"\s+content="([^"]*)"')


@cache
def _page() -> tuple[bytes, str]:
    """Return the page and its own policy, to which is added that nobody frames it."""
    made = files("ledger.evidence").joinpath("verify.html").read_bytes()
    found = _POLICY.search(made.decode())
    if found is None:
        raise TypeError("the verifier's page has a policy")
    return made, f"{' '.join(found[1].split())}; frame-ancestors 'none'"


@router.get("/verify")
def verify() -> Response:
    """Return the page that verifies an evidence bundle in the browser, and sends nothing anywhere."""
    content, policy = _page()
    kept = {**HEADERS, "Content-Security-Policy": policy, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(content, headers=kept)
