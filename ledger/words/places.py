"""Places filled in: what a place of a template comes to in words, of the values that were found for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from ledger.ids import is_statement_id, is_tag
from ledger.quantity import EXACT, format_decimal, parse_decimal
from ledger.words.reader import Reader, amount_words, code_word, name_of, nameless
from ledger.words.table import Language, words_in
from ledger.words.template import Place, fill_whole, is_whole, read_template, values_at, written
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.words.table import Words
    from ledger.words.template import JsonValue

T = TypeVar("T")

_MOST: Final = 4
"""Of longer lists the first three values are told, and how many more there are."""
_DAY_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\Z"
)
"""An instant as RFC 3339 writes it, in whatever zone."""


def told_at(reader: Reader, values: Mapping[str, JsonValue], place: Place, found: list[JsonValue]) -> str | None:
    """Return what a place comes to, told to a reader; None where there is nothing to tell.

    values: of the whole template; found: those that the place names.
    """
    if not place.path:
        found = [dict(values)]
    if not found:
        return None
    words = words_in(reader.language)
    match place.sigil:
        case "#":
            return str(len(found))
        case "!":
            return ""
        case "?":
            one, _, many = place.word.partition("/")
            number = found[0] if len(found) == 1 and isinstance(found[0], int) else len(found)
            return one if number == 1 else many
        case "+":
            return _sum(found, reader)
    own = values_at(place.path, values, reader.about) if place.path and reader.about else found
    match place.sigil:
        case "=":
            return _list(own, len(found), written, words)
        case "@":
            return _parts(own, found, words.part[place.word], reader)
        case _:
            return _list(own, len(found), lambda value: _one(value, place.word, reader), words)


def _parts(own: list[JsonValue], found: list[JsonValue], text: str, reader: Reader) -> str | None:
    """Return each value told by a template; those that lack what it tells are passed over."""
    template = read_template(text)

    # Whether one is told does not depend on names, and to look up 900 of them takes long.
    bare = replace(reader, names=nameless)

    def is_told(value: JsonValue) -> bool:
        values = value if isinstance(value, Mapping) else {}
        return is_whole(template, values, partial(told_at, bare, values))

    def told(value: JsonValue) -> str:
        values = value if isinstance(value, Mapping) else {}
        return fill_whole(template, values, partial(told_at, reader, values)) or ""

    whole = [one for one in own if is_told(one)]
    number = len(whole) if own is found else sum(map(is_told, found))
    return _list(whole, number, told, words_in(reader.language))


def _one(value: JsonValue, table: str, reader: Reader) -> str:
    if isinstance(value, Mapping):
        return amount_words(written(value.get("value")), written(value.get("unit")), reader.language)
    text = written(value)
    if table:
        return code_word(table, text, reader)
    if is_tag(text) or is_statement_id(text):
        return name_of(text, reader)
    return _instant(text, reader) if _DAY_TIME.match(text) else text


def _instant(text: str, reader: Reader) -> str:
    try:
        return zoned(datetime.fromisoformat(text), reader.zone, reader.language)
    except (ValueError, OverflowError):
        return text


def _sum(found: list[JsonValue], reader: Reader) -> str | None:
    """Return the sum of amounts, for each unit; None if one is none."""
    sums: dict[str, Decimal] = {}
    for one in found:
        if not isinstance(one, Mapping):
            return None
        try:
            value = parse_decimal(written(one.get("value")))
        except ValueError:
            return None
        unit = written(one.get("unit"))
        sums[unit] = EXACT.add(sums.get(unit, Decimal()), value)
    return _list(list(sums.items()), len(sums), partial(_amount, reader.language), words_in(reader.language))


def _amount(language: Language, amount: tuple[str, Decimal]) -> str:
    unit, value = amount
    return amount_words(format_decimal(value), unit, language)


def _list(told: Sequence[T], number: int, tell: Callable[[T], str], words: Words) -> str | None:
    """Return values as one text: all of four, and of more the first three, and how many more there are.

    told: those of them that are told; number: how many there are. None if none is told. Where the one is told that the
    reader asks about, that it is among them.
    """
    if not told:
        return None
    form = words.form
    if len(told) < number and len(told) == 1:
        return form["among"].format(first=tell(told[0]))
    shown = told if len(told) <= _MOST else told[: _MOST - 1]
    texts = list(map(tell, shown))
    if number > len(shown):
        return form["more"].format(first=form["between"].join(texts), more=number - len(shown))
    return form["last"].join([form["between"].join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]
