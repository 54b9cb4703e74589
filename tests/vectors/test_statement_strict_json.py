"""What the strict form of JSON takes and writes, to the byte."""

from __future__ import annotations

import pytest

from ledger.errors import Malformed
from ledger.statement.text.strict_json import SIZE_LIMIT, JsonValue, encode, member_path, parse
from ledger.statement.text.strict_text import FREE_TEXT


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"null", None),
        (b"true", True),
        (b"0", 0),
        (b"9007199254740991", 2**53 - 1),
        (b"-9007199254740991", 1 - 2**53),
        (b'""', ""),
        (b'"\\u00e9"', "é"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\/\\"\\\\"', '/"\\'),
        (b'[ 1 ,\n{ "a" : [ ] } ]', [1, {"a": []}]),
        ('"三〇 \u3000\u00a0"'.encode(), "三〇 \u3000\u00a0"),
        (b'{"A":1,"a":2}', {"A": 1, "a": 2}),
    ],
)
def test_a_strict_value_is_read(data: bytes, value: JsonValue) -> None:
    assert parse(data) == value


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({"b": 1, "a": [True, None, -5]}, b'{"b":1,"a":[true,null,-5]}'),
        ('样"\\/', '"样\\"\\\\/"'.encode()),
        ([], b"[]"),
        ({}, b"{}"),
    ],
)
def test_a_value_is_written_compactly_and_in_the_order_given(value: JsonValue, data: bytes) -> None:
    assert encode(value) == data


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_values_nest_32_deep_and_no_deeper() -> None:
    assert encode(parse(nested(32))) == nested(32)
    with pytest.raises(Malformed, match=r"STM-05: \$: "):
        parse(nested(33))


def test_brackets_inside_text_do_not_nest() -> None:
    assert parse(b'"' + b"[" * 100 + b'"') == "[" * 100
    assert parse(b'"\\"' + b"[{" * 100 + b'"') == '"' + "[{" * 100
    assert parse(b"[" + b"[]," * 100 + b"[]]") == [[]] * 101


@pytest.mark.parametrize("start", [b"[", b'{"a":', b'"\\"', b'"[', b'[{"":'])
def test_no_text_within_the_limit_breaks_the_parser(start: bytes) -> None:
    data = start * (SIZE_LIMIT // len(start))
    with pytest.raises(Malformed):
        parse(data)


def test_a_text_is_at_most_60000_bytes_long() -> None:
    assert parse(b'"' + b"x" * 59_998 + b'"') == "x" * 59_998
    for act in (lambda: parse(b'"' + b"x" * 59_999 + b'"'), lambda: encode("x" * 59_999)):
        with pytest.raises(Malformed, match=r"STM-01: \$: 60001 bytes"):
            act()


def test_free_text_may_have_line_feeds_and_joiners_and_nothing_else_unseen() -> None:
    said = "one\nتخم\u200cمرغ"
    assert parse(encode(said, allowed=FREE_TEXT), allowed=FREE_TEXT) == said
    for unfit in ("\t", "\r", "\u200b", "\u202e"):
        with pytest.raises(Malformed):
            encode(unfit, allowed=FREE_TEXT)


@pytest.mark.parametrize(
    ("value", "rule", "member"),
    [
        ({"a": [{"b": 2**53}]}, "STM-09", "$.a[0].b"),
        ({"a": "\ud800"}, "STM-12", "$.a"),
        ({"a\u0301": 1}, "STM-11", '$["a\\u0301"]'),
    ],
)
def test_what_would_not_be_read_is_not_written(value: JsonValue, rule: str, member: str) -> None:
    with pytest.raises(Malformed) as caught:
        encode(value)
    assert (caught.value.rule, caught.value.member) == (rule, member)


def test_a_place_is_written_as_a_path() -> None:
    assert member_path("$", "body", "items", 3, "quantity") == "$.body.items[3].quantity"
    assert member_path("$", "a-b", "\n" * 100) == '$["a-b"]["' + "\\n" * 64 + '"]'
