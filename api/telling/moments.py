"""Moments that a state is asked at: a position, as known then; or a time, as things stood then by all that is told now.

A time is an instant in UTC, or a day, which ends where the rules of the jurisdiction say that it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from ledger.clock import SystemClock, parse_time
from ledger.errors import Malformed
from ledger.rulepacks.load import load_packs
from ledger.words.times import UNIVERSAL, Zone

if TYPE_CHECKING:
    from api.settings import Settings
    from ledger.domain.law.rules import RulePack
    from ledger.rulepacks.load import RulePacks

_DAY: Final = len("2026-11-29")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a state is asked at; by default now, by everything.

    position: the last one that is known. instant: the last one at which something counts that happened.
    """

    position: int | None = None
    instant: datetime | None = None


def read_moment(text: str | None, settings: Settings) -> Moment:
    """Read a position or a time. Raises Malformed: STM-34, it is neither; Refused: as ``instant_of``."""
    if text is None:
        return Moment()
    if text.isdecimal() and int(text) > 0:
        return Moment(position=int(text))
    return Moment(instant=instant_of(text, load_packs(settings.rules), settings.jurisdiction))


def instant_of(text: str, packs: RulePacks, jurisdiction: str, member: str = "--at") -> datetime:
    """Read a time in UTC, or a day, of which it is the end in the jurisdiction.

    member: where it was written.
    Raises Malformed: STM-34, it is neither. Refused: RUL-01, no edition is in force.
    """
    try:
        if len(text) == _DAY:
            calendar = packs.at_instant(jurisdiction, SystemClock().now()).working_days
            return calendar.end_of_day(date.fromisoformat(text))
        return parse_time(text)
    except ValueError:
        problem = f"{text} is no day such as 2026-11-29 and no time such as 2026-11-21T08:30:00Z, in UTC"
        raise Malformed("STM-34", member, problem) from None


def zone_of(pack: RulePack | None) -> Zone:
    """Return the local time that an edition of the rules tells times in; UTC where there is none."""
    return UNIVERSAL if pack is None else Zone(pack.working_days.offset, pack.jurisdiction)
