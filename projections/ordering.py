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
    parts = _PARTS.split(search_key(name))
    parts[::2] = [text + _END for text in parts[::2]]
    parts[1::2] = [f"{len(number):03}{number}" for number in [digits.lstrip("0") for digits in parts[1::2]]]
    return "".join(parts)
