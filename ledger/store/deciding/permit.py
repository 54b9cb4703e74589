"""Whether something may be recorded now, and as of what time: asked under the head's lock by whoever appends.

Nothing may be where the clock cannot be believed, and nothing on a log that is known to be dead: one that is behind
what this machine remembers of it, or that a publisher found to contradict a checkpoint. What is recorded there would
take a position that was promised to another statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from ledger.errors import Halted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ledger.clock import Clock
    from ledger.store.deciding.watch import ClockWatch

CUT_OFF: Final = (
    "it was cut off, or restored from a backup; nothing may be recorded (docs/operations.md, a backup was restored)"
)


class Stand(Protocol):
    """How a log stands: its last position, when that was recorded, and the store's own time; as of ``LockedLog``."""

    @property
    def head(self) -> int:
        """Return the position of the last event; 0 of an empty log."""
        ...

    @property
    def recorded(self) -> datetime | None:
        """Return when the last event was recorded; None of an empty log."""
        ...

    @property
    def clock(self) -> datetime | None:
        """Return the store's own time; None where it has no clock of its own."""
        ...


class Permit:
    """Says when something may be recorded. Threads share one for each log."""

    def __init__(
        self, clock: Clock, watch: ClockWatch | None = None, remembered: Callable[[], int] | None = None
    ) -> None:
        """Permit all that a clock's time is right for.

        watch: of that clock; None to believe it.
        remembered: tells how many entries this machine knows the log to have had at least.
        """
        self._clock = clock
        self._watch = watch
        self._remembered = remembered
        self._halted = ""

    def remembers(self) -> int:
        """Return how many entries this machine knows the log to have had at least."""
        return 0 if self._remembered is None else self._remembered()

    def time(self, log: Stand, remembers: int | None = None) -> datetime:
        """Return when to say that something is recorded that is appended now; never before the last entry.

        log: locked, or only looked at.
        remembers: what ``remembers`` said before a log was looked at, which may have grown since; of a locked log it is
            asked now.

        Raises Halted: nothing may be recorded until a person has looked. Unavailable: the clock is not to be believed.
        """
        if self._halted:
            raise Halted(self._halted)
        if (least := self.remembers() if remembers is None else remembers) > log.head:
            raise Halted(f"this log has {log.head} entries, and this machine remembers {least}: {CUT_OFF}")
        if self._watch is not None:
            return self._watch.now(log.recorded, log.clock)
        now = self._clock.now()
        return now if log.recorded is None else max(now, log.recorded)

    def halt(self, why: str) -> None:
        """Permit nothing more in this process."""
        self._halted = self._halted or why
