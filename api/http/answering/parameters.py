"""The parameters of a request that asks: each at most once, of those that an address takes, and not too long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fastapi import Request

DIGITS: Final = 15
"""Of a position: no log has one of more."""
_LONGEST: Final = 200
"""Characters of a parameter."""


def parameters_of(
    request: Request, takes: Collection[str], longest: int = _LONGEST, several: Collection[str] = ()
) -> dict[str, str]:
    """Return the parameters of a request by their names.

    takes: those that its address takes. longest: characters of one. several: those of them that may stand more than
    once; of these the last is returned.

    Raises HTTPException 400: one stands twice, is none of these, is too long, or holds what no database takes as text.
    """
    pairs = request.query_params.multi_items()
    given = dict(pairs)
    once = [name for name, _ in pairs if name not in several]
    if len(set(once)) < len(once):
        raise HTTPException(400, "a parameter stands twice")
    if not given.keys() <= set(takes):
        raise HTTPException(400, "this address takes no such parameter")
    if any("\0" in value for _, value in pairs):
        raise HTTPException(400, "a parameter holds a character that stands in no text")
    if any(len(value) > longest for _, value in pairs):
        raise HTTPException(400, f"a parameter has at most {longest} characters")
    return given


def check_id(name: str, *, is_one: bool) -> None:
    """Raise HTTPException 400: a parameter is to be an id, and is none of its type."""
    if not is_one:
        raise HTTPException(400, f"{name} is an id here, and no name")


def whole_number(written: str, digits: int) -> int | None:
    """Return a whole number of at most so many digits; None: it is none."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= digits else None


def number_in(given: Mapping[str, str], name: str, most: int, *, least: int = 1) -> int | None:
    """Return a parameter that is a whole number; None where it is not given. Raises HTTPException 400."""
    if name not in given:
        return None
    number = whole_number(given[name], DIGITS)
    if number is None or not least <= number <= most:
        raise HTTPException(400, f"{name} is a whole number from {least} to {most}")
    return number
