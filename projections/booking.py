"""What an event books of an item: how much of it came in, or went out, and by what. Sums of these are the mass balance.

An amount that is missing or lost is booked there for as long as its item is so: what is missing and then reported lost
is lost, and what turns up again is neither. So one event can make two bookings. All else is booked under what the event
was. Pure: of one item before and after one event.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ledger.domain.states.subjects import Item, ItemStatus
from ledger.quantity import EXACT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NOTHING: Final = Decimal(0)


class Flow(StrEnum):
    """What an amount came in or went out by."""

    LISTED = "listed"
    USED = "used"
    SAMPLED = "sampled"
    SOLD = "sold"
    DISPOSED = "disposed"
    RETURNED = "returned"
    RE_EXPORTED = "re-exported"
    MISSING = "missing"
    LOST = "lost"
    PROCESSED = "processed"
    ADJUSTED = "adjusted"

    @property
    def member(self) -> str:
        """Return its name as a member of a row."""
        return self.name.lower()


OUT: Final = tuple(flow for flow in Flow if flow is not Flow.LISTED)
"""What may have become of what was listed, beside what is still on hand."""

UNEXPLAINED: Final = (Flow.MISSING, Flow.ADJUSTED)
"""What no act says where it went: it is missing, or was counted away, less what was counted besides."""

HERE: Final = frozenset({ItemStatus.EXPECTED, ItemStatus.IN_TRANSIT, ItemStatus.RECEIVED})
"""Where an item still counts as on hand."""

_AWAY: Final[Mapping[ItemStatus, Flow]] = {ItemStatus.MISSING: Flow.MISSING, ItemStatus.LOST: Flow.LOST}
"""Where an item is away and may come back: by its status what it is booked under while it is there."""

_BY_KIND: Final[Mapping[str, Flow]] = {
    "item.listed/1": Flow.LISTED,
    "item.used/1": Flow.USED,
    "consignment.sampled/1": Flow.SAMPLED,
    "supervision.visited/1": Flow.SAMPLED,
    "sale.recorded/1": Flow.SOLD,
    "item.destroyed/1": Flow.DISPOSED,
    "destruction.executed/1": Flow.DISPOSED,
    "return.executed/1": Flow.RETURNED,
    "item.re-exported/1": Flow.RE_EXPORTED,
    "item.aliquoted/1": Flow.PROCESSED,
    "item.pooled/1": Flow.PROCESSED,
    "item.derived/1": Flow.PROCESSED,
    "item.propagated/1": Flow.PROCESSED,
}
_FIRST_BY_KIND: Final = {**_BY_KIND, "loss.reported/1": Flow.LOST, "incident.closed/1": Flow.LOST}


@dataclass(frozen=True, slots=True)
class Booking:
    """What an event changed of an amount. amount: in base units, signed as a flow is. unit: as written."""

    flow: Flow
    amount: Decimal
    unit: str


def bookings(kind: str, old: Item, new: Item) -> Iterator[Booking]:
    """Yield what an event of a kind changed of how much there is of an item, each flow once; nothing of no amount."""
    if old.quantity is new.quantity and old.status is new.status and old.known is new.known:
        return  # most acts leave the amount as it is
    quantity = new.quantity or old.quantity
    if quantity is None:
        return
    rest = EXACT.subtract(here(old), here(new))
    for status, flow in _AWAY.items() if old.status in _AWAY or new.status in _AWAY else ():
        gone = EXACT.subtract(_at(status, new), _at(status, old))
        rest = EXACT.subtract(rest, gone)
        if gone:
            yield Booking(flow, gone, quantity.unit)
    if rest:
        flow = _BY_KIND.get(kind, Flow.ADJUSTED)
        yield Booking(flow, rest.copy_negate() if flow is Flow.LISTED else rest, quantity.unit)


def first_bookings(kind: str, old: Item, new: Item) -> Iterator[Booking]:
    """Yield the same as answers of the form ``vialog-answer/1`` tell it: one booking an event.

    What was missing stays so, whatever is reported of it later.
    """
    quantity = new.quantity or old.quantity
    gone = EXACT.subtract(here(old), here(new))
    if gone and quantity is not None:
        flow = _FIRST_BY_KIND.get(kind, Flow.MISSING if new.status is ItemStatus.MISSING else Flow.ADJUSTED)
        yield Booking(flow, gone.copy_negate() if flow is Flow.LISTED else gone, quantity.unit)


def amount_of(item: Item) -> Decimal:
    """Return how much an item holds, in the base unit of its dimension; nothing where nobody stated it."""
    quantity = item.quantity
    return _NOTHING if quantity is None else quantity.in_base


def here(item: Item) -> Decimal:
    """Return how much of an item there is by the record, in base units; nothing of one that has left."""
    return amount_of(item) if item.known and item.status in HERE else _NOTHING


def _at(status: ItemStatus, item: Item) -> Decimal:
    return amount_of(item) if item.known and item.status is status else _NOTHING
