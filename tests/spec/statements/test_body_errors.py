"""A body that is not of its kind is told what it must be, in words: at which member, and with an example."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, get_type_hints

import msgspec
import pytest
from msgspec import inspect

from ledger.errors import Malformed
from ledger.ids import ItemId
from ledger.statement.catalogue import KINDS
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.reading import read_statement
from ledger.statement.wording import in_words
from tests.imports import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

LISTED: Final = read_payload(parse_envelope(listing(ItemId("item:A"), ItemId("item:B")).envelope).payload)
ITEM: Final = {"item": "item:A", "label": "A", "quantity": {"value": "10", "unit": "mL"}}

WRONG: Final[tuple[Any, ...]] = ("\0", "", "x" * 300, 5, -1, 10**9, 2.5, True, None, [], [None], ["\0"], {}, {"no": 1})
OURS: Final = re.compile(
    r"(?:\"[^\"]{0,63}\" |-?[0-9.]+ )?must be .{5,}|is missing|is not a member that belongs here; .{5,}"
)
THEIRS: Final = re.compile(r"regex|`|\b(?:str|int|bool|array|schema|Expected|Object|RFC3339)\b")


def parts_of(asked: inspect.Type, said: object = None) -> Iterator[tuple[inspect.Type, Any]]:
    """Yield a type and all that it is made of, each with what its schema says beside it."""
    match asked:
        case inspect.Metadata(type=inner, extra_json_schema=beside):
            yield from parts_of(inner, beside)
            return
        case inspect.VarTupleType(item_type=inner):
            yield from parts_of(inner)
        case inspect.UnionType(types=several):
            for one in several:
                yield from parts_of(one)
        case inspect.StructType(fields=fields):
            for field in fields:
                yield from parts_of(field.type)
    yield asked, said or {}


def parts_of_body(kind: str) -> list[tuple[inspect.Type, Any]]:
    """Return the same of the body of a kind."""
    return list(parts_of(inspect.type_info(KINDS[kind].body)))


def complaint(value: object, asked: Any) -> tuple[str, str] | None:  # noqa: ANN401  a type, or one annotated
    """Return at which member a value is not of a type and what is said of it; None if it is of that type."""
    try:
        msgspec.convert(value, asked)
    except msgspec.ValidationError as error:
        return in_words(error, asked, value)
    return None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_text_in_a_body_has_a_pattern_and_words_beside_it(kind: str) -> None:
    for part, said in parts_of_body(kind):
        if isinstance(part, inspect.StrType):
            assert part.pattern is not None
            assert said.get("description"), part.pattern
            for example in said.get("examples", ()):
                assert re.search(part.pattern, example), f"{example} is no example of {part.pattern}"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_complaint_about_a_body_speaks_the_language_of_programs(kind: str) -> None:
    for body in {part.cls for part, _ in parts_of_body(kind) if isinstance(part, inspect.StructType)}:
        said = complaint({"no": 1}, body)
        assert said is not None
        assert said[0] == ".no"
        assert said[1].startswith("is not a member that belongs here; ")
        for name, asked in get_type_hints(body, include_extras=True).items():
            told = [said for value in WRONG if (said := complaint(value, asked)) is not None]
            assert len(told) > len(WRONG) / 2, f"{name} takes what it should not"
            for _, problem in told:
                assert OURS.fullmatch(problem), problem
                assert not THEIRS.search(problem), problem


@pytest.mark.rule("CAT-02")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(
            {"consignment": "C1"},
            '.consignment: "C1" must be a consignment\'s id, such as "consignment:2026-41"',
            id="another form",
        ),
        pytest.param(
            {"approval": 7},
            '.approval: 7 must be a text, not a number: an approval\'s id, such as "approval:2026-7"',
            id="a number for a text",
        ),
        pytest.param({"line": "1"}, '.line: "1" must be a whole number from 1 to 999, not a text', id="a text"),
        pytest.param({"line": 1000}, ".line: 1000 must be a whole number from 1 to 999", id="out of range"),
        pytest.param({"items": []}, ".items: must be a list of 1 to 900", id="an empty list"),
        pytest.param({"items": None}, ".items: must be a list of 1 to 900, not null", id="null"),
        pytest.param(
            {"items": [ITEM, {**ITEM, "quantity": {"value": "10", "unit": "10 mL"}}]},
            '.items[1].quantity.unit: "10 mL" must be a unit of the reference table, such as "vial"',
            id="inside a list",
        ),
        pytest.param({"items": [{**ITEM, "quantity": {"unit": "mL"}}]}, ".items[0].quantity.value: is missing"),
        pytest.param(
            {"colour": "red"},
            ".colour: is not a member that belongs here; there are consignment, approval, line, items",
            id="unknown",
        ),
        pytest.param(
            {"aproval": "approval:1"},
            ".aproval: is not a member that belongs here; did you mean approval?",
            id="misspelt",
        ),
        pytest.param(
            {"items": [{**ITEM, "Lot": "B7"}]},
            ".items[0].Lot: is not a member that belongs here; did you mean lot?",
            id="in capitals, in a list",
        ),
        pytest.param(
            {"a b`\n": 1},
            '["a b`\\n"]: is not a member that belongs here; there are consignment, approval, line, items',
            id="odd",
        ),
    ],
)
def test_a_body_is_told_the_member_and_what_it_must_be(change: dict[str, Any], said: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_statement(LISTED._replace(body={**LISTED.body, **change}))
    assert str(caught.value) == f"CAT-02: $.body{said}"


@pytest.mark.parametrize(
    ("kind", "member", "value", "said"),
    [
        ("party.registered/1", "country", "cn", 'the two letters of a country (ISO 3166-1), in capitals, such as "CN"'),
        ("approval.granted/1", "issued_on", "1.9.2026", 'a date such as "2026-09-01"'),
        ("temperature.recorded/1", "start", "8:30", 'a time with its zone such as "2026-09-01T08:30:00Z"'),
        ("approval.granted/1", "direction", "inward", "one of import, export"),
        ("approval.granted/1", "follow_up", "yes", "true or false, not a text"),
        ("key.enrolled/1", "alg", "rsa", "ed25519 or es256"),
    ],
)  # fmt: skip
def test_words_dates_and_times_are_shown_as_they_are_written(kind: str, member: str, value: str, said: str) -> None:
    asked = get_type_hints(KINDS[kind].body, include_extras=True)[member]
    assert complaint(value, asked) == ("", f'"{value}" must be {said}')


@pytest.mark.rule("CAT-02")
@pytest.mark.parametrize(
    ("kind", "member", "value", "said"),
    [
        (
            "item.used/1",
            "purpose",
            "Clinical Trial",
            '"Clinical Trial" must be what goods are used for: a code of the list purpose, such as "research"; '
            "did you mean clinical-trial? (a code of your own begins with x-)",
        ),
        (
            "item.destroyed/1",
            "method",
            "autoklave",
            '"autoklave" must be one of autoclave, pressure-sterilisation, incineration, chemical, other; '
            "did you mean autoclave?",
        ),
        (
            "item.used/1",
            "project",
            "A\u202eB" * 60,
            '"' + "A\N{REPLACEMENT CHARACTER}B" * 20 + '..." must be a code word of whoever states it: lower case, '
            'digits, hyphens, such as "p-2026-7"',
        ),
    ],
)  # fmt: skip
def test_what_stands_there_is_shown_in_short_and_harmless_and_what_is_nearest_to_it(
    kind: str, member: str, value: str, said: str
) -> None:
    asked = get_type_hints(KINDS[kind].body, include_extras=True)[member]
    assert complaint(value, asked) == ("", said)
