"""What the last acts of the demo come to, counted from the record: days of a decision, what was owed, a recall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.language import label
from ledger.domain.assessment.days import days_of
from ledger.domain.states.application import Application
from ledger.domain.states.subjects import Case
from ledger.ids import Tag
from ledger.statement.duties import obligations
from projections.questions.assessment.meetings import meetings
from projections.questions.folded import subjects_of
from projections.questions.supervision.recalls import Root, descendants
from scripts.demo.supervised import APPLICATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.domain.judging import Event
    from ledger.ids import ItemId
    from ledger.rulepacks.load import RulePacks

_DECLARATION: Final = "declare-at-destination"
_FINDING: Final = "correct-finding"


def counted(events: Sequence[Event[Any]], packs: RulePacks, recalled: ItemId) -> Iterator[str]:
    """Yield a line for each figure. recalled: the root of the recall."""
    newest = events[-1]
    calendar = packs.at_instant("CN", newest.recorded).working_days
    application = subjects_of(events, "case")[Tag(APPLICATION)]
    detail = application.detail if isinstance(application, Case) else None
    if isinstance(detail, Application):
        days = days_of(detail, calendar, newest.recorded)
        told = label("the strain's application was decided in {counted} working days; {whole} with the assessment")
        yield told.format(counted=days.counted, whole=days.whole)
    (meeting,) = meetings(events).meetings
    yield label("its meeting decided on {number} products").format(number=meeting.products)
    reached = descendants(events, Root(item=recalled))
    told = label("the recall of one vial reached {number} items that were made of it, the pool among them")
    yield told.format(number=len(reached) - 1)
    owed = obligations(events, packs)
    late = [one for one in owed if one.duty.id == _DECLARATION and one.late]
    for one in late:
        overdue_days = 0 if one.met is None or one.due is None else (one.met.at - one.due).days + 1
        told = label("a declaration was due on {day}, overdue for {days} days, and made late")
        yield told.format(day=f"{one.due:%Y-%m-%d}", days=overdue_days)
    ended = [one for one in owed if one.duty.id == _FINDING]
    met, lapsed = sum(one.met is not None for one in ended), sum(one.lapsed is not None for one in ended)
    told = label("of {number} findings {met} was corrected and verified, and {lapsed} dropped")
    yield told.format(number=len(ended), met=met, lapsed=lapsed)
    open_late = [one for one in owed if one.overdue_at(newest.recorded)]
    yield label("overdue at the end: {late} of {number} obligations").format(late=len(open_late), number=len(owed))
