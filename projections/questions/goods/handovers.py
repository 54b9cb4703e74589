"""Handovers that one side alone has signed, and items that nobody has.

"Handovers with one signature missing; items with no custodian now."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import place_of
from ledger.domain.custody.chain import is_gap
from ledger.domain.custody.custody import CustodyAccepted
from ledger.domain.states.subjects import Item
from ledger.domain.work.checks import OVER
from ledger.ids import Tag
from projections.questions.record import Record, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.ids import ItemId, PartyId, StatementId

TAKEN_BY: Final = frozenset({"custody.accepted/1", "item.received/1", "transfer.received/1"})
"""The kinds by which somebody takes an item over."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A hand-over whose receiver has neither taken nor refused the item."""

    where: Where
    giver: PartyId
    receiver: PartyId
    since: datetime


@dataclass(frozen=True, slots=True)
class Ungiven:
    """An item that a party took though nobody handed it over to it. had: who had it; None: nobody yet."""

    item: ItemId
    statement: StatementId
    at: datetime
    had: PartyId | None
    taker: PartyId


@dataclass(frozen=True, slots=True)
class OneSided:
    """What one side alone has signed, and what is in nobody's hands now and not over; all by ascending item."""

    unanswered: tuple[Unanswered, ...]
    ungiven: tuple[Ungiven, ...]
    nobodys: tuple[Where, ...]


def one_sided(events: Iterable[Event[Any]]) -> OneSided:
    """Return the handovers that one side alone has signed, and the items without a custodian.

    Asked of the record as it counts now: a hand-over that was told late fills its gap, one that was voided opens it.
    """
    record = Record(events)
    there = [item for item in record.items if item.status not in OVER]
    return OneSided(
        tuple(
            Unanswered(record.where(item), item.handover.giver, item.handover.receiver, item.handover.since)
            for item in there
            if item.handover is not None
        ),
        tuple(row for item in record.items for row in _ungiven(record, item.id)),
        tuple(record.where(item) for item in there if item.custodian is None),
    )


def is_ungiven(record: Record, event: Event[Any], before: Item) -> bool:
    """Say whether a party takes an item though nobody had handed it over to it. before: the item before the event."""
    said = event.said
    if said.kind not in TAKEN_BY or before.custodian == said.party:
        return False
    giver = said.body.giver if isinstance(said.body, CustodyAccepted) else None
    return is_gap(record.at(place_of(event)), before.id, said.party, giver)


def _ungiven(record: Record, item: ItemId) -> Iterator[Ungiven]:
    for event, before, _ in record.steps(Tag(item)):
        if isinstance(before, Item) and is_ungiven(record, event, before):
            said = event.said
            yield Ungiven(item, said.id, said.occurred_at, before.custodian, said.party)
