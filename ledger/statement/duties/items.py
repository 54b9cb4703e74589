"""What duties on items share: what an item was made of, and whether anything is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ledger.domain.states.subjects import Item, ItemStatus
from ledger.domain.work.checks import OVER
from ledger.ids import ItemId, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.duties.duty import Owed, Step
    from ledger.domain.judging import World

NONE_LEFT: Final = OVER | {ItemStatus.DEPLETED}
"""Where nothing is left here to be kept or destroyed: used up, made into others, sold, disposed of, sent away."""


def made_of(world: World, item: Tag) -> Iterator[Tag]:
    """Yield an item and what it was made of: what is said of that may hold for the item too."""
    return (Tag(one.id) for one in world.lineage(ItemId(item)))


def none_left(step: Step, owed: Owed) -> bool:
    """Say whether nothing is left of the item in whose chain a statement stands."""
    return cast("Item", step.after).status in NONE_LEFT
