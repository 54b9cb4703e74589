"""Histories: since when each status of an approval or a permit holds, and each last day, so that the past is asked.

Pure lookups: what a status or a day allows is judged where the act is.
"""

from __future__ import annotations

from datetime import date, datetime
from operator import itemgetter
from typing import Final, TypeAlias, TypeVar

K = TypeVar("K", bound=date)
S = TypeVar("S")
History: TypeAlias = tuple[tuple[datetime, S], ...]
Ends: TypeAlias = tuple[tuple[date, date | None], ...]
"""Since which day each last day of a validity holds, the one that was granted first; None: it has no end."""

GRANTED_ON: Final = date.min
"""Since when the last day holds that was granted: whatever day is asked about, until another one does."""


def decided(history: tuple[tuple[K, S], ...], since: K, status: S) -> tuple[tuple[K, S], ...]:
    """Return a history with one decision more, in the order of the acts, the grant first.

    One that is told late stands where it happened.
    """
    return (*history[:1], *sorted((*history[1:], (since, status)), key=itemgetter(0)))


def last_before(history: tuple[tuple[K, S], ...], instant: K, granted: S) -> S:
    """Return the status that held at an instant, as the record knows it. granted: what holds before any decision.

    Of two decisions before the instant the one recorded later counts, as it does for the status of today.
    """
    before = [status for since, status in history if since <= instant]
    return before[-1] if before else granted


def newest(ends: Ends) -> date | None:
    """Return the last day that holds now; None: there is no end, or none is known."""
    return ends[-1][1] if ends else None
