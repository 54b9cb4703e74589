"""Working days and local days of the jurisdictions that rule packs are written for.

The days come from the ``holidays`` library. For China it carries the State Council's yearly notices from 2001 on: days
off moved to a weekday are holidays, and the Saturdays and Sundays worked instead are working days. For a year whose
notice the installed release does not know, only the statutory holidays are, and no make-up days: an answer is then an
estimate, and ``is_settled`` says so. A later release can therefore move a deadline that was computed too early.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final

from holidays import country_holidays
from holidays.countries.china import ChinaStaticHolidays

ZONES: Final = {
    "CN": timezone(timedelta(hours=8), "CST"),
    # Eastern Standard Time the whole year: in summer a day ends here an hour late, never early, and no machine needs
    # a time zone database.
    "US": timezone(timedelta(hours=-5), "EST"),
}
CHINA_PUBLISHED: Final = max(ChinaStaticHolidays.special_public_holidays)
"""The last year whose notice of the State Council the installed release knows."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A jurisdiction's working days and its local time.

    jurisdiction: "CN" (China Standard Time) or "US" (federal holidays, Eastern Standard Time).
    """

    jurisdiction: str

    def __post_init__(self) -> None:
        """Raise ValueError: no calendar is carried for the jurisdiction."""
        if self.jurisdiction not in ZONES:
            raise ValueError(f'no calendar is carried for "{self.jurisdiction}"')

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on a day; a Chinese make-up Saturday or Sunday is a working day."""
        return day not in _days_off(self.jurisdiction, day.year)

    def is_settled(self, day: date) -> bool:
        """Say whether the day's year is decided: False while China's notice for it is not in the library."""
        return self.jurisdiction != "CN" or day.year <= CHINA_PUBLISHED

    def add_working_days(self, start: date, n: int) -> date:
        """Return the n-th working day after a day, which itself does not count; n of 0 returns the day.

        No day is later than the last of the year 9999.

        Raises ValueError: n is negative.
        """
        if n < 0:
            raise ValueError("working days are counted forward")
        day = start
        for _ in range(n):
            day = _next(day)
            while day < date.max and not self.is_working_day(day):
                day = _next(day)
        return day

    def local_date(self, instant: datetime) -> date:
        """Return the local day of an aware instant: 17:00 UTC is the next day in China.

        At either end of the calendar, where the local day is not in it, the calendar's own last or first day.

        Raises ValueError: no zone.
        """
        if instant.tzinfo is None:
            raise ValueError("only an instant with a zone has a local day")
        try:
            return instant.astimezone(ZONES[self.jurisdiction]).date()
        except OverflowError:
            return date.min if instant.year == date.min.year else date.max

    def end_of_day(self, day: date) -> datetime:
        """Return the last instant of a local day, to the microsecond, in UTC; none is after the year 9999."""
        try:
            return datetime.combine(day, time.max, tzinfo=ZONES[self.jurisdiction]).astimezone(UTC)
        except OverflowError:
            return datetime.max.replace(tzinfo=UTC)


def _next(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


@lru_cache(maxsize=512)
def _days_off(jurisdiction: str, year: int) -> frozenset[date]:
    # The neighbouring years belong to it: a notice may move a working day into the December before. And the library's
    # tables are filled while they are read, which threads must not share: each year's answer is taken out once.
    library = country_holidays(jurisdiction, years=range(year - 1, year + 2), expand=False)
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return frozenset(day for day in days if not library.is_working_day(day))
