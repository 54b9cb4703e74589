"""When a term ends, by the edition of the rules that holds for what is owed: hours, calendar days and months.

Instants are texts in UTC with six digits of a second, as acts have them; a local day ends by the edition's own clock.
"""

from __future__ import annotations

import calendar as gregorian
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

from ledger.clock import format_time
from ledger.evidence.answers.acts import Unreadable
from ledger.evidence.answers.table import known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.evidence.answers.acts import Act

    Edition = Mapping[str, Any]

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a term runs for. under: the edition of the opener. at, ended: when it was opened, and met or lapsed."""

    under: str
    at: str
    ended: str | None


@dataclass(frozen=True, slots=True)
class Editions:
    """The editions that had begun at an instant. without: those that are not taken into account."""

    now: str
    without: frozenset[str] = frozenset()

    def named(self, name: str) -> Edition | None:
        """Return what is known of an edition that an entry names; None: it had not begun, or is not known."""
        found: Edition | None = known()["editions"].get(name)
        has_begun = found is not None and found["since"] <= local_day(self.now, found).isoformat()
        return found if has_begun and name not in self.without else None

    def holding(self, term: str, opened: Opened) -> Edition | None:
        """Return the edition whose term holds: the opener's, or a later one that says it reaches what was open then."""
        found = self.named(opened.under)
        later = filter(None, map(self.named, known()["editions"]))
        for one in sorted(later, key=lambda one: str(one["since"])):
            if found is not None and one["jurisdiction"] == found["jurisdiction"] and one["since"] > found["since"]:
                begins = end_of_day(date.fromisoformat(one["since"]) - timedelta(days=1), one)
                open_then = opened.at <= begins and (opened.ended is None or opened.ended > begins)
                found = one if term in one["reaches"] and open_then else found
        return found


def deadline(start: str, term: tuple[int, str], edition: Edition) -> str:
    """Return the last instant at which something is still in time. term: how many of which unit."""
    length, unit = term
    if unit == "hours":
        return format_time(_instant(start) + timedelta(hours=length))
    first = local_day(start, edition)
    return end_of_day(first + timedelta(days=length) if unit == "calendar days" else _months(first, length), edition)


def local_day(instant: str, edition: Edition) -> date:
    """Return the day of an instant, by the clock of an edition."""
    return (_instant(instant) + timedelta(minutes=edition["minutes"])).date()


def end_of_day(day: date, edition: Edition) -> str:
    """Return the last instant of a local day, by the clock of an edition; none is after the year 9999."""
    zone = timezone(timedelta(minutes=edition["minutes"]))
    try:
        return format_time(datetime.combine(day, time.max, tzinfo=zone).astimezone(UTC))
    except OverflowError:
        return format_time(datetime.max.replace(tzinfo=UTC))


def day_of(text: object, act: Act) -> date:
    """Return a day of a body. Raises Unreadable."""
    try:
        return date.fromisoformat(text if isinstance(text, str) and _DAY.fullmatch(text) else "")
    except ValueError:
        raise Unreadable(act.position) from None


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _months(first: date, months: int) -> date:
    """Return the day of the same number some months later, or that month's last day."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(first.day, gregorian.monthrange(year, month + 1)[1]))
