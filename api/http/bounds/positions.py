"""How new an answer is: each says up to which position it knows the log, and may be asked to know so much at least.

So that who records reads what was recorded, whichever process answers: ``Vialog-Min-Position`` waits for a position, a
short time and in a bounded number of threads; where it does not come the answer is 412.

412 and not 503: it is the request that lays down a condition, and the service that finds it not met (RFC 9110
15.5.13). Nothing is wrong with the service, which answers all others meanwhile; a 503 would let whoever names a
position that never comes have a proxy take it for ill. 409 is for a conflict that its sender resolves; here time does,
so ``Retry-After`` says when asking again is worth it (10.2.3).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.http.doors import Doors

POSITION: Final = "Vialog-Position"
"""Up to which position the answer knows the log; of a statement that was handed in, its own."""

LEAST: Final = "Vialog-Min-Position"
RECORDED: Final = "vialog-recorded"
"""The cookie in which a page that has recorded something keeps its position for a minute (``acts/statement.js``)."""

T = TypeVar("T")
_FORM: Final = re.compile("[0-9]{1,15}")
_SOON: Final = {"Retry-After": "5"}

TAKES: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": LEAST,
            "in": "header",
            "required": False,
            "description": "A position that the answer has to know. It is waited for; 412 where it does not come.",
            "schema": {"type": "integer", "minimum": 0},
        }
    ]
}
"""What a read takes besides its own, as FastAPI's openapi_extra."""


def least_of(request: Request) -> int:
    """Return the position that an answer has to know; 0 where none is asked for."""
    asked = request.headers.get(LEAST, "0")
    if _FORM.fullmatch(asked) is None:
        raise HTTPException(400, f"{LEAST} is not a position")
    return int(asked)


def recorded_last(request: Request, head: int) -> int:
    """Return the position of what a page of the console has just recorded, as its browser says; 0: of nothing.

    head: what is said to be behind it is of another log, or made up, and counts for nothing.
    """
    said = request.cookies.get(RECORDED, "")
    position = int(said) if _FORM.fullmatch(said) else 0
    return position if position <= head else 0


Least = Annotated[int, Depends(least_of)]


def until_known(doors: Doors, least: int) -> None:
    """Wait until the log has a position. Raises HTTPException 412: it does not come in time."""
    store = doors.ledger.store
    enough(waited(doors, lambda: store.wait(least - 1, doors.position_within)) or store.head(), least)


def published(doors: Doors, least: int) -> int:
    """Return how many entries the newest checkpoint covers, once it covers a position. Raises as ``until_known``."""
    size = doors.publication.size()
    if size < least:
        found = waited(doors, lambda: doors.publisher.wait_for(least, doors.position_within))
        size = size if found is None else found.checkpoint.size
    return enough(size, least)


def enough(known: int, least: int) -> int:
    """Return a position that is known. Raises HTTPException 412: it is not the one that is asked for yet."""
    if known < least:
        raise HTTPException(412, "the position that is asked for is not known here yet; asking again is safe", _SOON)
    return known


def waited(doors: Doors, wait: Callable[[], T]) -> T | None:
    """Return what is waited for; None where so many wait that another one would keep a thread from those who ask."""
    if not doors.waiting.acquire(blocking=False):
        return None
    try:
        return wait()
    finally:
        doors.waiting.release()
