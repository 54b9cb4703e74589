"""How new an answer is: each says up to which position it knows the log, and may be asked to know so much at least.

So that who records reads what was recorded, whichever process answers: ``Vialog-Min-Position`` waits for a position, a
short time and in a bounded number of threads; where it does not come the answer is 503, and asking again is safe.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from api.http.doors import doors_of
from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.http.doors import Doors

POSITION: Final = "Vialog-Position"
"""Up to which position the answer knows the log; of a statement that was handed in, its own."""

LEAST: Final = "Vialog-Min-Position"
T = TypeVar("T")
_FORM: Final = re.compile("[0-9]{1,15}")

TAKES: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": LEAST,
            "in": "header",
            "required": False,
            "description": "A position that the answer has to know. It is waited for; 503 where it does not come.",
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


Least = Annotated[int, Depends(least_of)]


def fresh(least: Least, request: Request) -> int:
    """Return the position up to which an answer knows the log, once it is the one that is asked for.

    Raises Unavailable: it does not come in time.
    """
    doors = doors_of(request)
    store = doors.ledger.store
    head = store.head()
    if head < least:
        head = waited(doors, lambda: store.wait(least - 1, doors.position_within)) or head
    return enough(head, least)


Fresh = Annotated[int, Depends(fresh)]


def published(doors: Doors, least: int) -> int:
    """Return how many entries the newest checkpoint covers, once it covers a position. Raises Unavailable, as fresh."""
    size = doors.publication.size()
    if size < least:
        found = waited(doors, lambda: doors.publisher.wait_for(least, doors.position_within))
        size = size if found is None else found.checkpoint.size
    return enough(size, least)


def enough(known: int, least: int) -> int:
    """Return a position that is known. Raises Unavailable: it is not the one that is asked for yet."""
    if known < least:
        raise Unavailable("the position that is asked for is not known here yet; asking again is safe")
    return known


def waited(doors: Doors, wait: Callable[[], T]) -> T | None:
    """Return what is waited for; None where so many wait that another one would keep a thread from those who ask."""
    if not doors.waiting.acquire(blocking=False):
        return None
    try:
        return wait()
    finally:
        doors.waiting.release()
