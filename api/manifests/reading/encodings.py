"""Encodings of CSV other than UTF-8. Which one a file is in, its mapping states; a proposal says which is likely."""

from __future__ import annotations

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


def in_utf_8(file: str, data: bytes, encoding: Encoding) -> bytes:
    """Return a text in UTF-8. Raises Malformed: IMP-02 it is not in the encoding that is stated."""
    if encoding is Encoding.UTF_8:
        return data  # what is wrong with it is told by the line
    try:
        return data.decode(_CODECS[encoding]).encode()
    except UnicodeError:
        raise Malformed("IMP-02", file, f"is not {encoding}, the encoding that its mapping states") from None
