"""What is on hand is at rest, in transit, or in use: read from what an item is now, and booked by nothing.

So these are parts of what is on hand, and a line's mass balance closes without them. Pure.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ledger.domain.states.subjects import ON_THE_WAY
from projections.booking import HERE

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Item


class Whereabouts(StrEnum):
    """How something is there that is on hand.

    In transit: it is not received yet where it is to go, or was handed over and not yet accepted. In use: somebody has
    it out of its place and has not returned it. At rest: neither.
    """

    AT_REST = "at-rest"
    IN_TRANSIT = "in-transit"
    IN_USE = "in-use"


def whereabouts(item: Item) -> Whereabouts | None:
    """Return how an item is there; None: it is not on hand."""
    if not item.known or item.status not in HERE:
        return None
    if item.status in ON_THE_WAY or item.handover is not None:
        return Whereabouts.IN_TRANSIT  # what is checked out and on offer to another is on its way
    return Whereabouts.AT_REST if item.checked_out is None else Whereabouts.IN_USE
