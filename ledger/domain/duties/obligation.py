"""Obligations: what is owed by the record, from when, until when, and how it ended. Pure, and never told the time.

Whether one is overdue is asked at an instant and never stored. An obligation keeps the edition that it was opened
under, unless a later one says that its own term reaches what is open (``reaches_open_duties``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.duties.duty import Duty, Owed
    from ledger.domain.law.rules import Parameter
    from ledger.ids import Tag


class State(StrEnum):
    """How an obligation stands at an instant; that one is overdue is another question."""

    OPEN = "open"
    DUE = "due"
    PAUSED = "paused"
    MET = "met"
    LAPSED = "lapsed"


UNENDED: Final = frozenset({State.OPEN, State.DUE, State.PAUSED})


class Act(msgspec.Struct, frozen=True):
    """What happened to an obligation: when, and by which entry."""

    at: datetime
    position: int


class Pause(msgspec.Struct, frozen=True):
    """A time in which the clock stands. ended: None while it does."""

    begun: Act
    ended: Act | None = None


class Obligation(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation.

    subject: in whose chain it stands. opened: by what; since: from when its term runs.
    edition: the one whose term holds; "" where the opener's edition is not here. parameter: the term; None: the opener
        stated the date, or no term is known. basis: the parameter whose clause it rests on; None: the duty's own.
    due: the last instant, pauses left out; None: none is known, or the clock stands now. calendar: the one by which it
        was reckoned; "" without one. estimate: that it rests on working days that were not decreed yet.
    met: by its own closing statement. lapsed: by law, unmet.
    """

    duty: Duty
    subject: Tag
    owed: Owed
    opened: Act
    since: datetime
    edition: str
    parameter: Parameter[int] | None
    basis: Parameter[object] | None
    due: datetime | None
    calendar: str
    estimate: bool
    pauses: tuple[Pause, ...] = ()
    met: Act | None = None
    lapsed: Act | None = None

    @property
    def order(self) -> tuple[int, str, Tag, str]:
        """Return its place among others, as they were opened; no two have the same."""
        return self.opened.position, self.duty.id, self.subject, self.owed.key

    def state_at(self, instant: datetime) -> State | None:
        """Return how it stands at an instant, by all that is told now; None: it was not opened yet."""
        if instant < self.opened.at:
            return None
        if self.met is not None and self.met.at <= instant:
            return State.MET
        if self.lapsed is not None and self.lapsed.at <= instant:
            return State.LAPSED
        if self.pause_at(instant) is not None:
            return State.PAUSED
        if self.owed.until is not None and self.owed.until < instant:
            return State.LAPSED
        return State.OPEN if self.due is None else State.DUE

    def owed_at(self, instant: datetime) -> bool:
        """Say whether it is owed at an instant: opened, and neither met nor lapsed."""
        return self.state_at(instant) in UNENDED

    def overdue_at(self, instant: datetime) -> bool:
        """Say whether it is neither met nor lapsed at an instant and its date has passed."""
        if self.due is None or not self.owed_at(instant):
            return False
        paused = self.pause_at(instant)
        return self.due < instant and (paused is None or paused.begun.at > self.due)

    @property
    def late(self) -> bool:
        """Say whether it was met after its date; what it waited for from a pause that began in time is no delay."""
        if self.met is None or self.due is None or self.met.at <= self.due:
            return False
        last = self.pauses[-1] if self.pauses else None
        return last is None or last.ended != self.met or last.begun.at > self.due

    def pause_at(self, instant: datetime) -> Pause | None:
        """Return the pause that lasts at an instant."""
        for one in self.pauses:
            if one.begun.at <= instant and (one.ended is None or instant < one.ended.at):
                return one
        return None
