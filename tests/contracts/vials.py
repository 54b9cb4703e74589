"""Three vials at the laboratory's bench: what is left in them, and uses that are recorded only sometimes or never."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed
from ledger.ids import ItemId, Tag
from ledger.store.deciding.worlds import Worlds
from tests.authors import START
from tests.imports import LABORATORY, state, used

if TYPE_CHECKING:
    from ledger.service import Ledger
    from ledger.statement.authoring import Made

A: Final = ItemId("item:A")
B: Final = ItemId("item:B")
C: Final = ItemId("item:C")
UNAPPROVED: Final = "GAT-15"
"""The breach that a use for another purpose than the approved one is."""


def left(ledger: Ledger, item: ItemId) -> str:
    """Return how much is left in a vial, folded from the log."""
    worlds = Worlds()
    with ledger.store.locked() as log:
        worlds.load(log, [Tag(item)])
        return str(worlds.world(START).item(item).quantity)


def misuse(item: ItemId, value: str, *, acknowledged: bool = False) -> Made:
    """Return a use for a purpose that is not approved."""
    body = used(item, value, purpose="exhibition")
    return state(body, LABORATORY, acknowledges={UNAPPROVED: "authority-instructed"} if acknowledged else None)


@cache
def too_large() -> Made:
    """Return a use that just fits into an envelope, and with the ledger's header not into an entry."""
    for digests in range(965, 0, -1):
        with suppress(Malformed):
            return state(used(A, "1"), LABORATORY, disclose={str(number): 0 for number in range(digests)})
    raise AssertionError
