"""Obligations: what is owed by the record, from when, until when, and how it ended. Pure, and never told the time.

Whether one is overdue is asked at an instant and never stored. An obligation keeps the edition that it was opened
under, unless a later one says that its own term reaches what is open (``reaches_open_duties``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ledger.domain.law.deadlines import Term, deadline, is_estimate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.domain.duties.duty import Duty, Editions, Owed, Step
    from ledger.domain.law.rules import Parameter, RulePack
    from ledger.domain.law.tables import WorkingDays
    from ledger.ids import Tag


class State(StrEnum):
    """How an obligation stands at an instant; that one is overdue is another question."""

    OPEN = "open"
    DUE = "due"
    PAUSED = "paused"
    MET = "met"
    LAPSED = "lapsed"


UNENDED: Final = frozenset({State.OPEN, State.DUE, State.PAUSED})


@dataclass(frozen=True, slots=True)
class Act:
    """What happened to an obligation: when, and by which entry."""

    at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock stands. ended: None while it does."""

    begun: Act
    ended: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
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


@dataclass(slots=True)
class _Running:
    """An obligation on its way through the chain."""

    owed: Owed
    step: Step
    pauses: list[Pause] = field(default_factory=list)
    due: datetime | None = None
    met: Act | None = None
    lapsed: Act | None = None
    extended: bool = False

    def take(self, duty: Duty, step: Step) -> None:
        """Let a later step do to it what the duty says."""
        act = _act(step)
        if duty.closes.takes(step, self.owed):
            self.met = act = act if duty.done_at is None else Act(duty.done_at(step), act.position)
        elif duty.lapses.takes(step, self.owed):
            self.lapsed = act
        if self.pauses and self.pauses[-1].ended is None:
            if self.met or self.lapsed or duty.resumes.takes(step, self.owed):
                self.pauses[-1] = Pause(self.pauses[-1].begun, act)
        elif duty.pauses.takes(step, self.owed):
            self.pauses.append(Pause(act if duty.paused_at is None else Act(duty.paused_at(step), act.position)))
        kind = step.event.said.kind
        if kind in duty.moves and duty.moved is not None:
            self.due = duty.moved(step, self.owed) or self.due
        self.extended = self.extended or kind in duty.extends


def owing(duty: Duty, subject: Tag, chain: Sequence[Step], editions: Editions) -> list[Obligation]:
    """Return the obligations of one duty that a subject's chain opens, in the order in which it does.

    chain: the subject's steps, in the order in which they count.
    """
    running: list[_Running] = []
    for step in chain:
        for one in running:
            if one.met is None and one.lapsed is None:
                one.take(duty, step)
        if step.event.said.kind in duty.opens:
            running += [_begun(owed, step) for owed in duty.owed(step)]
    return [_obligation(duty, subject, one, editions) for one in running]


def _begun(owed: Owed, step: Step) -> _Running:
    act = _act(step)
    return _Running(owed, step, [Pause(act)] if owed.paused else [], owed.due, act if owed.met else None)


def _act(step: Step) -> Act:
    return Act(step.at, step.event.position)


def _obligation(duty: Duty, subject: Tag, one: _Running, editions: Editions) -> Obligation:
    rules = _edition(duty, one, editions)
    parameter = None if duty.term is None or rules is None else duty.term.of(rules)
    if one.extended and parameter is not None and rules is not None and duty.extension is not None:
        more = duty.extension.of(rules)
        parameter = replace(parameter, value=parameter.value + (0 if more is None else more.value))
    since = one.owed.since or one.step.at
    due, calendar, estimate = one.due, "", False
    if rules is not None and parameter is not None and due is None:
        due = _due(since, parameter, rules.working_days, () if duty.keeps_date else one.pauses)
        calendar, estimate = rules.working_days.name, is_estimate(since, parameter, rules.working_days)
    elif rules is not None and due is not None:
        calendar = rules.working_days.name
    return Obligation(
        duty=duty,
        subject=subject,
        owed=one.owed,
        opened=_act(one.step),
        since=since,
        edition="" if rules is None else rules.id,
        parameter=parameter,
        basis=parameter if duty.law is None or rules is None else duty.law.of(rules),
        due=due,
        calendar=calendar,
        estimate=estimate,
        pauses=tuple(one.pauses),
        met=one.met,
        lapsed=one.lapsed,
    )


def _edition(duty: Duty, one: _Running, editions: Editions) -> RulePack | None:
    """Return the edition whose term holds: the opener's, or a later one that says it reaches what was open then."""
    opened_under = one.step.rules
    if opened_under is None or duty.term is None:
        return opened_under
    ended = one.met or one.lapsed
    holding = opened_under
    for later in sorted(editions.packs, key=lambda pack: pack.effective_from):
        if later.jurisdiction != holding.jurisdiction or later.effective_from <= holding.effective_from:
            continue
        begins = later.working_days.end_of_day(later.effective_from - timedelta(days=1))
        reaches = later.reaches_open_duties
        open_then = one.step.at <= begins and (ended is None or ended.at > begins)
        if reaches is not None and duty.term.name in reaches.value and open_then:
            holding = later
    return holding


def _due(since: datetime, parameter: Parameter[int], calendar: WorkingDays, pauses: Iterable[Pause]) -> datetime | None:
    """Return the end of a term with the time left out in which the clock stood; None while it stands."""
    due = deadline(since, parameter, calendar)
    for pause in pauses:
        if pause.begun.at > due:
            break
        if pause.ended is None:
            return None
        due = _later(due, pause.begun.at, pause.ended.at, parameter, calendar)
    return due


def _later(
    due: datetime, begun: datetime, ended: datetime, parameter: Parameter[int], calendar: WorkingDays
) -> datetime:
    """Return a date drawn out by a pause: by as many days as it has of those that the term counts."""
    first, last = calendar.local_date(begun), calendar.local_date(ended)
    match Term(parameter.unit):
        case Term.SECONDS | Term.HOURS:
            return (due + (ended - begun)).astimezone(UTC)
        case Term.WORKING_DAYS:
            days = (first + timedelta(days=one + 1) for one in range((last - first).days))
            lost = sum(calendar.is_working_day(day) for day in days)
            return calendar.end_of_day(calendar.add_working_days(calendar.local_date(due), lost))
        case _:
            return calendar.end_of_day(calendar.local_date(due) + (last - first))
