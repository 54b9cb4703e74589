"""When a term ends: hours, days, working days, months or years after something happened.

Pure arithmetic on a parameter of a rule pack and its calendar; it never asks what time it is now.
"""

from __future__ import annotations

import calendar as gregorian
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from ledger.domain.law.rules import Parameter
from ledger.domain.law.tables import WorkingDays

_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


class Term(StrEnum):
    """The units that terms are in."""

    SECONDS = "seconds"
    HOURS = "hours"
    CALENDAR_DAYS = "calendar days"
    WORKING_DAYS = "working days"
    MONTHS = "months"
    YEARS = "years"


def unit_code(parameter: Parameter[int]) -> str:
    """Return the unit of a term as a code, for a breach: ``working-days``."""
    return parameter.unit.replace(" ", "-")


def deadline(start: datetime, parameter: Parameter[int], calendar: WorkingDays) -> datetime:
    """Return the last instant, aware and in UTC, at which something is still in time.

    start: the aware instant from which the term runs.
    calendar: tells which days are working days and where a local day ends.

    Seconds and hours run from the instant. All other terms leave out the local day of the start and end with a local
    day; one of months ends on the day of the same number, or on the month's last day where there is none. A term of
    calendar days or months that ends on a holiday is not drawn out: the earlier reading binds. A term that would end
    after the year 9999 ends with it.

    Raises ValueError: the parameter is not a term, or start has no zone.
    """
    if start.tzinfo is None:
        raise ValueError("a term starts at an instant with a zone")
    unit, length = Term(parameter.unit), parameter.value
    if unit is Term.SECONDS:
        return _later(start, timedelta(seconds=length))
    if unit is Term.HOURS:
        return _later(start, timedelta(hours=length))
    first = calendar.local_date(start)
    match unit:
        case Term.CALENDAR_DAYS:
            return calendar.end_of_day(date.fromordinal(min(first.toordinal() + length, date.max.toordinal())))
        case Term.WORKING_DAYS:
            return calendar.end_of_day(calendar.add_working_days(first, length))
        case Term.MONTHS:
            return calendar.end_of_day(add_months(first, length))
        case Term.YEARS:
            return calendar.end_of_day(add_months(first, 12 * length))
        case impossible:
            assert_never(impossible)


def is_estimate(start: datetime, parameter: Parameter[int], calendar: WorkingDays) -> bool:
    """Say whether a deadline rests on working days that were only expected when the calendar was made.

    start, parameter, calendar: as for deadline. Its answer never moves: what is decreed later is another edition.
    """
    if Term(parameter.unit) is not Term.WORKING_DAYS:
        return False
    ends = calendar.local_date(deadline(start, parameter, calendar))
    return not (calendar.is_settled(calendar.local_date(start)) and calendar.is_settled(ends))


def add_months(start: date, months: int) -> date:
    """Return the day of the same number some months later, or that month's last day: 31 January + 1 is 28 February.

    What would be after the year 9999 is its last day.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(start.day, gregorian.monthrange(year, month + 1)[1]))


def retained_until(start: date, years: Parameter[int] | None) -> date | None:
    """Return the last day on which a record is kept at least; None where no rule says how long.

    start: the day from which its time runs.
    """
    return None if years is None else add_months(start, 12 * years.value)


def _later(start: datetime, length: timedelta) -> datetime:
    try:
        return start.astimezone(UTC) + length
    except OverflowError:
        return _FIRST if start.year == date.min.year else _LAST
