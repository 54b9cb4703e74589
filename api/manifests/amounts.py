"""Amounts as people write them: why one is no plain decimal, and which one is likely meant. None is taken for meant."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from ledger.quantity import DECIMAL_PATTERN, format_decimal
from ledger.reference.units import load_units

_PLAIN: Final = re.compile(r"(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]+))?", re.ASCII)
_WITH_UNIT: Final = re.compile(r"(?P<amount>[+-]?[0-9][0-9.,' ]*?)\s*(?P<unit>[^\W\d_][^\d]*)")
_BY_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}(?:(?P<mark>[,.' ])[0-9]{3})(?:(?P=mark)[0-9]{3})*", re.ASCII)
_EXPONENT: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})?[eE][+-]?[0-9]{1,2}", re.ASCII)
_ZEROS: Final = re.compile("^0+(?=[0-9])", re.ASCII)
_MINUS: Final = re.compile("[\u2010-\u2015\u2212]")
_MOST_WHOLE: Final = 18
_MOST_PART: Final = 9


def no_decimal(written: str) -> str | None:
    """Return what is wrong with an amount and what to write instead; None where that is not known."""
    text = _MINUS.sub("-", unicodedata.normalize("NFKC", written)).replace("\u2019", "'").strip()
    if text.startswith("-"):
        return "is negative; an amount is not" if _PLAIN.fullmatch(text[1:]) else None
    if (found := _PLAIN.fullmatch(text)) is not None and (fault := _too_long(found)) is not None:
        return fault
    if (found := _WITH_UNIT.fullmatch(text)) is not None and (unit := load_units().like(found["unit"])) is not None:
        amount = _meant(found["amount"].strip())
        return None if amount is None else f"has a unit in it; write {amount}, and {unit} as the unit"
    if "," in text and _BY_THOUSANDS.fullmatch(text) and text.count(",") == 1:
        return f"has a comma; write {text.replace(',', '')} or {text.replace(',', '.')}, whichever is meant"
    meant = _meant(text)
    if meant is None:
        return None
    return f"has a comma; write {meant}" if "," in text else f"is no plain decimal; write {meant}"


def _too_long(found: re.Match[str]) -> str | None:
    whole, part = found["whole"].lstrip("0"), found["part"]
    if part is not None and len(part) > _MOST_PART:
        return f"has more than {_MOST_PART} digits after the point; round it"
    return f"has more than {_MOST_WHOLE} digits before the point" if len(whole) > _MOST_WHOLE else None


def _meant(text: str) -> str | None:
    """Return the plain decimal that a text is likely to mean; None where there is none."""
    if _EXPONENT.fullmatch(text):
        plain = format_decimal(Decimal(text))
    else:
        plain = _ungrouped(text.removeprefix("+").strip()).removesuffix(".")
        plain = _ZEROS.sub("", f"0{plain}")
    return plain if re.search(DECIMAL_PATTERN, plain) else None


def _ungrouped(text: str) -> str:
    """Return a number without marks between its thousands, and with a point in front of its fraction."""
    if "," in text and "." in text:
        thousands = "," if text.rindex(".") > text.rindex(",") else "."
        return text.replace(thousands, "").replace(",", ".")
    if _BY_THOUSANDS.fullmatch(text):
        return re.sub(r"[,.' ]", "", text)
    return text.replace(" ", "").replace(",", ".") if text.count(",") == 1 else text.replace("'", "").replace(" ", "")
