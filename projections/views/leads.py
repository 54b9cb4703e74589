"""Leads: statements that answers over the whole log begin at, by what they say themselves, and by nothing else.

A sampling, an activity's end, a destruction that does not show how: each is seldom, and of whom there is one nobody
knows beforehand. Of a statement and not of a subject's steps: what it says stays, whatever is corrected or voided
later, and a correction is a statement of its own. So there may be more than an answer tells, and never fewer. The
runner puts these.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.custody.carriage import left_range
from projections.questions.ending.disposals import unproved
from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ledger.domain.judging import Event
    from projections.views.view import Row


class Lead(StrEnum):
    """What makes a statement one."""

    SAMPLED = "sampled"
    WARMED = "left-range"
    EXCLUDED = "excluded"
    ENDED = "activity-ended"
    UNPROVED = "unproved"
    RETAINED = "retained"
    LATE = "late"


LATE_FROM: Final = timedelta(hours=24)
"""What is told longer after its act is a lead; whoever asks for what was told sooner reads the whole log."""


def _always(_: Event[Any]) -> bool:
    return True


_BY_KIND: Final[Mapping[str, tuple[Lead, Callable[[Event[Any]], bool]]]] = {
    "activity.ended/1": (Lead.ENDED, _always),
    "consignment.sampled/1": (Lead.SAMPLED, _always),
    "destruction.executed/1": (Lead.UNPROVED, lambda event: any(unproved(event))),
    "excursion.dispositioned/1": (Lead.WARMED, _always),
    "item.destroyed/1": (Lead.UNPROVED, lambda event: any(unproved(event))),
    "retention.set/1": (Lead.RETAINED, _always),
    "scope.excluded/1": (Lead.EXCLUDED, _always),
    "supervision.visited/1": (Lead.SAMPLED, lambda event: bool(event.said.body.samples)),
    "temperature.recorded/1": (Lead.WARMED, lambda event: left_range(event.said.body)),
}


def rows(event: Event[Any]) -> Iterator[Row]:
    """Yield what a statement is a lead to. hours: whole ones between the act and when it was told."""
    said, took = event.said, event.recorded - event.said.occurred_at
    told = (event.position, took // timedelta(hours=1))
    if (found := _BY_KIND.get(said.kind)) is not None and found[1](event):
        yield (said.id, found[0].value, *told)
    if took > LATE_FROM:
        yield (said.id, Lead.LATE.value, *told)


LEADS = View(name="lead", of="", columns=("statement", "what", "position", "hours"), key=2)
