"""The tables that an edition rests on, written into it whole: catalogue of agents, units, samples, codes, working days.

``shipped_tables`` gives those of this package as values of JSON; the readers make of such a value what rules ask. So a
shipped edition and one that came as a file are read in the same way.
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from importlib.resources import files
from typing import TYPE_CHECKING, Final, cast

from ledger.errors import Malformed
from ledger.reference.agents import NO_CATALOGUE, AgentCatalogue, read_agents
from ledger.reference.calendars import Calendar
from ledger.reference.codes import Codes, read_codes
from ledger.reference.samples import Samples, read_samples
from ledger.reference.units import Units, read_units
from ledger.rulepacks.parameters import closed, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CATALOGUES: Final = {
    "pathogens-2023": {
        "title": "Catalogue of pathogens transmissible among humans (人间传染的病原微生物目录)",
        "source": "国卫科教发〔2023〕24号, public transcription",
        "in_force": "2023-08-18",
    }
}
_UNITS: Final = "units-2026"
_SAMPLES: Final = "samples-2026"
_CODES: Final = "codes-2026"
_CALENDARS: Final = ("cn-2026", "us-2026", "eu-2026")

_AGENTS_MEMBERS: Final = frozenset({"name", "title", "source", "in_force", "columns", "rows"})
_ROWS_MEMBERS: Final = frozenset({"name", "columns", "rows"})
_SAMPLES_MEMBERS: Final = frozenset({"name", "types", "conditions"})
_TABLE_MEMBERS: Final = frozenset({"columns", "rows"})
_CALENDAR_MEMBERS: Final = frozenset({"name", "source", "utc_offset", "settled_from", "settled_until", "off", "worked"})
_OFFSET: Final = re.compile(r"([+-])([01][0-9]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables by name, each as a value of JSON; agents: None by the name of no catalogue."""

    agents: Mapping[str, object]
    units: Mapping[str, object]
    samples: Mapping[str, object]
    codes: Mapping[str, object]
    calendars: Mapping[str, object]


def shipped_tables() -> Tables:
    """Return the tables of this package."""
    here = files("ledger.reference")
    agents: dict[str, object] = {"none": None}
    for name, about in _CATALOGUES.items():
        agents[name] = {"name": name, **about, **_table(here.joinpath("agents.csv").read_text(encoding="utf-8"))}
    units = {"name": _UNITS, **_table(here.joinpath("units.csv").read_text(encoding="utf-8"))}
    samples = {
        "name": _SAMPLES,
        "types": _table(here.joinpath("sample-types.csv").read_text(encoding="utf-8")),
        "conditions": _table(here.joinpath("storage-conditions.csv").read_text(encoding="utf-8")),
    }
    codes = {"name": _CODES, **_table(here.joinpath("codes.csv").read_text(encoding="utf-8"))}
    written = (here.joinpath(f"calendar-{name}.toml").read_text(encoding="utf-8") for name in _CALENDARS)
    calendars = {name: _days_as_text(tomllib.loads(text)) for name, text in zip(_CALENDARS, written, strict=True)}
    return Tables(agents, {_UNITS: units}, {_SAMPLES: samples}, {_CODES: codes}, calendars)


def agents_of(place: str, value: object) -> AgentCatalogue:
    """Read a catalogue of agents; null is that none is carried. Raises Malformed RUL-02."""
    if value is None:
        return NO_CATALOGUE
    table = closed(place, value, _AGENTS_MEMBERS)
    title, source = (text_of(f"{place}.{name}", table[name]) for name in ("title", "source"))
    try:
        return read_agents(title, source, _day(f"{place}.in_force", table["in_force"]), _rows(place, table))
    except (KeyError, ValueError) as problem:
        raise Malformed("RUL-02", f"{place}.rows", f"is no catalogue of agents: {problem}") from problem


