"""Write a calendar of working days as data, from the ``holidays`` library: ``python -m scripts.make_calendars CN``.

The product reads the file and never the library, so no release of it moves a day. A calendar that an edition of a rule
pack names is never written over: when the State Council has published another year's notice, give the new file a new
name here, and begin a new edition that names it (docs/operations.md).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from holidays import country_holidays

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parent.parent / "ledger" / "reference"
_RELEASE: Final = version("holidays")
_FIRST, _LAST = date(2001, 1, 1), date(2040, 12, 31)


@dataclass(frozen=True, slots=True)
class _Made:
    name: str
    offset: str
    until: date
    about: str
    source: str


_CALENDARS: Final = {
    "CN": _Made(
        "cn-2026",
        "+08:00",
        # The notice for the next year has moved days as early as 29 December: the last week is not settled before it.
        date(2026, 12, 25),
        "China, offices: the State Council's yearly notices; from 2027 on the statutory holidays as they are expected",
        f"notices of the State Council 2001 to 2026, as holidays {_RELEASE} carries them",
    ),
    "US": _Made(
        "us-2026",
        "-05:00",
        _LAST,
        "United States, federal offices: 5 U.S.C. 6103 as it stands in 2026. Eastern Standard Time the whole year",
        f"5 U.S.C. 6103, as holidays {_RELEASE} computes it",
    ),
}


def main(arguments: list[str]) -> None:
    """Write the calendar of each jurisdiction named; one that is there is left as it is, with an error."""
    for jurisdiction in arguments:
        made = _CALENDARS[jurisdiction]
        with (FOLDER / f"calendar-{made.name}.toml").open("x", encoding="utf-8") as file:
            file.write("\n".join(_lines(jurisdiction, made)) + "\n")


def _lines(jurisdiction: str, made: _Made) -> Iterator[str]:
    closed = _closed(jurisdiction)
    days = [_FIRST + timedelta(days=n) for n in range((_LAST - _FIRST).days + 1)]
    yield f"# {made.about}."
    yield "# Written by scripts/make_calendars.py; never edited once an edition of a rule pack names it."
    yield "# A day is off when it is in off, or when it is a Saturday or Sunday that is not in worked."
    yield f'name = "{made.name}"'
    yield f'source = "{made.source}"'
    yield f'utc_offset = "{made.offset}"'
    yield f"settled_from = {_FIRST}"
    yield f"settled_until = {made.until}"
    yield from _listed("off", [day for day in days if day.weekday() < 5 and day in closed])
    yield from _listed("worked", [day for day in days if day.weekday() >= 5 and day not in closed])


def _closed(jurisdiction: str) -> frozenset[date]:
    # A year's notice may move a day of the December before it, so that each year is asked for with its neighbours.
    return frozenset(
        day
        for year in range(_FIRST.year, _LAST.year + 1)
        for library in [country_holidays(jurisdiction, years=range(year - 1, year + 2), expand=False)]
        for day in (date(year, 1, 1) + timedelta(days=n) for n in range(366))
        if day.year == year and not library.is_working_day(day)
    )


def _listed(name: str, days: list[date]) -> Iterator[str]:
    yield f"{name} = ["
    for year in sorted({day.year for day in days}):
        yield f"  {', '.join(str(day) for day in days if day.year == year)},"
    yield "]"


if __name__ == "__main__":
    main(sys.argv[1:])
