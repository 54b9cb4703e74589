"""Read the members of parsed JSON one by one: there or not, of the right type, in the right form.

Each reader returns what it read with its type, or raises ``Malformed`` with the rule and the member. It never
converts: a number in quotes is a text, and null is never "not there".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from ledger.errors import Malformed
from ledger.nearest import nearest, suggestion
from ledger.statement.text.strict_json import JsonValue, member_path
from ledger.statement.text.strict_text import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from enum import StrEnum

NOT_HERE: Final = "is not a member that belongs here"
"""What is said first of a member that is not known."""

_QUOTED: Final = 60

Choice = TypeVar("Choice", bound="StrEnum")


@dataclass(frozen=True, slots=True)
class Form:
    """How a text has to be written: the rule it falls under, the pattern it matches whole, and that in words."""

    rule: str
    pattern: re.Pattern[str]
    words: str


def quoted(text: str) -> str:
    """Return a text for people, in quotes, cut where it is long and with nothing in it that a terminal would obey."""
    return f'"{visible(text[:_QUOTED])}{"..." if len(text) > _QUOTED else ""}"'


def not_here(name: str, known: Collection[str]) -> str:
    """Return, for people, that a member is not known, and which one was likely meant."""
    return f"{NOT_HERE}; {suggestion(nearest(name, known), known)}" if known else NOT_HERE


def read_members(
    value: JsonValue, member: str, required: Sequence[str], optional: Sequence[str] = (), *, grows: bool = False
) -> dict[str, JsonValue]:
    """Return an object that has all required members and no others but the optional ones.

    grows: True where a later program may know further optional ones.

    Raises Malformed: STM-18 not an object, STM-17 an unknown member, STM-16 a member is missing.
    """
    said = read_object(value, member)
    if tuple(said) == required:  # as most are written
        return said
    for name in said:
        if name not in required and name not in optional:
            path = member_path(member, name)
            newer = f"the member {path}, which it does not know" if grows else ""
            raise Malformed("STM-17", path, not_here(name, (*required, *optional)), newer=newer)
    for name in required:
        if name not in said:
            raise Malformed("STM-16", member_path(member, name), "is missing")
    return said


def read_object(value: JsonValue, member: str) -> dict[str, JsonValue]:
    """Return an object of any members. Raises Malformed: STM-18 not an object."""
    if not isinstance(value, dict):
        raise Malformed("STM-18", member, "is not an object")
    return value


def read_array(value: JsonValue, member: str, *, least: int, most: int) -> list[JsonValue]:
    """Return an array of least to most items. Raises Malformed: STM-18 not an array, or of another length."""
    if not isinstance(value, list):
        raise Malformed("STM-18", member, "is not an array")
    if not least <= len(value) <= most:
        raise Malformed("STM-18", member, f"has {len(value)} items, not {least} to {most}")
    return value


def read_text(value: JsonValue, member: str) -> str:
    """Return a text. Raises Malformed: STM-18 not a text."""
    if not isinstance(value, str):
        raise Malformed("STM-18", member, "is not a text")
    return value


def read_form(value: JsonValue, member: str, form: Form) -> str:
    """Return a text that is written in a form. Raises Malformed: STM-18 not a text, or the form's own rule."""
    text = read_text(value, member)
    if form.pattern.fullmatch(text) is None:
        raise Malformed(form.rule, member, f"{quoted(text)} is not {form.words}")
    return text


def read_choice(value: JsonValue, member: str, rule: str, choices: type[Choice]) -> Choice:
    """Return one of some words. Raises Malformed: STM-18 not a text, or the rule given."""
    text = read_text(value, member)
    try:
        return choices(text)
    except ValueError:
        raise Malformed(rule, member, f"{quoted(text)} is none of {', '.join(choices)}") from None


def read_count(value: JsonValue, member: str) -> int:
    """Return a whole number that is not negative. Raises Malformed: STM-18 not a number, STM-44 negative."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed("STM-18", member, "is not a whole number")
    if value < 0:
        raise Malformed("STM-44", member, "is negative")
    return value
