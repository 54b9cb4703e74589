"""Times for readers: in the local time of a jurisdiction, with UTC beside it unless that is found elsewhere.

Where local time is how far from UTC, the edition of the rules says that judges; so no reader's machine matters, and an
old time is told as it was told then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from ledger.words.table import words_in

if TYPE_CHECKING:
    from ledger.words.table import Language


@dataclass(frozen=True, slots=True)
class Zone:
    """A local time: how far it is from UTC, and whose it is, as two letters; "" of no jurisdiction's.

    is_named: whether what its times stand in names it once, and where UTC is found; they stand alone then.
    """

    offset: timezone
    jurisdiction: str = ""
    is_named: bool = False


UNIVERSAL: Final = Zone(timezone(timedelta()))
"""UTC, for who knows of no jurisdiction."""


def zoned(instant: datetime, zone: Zone, language: Language, *, exact: bool = False) -> str:
    """Return an aware instant: ``2026-08-10 17:20 (Beijing), 09:20 UTC``; in UTC alone where the calendar ends there.

    exact: to the second, and what is less of one too, so that two times are told apart; else to the minute.
    """
    form = words_in(language).form
    plain = _written(instant.astimezone(UTC), exact=exact)
    local = _local(instant, zone)
    if local is None:
        return form["universal"].format(time=plain)
    if zone.is_named:
        return _written(local, exact=exact)
    day, _, time = _written(local, exact=exact).partition(" ")
    return form["zoned"].format(
        day=day, time=time, zone=zone_name(zone, language), universal=plain.removeprefix(f"{day} ")
    )


def _local(instant: datetime, zone: Zone) -> datetime | None:
    try:
        return instant.astimezone(zone.offset) if zone.offset.utcoffset(None) else None
    except OverflowError:
        return None


def _written(local: datetime, *, exact: bool) -> str:
    plain = local.replace(tzinfo=None)
    return str(plain) if exact else plain.isoformat(" ", "minutes")


def zone_name(zone: Zone, language: Language) -> str:
    """Return what a local time is called: by the table of words, and else by its distance from UTC."""
    distance = _distance(zone)
    return words_in(language).form.get(f"zone {zone.jurisdiction} {distance}", f"UTC{distance}")


def zone_told(zone: Zone, language: Language) -> str:
    """Return a local time with its distance from UTC, as what names it once has it: ``Beijing (UTC+08:00)``."""
    name, universal = zone_name(zone, language), f"UTC{_distance(zone)}"
    if not zone.offset.utcoffset(None):
        return "UTC"
    return name if name == universal else words_in(language).form["local"].format(zone=name, universal=universal)


def _distance(zone: Zone) -> str:
    minutes = zone.offset.utcoffset(None) // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
