"""Times for readers: in the local time of a jurisdiction, with UTC beside it.

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
    """A local time: how far it is from UTC, and whose it is, as two letters; "" of no jurisdiction's."""

    offset: timezone
    jurisdiction: str = ""


UNIVERSAL: Final = Zone(timezone(timedelta()))
"""UTC, for who knows of no jurisdiction."""


def zoned(instant: datetime, zone: Zone, language: Language) -> str:
    """Return an aware instant to the minute: ``2026-08-10 17:20 (Beijing), 09:20 UTC``."""
    form = words_in(language).form
    plain = f"{instant.astimezone(UTC):%Y-%m-%d %H:%M}"
    if not zone.offset.utcoffset(None):
        return form["universal"].format(time=plain)
    local = instant.astimezone(zone.offset)
    day, _, time = f"{local:%Y-%m-%d %H:%M}".partition(" ")
    return form["zoned"].format(
        day=day, time=time, zone=zone_name(zone, language), universal=plain.removeprefix(f"{day} ")
    )


def zone_name(zone: Zone, language: Language) -> str:
    """Return what a local time is called: by the table of words, and else by its distance from UTC."""
    minutes = zone.offset.utcoffset(None) // timedelta(minutes=1)
    distance = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return words_in(language).form.get(f"zone {zone.jurisdiction} {distance}", f"UTC{distance}")
