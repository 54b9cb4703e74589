"""What is printed on containers, papers and racks: the one spelling it has in a statement, and when two are the same.

People tell items apart by eye. So what only a program could tell apart is either not written at all (spaces, hyphens
and digits of other kinds) or counts as the same (width and case). The tables stand here, closed and in full, and not in
the reader's Unicode library: two readers of one record must never differ.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# All but U+0020; U+2800 is the braille pattern without dots.
_SPACES: Final = r"\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
# All but U+002D, the sign of subtraction among them.
_HYPHENS: Final = r"\u058a\u05be\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
# The decimal digits of other scripts, from Arabic to Mongolian, and the full-width ones.
_DIGITS: Final = (
    r"\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef\u0b66-\u0b6f"
    r"\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u0f20-\u0f29\u1040-\u1049"
    r"\u17e0-\u17e9\u1810-\u1819\uff10-\uff19"
)
# No colon either, so that a number is never taken for an id.
_UNFIT: Final = rf"\x00-\x1f:{_SPACES}{_HYPHENS}{_DIGITS}"

NUMBER_PATTERN: Final = f"^(?!.*  )[^ {_UNFIT}](?:[^{_UNFIT}]{{0,98}}[^ {_UNFIT}])?$"
"""A number as printed: a label, a lot, the number of a paper."""

SEAL_PATTERN: Final = "^[0-9A-Za-z][0-9A-Za-z-]{0,39}$"

PLACE_PATTERN: Final = "^(?=.{1,100}$)[0-9A-Za-z][0-9A-Za-z._-]*(?:/[0-9A-Za-z][0-9A-Za-z._-]*)*$"
"""A storage position: steps with a slash between them, none of them empty."""

_ANY_SPACES: Final = re.compile(rf"[\s{_SPACES}]+")
_ANY_HYPHENS: Final = re.compile(f"[{_HYPHENS}]")
_ANY_DIGIT: Final = re.compile(f"[{_DIGITS}]")
_ZEROS: Final = re.compile(r"(?<![0-9])0+(?=[0-9])")
_OTHER: Final = (
    (re.compile(f"[{_SPACES}]"), "a space of another kind ({point}): write a plain one"),
    (re.compile(f"[{_HYPHENS}]"), "a hyphen or dash of another kind ({point}): write -"),
    (re.compile(f"[{_DIGITS}]"), "a digit of another kind ({point}): write 0 to 9"),
    (re.compile(":"), "a colon, which only ids have"),
    (re.compile("  "), "two spaces in a row: write one"),
)


def _shifted(first: str, last: str, by: int) -> dict[int, int]:
    return {point: point + by for point in range(ord(first), ord(last) + 1)}


_SMALL: Final[Mapping[int, int]] = {
    **_shifted("A", "Z", 32),
    **_shifted("À", "Ö", 32),
    **_shifted("Ø", "Þ", 32),
    **_shifted("Α", "Ρ", 32),
    **_shifted("Σ", "Ϋ", 32),
    **_shifted("А", "Я", 32),
    **_shifted("Ѐ", "Џ", 80),
}
"""The small letter of each capital one: Latin, Greek and Cyrillic, as far as they are in everyday use."""

_WIDE: Final = _shifted("！", "～", ord("!") - ord("！"))
"""The character of ordinary width for each full-width one."""

_LIKE: Final = str.maketrans("авекмнорстухіѕјςµ", "abekmhopctyxisjσμ")
"""What small Cyrillic letters look like in Latin ones; the final sigma; and the micro sign, which is a Greek letter."""


def name_key(text: str) -> str:
    """Return what a printed number or a seal is told apart by: two of the same key are the same to people.

    Full-width characters count as those of ordinary width, capital letters as small ones, Cyrillic letters as the Latin
    ones that they look like.
    """
    return text.translate(_WIDE).translate(_SMALL).translate(_LIKE)


def search_key(text: str) -> str:
    """Return what a text is looked for by, however it was typed, pasted or scanned.

    As ``name_key``, and what no printed number has counts as what it would be written with: spaces, hyphens and digits
    of other kinds as the plain ones, several spaces as one, none at the ends. What is recorded is not decided by it.
    """
    if text.isascii():  # nearly every name: of what is told apart here only spaces and case are left
        return " ".join(text.split()).lower()
    text = _ANY_HYPHENS.sub("-", _ANY_SPACES.sub(" ", text))
    return name_key(_ANY_DIGIT.sub(lambda digit: str(unicodedata.digit(digit.group())), text).strip())


def place_key(text: str) -> str:
    """Return what a storage position is told apart by: without case, and without zeros in front of a number."""
    return _ZEROS.sub("", text).lower()


KEYS: Final = {NUMBER_PATTERN: name_key, SEAL_PATTERN: name_key, PLACE_PATTERN: place_key}
"""By the pattern of a member, what its texts are told apart by; texts of all others by what they are."""


def in_one_spelling(text: str) -> str:
    """Return a text with plain spaces, hyphens and digits, and no two spaces in a row, as ``other_spelling`` asks.

    Other full-width characters become those of ordinary width too. For whoever states that this is meant: the record
    itself is never spelled anew.
    """
    spaces, hyphens, digits, *_ = (unfit for unfit, _ in _OTHER)
    plain = digits.sub(lambda found: str(int(found[0])), hyphens.sub("-", spaces.sub(" ", text))).translate(_WIDE)
    return re.sub(" {2,}", " ", plain).strip()


def other_spelling(text: str) -> str | None:
    """Return what a text has that no printed number has, and what to write instead; None where it has nothing such."""
    for unfit, problem in _OTHER:
        if (found := unfit.search(text)) is not None:
            return problem.format(point=f"U+{ord(found.group()[0]):04X}")
    return None
