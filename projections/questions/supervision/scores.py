"""What the points of a visit come to, beside the score that the officers gave.

The form's own points are reference data, of which not all was read: what is missing makes a score unknown, never good.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.supervision.visits import PointResult
from ledger.reference.checklists import WHOLE, numbered, worth
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.domain.supervision.visits import Because, Checked, SupervisionVisited
    from ledger.ids import CaseId, PartyId, SiteId


@dataclass(frozen=True, slots=True)
class VisitScore:
    """A visit by its points.

    results: how many points by result. not_done: of those that were not done, how often each reason.
    given: the score that the officers gave; None: they gave none.
    computed: the whole less what is not in conformity; None: of a point that is not, nobody says whether it is starred.
    unknown: the points that the form is not known to have.
    """

    case: CaseId
    unit: PartyId
    site: SiteId
    at: datetime
    results: Mapping[PointResult, int]
    not_done: Mapping[Because, int]
    given: int | None
    computed: int | None
    unknown: tuple[str, ...]

    @property
    def differs(self) -> bool | None:
        """Say whether the officers gave another score than the points come to; None: one of the two is not known."""
        return None if self.given is None or self.computed is None else self.given != self.computed


def visit_scores(events: Iterable[Event[Any]]) -> tuple[VisitScore, ...]:
    """Return the visits of a log by what their points come to, oldest first."""
    visits = Record(events).of_kinds("supervision.visited/1")
    return tuple(sorted(map(_score, visits), key=lambda one: (one.at, one.case)))


def _score(event: Event[Any]) -> VisitScore:
    body: SupervisionVisited = event.said.body
    form = numbered(body.form)
    failed = [one for one in body.points if one.result is PointResult.DOES_NOT_CONFORM]
    taken = [_worth(one, body) for one in failed]
    known = [one for one in taken if one is not None]
    return VisitScore(
        body.case,
        body.party,
        body.site,
        event.said.occurred_at,
        Counter(one.result for one in body.points),
        Counter(one.because for one in body.points if one.because is not None),
        body.score,
        max(WHOLE - sum(known), 0) if len(known) == len(taken) else None,
        tuple(one.point for one in body.points if form and one.point not in form),
    )


def _worth(checked: Checked, body: SupervisionVisited) -> int | None:
    """Return what a point is worth: as the form has it, or else as the officers say."""
    listed = numbered(body.form).get(checked.point)
    return worth(checked.starred if listed is None or listed.starred is None else listed.starred)
