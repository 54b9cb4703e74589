"""In which language a request is answered: as its Accept-Language says, English where it says nothing of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.words.table import Language

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER: Final = "Accept-Language"
_MOST: Final = 32
"""So many ranges of a header are looked at."""

_RANGE: Final = re.compile(
    r"\s*(?P<tag>\*|[A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,64})?\s*(?:;\s*q=(?P<q>[01](?:\.[0-9]{0,3})?)\s*)?"
)
_BY_TAG: Final[Mapping[str, Language]] = {"en": Language.ENGLISH, "zh": Language.CHINESE, "*": Language.ENGLISH}


def language_of(header: str) -> Language:
    """Return the language that an Accept-Language prefers (RFC 9110 12.5.4), by its first subtag alone.

    Of two that are wanted alike, the one that stands first. What cannot be read is passed over.
    """
    chosen, best = Language.ENGLISH, 0.0
    for one in header.split(",", _MOST)[:_MOST]:
        found = _RANGE.fullmatch(one)
        language = None if found is None else _BY_TAG.get(found["tag"].lower())
        weight = 0.0 if found is None else min(float(found["q"] or 1), 1.0)
        if language is not None and weight > best:
            chosen, best = language, weight
    return chosen
