"""The two spellings that all transparency-log texts share: decimal numbers and standard base64.

Each value has exactly one spelling here. What a reader accepts, the writer would have written: a text that can
be bent without breaking a signature is a text that two verifiers read differently. Never does I/O.

    number = "0" / (1-9 *(0-9))         below 2^63
    base64 = RFC 4648 section 4, with padding and with zero bits behind the last byte

>>> read_number("20852163", rule="TLOG-03", member="size")
20852163
>>> write_base64(bytes(3))
'AAAA'
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from ledger.errors import Malformed

LIMIT: Final = 1 << 63
"""Sizes, indices and times stay below it, so that they fit a signed 64-bit integer everywhere."""

UNICODE_SPACES: Final = "\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What Unicode takes for white space beyond ASCII, as the inside of a pattern's class: spelled out, because what a
language's own idea of a space holds is not the same everywhere."""

_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")


def read_number(text: str, *, rule: str, member: str) -> int:
    """Return the number that a decimal text writes.

    Raises Malformed(rule): not decimal, a leading zero, or 2^63 and above.
    """
    if _NUMBER.match(text) is None or int(text) >= LIMIT:
        raise Malformed(rule, member, "not a decimal number below 2^63 without leading zeros")
    return int(text)


def read_base64(text: str, *, rule: str, member: str, length: int | None = None) -> bytes:
    """Return the bytes that a base64 text writes.

    length: how many bytes they must be; None for any number.

    Raises Malformed(rule): not the one spelling of its bytes, or of another length.
    """
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Malformed(rule, member, "not standard base64") from None
    if write_base64(value) != text:
        raise Malformed(rule, member, "not the one base64 spelling of its bytes")
    if length is not None and len(value) != length:
        raise Malformed(rule, member, f"{len(value)} bytes where {length} are expected")
    return value


def write_base64(value: bytes) -> str:
    """Return the one base64 spelling of some bytes."""
    return base64.b64encode(value).decode("ascii")
