"""What the last acts of the demo come to, counted from the record: days of a decision, what was owed, a recall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.domain.application_state import Application
from ledger.domain.assessment.days import days_of
from ledger.domain.state import Case
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
        yield f"the strain's application was decided in {days.counted} working days; {days.whole} with the assessment"
    (meeting,) = meetings(events).meetings
    yield f"its meeting decided on {meeting.products} products"
    reached = descendants(events, Root(item=recalled))
    yield f"the recall of one vial reached {len(reached) - 1} items that were made of it, the pool among them"
    owed = obligations(events, packs)
    late = [one for one in owed if one.duty.id == _DECLARATION and one.late]
    for one in late:
        overdue_days = 0 if one.met is None or one.due is None else (one.met.at - one.due).days + 1
        yield f"a declaration was due on {one.due:%Y-%m-%d}, overdue for {overdue_days} days, and made late"
    ended = [one for one in owed if one.duty.id == _FINDING]
    met, lapsed = sum(one.met is not None for one in ended), sum(one.lapsed is not None for one in ended)
    yield f"of {len(ended)} findings {met} was corrected and verified, and {lapsed} dropped"
    open_late = [one for one in owed if one.overdue_at(newest.recorded)]
    yield f"overdue at the end: {len(open_late)} of {len(owed)} obligations"
