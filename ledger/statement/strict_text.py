"""What a signed text may hold: characters that can be seen, assigned, and written in one way only.

Text that looks like other text because part of it cannot be seen is refused. Unassigned code points are refused for a
reason of their own: Unicode promises that text of assigned characters, once normalised, stays so in all later versions.
What was accepted once is therefore accepted by every newer reader.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

FREE_TEXT: Final = frozenset("\n\u200c\u200d")
"""What people's own words may hold beyond the strict form: line feeds, and the joiners that some scripts need."""

# What Unicode calls default-ignorable besides its format characters (category Cf): fillers and variation selectors.
_IGNORABLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_UNFIT_CATEGORIES: Final = {
    "Cs": ("STM-12", "a lone surrogate"),
    "Cc": ("STM-13", "a control character"),
    "Zl": ("STM-13", "a line separator"),
    "Zp": ("STM-13", "a paragraph separator"),
    "Cf": ("STM-14", "an invisible format character"),
    "Cn": ("STM-15", "not an assigned character"),
}


def is_plain(written: str) -> bool:
    """Say whether all text written in some JSON is sure to be fit: visible ASCII alone, and none of it as an escape.

    Most statements are such, and then their texts need not be looked at one by one.
    """
    return written.isascii() and written.isprintable() and "\\" not in written


def fault_in(text: str, allowed: frozenset[str]) -> tuple[str, str] | None:
    """Return the rule that a text breaks first, STM-11 to STM-15, and how; None of a fit text.

    allowed: characters accepted although the strict form refuses them.
    """
    if text.isascii() and text.isprintable():
        return None
    for character in text:
        if character not in allowed and (fault := _fault_of(character)) is not None:
            return fault
    if not unicodedata.is_normalized("NFC", text):
        return "STM-11", "text is not in normalisation form C"
    return None


def _fault_of(character: str) -> tuple[str, str] | None:
    point = f"U+{ord(character):04X}"
    if _IGNORABLE.match(character):
        return "STM-14", f"{point} is an invisible character"
    unfit = _UNFIT_CATEGORIES.get(unicodedata.category(character))
    return None if unfit is None else (unfit[0], f"{point} is {unfit[1]}")
