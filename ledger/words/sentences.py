"""Sentences about breaches, in any language that there are words in.

A breach that does not fit the table, such as one of a newer log, is told by what it gives. Nothing that an entry may
hold makes these functions fail.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, Final

from ledger.breach import PARAMETERS, Sort
from ledger.clock import parse_time
from ledger.words.table import Language, words_in

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.breach import Breach, Value
    from ledger.words.table import Words

_FIRST: Final = 3
_TABLES: Final = {"method_approved": "method", "unit": "term"}
"""Of the parameters that are not called as the table of codes is that their values are of."""
_NO_FRACTION: Final = re.compile(r"\.0+Z\Z")


def breach_sentence(breach: Breach, language: Language = Language.ENGLISH) -> str:
    """Return what is wrong, without rule, clause and subjects."""
    words = words_in(language)
    told = {name: _value(words, name, value) for name, value in breach.parameters}
    template = words.breach.get(breach.rule)
    if template is None or parameters_in(template) != told.keys():
        return words.form["between"].join(f"{name} {value}" for name, value in told.items())
    return template.format_map(told)


def parameters_in(template: str) -> frozenset[str]:
    """Return the names in a template's braces."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def table_of(parameter: str) -> str:
    """Return the table of codes that the values of a breach's parameter are of."""
    return _TABLES.get(parameter, parameter)


def breach_words(breach: Breach, language: Language = Language.ENGLISH) -> str:
    """Return what is wrong, and with which subjects: of many the first, and how many more."""
    sentence = breach_sentence(breach, language)
    if not breach.subjects:
        return sentence
    subjects = listed(breach.subjects, language)
    return words_in(language).form["about"].format(sentence=sentence, subjects=subjects)


def listed(names: Collection[str], language: Language = Language.ENGLISH) -> str:
    """Return names as one text: the first three, and how many more there are."""
    form = words_in(language).form
    first = form["between"].join(list(names)[:_FIRST])
    return first if len(names) <= _FIRST else form["more"].format(first=first, more=len(names) - _FIRST)


def _value(words: Words, name: str, value: Value) -> str:
    match value:
        case None:
            return words.form["unknown"]
        case tuple():
            return words.form["between"].join(_one(words, name, one) for one in value) or words.form["none"]
        case _:
            return _one(words, name, value)


def _one(words: Words, name: str, value: int | str) -> str:
    match PARAMETERS.get(name):
        case Sort.CODE:
            return words.code.get(table_of(name), {}).get(str(value), str(value))
        case Sort.INSTANT:
            return _instant(str(value))
        case _:
            return str(value)


def _instant(written: str) -> str:
    """Return a time as it stands, but for a fraction that is nothing: two that differ by less are told apart."""
    try:
        parse_time(written)
    except ValueError:
        return written
    return _NO_FRACTION.sub("Z", written.replace("T", " "))
