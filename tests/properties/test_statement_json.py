"""What the strict form takes, every reader reads alike; what it writes, it reads."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed
from ledger.statement.text.strict_json import SAFE_INTEGER, encode, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.statement.text.strict_json import JsonValue

LEAVES = st.none() | st.booleans() | st.integers(-SAFE_INTEGER - 2, SAFE_INTEGER + 2) | st.text(max_size=8)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
STRUCTURE = ["{", "}", "[", "]", ",", ":", '"', '"a"', '"b"', "\\", "\\ud800", "\\u0000", " ", "\n"]
SCALARS = ["0", "-0", "-", "1", "1.0", "1e5", ".", "e", "9007199254740991", "9007199254740992", "NaN", "true", "null"]
TEXTS = ["é", "e\u0301", "\u202e", "样"]
PIECES = st.sampled_from([*STRUCTURE, *SCALARS, *TEXTS])


def leaves(value: JsonValue) -> Iterator[JsonValue]:
    """Yield every value and every member name of a value."""
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from leaves(item)
    else:
        yield value


@given(VALUES)
def test_what_is_written_is_read_back_the_same(value: JsonValue) -> None:
    try:
        data = encode(value)
    except Malformed:
        return
    assert parse(data) == value
    assert encode(parse(data)) == data


@given(VALUES)
def test_writing_refuses_what_reading_refuses(value: JsonValue) -> None:
    loose = json.dumps(value).encode()
    try:
        encode(value)
    except Malformed as refusal:
        try:
            parse(loose)
        except Malformed as error:
            assert (error.rule, error.member) == (refusal.rule, refusal.member)
        else:
            raise AssertionError("read what is not written") from None
    else:
        assert parse(loose) == value


@given(st.lists(PIECES, max_size=24).map("".join))
def test_accepted_text_means_the_same_to_every_reader(text: str) -> None:
    try:
        value = parse(text.encode())
    except Malformed:
        return
    assert value == json.loads(text)
    for leaf in leaves(value):
        if isinstance(leaf, int):
            assert abs(leaf) <= SAFE_INTEGER
            assert int(float(leaf)) == leaf  # what a reader with floats alone would hold
        if isinstance(leaf, str):
            assert unicodedata.normalize("NFC", leaf) == leaf
            assert leaf.encode().decode() == leaf


@given(st.binary(max_size=64) | st.lists(PIECES, max_size=64).map(lambda pieces: "".join(pieces).encode()))
def test_any_bytes_are_read_or_malformed(data: bytes) -> None:
    try:
        parse(data)
    except Malformed as error:
        assert error.rule.startswith("STM-")
        assert error.member.startswith("$")
