"""The format's table of characters is what Unicode says, in this Python and in Node, and rests on neither."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Final

import pytest

from ledger.errors import Malformed
from ledger.statement.text import strict_text
from ledger.statement.text.characters import FIT, LEFT_OUT, UNICODE
from ledger.statement.text.strict_json import encode, parse
from ledger.statement.text.strict_text import fault_in, visible
from tests.journeys.page import blocks, run_verifier

UNSEEN: Final = frozenset(
    [0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x3164, *range(0xFE00, 0xFE10), 0xFFA0]
).union(range(0xE0100, 0xE01F0))
REFUSED: Final = {"Cc": "STM-13", "Cf": "STM-14", "Cs": "STM-12", "Zl": "STM-13", "Zp": "STM-13"}
# In names of people: an ideograph of Unicode 15.1, and one of 17.0.
LATER: Final = ("\U0002ebf0", "\U000323b0")


def points_of(table: str) -> set[int]:
    """Return the code points of a table."""
    ends = (word.split("-") for word in table.split())
    return {point for end in ends for point in range(int(end[0], 16), int(end[-1], 16) + 1)}


def text_of(points: set[int]) -> str:
    return "".join(map(chr, sorted(points)))


@pytest.mark.parametrize("table", [FIT, LEFT_OUT])
def test_a_table_is_written_in_one_way(table: str) -> None:
    words = table.split()
    assert all(re.fullmatch("[1-9A-F][0-9A-F]+(-[1-9A-F][0-9A-F]+)?", word) for word in words)
    ends = [int(end, 16) for word in words for end in (word.split("-") * 2)[:2]]
    assert all(first <= last for first, last in zip(ends[::2], ends[1::2], strict=True))
    assert all(last + 1 < first for last, first in zip(ends[1::2], ends[2::2], strict=False))


@pytest.mark.rule("STM-12", "STM-13", "STM-14", "STM-15")
def test_of_what_this_python_knows_the_table_holds_what_can_be_seen() -> None:
    fit, left_out = points_of(FIT), points_of(LEFT_OUT)
    for point in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(point))
        if category != "Cn" and point not in left_out:
            rule = REFUSED.get(category) or ("STM-14" if point in UNSEEN else None)
            fault = fault_in(chr(point), frozenset())
            assert (point in fit, fault[0] if fault else None) == (rule is None, rule or _unnormalised(point))


def _unnormalised(point: int) -> str | None:
    return None if unicodedata.is_normalized("NFC", chr(point)) else "STM-11"


def test_the_page_holds_the_same_table() -> None:
    said = re.search(r"const FIT = `(.*?)`;", blocks()["verifier"], re.DOTALL)
    assert said is not None
    assert said[1] == FIT


def test_the_table_is_what_unicode_says_but_for_what_is_left_out() -> None:
    left_out = points_of(LEFT_OUT)
    calls = [("unicode",), ("characters", hexed(left_out)), ("moved", hexed(left_out))]
    unicode, differing, moved = (one["value"] for one in run_verifier(calls=calls).answers)
    assert (unicode, differing, len(left_out)) == (UNICODE, [], 92)
    assert "".join(moved) == text_of(left_out)


def test_what_older_readers_do_not_know_takes_no_part_in_normalisation() -> None:
    """So that whoever knows it, and whoever does not, finds the same texts in form C."""
    late = {point for point in points_of(FIT) if unicodedata.category(chr(point)) == "Cn"}
    (answer,) = run_verifier(calls=[("moved", hexed(late))]).answers
    assert answer["value"] == []
    for point in late:
        for text in (f"a{chr(point)}\u0334", f"a\u0345{chr(point)}", f"{chr(point)}\u0301", f"e{chr(point)}"):
            assert unicodedata.is_normalized("NFC", text)


def hexed(points: set[int]) -> str:
    return text_of(points).encode().hex()


@pytest.mark.parametrize("character", LATER)
def test_a_reader_with_an_old_unicode_takes_what_a_newer_one_wrote(
    character: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strict_text, "unicodedata", unicodedata.ucd_3_2_0)
    assert parse(encode(character)) == character
    assert visible(character) == character


@pytest.mark.rule("STM-15")
@pytest.mark.parametrize("point", [0x378, 0xFFFF, 0x10FFFF, 0x897, 0x16D67, 0x33500])
def test_what_is_not_in_the_table_is_refused_by_its_point(point: int) -> None:
    with pytest.raises(Malformed, match=f"STM-15: [$]: U[+]{point:04X} is not in the format's table"):
        encode(chr(point))


def test_what_is_shown_can_be_seen() -> None:
    assert visible("三〇 é\u3000\n\u202e\ue000\ufeff") == "三〇 é\u3000" + "\N{REPLACEMENT CHARACTER}" * 4
