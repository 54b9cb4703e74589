"""Whether this machine's clock may be believed: it is held against every other source of the time that there is.

    the database's clock        another machine's, where the server is not this one
    the last entry              recorded times never go back, so one that has not come yet binds all that follow
    the witnesses               each cosignature states a time
    this process's own pace     the machine's clock when the process started, and how long it has run since

Time that simply went on, however long after the last entry, is no disagreement. Where sources disagree by more than a
tolerance nothing may be recorded until a clock is mended, or an operator has looked and confirmed this one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

from ledger.clock import format_time
from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.clock import Clock

TOLERANCE: Final = timedelta(seconds=60)
REMEDY: Final = "mend the clock, or confirm it with `vialog clock --confirm` (docs/operations.md, a clock is wrong)"

# Suspended time counts where the system tells it: a laptop that slept has not set its clock.
_PACE: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def seconds_running() -> float:
    """Return the seconds since some fixed moment, by a clock that nobody can set."""
    return time.clock_gettime(_PACE)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What an operator confirmed of this machine's clock.

    at: when, as written; "" where nobody ever did.
    last_entry: the last entry's time then; one up to it may lie ahead. None: there was none.
    apart: by how many seconds this clock was ahead of each witness, by name.
    """

    at: str = ""
    last_entry: datetime | None = None
    apart: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source says the time is, beside this machine's clock.

    ahead: by how much this machine's clock is ahead of it.
    believed: whether that is within the tolerance, or confirmed.
    witness: which one it is; "" of another source.
    """

    source: str
    ahead: timedelta
    believed: bool
    witness: str = ""

    def __str__(self) -> str:
        """Return it in words."""
        ahead = self.ahead.total_seconds()
        return f"this machine's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} {self.source}"


@dataclass(frozen=True, slots=True)
class _Heard:
    """A time that was heard once, and this process's pace at that moment."""

    said: datetime
    pace: float


class ClockWatch:
    """Watches one clock. Threads may share it."""

    def __init__(
        self,
        clock: Clock,
        tolerance: timedelta = TOLERANCE,
        *,
        confirmed: Callable[[], Confirmed] = Confirmed,
        pace: Callable[[], float] = seconds_running,
    ) -> None:
        """Begin to watch a clock.

        confirmed: tells what an operator confirmed last; asked only when something disagrees.
        pace: seconds by a clock that nobody can set.
        """
        self._clock = clock
        self._tolerance = tolerance
        self._confirmed = confirmed
        self._pace = pace
        self._start = self._hear(clock.now())
        self._confirmed_at = confirmed().at
        self._witnesses: dict[str, _Heard] = {}
        self._lock = Lock()

    def hear(self, witness: str, seconds: int) -> None:
        """Take in the time that a witness has just stated, in POSIX seconds."""
        try:
            said = datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            said = datetime.max.replace(tzinfo=UTC)
        with self._lock:
            self._witnesses[witness] = self._hear(said)

    def now(self, newest: datetime | None, server: datetime | None) -> datetime:
        """Return the time that something can be recorded at.

        newest: when the last entry was recorded; None of an empty log. server: the database's time just now; None where
        the store has no clock.

        Raises Unavailable: this clock and another source disagree; in words, with what to do.
        """
        doubts = [one for one in self.readings(newest, server) if not one.believed]
        if doubts:
            raise Unavailable(f"nothing is recorded while clocks disagree: {'; '.join(map(str, doubts))}: {REMEDY}")
        own = self._clock.now()
        return own if newest is None else max(own, newest)

    def readings(self, newest: datetime | None, server: datetime | None) -> list[Reading]:
        """Return what each source says, and whether this clock may be believed beside it."""
        with self._lock:
            found = self._readings(newest, server)
            if all(one.believed for one in found) or (at := self._confirmed().at) == self._confirmed_at:
                return found
            # An operator has looked since: what was heard before that moment counts no more.
            self._confirmed_at = at
            self._witnesses.clear()
            self._start = self._hear(self._clock.now())
            return self._readings(newest, server)

    def _readings(self, newest: datetime | None, server: datetime | None) -> list[Reading]:
        found = [] if server is None else [self._read("the database's", server)]
        if newest is not None and newest > self._clock.now():
            found.append(self._last_entry(newest))
        witnesses = self._heard_of_witnesses()
        return [*found, *witnesses, *self._own_pace(witnesses)]

    def _hear(self, said: datetime) -> _Heard:
        return _Heard(said, self._pace())

    def _read(self, source: str, said: datetime) -> Reading:
        ahead = self._clock.now() - said
        return Reading(source, ahead, abs(ahead) <= self._tolerance)

    def _last_entry(self, newest: datetime) -> Reading:
        found = self._read(f"the last entry, recorded at {format_time(newest)}", newest)
        last = self._confirmed().last_entry if not found.believed else None
        return Reading(found.source, found.ahead, found.believed or (last is not None and newest <= last))

    def _heard_of_witnesses(self) -> list[Reading]:
        """Return what the witnesses say: believed where at least half of them agree with this clock.

        So one of several that goes wrong stops nobody; where there is one, nothing can tell which of the two is wrong.
        """
        now, pace = self._clock.now(), self._pace()
        ahead = {
            name: (now - heard.said) - timedelta(seconds=pace - heard.pace) for name, heard in self._witnesses.items()
        }
        apart = {name: one for name, one in ahead.items() if abs(one) > self._tolerance}
        if apart:
            confirmed = self._confirmed().apart
            apart = {
                name: one
                for name, one in apart.items()
                if abs(one - timedelta(seconds=confirmed.get(name, 0.0))) > self._tolerance
            }
        believed = 2 * len(apart) <= len(ahead)
        return [
            Reading(f"the witness {name}'s", one, believed or name not in apart, name) for name, one in ahead.items()
        ]

    def _own_pace(self, witnesses: list[Reading]) -> list[Reading]:
        """Return whether this clock was set since the process started; nothing where witnesses say that it is right."""
        if witnesses:
            if all(one.believed for one in witnesses):
                self._start = self._hear(self._clock.now())
            return []
        gone = timedelta(seconds=self._pace() - self._start.pace)
        return [self._read("what has gone by since this process started", self._start.said + gone)]
