"""What is printed: one spelling in a statement, and one key for all that people cannot tell apart."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from ledger.domain.bodies.printed import (
    KEYS,
    NUMBER_PATTERN,
    PLACE_PATTERN,
    SEAL_PATTERN,
    name_key,
    other_spelling,
    place_key,
)
from ledger.statement.catalogue import KINDS
from tests.spec.statements.test_body_errors import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def fits(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "HC-0001",
        "x",
        "SH 2026/0117",
        "国卫科教许〔2026〕12号",
        "（2026）京检字第7号",
        "样本①",
        "B7+",
        "x" * 100,
        "a b c",
    ],
)
def test_numbers_as_printed_are_written_as_they_are(text: str) -> None:
    assert fits(NUMBER_PATTERN, text)
    assert other_spelling(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("HC\u00a00201", "a space of another kind (U+00A0): write a plain one", id="no-break space"),
        pytest.param("HC\u30000201", "a space of another kind (U+3000): write a plain one", id="ideographic space"),
        pytest.param("HC\u20090201", "a space of another kind (U+2009): write a plain one", id="thin space"),
        pytest.param("HC  0201", "two spaces in a row: write one", id="two spaces"),
        pytest.param("HC\u20110201", "a hyphen or dash of another kind (U+2011): write -", id="no-break hyphen"),
        pytest.param("GB 19489—2008", "a hyphen or dash of another kind (U+2014): write -", id="dash"),
        pytest.param("HC\u22120201", "a hyphen or dash of another kind (U+2212): write -", id="minus"),
        pytest.param("HC－0201", "a hyphen or dash of another kind (U+FF0D): write -", id="full-width hyphen"),
        pytest.param("HC-０201", "a digit of another kind (U+FF10): write 0 to 9", id="full-width digit"),
        pytest.param("HC-\u0661", "a digit of another kind (U+0661): write 0 to 9", id="Arabic digit"),
        pytest.param("item:1", "a colon, which only ids have", id="colon"),
    ],
)
def test_a_number_has_spaces_hyphens_and_digits_of_one_kind(text: str, said: str) -> None:
    assert not fits(NUMBER_PATTERN, text)
    assert other_spelling(text) == said


@pytest.mark.parametrize("text", ["", " ", " x", "x ", "x" * 101, "a\nb", "a\tb"])
def test_a_number_has_no_space_around_it_and_at_most_100_characters(text: str) -> None:
    assert not fits(NUMBER_PATTERN, text)


def test_each_space_dash_and_digit_that_unicode_knows_in_the_first_plane_is_of_the_plain_kind_or_refused() -> None:
    """Checked against this interpreter's tables; the pattern itself does not depend on them."""
    ancient_and_rare = re.compile(r"HYPHEN WITH|DOUBLE|WAVE|CANADIAN|MONGOLIAN TODO|YEZIDI|OBLIQUE|VERTICAL|WAVY|ROVAS")
    for point in map(chr, range(0x10000)):
        category, name = unicodedata.category(point), unicodedata.name(point, "")
        if point.isascii() or category not in {"Zs", "Pd"} or ancient_and_rare.search(name):
            continue
        assert not fits(NUMBER_PATTERN, f"a{point}b"), name


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(("new-28", "NEW-28", "New-28"), id="case"),
        pytest.param(("HC1", "ＨＣ1", "ｈc1"), id="width"),
        pytest.param(("（7）a", "(7)A"), id="brackets"),
        pytest.param(("ÉTÉ", "été"), id="Latin with accents"),
        pytest.param(("Проба", "ПРОБА"), id="Cyrillic"),
        pytest.param(("НС-1", "HC-1"), id="Cyrillic letters that look like Latin ones"),
        pytest.param(("5 \u00b5L", "5 \u03bcL"), id="the two micro signs"),
        pytest.param(("ΣΟΦΟΣ", "σοφος", "σοφοσ"), id="Greek"),
    ],
)
def test_names_that_people_cannot_tell_apart_have_one_key(others: tuple[str, ...]) -> None:
    assert len(set(map(name_key, others))) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("A-1", "A1"), ("O1", "01"), ("5 μL", "5 mL"), ("IFN-α", "IFN-a"), ("1", "01"), ("ß", "ss")]
)
def test_names_that_people_can_tell_apart_have_two(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
    assert place_key(place_key(text)) == place_key(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("F2/R3/B1/A01", "f2/r3/b1/a1"),
        ("f2/r3/b1/a1", "f2/r3/b1/a1"),
        ("F02/A10", "f2/a10"),
        ("007", "7"),
        ("0/00", "0/0"),
        ("A-01.02", "a-1.2"),
        ("A1B001", "a1b1"),
        ("A100", "a100"),
    ],
)
def test_a_position_is_told_apart_without_case_and_leading_zeros(text: str, key: str) -> None:
    assert fits(PLACE_PATTERN, text)
    assert place_key(text) == key


@pytest.mark.parametrize("text", ["F2//A1", "F2/", "/F2", "", "F2/ A1", "F２", "F2/.", "x" * 101, "F2/_"])
def test_a_position_has_no_empty_steps_and_no_slash_at_its_ends(text: str) -> None:
    assert not fits(PLACE_PATTERN, text)


def patterns_of(asked: inspect.Type) -> Iterator[str]:
    for part, _ in parts_of(asked):
        if isinstance(part, inspect.StrType) and part.pattern is not None:
            yield part.pattern


@pytest.mark.parametrize(
    "kind", ["approval.granted/1", "item.labelled/1", "item.listed/1", "item.stored/1", "shipment.packed/1"]
)
def test_printed_names_have_the_pattern_of_printed_names(kind: str) -> None:
    assert set(patterns_of(inspect.type_info(KINDS[kind].body))) & KEYS.keys()


@pytest.mark.parametrize("pattern", [NUMBER_PATTERN, SEAL_PATTERN, PLACE_PATTERN])
def test_some_kind_has_members_of_each_pattern(pattern: str) -> None:
    assert any(pattern in patterns_of(inspect.type_info(kind.body)) for kind in KINDS.values())
