"""Histories: since when each status of an approval or a permit holds, so that the past is asked by instant.

Pure lookups: what a status allows is judged where the act is.
"""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import TypeAlias, TypeVar

S = TypeVar("S")
History: TypeAlias = tuple[tuple[datetime, S], ...]


def decided(history: History[S], since: datetime, status: S) -> History[S]:
    """Return a history with one decision more, in the order of the acts, the grant first.

    One that is told late stands where it happened.
    """
    return (*history[:1], *sorted((*history[1:], (since, status)), key=itemgetter(0)))


def last_before(history: History[S], instant: datetime, granted: S) -> S:
    """Return the status that held at an instant, as the record knows it. granted: what holds before any decision.

    Of two decisions before the instant the one recorded later counts, as it does for the status of today.
    """
    before = [status for since, status in history if since <= instant]
    return before[-1] if before else granted