def units_of(place: str, value: object) -> Units:
    """Read a table of units. Raises Malformed RUL-02."""
    try:
        return read_units(_rows(place, closed(place, value, _ROWS_MEMBERS)))
    except (KeyError, ValueError) as problem:
        raise Malformed("RUL-02", f"{place}.rows", f"is no table of units: {problem}") from problem


def samples_of(place: str, value: object) -> Samples:
    """Read a table of sample types and storage conditions. Raises Malformed RUL-02."""
    table = closed(place, value, _SAMPLES_MEMBERS)
    types, conditions = (
        _rows(f"{place}.{name}", closed(f"{place}.{name}", table[name], _TABLE_MEMBERS))
        for name in ("types", "conditions")
    )
    try:
        return read_samples(types, conditions)
    except (KeyError, ValueError) as problem:
        raise Malformed("RUL-02", place, f"is no table of samples: {problem}") from problem


def codes_of(place: str, value: object) -> Codes:
    """Read the lists of codes. Raises Malformed RUL-02."""
    try:
        return read_codes(_rows(place, closed(place, value, _ROWS_MEMBERS)))
    except (KeyError, ValueError) as problem:
        raise Malformed("RUL-02", f"{place}.rows", f"is no table of codes: {problem}") from problem


def calendar_of(place: str, value: object) -> Calendar:
    """Read a calendar of working days. Raises Malformed RUL-02."""
    table = closed(place, value, _CALENDAR_MEMBERS)
    name, source, offset = (text_of(f"{place}.{member}", table[member]) for member in ("name", "source", "utc_offset"))
    since, until = (_day(f"{place}.{member}", table[member]) for member in ("settled_from", "settled_until"))
    off, worked = (tuple(_days(f"{place}.{member}", table[member])) for member in ("off", "worked"))
    if any(day.weekday() >= 5 for day in off) or any(day.weekday() < 5 for day in worked):
        raise Malformed("RUL-02", place, "has a Saturday or Sunday off, or another day as made up")
    local = _offset(f"{place}.utc_offset", offset)
    return Calendar(name, source, local, since, until, frozenset(off), frozenset(worked))


def _table(text: str) -> dict[str, object]:
    columns, *rows = csv.reader(text.splitlines())
    return {"columns": columns, "rows": rows}


def _rows(place: str, table: Mapping[str, object]) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a table by the names of its columns. Raises Malformed RUL-02."""
    columns, rows = (_list(f"{place}.{name}", table[name]) for name in ("columns", "rows"))
    names = [text_of(f"{place}.columns", name) for name in columns]
    for number, row in enumerate(rows, start=1):
        cells = [text_of(f"{place}.rows", cell) for cell in _list(f"{place}.rows", row)]
        if len(cells) != len(names):
            raise Malformed("RUL-02", f"{place}.rows", f"row {number} has {len(cells)} cells, not {len(names)}")
        yield dict(zip(names, cells, strict=True))


def _days_as_text(value: object) -> object:
    """Return a value of TOML with its days as text, as they are written in JSON."""
    match value:
        case date():
            return value.isoformat()
        case dict():
            return {name: _days_as_text(one) for name, one in value.items()}
        case list():
            return [_days_as_text(one) for one in value]
        case _:
            return value


def _days(place: str, value: object) -> Iterator[date]:
    last = date.min
    for one in _list(place, value):
        day = _day(place, one)
        if day <= last:
            raise Malformed("RUL-02", place, f"{day} is not after {last}")
        yield day
        last = day


def _day(place: str, value: object) -> date:
    text = text_of(place, value)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Malformed("RUL-02", place, f'"{text}" is no day such as 2026-08-01') from None
    if day.isoformat() != text:
        raise Malformed("RUL-02", place, f'"{text}" is no day such as 2026-08-01')
    return day


def _offset(place: str, text: str) -> timezone:
    if (match := _OFFSET.fullmatch(text)) is None:
        raise Malformed("RUL-02", place, f'"{text}" is no offset such as +08:00')
    length = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-length if match[1] == "-" else length)


def _list(place: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise Malformed("RUL-02", place, "is not a list")
    return cast("list[object]", value)
