"""Templates of sentences: a text with places that members of a JSON object are put into.

    {a.b}            the value of a member in words; of a list the first of its values, and how many more there are
    {a:table}        a code, by its word in a table of codes
    {=a}             the value as it is written: an id, not its name
    {#a}             how many values there are
    {+a}             the sum of amounts, for each unit
    {?a:one/many}    a word that depends on how many there are, or on a whole number
    {@a:part}        each value told by a template of its own, of the table of parts; {@:part} tells all by one
    {!a}             nothing, and says that the part it stands in is told only where the member is there
    [one|other]      the first of some parts that lacks no value; nothing if each of them does

A path goes through lists. Of a step only those values count that pass its test: ``items(condition=missing)``,
``items(condition!=missing)``, of a value itself ``active(=true)``; ``(=)`` is an empty list. A place outside of all
brackets whose member is missing says that it is not stated. What a member holds is never read as a template.

There is no more to it, so that a page in a browser can carry templates and fill them in as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

JsonValue: TypeAlias = "bool | int | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
"""Parsed JSON, as payloads hold it; a sequence that is no text is a list."""

_PLACE: Final = re.compile(r"\{([=#+?@!]?)([^{}:]*)(?::([^{}]*))?\}")
_PLAIN: Final = re.compile(r"[^\[\]{}|]+")
_STEP: Final = re.compile(r"([a-z_]+)(?:\(([a-z_]*)(!?=)([^()]*)\))?\Z")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a member, and a test that its values must pass; without one ``test`` is empty."""

    member: str
    test: str = ""
    of: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place. sigil: what is put there; path: from where; word: what stands behind the colon."""

    sigil: str
    path: tuple[Step, ...]
    word: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Parts in brackets, of which the first that lacks nothing is told."""

    parts: tuple[Template, ...]


_SCALAR: Final = (str, int, type(None))

Template: TypeAlias = "tuple[str | Place | Choice, ...]"

Teller: TypeAlias = Callable[[Place, "list[JsonValue]"], "str | None"]
"""Puts the values of a place into words; None: there is nothing to tell."""


@cache
def read_template(text: str) -> Template:
    """Read a template. Raises ValueError: it is none."""
    parts, rest = _read(text, 0)
    if rest != len(text):
        raise ValueError(f"{text!r}: a bracket is closed that was not opened")
    if len(parts) != 1:
        raise ValueError(f"{text!r}: | stands outside of brackets")
    return parts[0]


def fill(template: Template, values: Mapping[str, JsonValue], tell: Teller, missing: str) -> str:
    """Return a template as a text. missing: what is said at a place of which nothing is told."""
    return _filled(template, values, tell, missing) or ""


def fill_whole(template: Template, values: Mapping[str, JsonValue], tell: Teller) -> str | None:
    """Return a template as a text, or None where a place outside of its brackets lacks its value."""
    return _filled(template, values, tell, None)


def is_whole(template: Template, values: Mapping[str, JsonValue], tell: Teller) -> bool:
    """Say whether ``fill_whole`` makes a text; costs the places outside of brackets."""
    outside = (one for one in template if isinstance(one, Place))
    return all(tell(one, values_at(one.path, values)) is not None for one in outside)


def places(template: Template) -> list[Place]:
    """Return every place of a template, those in brackets too."""
    found: list[Place] = []
    for one in template:
        if isinstance(one, Place):
            found.append(one)
        elif isinstance(one, Choice):
            found += (place for part in one.parts for place in places(part))
    return found


def values_at(path: tuple[Step, ...], values: JsonValue, about: str = "") -> list[JsonValue]:
    """Return the values that a path leads to; none where a member is missing. Whatever the values are, it ends.

    about: an id; of a list that holds it, or a row about it, only that counts. "": everything counts.
    """
    found = [values]
    for step in path:
        inner = [one.get(step.member) for one in found if isinstance(one, Mapping)]
        if not step.test and all(isinstance(value, _SCALAR) for value in inner):
            found = [value for value in inner if value is not None]  # as nearly everywhere: neither rows nor a choice
            continue
        listed = (_own(_listed(value, step), about) for value in inner)
        found = [one for rows in listed for one in rows if _passes(one, step)]
    return found


def _own(rows: list[JsonValue], about: str) -> list[JsonValue]:
    """Return of some rows those about a subject, and all where none is."""
    return [one for one in rows if _is_about(one, about)] or rows if about and len(rows) > 1 else rows


def _is_about(value: JsonValue, about: str) -> bool:
    return about in value.values() if isinstance(value, Mapping) else value == about


def _listed(value: JsonValue, step: Step) -> list[JsonValue]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return list(value) or ([""] if step == Step(step.member, "=") else [])
    return [value]


def _passes(value: JsonValue, step: Step) -> bool:
    if not step.test:
        return value is not None
    tested = value
    if step.of:
        tested = value.get(step.of) if isinstance(value, Mapping) else None
    same = not isinstance(tested, Mapping | list | tuple) and written(tested) == step.value
    return same is (step.test == "=")


def written(value: JsonValue) -> str:
    """Return a value that is neither list nor object as it is written in JSON, a text without its quotes."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | str():
            return str(value)
        case _:
            return ""


def _filled(template: Template, values: Mapping[str, JsonValue], tell: Teller, missing: str | None) -> str | None:
    told: list[str] = []
    for one in template:
        match one:
            case str():
                told.append(one)
            case Place():
                put = tell(one, values_at(one.path, values))
                if put is None and missing is None:
                    return None
                told.append(missing or "" if put is None else put)
            case Choice():
                whole = (_filled(part, values, tell, None) for part in one.parts)
                told.append(next((part for part in whole if part is not None), ""))
    return "".join(told)


def _read(text: str, at: int) -> tuple[list[Template], int]:
    """Read parts up to the bracket that closes them, or to the end; return them and where that is."""
    parts: list[list[str | Place | Choice]] = [[]]
    while at < len(text) and text[at] != "]":
        if text[at] == "{":
            place = _PLACE.match(text, at)
            if place is None:
                raise ValueError(f"{text!r}: no place stands at {at}")
            parts[-1].append(Place(place[1], _path(place[2]), place[3] or ""))
            at = place.end()
        elif text[at] == "[":
            inner, at = _read(text, at + 1)
            if at >= len(text):
                raise ValueError(f"{text!r}: a bracket is not closed")
            parts[-1].append(Choice(tuple(inner)))
            at += 1
        elif text[at] == "|":
            parts.append([])
            at += 1
        else:
            plain = _PLAIN.match(text, at)
            if plain is None:
                raise ValueError(f"{text!r}: {text[at]} stands alone at {at}")
            parts[-1].append(plain[0])
            at = plain.end()
    return [tuple(part) for part in parts], at


def _path(text: str) -> tuple[Step, ...]:
    if not text:
        return ()
    steps = [(one, _STEP.match(one)) for one in re.split(r"\.(?![^(]*\))", text)]
    for one, found in steps:
        if found is None:
            raise ValueError(f"{one!r} is no step of a path")
    return tuple(Step(found[1], found[3] or "", found[2] or "", found[4] or "") for _, found in steps if found)
