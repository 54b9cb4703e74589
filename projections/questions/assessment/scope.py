"""What left the scope of special items, when, and how it was treated afterwards.

"What left special-item scope on 2025-01-01/04-22 and how it was treated after."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.fold import effective
from ledger.ids import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ledger.domain.approval.approvals import Direction
    from ledger.domain.assessment.scope import ManagedAs
    from ledger.domain.bodies.vocabulary import Reference
    from ledger.domain.judging import Event
    from ledger.domain.law.tables import WorkingDays
    from ledger.ids import ItemId, PartyId, StatementId

KIND: Final = "scope.excluded/1"


@dataclass(frozen=True, slots=True)
class Act:
    """What was done with an item after it had left scope. rules: the edition that judged it, as its entry names it."""

    at: datetime
    position: int
    statement: StatementId
    kind: str
    rules: str


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A product that left scope. items: each of its goods on record, with what was done with it since that day."""

    statement: StatementId
    position: int
    party: PartyId
    product: str
    managed_as: ManagedAs
    direction: Direction
    from_on: date
    evidence: Reference
    issuer_country: str
    items: tuple[tuple[ItemId, tuple[Act, ...]], ...]


def left_scope(events: Iterable[Event[Any]], first: date, last: date, calendar: WorkingDays) -> tuple[LeftRow, ...]:
    """Return what left scope from one day to another, both included, by that day and then as it was told.

    events: oldest first; all exclusions, and all that bear the tags of the items that these name.
    calendar: tells on which local day something was done.
    """
    told = effective(events)
    excluded = [event for event in told if event.said.kind == KIND and first <= event.said.body.from_on <= last]
    rows = [_row(event, told, calendar) for event in excluded]
    return tuple(sorted(rows, key=lambda row: (row.from_on, row.position)))


def _row(event: Event[Any], told: list[Event[Any]], calendar: WorkingDays) -> LeftRow:
    body = event.said.body
    return LeftRow(
        event.said.id,
        event.position,
        body.party,
        body.name_en,
        body.managed_as,
        body.direction,
        body.from_on,
        body.evidence,
        body.issuer_country,
        tuple((item, _since(item, body.from_on, told, calendar)) for item in body.items),
    )


def _since(item: ItemId, day: date, told: list[Event[Any]], calendar: WorkingDays) -> tuple[Act, ...]:
    acts = [
        Act(one.said.occurred_at, one.position, one.said.id, one.said.kind, one.rules)
        for one in told
        if Tag(item) in one.tags and one.said.kind != KIND and calendar.local_date(one.said.occurred_at) >= day
    ]
    return tuple(sorted(acts, key=lambda act: (act.at, act.position)))
