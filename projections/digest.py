"""The digest of a day: of what somebody owes or is owed, what is overdue, due within seven days, or new. Pure.

Of the record and of nothing that was noted beside it, so that anybody who has the record has the same digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from projections.obligations import Dated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.law.tables import WorkingDays

WITHIN: Final = timedelta(days=7)
MOST: Final = 100
"""So many of each part are told."""


class Pending(Dated, Protocol):
    """An obligation that has not ended."""

    @property
    def overdue(self) -> bool:
        """Say whether its date has passed."""
        ...


Owed = TypeVar("Owed", bound=Pending)


@dataclass(frozen=True, slots=True)
class Day:
    """The day of a digest. at: the instant as of which it is told: its end, or now where it has not ended.

    since: the end of the working day before it, behind which what is recorded is new.
    """

    day: date
    at: datetime
    since: datetime

    @classmethod
    def of(cls, day: date, now: datetime, calendar: WorkingDays) -> Day:
        """Return a day. Raises ValueError: it has not begun."""
        if day > calendar.local_date(now):
            raise ValueError(day)
        before = day - timedelta(days=1)
        while not calendar.is_working_day(before):
            before -= timedelta(days=1)
        return cls(day, min(now, calendar.end_of_day(day)), calendar.end_of_day(before))

    def is_soon(self, one: Pending) -> bool:
        """Say whether something falls due within seven days."""
        return one.due is not None and not one.overdue and one.due <= self.at + WITHIN

    def tells(self, one: Pending, newer_than: int) -> bool:
        """Say whether something stands in the digest. newer_than: the last position that was recorded up to since."""
        return one.overdue or self.is_soon(one) or one.place.opened_by > newer_than


def parts(day: Day, found: Iterable[Owed], newer_than: int) -> tuple[list[Owed], list[Owed], list[Owed]]:
    """Return what is overdue, what falls due soon, and what else is new; each by its dates, as it is given."""
    overdue: list[Owed] = []
    soon: list[Owed] = []
    new: list[Owed] = []
    for one in found:
        if one.overdue:
            overdue.append(one)
        elif day.is_soon(one):
            soon.append(one)
        elif one.place.opened_by > newer_than:
            new.append(one)
    return overdue, soon, new
