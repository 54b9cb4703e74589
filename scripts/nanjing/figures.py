"""The figures of the scenario, counted from its record and from nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.assessment.days import days_of
from ledger.domain.states.application import Application, ApplicationEnd
from ledger.domain.states.subjects import Case
from ledger.statement.catalogue import KINDS
from ledger.store.deciding.earlier import event_of
from projections.questions.assessment.meetings import meetings
from projections.questions.folded import subjects_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from ledger.domain.judging import Event
    from ledger.domain.law.tables import WorkingDays
    from ledger.store.port import Store


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted. decided_in: by working days that count, how many approvals took so many."""

    meetings: int
    participations: int
    products: int
    passed: int
    pass_rate: Fraction | None
    decided_in: Mapping[int, int]


def figures_of(store: Store, calendar: WorkingDays) -> Figures:
    """Count a log. calendar: tells which days are working days."""
    events = [event_of(one) for one in store.read() if one.kind in KINDS]
    held = meetings(events)
    return Figures(
        len(held.meetings),
        held.participations,
        held.products,
        held.passed,
        held.pass_rate,
        dict(sorted(Counter(_days(events, calendar)).items())),
    )


def _days(events: Sequence[Event[Any]], calendar: WorkingDays) -> Iterator[int]:
    """Yield how many working days each approval took, without the time that others worked."""
    newest = events[-1].recorded
    for case in subjects_of(events, "case").values():
        detail = case.detail if isinstance(case, Case) else None
        if isinstance(detail, Application) and detail.ended is ApplicationEnd.GRANTED:
            yield days_of(detail, calendar, newest).counted
