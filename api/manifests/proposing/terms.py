"""What a cell is likely to mean where it is not written as its member asks: by the tables of units and of codes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from api.manifests.reading.grid import word_key
from ledger.domain.bodies.printed import in_one_spelling
from ledger.reference.codes import load_names
from ledger.reference.units import load_units
from ledger.words.table import Language, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.manifests.members import Member

_YES: Final = ("是", "有", "在", "yes", "y", "√", "✓", "对")
_NO: Final = ("否", "无", "不在", "no", "n", "×", "✗", "错")
_DEGREES: Final = ("℃", "°c", "度")


def term_for(text: str, member: Member) -> str | None:
    """Return what a member takes instead of a text that stands for it; None where that is not known."""
    if member.is_unit:
        return load_units().like(text)
    if member.sort == "boolean":
        return next((said for said, words in (("true", _YES), ("false", _NO)) if text.casefold() in words), None)
    return _names_of(member.codes, codes_of(member)).get(_key(text))


def codes_of(member: Member) -> tuple[str, ...]:
    """Return the codes that alone may stand in a member; none where others may."""
    lists = load_names()
    if member.codes is None:
        return member.choices
    return () if member.codes in lists.own else tuple(lists.by_list[member.codes])


@cache
def _names_of(listed: str | None, codes: tuple[str, ...]) -> Mapping[str, str]:
    """Return codes by their names, where a name is of one code alone. listed: the list that they are of, if any."""
    found: dict[str, set[str]] = {}
    for code, name in (*_by_lists(listed), *_by_words(codes)):
        found.setdefault(_key(name), set()).add(code)
    return {name: next(iter(named)) for name, named in found.items() if len(named) == 1}


def _by_lists(name: str | None) -> Iterator[tuple[str, str]]:
    for one in load_names().by_list.get(name or "", {}).values():
        yield from ((one.code, called) for called in (*one.names, one.code.replace("minus-", "-")))


def _by_words(codes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for code in codes:
        yield from ((code, code), (code, code.replace("-", " ")))
    for language in Language:
        for named in words_in(language).code.values():
            yield from ((code, name) for code, name in named.items() if code in codes)


def _key(text: str) -> str:
    key = word_key(in_one_spelling(text)).replace("~", "-").replace(" ", "")
    for degrees in _DEGREES:
        key = key.removesuffix(degrees)
    return key
