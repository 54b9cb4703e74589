"""What the DataMatrix of a label holds: a text from which the id of an item is made again, and nothing else.

    code    = "VI" spelled check
    spelled = the name of the id; "Z" as "Z1", "-" as "Z0", a small letter as "Z" and the capital one
    check   = two characters by which the whole text, read to base 36, is 1 modulo 1271 (ISO/IEC 7064 MOD 1271-36)

Digits and capital letters alone, because a scanner types: whatever else it types comes out otherwise on some keyboard.
A code is only a name of an item. Whoever prints one has proved nothing.
"""

from __future__ import annotations

import re
from typing import Final

from ledger.ids import ItemId, Tag, is_tag

_BEGINS: Final = "VI"
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS: Final = 1271
_SPELLED: Final = re.compile(r"VI((?:[0-9A-Y]|Z[0-9A-Z])+)([0-9A-Z]{2})\Z")
_HYPHEN: Final = "Z0"
_LARGE_Z: Final = "Z1"


def code_of(item: ItemId) -> str:
    """Return the code of an item."""
    written = _BEGINS + "".join(map(_spelled, item.partition(":")[2]))
    check = (1 - _residue(written) * 36**2) % _MODULUS
    return f"{written}{_DIGITS[check // 36]}{_DIGITS[check % 36]}"


def item_by(scanned: str) -> ItemId | None:
    """Return the item whose code was scanned or typed, in whatever case; None: it is no code."""
    found = _SPELLED.match(text := scanned.strip().upper())
    if found is None or not scanned.isascii() or _residue(text) != 1:
        return None
    name = re.sub("Z(.)", lambda pair: _meant(pair.group()), found.group(1))
    item = ItemId(f"item:{name}")
    # Each item has one code: a text that spells it otherwise is none.
    return item if is_tag(Tag(item)) and code_of(item) == text else None


def _spelled(letter: str) -> str:
    if letter in {"Z", "-"}:
        return _LARGE_Z if letter == "Z" else _HYPHEN
    return f"Z{letter.upper()}" if letter.islower() else letter


def _meant(pair: str) -> str:
    return {_LARGE_Z: "Z", _HYPHEN: "-"}.get(pair, pair[1].lower())


def _residue(text: str) -> int:
    value = 0
    for letter in text:
        value = (value * 36 + _DIGITS.index(letter)) % _MODULUS
    return value
