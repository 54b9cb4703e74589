"""What a signed text may hold: characters that can be seen, that the format knows, and written in one way only.

Text that looks like other text because part of it cannot be seen is refused. Which characters there are is said by the
format's own table (``characters``) and not by the Unicode of the Python that reads, or one text would be fit for one
reader and not for another. Normalisation is this Python's: on the characters of the table all versions in use agree.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ledger.statement.text.characters import FIT

FREE_TEXT: Final = frozenset("\n\u200c\u200d")
"""What people's own words may hold beyond the strict form: line feeds, and the joiners that some scripts need."""

# Unicode's format characters (category Cf), and what else it calls default-ignorable: fillers and variation selectors.
_INVISIBLE: Final = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
_FAULTS: Final = (
    (re.compile("[\ud800-\udfff]"), "STM-12", "a lone surrogate"),
    (re.compile("[\\x00-\\x1f\\x7f-\\x9f]"), "STM-13", "a control character"),
    (re.compile("[\u2028\u2029]"), "STM-13", "a line or paragraph separator"),
    (re.compile(f"[{_INVISIBLE}]"), "STM-14", "an invisible character"),
    (re.compile(""), "STM-15", "not in the format's table of characters"),
)


def _ranges(table: str) -> str:
    """Return the code points of a table as the inside of a pattern's class."""
    ends = (word.partition("-") for word in table.split())
    return "".join(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, _, last in ends)


_UNFIT: Final = re.compile(f"[^{_ranges(FIT)}]")
# Private use is fit, for what it shows is a matter between those who use it; nobody else sees anything.
_UNSEEN: Final = re.compile(f"{_UNFIT.pattern}|[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")


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
    for unfit in _UNFIT.finditer(text):
        if unfit[0] not in allowed:
            return _fault_of(unfit[0])
    if not unicodedata.is_normalized("NFC", text):
        return "STM-11", "text is not in normalisation form C"
    return None


def visible(text: str) -> str:
    """Return a text for showing on one line: each character that cannot be seen, or is not known, is U+FFFD."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _fault_of(character: str) -> tuple[str, str]:
    rule, words = next((rule, words) for pattern, rule, words in _FAULTS if pattern.match(character))
    return rule, f"U+{ord(character):04X} is {words}"
