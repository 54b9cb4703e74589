"""Encodings of CSV other than UTF-8. Which one a file is in, its mapping states; a proposal says which is likely."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from ledger.errors import Malformed


class Encoding(StrEnum):
    """What a mapping may state: the encodings in which spreadsheets save text."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    GB18030 = "gb18030"
    BIG5 = "big5"
    WINDOWS_1252 = "windows-1252"


_CODECS: Final = {
    Encoding.UTF_8: "utf-8-sig",
    Encoding.UTF_16: "utf-16",
    Encoding.GB18030: "gb18030",
    Encoding.BIG5: "cp950",
    Encoding.WINDOWS_1252: "cp1252",
}


_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_CHINESE: Final = re.compile(r"[\u0391-\u03c9\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2010-\u2026\u00b7\u2103]+")


def in_utf_8(file: str, data: bytes, encoding: Encoding) -> bytes:
    """Return a text in UTF-8. Raises Malformed: IMP-02 it is not in the encoding that is stated."""
    if encoding is Encoding.UTF_8:
        return data  # what is wrong with it is told by the line
    try:
        return data.decode(_CODECS[encoding]).encode()
    except UnicodeError:
        raise Malformed("IMP-02", file, f"is not {encoding}, the encoding that its mapping states") from None


def likely_encoding(data: bytes) -> Encoding | None:
    """Return the encoding that a text is likely to be in, by what its first bytes beyond ASCII would be; None: UTF-8.

    Chinese is written in runs of several such bytes; in European languages one stands among letters.
    """
    if data.startswith(_UTF_16) or data.count(b"\0", 0, 1_000) * 4 > len(data[:1_000]):
        return Encoding.UTF_16
    if _is(data, Encoding.UTF_8):
        return None
    if not _is(data, Encoding.GB18030):
        return Encoding.WINDOWS_1252
    beyond: list[str] = re.findall(r"[^\x00-\x7f]+", data.decode("gb18030")[:100_000])
    chinese = [run for run in beyond if _CHINESE.fullmatch(run)]
    several = any(len(run) > 1 for run in chinese) or all(map(_is_no_european, chinese))
    is_chinese = len(chinese) * 2 > len(beyond) and several
    return Encoding.GB18030 if is_chinese else Encoding.WINDOWS_1252


def is_surely_chinese(data: bytes) -> bool:
    """Say whether a text that is no UTF-8 is that of a spreadsheet in China: likely GB18030, and of GB 2312 alone.

    In Big5 every third character has a second byte that GB 2312 has not; so none of its texts is taken for one.
    """
    if likely_encoding(data) is not Encoding.GB18030:
        return False
    try:
        data.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True


def _is_no_european(run: str) -> bool:
    """Say whether one character is Chinese rather than two of Europe, because one of these would be no letter."""
    written = run.encode("gb18030")
    return len(written) == 2 and written[1] > 0xA0 and not written.decode("cp1252", "replace").isalpha()


def _is(data: bytes, encoding: Encoding) -> bool:
    try:
        data.decode(_CODECS[encoding])
    except UnicodeDecodeError:
        return False
    return True
