"""How many days each step of an application took: counted by the calendar of a rule pack, what does not count left out.

The day on which a step begins is the last of the one before it, so the steps' days add up to those of the whole. Pure
arithmetic on what the record says; it never asks what time it is now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ledger.domain.law.deadlines import Term, deadline
from ledger.domain.states.application import Phase

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.law.rules import RulePack
    from ledger.domain.law.tables import WorkingDays
    from ledger.domain.states.application import Application


@dataclass(frozen=True, slots=True)
class StepDays:
    """One step of an application.

    until: when it ended, or the instant that was asked about while it still runs.
    days: how many days of the unit it took. counts: whether they count against the term of the decision.
    """

    phase: Phase
    since: datetime
    until: datetime
    days: int
    counts: bool


@dataclass(frozen=True, slots=True)
class ApplicationDays:
    """The days of an application, step by step.

    unit: what was counted. calendar: the edition of the calendar that it was counted by.
    estimate: whether some of the days are ones of which that calendar only expects whether offices work.
    """

    unit: Term
    calendar: str
    estimate: bool
    steps: tuple[StepDays, ...]

    @property
    def counted(self) -> int:
        """Return the days that count against the term of the decision."""
        return sum(step.days for step in self.steps if step.counts)

    @property
    def whole(self) -> int:
        """Return all days, whoever had them."""
        return sum(step.days for step in self.steps)


def days_between(start: datetime, end: datetime, unit: Term, calendar: WorkingDays) -> int:
    """Return how many days lie after the local day of an instant, up to and with that of a later one.

    unit: working days, or calendar days. None lie after an instant that is not earlier.
    """
    first, last = calendar.local_date(start), calendar.local_date(end)
    if unit is Term.CALENDAR_DAYS:
        return max((last - first).days, 0)
    return calendar.working_days_between(first, last)


def days_of(
    application: Application, calendar: WorkingDays, until: datetime, unit: Term = Term.WORKING_DAYS
) -> ApplicationDays:
    """Return the days that each step of an application took up to an instant.

    until: aware; of an application that has ended, the steps end with it.
    """
    begun = [step for step in application.steps if step.since <= until]
    ends = [*(later.since for _, later in pairwise(begun)), until]
    steps = tuple(
        StepDays(
            step.phase, step.since, end, days_between(step.since, end, unit, calendar), step.phase is Phase.DECISION
        )
        for step, end in zip(begun, ends, strict=False)  # of an application that is handed in later, no step has begun
        if step.phase is not Phase.ENDED
    )
    days = [calendar.local_date(one) for step in steps for one in (step.since, step.until)]
    estimate = unit is Term.WORKING_DAYS and not all(calendar.is_settled(day) for day in days)
    return ApplicationDays(unit, calendar.name, estimate, steps)


def term_of(application: Application, rules: RulePack) -> int | None:
    """Return how many days the authority has, drawn out where it did so; None where the rule pack has no term."""
    days, more = rules.approval_decision_days, rules.approval_decision_extension_days
    if days is None:
        return None
    return days.value + (more.value if application.extended and more is not None else 0)


def decision_due(application: Application, rules: RulePack) -> datetime | None:
    """Return the last instant at which a decision is in time if nothing stops the clock from now on.

    None: it does not run, or there is no term.
    """
    parameter, term = rules.approval_decision_days, term_of(application, rules)
    if parameter is None or term is None or application.phase is not Phase.DECISION:
        return None
    since = application.steps[-1].since
    left = term - days_of(application, rules.working_days, since, Term(parameter.unit)).counted
    return deadline(since, replace(parameter, value=max(left, 0)), rules.working_days)
