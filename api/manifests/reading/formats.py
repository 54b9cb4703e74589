"""Number formats of spreadsheets (ECMA-376 18.8.31): what a stored number looks like to the people who see the cell.

Only as far as it must be known whether they see the number itself or something else.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from ledger.quantity import format_decimal

GENERAL: Final = "General"
BUILT_IN: Final = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0', 6: '"$"#,##0', 7: '"$"#,##0.00',
    8: '"$"#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", **dict.fromkeys(range(27, 37), "yyyy-mm-dd"), 37: "#,##0 ;(#,##0)", 38: "#,##0 ;(#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 41: "#,##0", 42: '"$"#,##0', 43: "#,##0.00",
    44: '"$"#,##0.00', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **dict.fromkeys(range(50, 59), "yyyy-mm-dd"),
}  # fmt: skip
"""The formats that files name by a number alone (18.8.30); dates and money differ by country, not in what they are."""

_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*](?P<blank>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<digit>[0#?])|(?P<exponent>E[+-])|(?P<mark>[.,%/@;])|(?P<letter>[A-Za-z])|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_SCALING: Final = re.compile(r",+(?=\.|$)")
_COLOURS: Final = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]+", re.IGNORECASE)
_ELAPSED: Final = re.compile(r"h+|m+|s+", re.IGNORECASE)
_OF_TIME: Final = frozenset("dmyhsegba")
_LONGEST_SHOWN: Final = 11
"""How many characters of a fraction the format General shows."""
_WHOLE_DIGITS: Final = Decimal(10) ** 15
"""Whole numbers below this are stored exactly, and taken for their digits though General shows long ones shortened."""
_HARMLESS: Final = frozenset(" ()+-")


class _Token(NamedTuple):
    """One part of a format: its sort, a name of ``_TOKEN``, "literal" or "unknown"; and its text."""

    sort: str
    text: str


@lru_cache(maxsize=1024)
def is_of_time(code: str) -> bool:
    """Say whether a format shows dates, times or durations."""
    return any(token.sort == "time" for section in _sections(code) for token in section)


def as_shown(value: Decimal, code: str) -> str | None:
    """Return a number as a format shows it, without blanks around it; None where that is not known here."""
    section, number = _section_for(value, code)
    sorts = {token.sort for token in section}
    if sorts & {"unknown", "time", "fraction"}:
        return None
    if "general" in sorts or "at" in sorts:
        shown = "".join(_general(number) if one.sort in {"general", "at"} else one.text for one in section)
    elif "exponent" in sorts:
        shown = _scientific(number, section)
    else:
        shown = _digits(number, section)
    return shown.strip()


def shows_another_amount(value: Decimal, code: str) -> bool:
    """Say whether people see another thing than a number or its rounding: a share, money, a unit, thousands."""
    section, _ = _section_for(value, code)
    sorts = {token.sort for token in section}
    if not sorts & {"digit", "general", "at"} or sorts & {"unknown", "time", "percent"} or _scale(section) > 0:
        return True
    return any(set(token.text) - _HARMLESS for token in section if token.sort == "literal")


def _section_for(value: Decimal, code: str) -> tuple[tuple[_Token, ...], Decimal]:
    """Return the part of a format that is for a number, and the number as that part shows it: without a sign."""
    sections = _sections(code)
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[tuple[_Token, ...], ...]:
    sections: list[list[_Token]] = [[]]
    for found in _TOKEN.finditer(code or GENERAL):
        token = _token(str(found.lastgroup), str(found[str(found.lastgroup)]))
        if token.sort == "end":
            sections.append([])
        elif token.text or token.sort != "literal":
            sections[-1].append(token)
    return tuple(map(tuple, sections))


def _token(sort: str, text: str) -> _Token:
    match sort, text:
        case (("quoted" | "escaped" | "other"), _):
            return _Token("literal", text)
        case "blank", _:
            return _Token("literal", " ")
        case "bracket", _:
            return _bracket(text)
        case "mark", _:
            names = {".": "point", ",": "comma", "%": "percent", "/": "fraction", "@": "at", ";": "end"}
            return _Token(names[text], text)
        case "letter", _:
            return _Token("time" if text.lower() in _OF_TIME else "unknown", text)
        case _:
            return _Token(sort, text)


def _bracket(text: str) -> _Token:
    if text.startswith("$"):  # a currency's sign and a country, either of which may be missing
        return _Token("literal", text[1:].partition("-")[0])
    if _COLOURS.fullmatch(text):
        return _Token("literal", "")
    return _Token("time" if _ELAPSED.fullmatch(text) else "unknown", text)


def _general(value: Decimal) -> str:
    plain = format_decimal(value)
    whole = value == value.to_integral_value() and abs(value) < _WHOLE_DIGITS
    small = value != 0 and abs(value) < Decimal("0.0001")
    return plain if whole or (len(plain) <= _LONGEST_SHOWN and not small) else f"{value.normalize():.5E}"


def _scientific(value: Decimal, section: tuple[_Token, ...]) -> str:
    sorts = [token.sort for token in section]
    mantissa = section[: sorts.index("exponent")]
    point = next((index for index, token in enumerate(mantissa) if token.sort == "point"), len(mantissa))
    places = sum(token.sort == "digit" for token in mantissa[point:])
    head, _, tail = f"{value:.{places}E}".partition("E")
    return f"{head}E{tail[0]}{tail[1:]:0>2}"


def _scale(section: tuple[_Token, ...]) -> int:
    """Return how many commas stand behind the digits before the point, or at the end: each shows thousandths."""
    marks = "".join({"digit": "0", "comma": ",", "point": "."}.get(token.sort, "") for token in section)
    return sum(map(len, _SCALING.findall(marks)))


def _digits(value: Decimal, section: tuple[_Token, ...]) -> str:
    """Return a number in a format of digits: rounded, padded, grouped, with the texts between its digits."""
    sorts = [token.sort for token in section]
    point = sorts.index("point") if "point" in sorts else len(section)
    places = [token.text for token in section[point:] if token.sort == "digit"]
    shown = value * 100 ** sorts.count("percent") / 1000 ** _scale(section)
    whole, _, part = f"{abs(shown).quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP):f}".partition(".")
    while part and part[-1] == "0" and places[len(part) - 1] != "0":
        part = part[:-1]
    before = _placed(section[:point], "" if whole == "0" else whole)
    after = part + "".join(token.text for token in section[point:] if token.sort in {"literal", "percent"})
    return f"{'-' if shown < 0 else ''}{before}{'.' if part or (places and places[0] == '0') else ''}{after}"


def _placed(section: tuple[_Token, ...], whole: str) -> str:
    """Return the digits before the point in their places, the last one last; too many stand in front."""
    places = [index for index, token in enumerate(section) if token.sort == "digit"]
    inner = section[places[0] : places[-1]] if places else ()
    grouped = any(token.sort == "comma" for token in inner)
    left, shown, count = list(whole), list[str](), 0
    for index in range(len(section) - 1, -1, -1):
        token = section[index]
        if token.sort in {"literal", "percent"}:
            shown.append(token.text[::-1])
        while token.sort == "digit" and (left or token.text == "0"):
            shown.append("," if grouped and count and count % 3 == 0 else "")
            shown.append(left.pop() if left else "0")
            count += 1
            if index != places[0] or not left:
                break
    return "".join(shown)[::-1]
