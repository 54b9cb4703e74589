"""Answers about applications for an approval, as rows of cells: the days of each step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ledger.domain.states.application import Phase
from ledger.ids import CaseId, PartyId, Tag
from projections.asked.question import Why
from projections.asked.reasons import by_duty, on_record
from projections.questions.assessment.step_days import step_days

if TYPE_CHECKING:
    from projections.asked.question import Asked


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of an application. ended: None: it runs. days: working days; counts: against the term of the decision.

    estimate: some of these days are ones of which the calendar only expects whether offices work.
    """

    case: CaseId
    applicant: PartyId
    phase: Phase
    since: datetime
    ended: datetime | None
    days: int
    counts: bool
    estimate: bool
    why: Why


def application_steps(asked: Asked) -> tuple[StepRow, ...]:
    """Return the steps of applications, and how many working days each took."""
    owed = {one.subject: one for one in asked.owed("decide-application")}
    rows = []
    for one in step_days(asked.counting, asked.calendar, asked.at):
        over = one.application.ended is not None
        # The event that ended the application began no step that takes days.
        for number, (step, event) in enumerate(zip(one.days.steps, one.begun_by, strict=False), 1):
            duty = owed.get(Tag(one.case)) if step.counts else None
            rows.append(
                StepRow(
                    case=one.case,
                    applicant=one.application.applicant,
                    phase=step.phase,
                    since=step.since,
                    ended=step.until if over or number < len(one.days.steps) else None,
                    days=step.days,
                    counts=step.counts,
                    estimate=one.days.estimate,
                    why=on_record(event) if duty is None else by_duty(duty, asked),
                )
            )
    return tuple(rows)
