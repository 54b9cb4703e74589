"""The order of lists: as people count what things are called, the same for a program and for an index of bytes."""

from __future__ import annotations

import re
from typing import Final

from ledger.domain.bodies.printed import search_key

_PARTS: Final = re.compile(r"([0-9]+)")
_END: Final = "\t"
"""Behind each text: no name has it, and it comes before whatever one has."""


def sort_key(name: str) -> str:
    """Return what a name is sorted by, code point by code point: numbers in it by what they count.

    >>> sort_key("T-9") < sort_key("T-10") < sort_key("t-010-b")
    True
    """
    return "".join(
        part + _END if at % 2 == 0 else f"{len(number := part.lstrip('0')):03}{number}"
        for at, part in enumerate(_PARTS.split(search_key(name)))
    )
