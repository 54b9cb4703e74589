"""Sentences about breaches, in any language that there are words in.

A breach that does not fit the table, such as one of a newer log, is told by what it gives. Nothing that an entry may
hold makes these functions fail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Final

from ledger.breach import PARAMETERS, Sort
from ledger.clock import parse_time
from ledger.ids import is_tag
from ledger.words.reader import amount_words, code_word, name_of, unworded
from ledger.words.table import Language, words_in
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.breach import Breach, Value
    from ledger.words.reader import Reader
    from ledger.words.table import Words
    from ledger.words.template import JsonValue

_FIRST: Final = 3
_TABLES: Final = {"method_approved": "method", "papers": "paper", "record": "retained", "unit": "term"}
"""Of the parameters that are not called as the table of codes is that their values are of."""
_NO_FRACTION: Final = re.compile(r"\.0+Z\Z")


def breach_sentence(breach: Breach, language: Language = Language.ENGLISH) -> str:
    """Return what is wrong, without rule, clause and subjects: ids as they are, and times in UTC."""
    return _sentence(breach, words_in(language), _Plain(language))


def breach_told(breach: Breach, reader: Reader, body: JsonValue = None) -> str:
    """Return what is wrong and with which subjects, with the names and in the local time of a reader.

    body: of the statement, which names the subjects in an order of its own; None: they come as the entry has them.
    """
    words = words_in(reader.language)
    sentence = _sentence(breach, words, _Told(reader.language, reader))
    names = [name_of(one, reader) for one in breach.as_named(ids_in(body)).subjects[:_FIRST]]
    return _about(sentence, names, len(breach.subjects), words)


def _sentence(breach: Breach, words: Words, telling: _Plain) -> str:
    told = {name: telling.value(name, value) for name, value in breach.parameters}
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
    return _about(sentence, list(breach.subjects[:_FIRST]), len(breach.subjects), words_in(language))


def listed(names: Collection[str], language: Language = Language.ENGLISH) -> str:
    """Return names as one text: the first three, and how many more there are."""
    return _listed(list(names)[:_FIRST], len(names), words_in(language))


def ids_in(value: JsonValue) -> Iterator[str]:
    """Yield the ids that stand in a value, in its order."""
    match value:
        case str() if is_tag(value):
            yield value
        case Mapping():
            for one in value.values():
                yield from ids_in(one)
        case str():
            pass
        case Sequence():
            for one in value:
                yield from ids_in(one)


def _about(sentence: str, first: list[str], number: int, words: Words) -> str:
    if not number:
        return sentence
    return words.form["about"].format(sentence=sentence, subjects=_listed(first, number, words))


def _listed(first: list[str], number: int, words: Words) -> str:
    told = words.form["between"].join(first)
    return told if number <= _FIRST else words.form["more"].format(first=told, more=number - _FIRST)


@dataclass(frozen=True, slots=True)
class _Plain:
    """Puts what a breach gives into words: ids as they are, and times in UTC."""

    language: Language

    @property
    def words(self) -> Words:
        return words_in(self.language)

    def value(self, name: str, value: Value) -> str:
        match value:
            case None:
                return self.words.form["unknown"]
            case tuple():
                return self.words.form["between"].join(self.one(name, one) for one in value) or self.words.form["none"]
            case _:
                return self.one(name, value)

    def one(self, name: str, value: int | str) -> str:
        match PARAMETERS.get(name):
            case Sort.CODE:
                return self.words.code.get(table_of(name), {}).get(str(value)) or unworded(str(value), self.language)
            case Sort.INSTANT:
                return _instant(str(value))
            case _:
                return str(value)


@dataclass(frozen=True, slots=True)
class _Told(_Plain):
    """Puts what a breach gives into words, with the names and in the local time of a reader."""

    reader: Reader

    def one(self, name: str, value: int | str) -> str:
        text, reader = str(value), self.reader
        match PARAMETERS.get(name):
            case Sort.ID if is_tag(text):
                return name_of(text, reader)
            case Sort.CODE if name == "agents":
                return code_word("agent", text, reader)
            case Sort.INSTANT if _is_time(text):
                return zoned(parse_time(text), reader.zone, reader.language, exact=True)
            case Sort.QUANTITY:
                amount, _, unit = text.partition(" ")
                return amount_words(amount, unit, reader.language)
            case _:
                return _Plain.one(self, name, value)


def _instant(written: str) -> str:
    """Return a time as it stands, but for a fraction that is nothing: two that differ by less are told apart."""
    return _NO_FRACTION.sub("Z", written.replace("T", " ")) if _is_time(written) else written


def _is_time(written: str) -> bool:
    try:
        parse_time(written)
    except ValueError:
        return False
    return True
