"""How many working days each step of an application took, and whose time it was.

An approval is decided in so many working days: this tells which days those are, step by step, as the rule that asks
for a decision in time counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.assessment.days import days_of
from ledger.domain.states.application import Application
from ledger.ids import Tag
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.domain.assessment.days import ApplicationDays
    from ledger.domain.judging import Event
    from ledger.domain.law.tables import WorkingDays
    from ledger.domain.states.subjects import Case
    from ledger.ids import CaseId


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application, its days, and of each of their steps the event that began it."""

    case: CaseId
    application: Application
    days: ApplicationDays
    begun_by: tuple[Event[Any], ...]


def step_days(events: Iterable[Event[Any]], calendar: WorkingDays, at: datetime) -> tuple[ApplicationRow, ...]:
    """Return the applications on record by ascending id, with the days of their steps up to an instant.

    events: oldest first; all of the applications asked about. calendar: whose working days are counted.
    """
    record = Record(events)
    return tuple(
        ApplicationRow(case.id, case.detail, days_of(case.detail, calendar, at), tuple(_begun(record, case)))
        for case in record.cases
        if isinstance(case.detail, Application)
    )


def _begun(record: Record, case: Case) -> Iterator[Event[Any]]:
    """Yield the events by which an application came into another phase, in the order in which they count."""
    for event, before, after in record.steps(Tag(case.id)):
        if _number(after) > _number(before):
            yield event


def _number(subject: object) -> int:
    detail = getattr(subject, "detail", None)
    return len(detail.steps) if isinstance(detail, Application) else 0
