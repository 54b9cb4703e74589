"""Who asks: a session by its cookie, a program by its token. A route that takes one of them answers no stranger.

def items(asked: Reader, …):        # 401 for strangers, 403 for a token without the scope ``read``
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from api.access.principal import Scope
from api.http.doors import doors_of
from api.sessions.secret import is_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.access.principal import Principal
    from api.access.record import AtHead
    from api.sessions.signing_in import SigningIn

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER: Final = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Known:
    """A request of somebody who has signed in, and the record as it was at the head when it came."""

    who: Principal
    record: AtHead


def cookie_of(origin: str) -> str:
    """Return the name of the session's cookie: with https one that no other host, and no other path, can set."""
    return "__Host-vialog" if origin.startswith("https://") else "vialog"


def _known(request: Request) -> Known | None:
    """Return who has signed in; None: a stranger. Raises HTTPException 401, 403."""
    signing_in = doors_of(request).signing_in
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and is_token(given.strip()):
        record = signing_in.record()
        if (who := signing_in.with_token(given.strip(), record)) is None:
            raise HTTPException(401, "This token is not known here: it has expired, or was withdrawn", _BEARER)
        return Known(who, record)
    if (secret := request.cookies.get(cookie_of(signing_in.origin))) is None:
        return None
    record = signing_in.record()
    if (who := signing_in.in_session(secret, record)) is None:
        return None
    _check_own_page(request, signing_in)
    return Known(who, record)


def _check_own_page(request: Request, signing_in: SigningIn) -> None:
    """Raise 403 where another site's page lets a browser act with somebody's session.

    The cookie is SameSite=Strict already; other origins of the same site are kept out here.
    """
    origin = request.headers.get("Origin")
    if request.method not in _SAFE and origin not in {None, signing_in.origin}:
        raise HTTPException(403, "A page of another web origin may not act here")


def _with(scope: Scope) -> Callable[[Request], Known]:
    def known(request: Request) -> Known:
        if (asked := _known(request)) is None:
            raise HTTPException(401, "Sign in, or send a token", _BEARER)
        if scope not in asked.who.scopes:
            raise HTTPException(403, "This token is not for that")
        return asked

    return known


reader_of: Final = _with(Scope.READ)
"""Return who asks and may read, at the head as it is now. Raises HTTPException 401, 403."""

Reader = Annotated[Known, Depends(reader_of)]
"""Somebody who has signed in and may read."""

TokenKeeper = Annotated[Known, Depends(_with(Scope.TOKENS))]
"""Somebody who has signed in with a key, and no token: who may make tokens."""

HookKeeper = Annotated[Known, Depends(_with(Scope.HOOKS))]
"""Somebody who has signed in and may keep the hooks of their party."""
