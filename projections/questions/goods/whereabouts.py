"""Where an item was at a time, as the system knew it at another.

"Where was vial X at time T, as the system knew it at T2."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.fold import changes, initial, rewrites, sequence
from ledger.domain.states.subjects import Item
from ledger.ids import Tag
from ledger.statement.catalogue import KINDS
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.ids import ItemId
    from projections.questions.record import Where


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an item was at an instant.

    known_then: by what was on record at the other time. known_now: by all that is recorded, corrections and what was
        told late included. None: the item was not on record, or had not come into being.
    told_since: of what was recorded since, the last that tells where it was then; None where nothing tells otherwise.
    """

    known_then: Where | None
    known_now: Where | None
    told_since: Event[Any] | None

    @property
    def changed(self) -> bool:
        """Say whether what was recorded since tells otherwise."""
        return self.known_then != self.known_now


def whereabouts(known: Sequence[Event[Any]], later: Sequence[Event[Any]], item: ItemId, at: datetime) -> Whereabouts:
    """Return where an item was.

    known: what was on record at the other time, oldest first; all of it that bears the item's tag. later: what was
    recorded since. at: when it was there; what happened at that instant counts.
    """
    then, now = _where(item, known, at), _where(item, (*known, *later), at)
    return Whereabouts(then, now, None if then == now else _told_since(item, known, later, at))


def _told_since(
    item: ItemId, known: Sequence[Event[Any]], later: Sequence[Event[Any]], at: datetime
) -> Event[Any] | None:
    """Return the last event that corrects or voids, or up to an instant put the item elsewhere."""
    told = changes(Tag(item), (one for one in (*known, *later) if Tag(item) in one.tags), KINDS)
    in_time = (one for one in told if one[0].said.occurred_at <= at)
    moving = {event.said.id for event, before, after in in_time if _told_of(before) != _told_of(after)}
    said = (one for one in reversed(later) if Tag(item) in one.tags)
    return next((one for one in said if rewrites(one) or one.said.id in moving), None)


def _told_of(state: Subject) -> Where | None:
    return Record.where(state) if isinstance(state, Item) and state.known else None


def _where(item: ItemId, told: Iterable[Event[Any]], at: datetime) -> Where | None:
    state = initial(Tag(item))
    for event in sequence(Tag(item), (one for one in told if Tag(item) in one.tags), KINDS):
        if event.said.occurred_at <= at:
            state = KINDS[event.said.kind].evolve(state, event)
    return _told_of(state)
