"""From the steps of a chain to what is owed: opened by one, drawn out, met or lapsed by those after it.

Step by step, so that who follows a log need not begin anew with each event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from ledger.domain.duties.obligation import Act, Obligation, Pause
from ledger.domain.law.deadlines import Term, deadline, is_estimate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ledger.domain.duties.duty import Duty, Editions, Owed, Step
    from ledger.domain.law.rules import Parameter, RulePack
    from ledger.domain.law.tables import WorkingDays
    from ledger.ids import Tag

Opening: TypeAlias = Mapping[str, "Sequence[Duty]"]
"""By kind the duties that a statement of it opens in the chain of one type of subject."""


class Running(msgspec.Struct):
    """An obligation on its way through the chain. opened: by what."""

    duty: Duty
    owed: Owed
    opened: Act
    rules: RulePack | None
    pauses: list[Pause] = msgspec.field(default_factory=list)
    due: datetime | None = None
    met: Act | None = None
    lapsed: Act | None = None
    extended: bool = False

    @property
    def over(self) -> bool:
        """Say whether it is met or lapsed: what comes later does nothing to it."""
        return self.met is not None or self.lapsed is not None

    def take(self, step: Step) -> bool:
        """Let a later step do to it what the duty says. Returns whether that was anything."""
        duty, owed, kind = self.duty, self.owed, step.event.said.kind
        if duty.closes.takes(step, owed):
            self.met = _act(step) if duty.done_at is None else Act(duty.done_at(step), step.event.position)
        elif duty.lapses.takes(step, owed):
            self.lapsed = _act(step)
        changed = self._stop_or_go_on(step)
        if kind in duty.moves and duty.moved is not None and (due := duty.moved(step, owed)) is not None:
            changed, self.due = changed or due != self.due, due
        if kind in duty.extends and not self.extended:
            changed = self.extended = True
        return changed or self.over

    def _stop_or_go_on(self, step: Step) -> bool:
        """Let a step stop the clock, or let it go on. Returns whether it did."""
        duty, last = self.duty, self.pauses[-1] if self.pauses else None
        if last is not None and last.ended is None:
            if goes_on := self.over or duty.resumes.takes(step, self.owed):
                self.pauses[-1] = Pause(last.begun, self.met or _act(step))
            return goes_on
        if stops := duty.pauses.takes(step, self.owed):
            at = duty.paused_at
            paused = (self.met or _act(step)) if at is None else Act(at(step), step.event.position)
            self.pauses.append(Pause(paused))
        return stops

    def obligation(self, subject: Tag, editions: Editions) -> Obligation:
        """Return the obligation as it stands by the steps that were taken."""
        rules, duty = _edition(self, editions), self.duty
        parameter = None if duty.term is None or rules is None else duty.term.of(rules)
        if self.extended and parameter is not None and rules is not None and duty.extension is not None:
            more = duty.extension.of(rules)
            parameter = replace(parameter, value=parameter.value + (0 if more is None else more.value))
        since = self.owed.since or self.opened.at
        due, calendar, estimate = self.due, "", False
        if rules is not None and parameter is not None and due is None:
            due = _due(since, parameter, rules.working_days, () if duty.keeps_date else self.pauses)
            calendar, estimate = rules.working_days.name, is_estimate(since, parameter, rules.working_days)
        elif rules is not None and due is not None:
            calendar = rules.working_days.name
        return Obligation(
            duty=duty,
            subject=subject,
            owed=self.owed,
            opened=self.opened,
            since=since,
            edition="" if rules is None else rules.id,
            parameter=parameter,
            basis=parameter if duty.law is None or rules is None else duty.law.of(rules),
            due=due,
            calendar=calendar,
            estimate=estimate,
            pauses=tuple(self.pauses),
            met=self.met,
            lapsed=self.lapsed,
        )


def taken(running: Sequence[Running], opening: Opening, step: Step) -> tuple[list[Running], list[Running]]:
    """Let a step do what it does in a chain. Returns the obligations that it changes, and those that it opens.

    running: those that are not over.
    """
    kind = step.event.said.kind
    changed = [one for one in running if kind in one.duty.kinds and one.take(step)] if running else []
    opening_it = opening.get(kind)
    opened = [_begun(duty, owed, step) for duty in opening_it for owed in duty.owed(step)] if opening_it else []
    return changed, opened


def owing(duty: Duty, subject: Tag, chain: Iterable[Step], editions: Editions) -> list[Obligation]:
    """Return the obligations of one duty that a subject's chain opens, in the order in which it does.

    chain: the subject's steps, in the order in which they count.
    """
    return [one.obligation(subject, editions) for one in run(opening_of((duty,)), chain)]


def opening_of(duties: Collection[Duty]) -> Opening:
    """Return by kind those of some duties that a statement of it opens."""
    return {kind: tuple(one for one in duties if kind in one.opens) for duty in duties for kind in duty.opens}


def run(opening: Opening, chain: Iterable[Step]) -> list[Running]:
    """Return the obligations of some duties as they come out of a chain, those that are over among them."""
    found, running = list[Running](), list[Running]()
    for step in chain:
        if not running and step.event.said.kind not in opening:
            continue
        changed, opened = taken(running, opening, step)
        if changed or opened:
            found += opened
            running = [one for one in (*running, *opened) if not one.over]
    return found


def _begun(duty: Duty, owed: Owed, step: Step) -> Running:
    act = _act(step)
    paused = [Pause(act)] if owed.paused else []
    return Running(duty, owed, act, step.rules, paused, owed.due, act if owed.met else None)


def _act(step: Step) -> Act:
    return Act(step.at, step.event.position)


def _edition(one: Running, editions: Editions) -> RulePack | None:
    """Return the edition whose term holds: the opener's, or a later one that says it reaches what was open then."""
    opened_under, term = one.rules, one.duty.term
    if opened_under is None or term is None:
        return opened_under
    holding, reaching = opened_under, _reaching(editions, term.name)
    if not reaching:  # nearly always
        return holding
    ended = one.met or one.lapsed
    for later in sorted(reaching, key=lambda pack: pack.effective_from):
        if later.jurisdiction != holding.jurisdiction or later.effective_from <= holding.effective_from:
            continue
        begins = later.working_days.end_of_day(later.effective_from - timedelta(days=1))
        if one.opened.at <= begins and (ended is None or ended.at > begins):
            holding = later
    return holding


def _reaching(editions: Editions, term: str) -> list[RulePack]:
    """Return the editions that say that a term of theirs reaches what was open when they began."""
    found = ((pack, pack.reaches_open_duties) for pack in editions.packs)
    return [pack for pack, reach in found if reach is not None and term in reach.value]


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
