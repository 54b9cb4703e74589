"""Breaches as a header may tell them, most of them in another form than the one: the page reads them as Python does."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from ledger.breach import PARAMETERS, Breach, Sort
from ledger.domain.law.rule import Answer
from ledger.statement.entries.entry import Entry, encode_entry
from ledger.statement.rulebook import RULEBOOK
from ledger.words.table import Language, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.breach import Value
    from ledger.domain.law.rule import Rule

_GOOD: Final = (
    r'[{"parameters":{"places":["\u51b0\ud83d\ude00\"",""],"term":-3,"unit":null},"rule":"GAT-05","subjects":[[1,2]]}]'
)

_SWAPS: Final = {
    "[1,2]": ["", "[1,1]", "[1,1],[2,2]", "[2,1]", "[1,3]", "[0,2]", "[2,2],[1,1]", "1,2", "[true,2]", "[1,2,2]"],
    "GAT-05": ["gat-05", "GAT-5", "GAT-0500", "GAT-005", "A-00"],
    '"GAT-05"': ["5", "null", '["GAT-05"]'],
    "-3": ["3.0", "-0", "03", "9007199254740992", "9007199254740991", "true", "1e3", '{"a":1}'],
    "null": ["[null]", "[1]", "[]", "NaN", r'"a\/b"', r'"\u0041"', r'"\n"', r'"\ud83d"', r'"\u200b"', r'"\u51B0"'],
    '"unit":null': ['"Unit":null', '"a":null', '"unit_":null', '"term":null', '"z_z":null', r'"\u0075nit":null'],
    '["\\u51b0': [r'["\u007f~', r'["a\\b', r'["A\u030a', '["冰', '["é'],
    '"rule"': ['"Rule"', '"subjects"'],
    "]}]": ["]},{}]", ']},{"parameters":{},"rule":"A-00","subjects":[]}]', '],"z":1}]', "]}] ", "]}", "]},]"],
    "[{": ["{", " [{", "[[{", "[ {"],
    ":": [": ", " :"],
}


def worded_entries() -> list[bytes]:
    """Return entries that tell a breach of each rule, with values and without, and one of a rule that nobody knows."""
    rules = [rule for rule in RULEBOOK.values() if rule.answer is Answer.BREACH]
    told = [Breach(rule.id, (), tuple((name, None) for name in sorted(rule.parameters))) for rule in rules]
    told += [Breach(rule.id, (), tuple((name, _value(name)) for name in sorted(rule.parameters))) for rule in rules]
    told += [breach for rule in rules if rule.basis for breach in _decided(rule)]
    told += [Breach("ZZZ-99", (), (("items", ()), ("party", "a {site} $& b"), ("since", "then"))), Breach("GAT-12")]
    at = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    return [encode_entry(Entry(1, at, f"cn-281/2026-08-01 {'ab' * 32}", frozenset(), b"{}", (one,))) for one in told]


def _decided(rule: Rule) -> Iterator[Breach]:
    """Yield breaches of a rule whose clause may depend on what they give: every word of every code, and numbers."""
    codes = words_in(Language.ENGLISH).code
    varied: dict[str, Sequence[int | str]] = {
        name: [3, 10, 30, 90] if PARAMETERS[name] is Sort.INTEGER else sorted(codes.get(name, {"": ""}))
        for name in sorted(rule.parameters)
        if PARAMETERS[name] in {Sort.INTEGER, Sort.CODE}
    }
    for values in islice(product(*varied.values()), 400):
        given = dict(zip(varied, values, strict=True))
        yield Breach(rule.id, (), tuple((name, given.get(name, _value(name))) for name in sorted(rule.parameters)))


def _value(name: str) -> Value:
    """Return a value of a parameter; of a code one that has a word, if any has."""
    match PARAMETERS[name]:
        case Sort.INTEGER:
            return 3
        case Sort.INSTANT:
            return "2026-11-21T08:30:01.123456Z"
        case Sort.CODE:
            return next(iter(words_in(Language.ENGLISH).code.get(name, {"research": ""})))
        case _:
            return ("冰箱-2/A1", "$1 {since}")


def odd_breaches() -> list[bytes]:
    """Return the breaches of a header with two tags."""
    changed = [_GOOD.replace(old, new, 1) for old, news in _SWAPS.items() for new in news]
    return [told.encode() for told in (_GOOD, "", "{}", "[ ]", "null", "[" * 40, *changed)]
