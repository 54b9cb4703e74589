"""Waiting for proofs of what was recorded: a bounded time, by a bounded number of callers, and never at its cost.

A statement that is recorded is answered as recorded, whether or not its proof comes in time: 503 would say that nothing
is known of it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from api.http.bounds.positions import waited
from ledger.errors import Unavailable
from ledger.publisher.proofs import prove_recorded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.http.doors import Doors
    from ledger.store.port import Recorded


class Wait(StrEnum):
    """What a caller waits for."""

    PROOF = "proof"


def awaited(doors: Doors, events: Sequence[Recorded]) -> list[bytes | None]:
    """Return the proof of each event as soon as a checkpoint covers all; None of those that none covers in time."""
    if not events:
        return []
    last = max(event.position for event in events)
    try:
        if waited(doors, lambda: doors.publisher.wait_for(last, doors.proof_within) or True) is None:
            return [None] * len(events)
        return [prove_recorded(doors.publication, event, doors.keys) for event in events]
    except Unavailable:
        return [None] * len(events)  # they are recorded, and must not be answered as if they were not
