"""What was taken back or said again, by whom, why, and what it said before.

"Which records were corrected or voided, by whom, why, what did they say before." Every word of it is in the record:
what was said first stays there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.fold import VOIDED, rewritten

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.judging import Event
    from ledger.ids import PartyId, StatementId


@dataclass(frozen=True, slots=True)
class AmendRow:
    """One correction or one voiding; what is corrected twice has two rows.

    statement, kind, position: of what was corrected or voided. by: the statement that did it, at its own position.
    told: when it was recorded. persons: who signed it, as (party, code). reason: its reason, or its ground, as a code.
    before, after: what was said; after None: it was voided. moved: the time that it gave before and gives now; None:
        the same, or voided.
    """

    statement: StatementId
    kind: str
    position: int
    by: StatementId
    by_position: int
    told: datetime
    persons: frozenset[tuple[PartyId, str]]
    reason: str | None
    before: Body
    after: Body | None
    moved: tuple[datetime, datetime] | None

    @property
    def members(self) -> tuple[str, ...]:
        """Return the members that say something else now, in the order of the kind; of a voiding none."""
        if self.after is None:
            return ()
        fields = self.before.__struct_fields__
        return tuple(one for one in fields if getattr(self.before, one) != getattr(self.after, one))


def amends(events: Iterable[Event[Any]]) -> tuple[AmendRow, ...]:
    """Return the corrections and voidings of a log, in the order in which they were told."""
    told: dict[StatementId, Event[Any]] = {}
    rows = []
    for event in events:
        target = rewritten(event.said)
        if target is not None and target in told:
            rows.append(_row(told[target], event))
        told[event.said.id] = event
    return tuple(rows)


def _row(target: Event[Any], event: Event[Any]) -> AmendRow:
    old, new = target.said, event.said
    voided = new.kind == VOIDED
    moved = None if voided or old.occurred_at == new.occurred_at else (old.occurred_at, new.occurred_at)
    return AmendRow(
        old.id,
        old.kind,
        target.position,
        new.id,
        event.position,
        event.recorded,
        new.persons,
        new.body.ground if voided else new.reason,
        old.body,
        None if voided else new.body,
        moved,
    )
