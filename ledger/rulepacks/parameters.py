"""Reading the parameters of one edition strictly: what is not understood is an error, never a default.

A parameter is a table of exactly ``value``, ``unit``, ``clause``, ``source`` and ``confidence``; one that differs by
grade, class or kind is a table of such tables. Whatever is wrong raises Malformed RUL-02 with file, edition and key.
"""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar, cast

from ledger.domain.bodies.vocabulary import CODE_PATTERN
from ledger.domain.law.rules import Confidence, Parameter, RulePack
from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
K = TypeVar("K")
E = TypeVar("E", bound=StrEnum)

OWN: Final = "ledger"
"""The source of the ledger's own settings, which alone have no clause."""
_DECIMAL: Final = re.compile(r"(?:0|[1-9][0-9]{0,8})\.[0-9]{1,9}")
_MEMBERS: Final = frozenset({"value", "unit", "clause", "source", "confidence"})


class Parameters:
    """The parameters of one edition; it remembers which were asked for, so that the others can be refused."""

    def __init__(self, place: str, tables: Mapping[str, object]) -> None:
        """Take the edition's tables by name; place names file and edition in errors."""
        self._place = place
        self._tables = tables
        self._unread = set(tables)

    def one(self, name: str, read: Callable[[object], T], *units: str) -> Parameter[T] | None:
        """Return a parameter in one of some units; None if the edition does not have it."""
        self._unread.discard(name)
        return self._parameter(name, self._tables[name], read, units) if name in self._tables else None

    def by(
        self, name: str, key: Callable[[str], K], read: Callable[[object], T], *units: str
    ) -> Mapping[K, Parameter[T]]:
        """Return a parameter by its keys, in the file's order; empty if the edition does not have it."""
        self._unread.discard(name)
        return MappingProxyType(
            {
                self._read(f"{name}.{text}", key, text): self._parameter(f"{name}.{text}", entry, read, units)
                for text, entry in table_of(f"{self._place}.{name}", self._tables.get(name, {})).items()
            }
        )

    def finish(self) -> None:
        """Check that every table was asked for; raises Malformed RUL-02 for the first that no rule pack knows."""
        for name in sorted(self._unread):
            newer = f"an edition with the parameter {name}, which this program does not know"
            raise Malformed("RUL-02", f"{self._place}.{name}", "is not a parameter of rule packs", newer=newer)

    def _parameter(self, key: str, entry: object, read: Callable[[object], T], units: tuple[str, ...]) -> Parameter[T]:
        members = closed(f"{self._place}.{key}", entry, _MEMBERS)
        unit, clause, source, confidence = (
            text_of(f"{self._place}.{key}.{name}", members[name]) for name in ("unit", "clause", "source", "confidence")
        )
        if unit not in units:
            self._fail(f"{key}.unit", f'is "{unit}", not one of: {", ".join(units)}')
        if not source:
            self._fail(f"{key}.source", "is empty")
        if (clause == "") != (source == OWN):
            self._fail(f"{key}.clause", "is empty for the ledger's own settings, and for nothing else")
        value = self._read(f"{key}.value", read, members["value"])
        return Parameter(value, unit, clause, source, self._read(f"{key}.confidence", Confidence, confidence))

    def _read(self, key: str, read: Callable[[K], T], written: K) -> T:
        try:
            return read(written)
        except ValueError as problem:
            self._fail(key, str(problem))

    def _fail(self, key: str, problem: str) -> NoReturn:
        raise Malformed("RUL-02", f"{self._place}.{key}", problem)


def table_of(place: str, value: object) -> Mapping[str, object]:
    """Return a value that must be a table; raises Malformed RUL-02."""
    if not isinstance(value, dict):
        raise Malformed("RUL-02", place, "is not a table")
    return cast("dict[str, object]", value)


def closed(
    place: str, value: object, members: frozenset[str], optional: frozenset[str] = frozenset()
) -> Mapping[str, object]:
    """Return a table that has exactly some members, and perhaps some others; raises Malformed RUL-02."""
    table = table_of(place, value)
    if missing := sorted(members - set(table)):
        raise Malformed("RUL-02", f"{place}.{missing[0]}", "is missing")
    if unknown := sorted(set(table) - members - optional):
        raise Malformed("RUL-02", f"{place}.{unknown[0]}", "is not known here")
    return table


def text_of(place: str, value: object) -> str:
    """Return a value that must be text; raises Malformed RUL-02."""
    if not isinstance(value, str):
        raise Malformed("RUL-02", place, "is not text")
    return value


def date_of(place: str, value: object) -> date:
    """Return a value that must be a day without a time; raises Malformed RUL-02."""
    # Exactly a date: TOML's date-times arrive as a subclass.
    if type(value) is not date:
        raise Malformed("RUL-02", place, "is not a day such as 2026-08-01")
    return value


def whole(value: object) -> int:
    """Read a whole number of at least 0; raises ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("is not a whole number")
    return value


def exact(value: object) -> Decimal:
    """Read a decimal of at least 0 from its text, written with a point; raises ValueError."""
    if not isinstance(value, str) or _DECIMAL.fullmatch(value) is None:
        raise ValueError("is not a decimal such as 0.30")
    return Decimal(value)


def truth(value: object) -> bool:
    """Read true or false; raises ValueError."""
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")  # noqa: TRY004 - the caller turns ValueError into file and key
    return value


def word(words: type[E]) -> Callable[[object], E]:
    """Return a reader of one word of an enumeration, which raises ValueError."""
    return lambda value: words(str(value))


def some_words(words: type[E]) -> Callable[[object], tuple[E, ...]]:
    """Return a reader of a list of different words of an enumeration, at least one; it raises ValueError."""

    def read(value: object) -> tuple[E, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError("is not a list of words")
        found = tuple(words(str(one)) for one in value)
        if len(set(found)) != len(found):
            raise ValueError("names a word twice")
        return found

    return read


def some_codes(value: object) -> tuple[str, ...]:
    """Read a list of different codes, at least one; raises ValueError."""
    found = _each_once(value)
    if wrong := [one for one in found if re.fullmatch(CODE_PATTERN, one) is None]:
        raise ValueError(f"{wrong[0]} is no code")
    return found


def some_names(value: object) -> tuple[str, ...]:
    """Read a list of different names of parameters, at least one; raises ValueError."""
    found = _each_once(value)
    known = {one.name for one in fields(RulePack)}
    if unknown := sorted(set(found) - known):
        raise ValueError(f"names {unknown[0]}, which is no parameter")
    return found


def _each_once(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
        raise ValueError("is not a list of codes or names, each once")
    return tuple(map(str, value))
