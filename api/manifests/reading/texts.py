"""The texts of cells: blanks around them do not count, and what cannot be meant is said, with what to do about it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from api.manifests.reading.grid import Faulty
from ledger.errors import Malformed
from ledger.statement.text.strict_text import fault_in

RULES: Final = {
    "IMP-12": "No cell that is imported begins as a formula does, or with the mark that exports put before one.",
}

LONGEST_CELL: Final = 1_000
_LONGEST_QUOTED: Final = 60

_GUARDED: Final = re.compile(r'="(?P<text>[^"]*)"')
_SIGNED: Final = re.compile(r"[+-]\s*[0-9.,]+")
_MARKS: Final = "'\u2018\u2019`\u00b4"
_SHOWN_SHORT: Final = re.compile(r"-?[0-9](?:[.,][0-9]+)?E[+-][0-9]{2,3}", re.ASCII | re.IGNORECASE)
_LINE_BREAKS: Final = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_SHOWN_DATE: Final = re.compile(
    rf"[0-9]{{1,2}}-(?:{_MONTHS})|(?:{_MONTHS})-[0-9]{{2}}|[0-9]{{1,2}}月[0-9]{{1,2}}日", re.IGNORECASE
)
_ERROR: Final = re.compile(r"#(?:\w[\w/.]*[!?]|N/?[ADV]|SPILL|CALC|GETTING_DATA|#+)|Err:[0-9]{3}", re.IGNORECASE)
_STANDS_FOR_NOTHING: Final = frozenset({"n/a", "n.a.", "-", "--", "/", "?", "null", "none", "nan", "无", "―", "—", "–"})


def of_cell(place: str, written: str, *, typed: bool) -> str | Faulty | None:
    """Return a cell's text without the blanks around it; None of an empty one.

    typed: of a workbook, where a text is known to be one; in CSV it may be what a formula would be written as.

    Raises Malformed: IMP-01 it is too long.
    """
    if len(written) > LONGEST_CELL:
        raise Malformed("IMP-01", place, f"a cell has {len(written)} characters, more than {LONGEST_CELL}")
    text = unicodedata.normalize("NFC", written).strip()
    if not typed and (guarded := _GUARDED.fullmatch(text)) is not None:
        return guarded["text"].strip() or None
    if text.startswith("="):
        return Faulty("IMP-12", f"{quoted(text)} is a formula, not its result: write the result")
    if text.startswith(tuple(_MARKS)):
        return Faulty("IMP-12", f"{quoted(text)} begins with the mark that keeps a text a text: delete {text[0]}")
    if (
        not typed
        and text.startswith(("+", "-", "@"))
        and text not in _STANDS_FOR_NOTHING
        and not _SIGNED.fullmatch(text)
    ):
        remedy = "write its result or, if that is the text, a workbook (XLSX) with the cell formatted as text"
        return Faulty("IMP-12", f"{quoted(text)} begins as a formula does: {remedy}")
    return text or None


def quoted(text: str) -> str:
    """Return a text between quotes, cut where it is long, with what cannot be seen as its code point."""
    return f'"{visible(text[:_LONGEST_QUOTED])}{"…" if len(text) > _LONGEST_QUOTED else ""}"'


def visible(text: str) -> str:
    """Return a text with what cannot be seen in it as its code point, so that no terminal obeys it."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


def is_error(text: str) -> bool:
    """Say whether a text, or one word of its list, is what a spreadsheet shows in place of a value it has not."""
    return any(_ERROR.fullmatch(one.strip()) for one in text.split(","))


def unseen(text: str) -> str | None:
    """Return what a text has that nobody can see or that is no character any more, and what to do; None: nothing."""
    if _LINE_BREAKS.search(text):
        return "a line break: write it in one line"
    if "\t" in text:
        return "a tab: write a space"
    if "\ufffd" in text:
        return "a character that was lost when the file was converted (U+FFFD): write it anew"
    fault = fault_in(text, frozenset())
    if fault is None:
        return None
    point, _, words = fault[1].partition(" is ")
    return f"{words} ({point}): delete it"


def made_by_spreadsheet(text: str) -> str | None:
    """Return what a spreadsheet seems to have made of a name before it wrote the CSV; None: nothing."""
    if _SHOWN_SHORT.fullmatch(text):
        return "a number that a spreadsheet shortened"
    return "a date that a spreadsheet made of a name" if _SHOWN_DATE.fullmatch(text) else None


def stands_for_nothing(text: str) -> bool:
    """Say whether a text is what people write where they have nothing to write."""
    return text.casefold() in _STANDS_FOR_NOTHING
