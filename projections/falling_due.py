"""What falls due: the obligations whose dates have passed or come within some working days, as the views have them.

For whoever is to be told in time. The rows are taken as they are: what is told of an obligation is computed of the log
when it is told, and one that stands in a row alone is told to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ledger.ids import PartyId, Tag
from projections.folding.editions import Begun
from projections.obligations import Place
from projections.views.obligations import OBLIGATIONS
from projections.worklist import tells_of

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.law.tables import WorkingDays
    from ledger.rulepacks.load import RulePacks
    from projections.database.tables import Still


@dataclass(frozen=True, slots=True)
class Falling:
    """An obligation whose date has passed, or comes soon. parties: who owes it and is owed it, where one is named."""

    place: Place
    due: datetime
    parties: tuple[PartyId, ...]
    overdue: bool


def falling(still: Still, packs: RulePacks, now: datetime, at: datetime, until: datetime) -> list[Falling] | None:
    """Return what is overdue at an instant or falls due up to another, by its dates.

    at: an instant up to which all that was recorded is in the views; now: the same, or later.

    None: the views cannot say it now: they know of acts that are later, or were made with other editions of the rules
    than have begun.
    """
    if not tells_of(still, Begun(packs, now), now):
        return None
    return [_falling(row) for row in still.ask(OBLIGATIONS, "falling", at=at, until=until)]


def _falling(row: tuple[Any, ...]) -> Falling:
    subject, duty, opened_by, key, due, debtor, creditor, overdue = row
    named = sorted({PartyId(one) for one in (debtor, creditor) if one is not None})
    return Falling(Place(opened_by, duty, Tag(subject), key), due, tuple(named), overdue)


def next_change(still: Still, calendar: WorkingDays, at: datetime) -> datetime:
    """Return the first instant behind another at which more may have fallen due, if nothing is told until then.

    That is when a date passes, or when a day begins and another working day comes within reach.
    """
    day_ends = calendar.end_of_day(calendar.local_date(at)) + timedelta(microseconds=1)
    ((first,),) = still.ask(OBLIGATIONS, "next_date", at=at)
    return day_ends if first is None else min(day_ends, first + timedelta(microseconds=1))


def reach(calendar: WorkingDays, at: datetime, days: int) -> datetime:
    """Return the end of the last day within some working days of an instant. days: 0: of no day, not even this one."""
    return at if days == 0 else calendar.end_of_day(calendar.add_working_days(calendar.local_date(at), days))
