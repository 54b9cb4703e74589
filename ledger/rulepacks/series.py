"""From the TOML file of a series to its editions, each as the value that its one form is written from.

A file is one series of a jurisdiction (``cn-160.toml``). Each ``[[edition]]`` in it inherits what it does not restate,
and restates a parameter or a table whole. An edition's id is series and first day: ``cn-160/2015-03-01``. Nothing here
knows what a parameter means.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final, cast

from ledger.errors import Malformed
from ledger.rulepacks.edition import FORMAT
from ledger.rulepacks.parameters import closed, date_of, table_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.rulepacks.tables import Tables

_SERIES: Final = frozenset({"series", "jurisdiction", "title", "edition"})
_EDITION: Final = frozenset({"effective_from"})
_TABLES: Final = ("agents", "units", "samples", "codes", "calendar")


@dataclass(frozen=True, slots=True)
class Written:
    """An edition as a series states it. place: file and day, for errors; value: of JSON, see ``edition``."""

    place: str
    value: Mapping[str, object]


def read_series(name: str, text: str, tables: Tables) -> list[Written]:
    """Return the editions of a file, in its order. Raises Malformed RUL-02: the file is not understood."""
    try:
        document = cast("object", tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as problem:
        raise Malformed("RUL-02", name, str(problem)) from problem
    series = closed(name, document, _SERIES)
    head = {member: text_of(f"{name}.{member}", series[member]) for member in ("series", "jurisdiction", "title")}
    if f"{head['series']}.toml" != name:
        raise Malformed("RUL-02", f"{name}.series", "is not the name of the file")
    editions = list(_editions(name, head, series["edition"], tables))
    for earlier, later in pairwise(editions):
        if str(later.value["effective_from"]) <= str(earlier.value["effective_from"]):
            raise Malformed("RUL-02", f"{later.place}.effective_from", "is not later than that of the edition before")
    return editions


def _editions(name: str, head: Mapping[str, str], written: object, tables: Tables) -> Iterator[Written]:
    if not isinstance(written, list):
        raise Malformed("RUL-02", f"{name}.edition", "is not a list of editions")
    kept = dict.fromkeys(_TABLES, "")
    parameters: Mapping[str, object] = {}
    for number, entry in enumerate(written, start=1):
        table = closed(f"{name}: edition {number}", entry, _EDITION, frozenset({*_TABLES, "parameters"}))
        start = date_of(f"{name}: edition {number}.effective_from", table["effective_from"])
        place = f"{name}: {start}"
        kept |= {one: text_of(f"{place}.{one}", table[one]) for one in _TABLES if one in table}
        parameters = {**parameters, **table_of(f"{place}.parameters", table.get("parameters", {}))}
        value = {
            "format": FORMAT,
            "id": f"{head['series']}/{start}",
            "jurisdiction": head["jurisdiction"],
            "title": head["title"],
            "effective_from": str(start),
            "agents": _named(f"{place}.agents", kept["agents"], tables.agents),
            "units": _named(f"{place}.units", kept["units"], tables.units),
            "samples": _named(f"{place}.samples", kept["samples"], tables.samples),
            "codes": _named(f"{place}.codes", kept["codes"], tables.codes),
            "calendar": _named(f"{place}.calendar", kept["calendar"], tables.calendars),
            "parameters": _as_json(parameters),
        }
        yield Written(place, value)


def _named(place: str, name: str, tables: Mapping[str, object]) -> object:
    if name not in tables:
        raise Malformed("RUL-02", place, f"is not one of: {', '.join(tables)}")
    return tables[name]


def _as_json(value: object) -> object:
    """Return a value of TOML with its decimals as text, digit for digit."""
    match value:
        case Decimal():
            return str(value)
        case dict():
            return {name: _as_json(one) for name, one in value.items()}
        case list():
            return [_as_json(one) for one in value]
        case _:
            return value
