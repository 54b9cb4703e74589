"""Where an item was at a time, as the system knew it at another.

"Where was vial X at time T, as the system knew it at T2."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.fold import initial, sequence
from ledger.domain.state import Item
from ledger.ids import Tag
from ledger.statement.catalogue import KINDS
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.ids import ItemId
    from projections.questions.record import Where


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an item was at an instant.

    known_then: by what was recorded up to the other instant. known_now: by all that is recorded, corrections and what
        was told late included. None: the item was not on record, or had not come into being.
    """

    known_then: Where | None
    known_now: Where | None

    @property
    def changed(self) -> bool:
        """Say whether what was recorded since tells otherwise."""
        return self.known_then != self.known_now


def whereabouts(events: Iterable[Event[Any]], item: ItemId, at: datetime, known_at: datetime) -> Whereabouts:
    """Return where an item was.

    events: oldest first; all that bear the item's tag. at: when it was there; what happened at that instant counts.
    known_at: what was recorded by then counts, by the ledger's own clock.
    """
    told = [event for event in events if Tag(item) in event.tags]
    return Whereabouts(_where(item, (one for one in told if one.recorded <= known_at), at), _where(item, told, at))


def _where(item: ItemId, told: Iterable[Event[Any]], at: datetime) -> Where | None:
    state = initial(Tag(item))
    for event in sequence(Tag(item), told, KINDS):
        if event.said.occurred_at <= at:
            state = KINDS[event.said.kind].evolve(state, event)
    if not isinstance(state, Item) or not state.known:
        return None
    return Record.where(state)
