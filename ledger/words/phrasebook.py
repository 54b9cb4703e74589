"""A phrasebook: what the program tells people in English, told in another language.

Errors, refusals and messages are English texts made where something is found. A phrasebook holds each of them as a
template, with places for what was put into it, beside the same in the other language. What stands in a place is told
by the phrasebook too where it is a phrase itself, an amount or a code: ``{state:item_status}`` is told by the table of
codes, ``{id_type:phrase}`` though it is one word, and ``{choices:listed}`` is a list, with what the language puts
between two. Where a text fits several templates, that one tells it which leaves the least of it untold, with all that
its places hold. What fits no template stays as it is; nothing that a text may hold makes it fail. ADR 0046 says why no
error carries its template.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from ledger.words.reader import amount_words, unworded
from ledger.words.table import Language, phrases_in, words_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.words.table import Words

PLACE: Final = re.compile(r"\{([a-z_0-9]+)(?::([a-z_-]+))?\}")
_AMOUNT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) (\S+)\Z")
_LISTED: Final = re.compile(r'([0-9]+)(?: to ([0-9]+))?|[a-z]+:[^\s,]+|--[^\s,]+|"[^"]*"')
"""What of a list may be anything but words: numbers and spans of numbers, ids, options, what stands in quotes."""
_BETWEEN: Final = re.compile(r', (?=(?:[^"]*"[^"]*")*[^"]*\Z)')
"""What stands between two of a list, outside of quotes."""
_KEPT: Final = 1024
"""How many texts are kept with what they were told as: of one text the same part may stand in many places."""
_DEEPEST: Final = 60
"""How deep phrases may stand in phrases: what lies deeper stands as it is."""
_LETTER: Final = re.compile(r"[A-Za-z]")
BARE: Final = frozenset(
    (
        *("approval", "bytes", "case", "child", "code", "column", "consignment", "count", "data", "direction", "donor"),
        *("factor", "ground", "header", "id_type", "item", "key", "kind", "line", "number", "one"),
        *("ordered", "origin", "parent", "party", "permit", "phase", "position", "receiver", "role", "site", "size"),
        *("speaks_as", "statement", "status", "subject", "tag", "thumbprint", "transfer", "unit"),
    )
)
"""The names of places that ids, codes and numbers are put into: what stands there has no blank."""


def shape_of(template: str) -> tuple[str, ...]:
    """Return what a template says between its places: equal templates may call these differently."""
    return tuple(PLACE.sub("\0", template).split("\0"))


@dataclass(frozen=True)
class _Phrase:
    """A template in English, and the same in another language."""

    english: str
    other: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return what it says between its places."""
        return tuple(one for one in shape_of(self.english) if one)

    @cached_property
    def own(self) -> int:
        """Return how many characters of a text are its own."""
        return sum(map(len, self.words))

    @cached_property
    def is_joint(self) -> bool:
        """Say whether it has no words of its own, and only joins others."""
        return not _LETTER.search("".join(self.words))

    @cached_property
    def form(self) -> re.Pattern[str]:
        """Return what fits it: a place behind a blank, or at the beginning, is never empty; others may be."""
        first, *others = shape_of(self.english)
        form, before = re.escape(first), first[-1:] or " "
        for name, words in zip(self.names, others, strict=True):
            some = r"\S" if name.rstrip("_0123456789") in BARE else "."
            form += f"({some}{'+' if before == ' ' else '*'}?){re.escape(words)}"
            before = words[-1:] or "}"
        return re.compile(form)

    @cached_property
    def names(self) -> list[str]:
        """Return the names of its places, in order."""
        return [one[1] for one in PLACE.finditer(self.english)]


@dataclass(frozen=True, slots=True)
class _Told:
    """What was told of a text, and how many of its characters are the program's own: the others stand as they are."""

    text: str
    own: int


class Phrasebook:
    """Tells English texts of the program in another language."""

    def __init__(self, phrases: Mapping[str, str], language: Language) -> None:
        """Take phrases: by an English text or template the same in the language."""
        self._whole = {english: other for english, other in phrases.items() if not PLACE.search(english)}
        found = (_Phrase(english, other) for english, other in phrases.items() if english not in self._whole)
        self._phrases = sorted(found, key=lambda one: (not one.is_joint, -one.own, len(one.words)))
        self._language = language
        self._told = lru_cache(_KEPT)(self._best)

    def tell(self, text: str) -> str:
        """Return a text in the language, line by line; a line that fits nothing as it is."""
        return "\n".join(map(self._line, text.split("\n")))

    def _line(self, line: str) -> str:
        core = line.strip(" ")
        told = self._told(core, 0)
        return line if told is None else f"{line[: len(line) - len(line.lstrip(' '))]}{told.text}"

    def _best(self, text: str, depth: int) -> _Told | None:
        """Return a text told by the phrase that leaves the least of it untold.

        Of equals one that joins, so that what stands before and behind its signs is told apart; else the one with more
        words of its own.
        """
        whole = self._whole.get(text)
        if whole is not None:
            return _Told(whole, len(text))
        found = [told for one in self._phrases if (told := self._filled(one, text, depth)) is not None]
        return max(found, key=lambda one: one.own, default=None)

    def _filled(self, phrase: _Phrase, text: str, depth: int) -> _Told | None:
        """Return a phrase with what a text has in its places; None where it does not fit.

        One that has no words of its own, but signs alone, fits only where all that it joins is told.
        """
        if not all(words in text for words in phrase.words):
            return None
        match = phrase.form.fullmatch(text)
        if match is None:
            return None
        values = dict(zip(phrase.names, match.groups(), strict=True))
        places = {one[0]: self._value(values[one[1]], one[2] or "", depth + 1) for one in PLACE.finditer(phrase.other)}
        if phrase.is_joint and any(" " in one.text and not one.own for one in places.values()):
            return None
        text = PLACE.sub(lambda place: places[place[0]].text, phrase.other)
        return _Told(text, phrase.own + sum(one.own for one in places.values()))

    def _value(self, value: str, table: str, depth: int) -> _Told:
        """Return what stands in a place; words of one's own with no blank are left, they may be anybody's."""
        words = words_in(self._language)
        if table == "unit":
            return _Told(words.unit.get(value, value).partition("/")[0], 0)
        if table == "listed":
            some = [self._value(one, "", depth) for one in _BETWEEN.split(value)]
            return _Told(words.form["between"].join(one.text for one in some), sum(one.own for one in some))
        if table and table != "phrase":
            known = words.code.get(table, {})
            told = [known.get(one) or unworded(one, self._language) for one in value.split(", ")]
            return _Told(words.form["between"].join(told), 0)
        listed = [_LISTED.fullmatch(one) for one in _BETWEEN.split(value)]
        if (len(listed) > 1 or " to " in value) and all(listed):
            return _Told(words.form["between"].join(_span(one, words) for one in listed if one), len(listed) - 1)
        amount = _AMOUNT.match(value)
        if amount is not None and amount[2] in words.unit:
            return _Told(amount_words(amount[1], amount[2], self._language), len(amount[2]))
        told_itself = self._told(value.strip(" "), depth) if depth < _DEEPEST and (" " in value or table) else None
        return told_itself or _Told(value, 0)


def _span(found: re.Match[str], words: Words) -> str:
    """Return one of a list as it is; a span of numbers by the words for one."""
    first, last = found[1], found[2]
    return found[0] if last is None else words.form["span"].format(first=first, last=last)


@cache
def phrasebook_of(language: Language) -> Phrasebook:
    """Return the phrasebook of a language; made once in a process."""
    return Phrasebook(phrases_in(language), language)
