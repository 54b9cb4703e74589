"""Breaches as a header may tell them, most of them in another form than the one: the page reads them as Python does."""

from __future__ import annotations

from typing import Final

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


def odd_breaches() -> list[bytes]:
    """Return the breaches of a header with two tags."""
    changed = [_GOOD.replace(old, new, 1) for old, news in _SWAPS.items() for new in news]
    return [told.encode() for told in (_GOOD, "", "{}", "[ ]", "null", "[" * 40, *changed)]
