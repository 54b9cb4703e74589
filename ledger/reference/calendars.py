"""Working days and local days of a jurisdiction, as a dated calendar says them.

A calendar is data: the days that were settled when it was written, the days from which and until which they are, and
beyond them the days that were expected then. So the same calendar gives the same answer for ever, whatever is installed
and whatever is decreed later: what is decreed later stands in another calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """A jurisdiction's working days and its local time.

    name: ``cn-2026``. offset: of its local time from UTC, the whole year.
    settled_from, settled_until: the days, both included, between which it is known which days offices work.
    off: days without work that are neither Saturday nor Sunday; outside the settled days as they were expected.
    worked: Saturdays and Sundays with work, to make up for days off.
    """

    name: str
    source: str
    offset: timezone
    settled_from: date
    settled_until: date
    off: frozenset[date]
    worked: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on a day; a Chinese make-up Saturday or Sunday is a working day."""
        return day in self.worked if day.weekday() >= _SATURDAY else day not in self.off

    def is_settled(self, day: date) -> bool:
        """Say whether it is known if offices work on a day; otherwise ``is_working_day`` is an estimate."""
        return self.settled_from <= day <= self.settled_until

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

    def working_days_between(self, after: date, until: date) -> int:
        """Return how many working days lie after a day, up to and with a later one; none if it is not later."""
        if until <= after:
            return 0
        off, worked = (sum(after < day <= until for day in days) for days in (self.off, self.worked))
        return _weekdays(until) - _weekdays(after) - off + worked

    def local_date(self, instant: datetime) -> date:
        """Return the local day of an aware instant: 17:00 UTC is the next day in China.

        At either end of the calendar, where the local day is not in it, the calendar's own last or first day.

        Raises ValueError: no zone.
        """
        if instant.tzinfo is None:
            raise ValueError("only an instant with a zone has a local day")
        try:
            return instant.astimezone(self.offset).date()
        except OverflowError:
            return date.min if instant.year == date.min.year else date.max

    def end_of_day(self, day: date) -> datetime:
        """Return the last instant of a local day, to the microsecond, in UTC; none is after the year 9999."""
        try:
            return datetime.combine(day, time.max, tzinfo=self.offset).astimezone(UTC)
        except OverflowError:
            return datetime.max.replace(tzinfo=UTC)


def _next(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _weekdays(day: date) -> int:
    """Return how many days from Monday to Friday there are from the first of the year 1, a Monday, to a day."""
    weeks, rest = divmod(day.toordinal(), 7)
    return 5 * weeks + min(rest, _SATURDAY)
