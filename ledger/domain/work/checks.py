"""What every work refuses: items that are not on record, in other hands or gone, and sites of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.domain.judging import Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.subjects import ItemStatus

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.ids import ItemId, SiteId


GONE: Final = frozenset(
    {
        ItemStatus.MISSING,
        ItemStatus.DEPLETED,
        ItemStatus.DISPOSED,
        ItemStatus.RETURNED,
        ItemStatus.RE_EXPORTED,
        ItemStatus.LOST,
    }
)
"""Where nothing is left to work on."""


EMPTIED: Final = GONE - {ItemStatus.DEPLETED}
"""Where not even the container is left."""


OVER: Final = EMPTIED - {ItemStatus.MISSING, ItemStatus.LOST}
"""Where it does not even turn up again."""

# Rules

ITEM_KNOWN = Rule("GAT-01", "Work names items that are on record, each once.", Answer.REFUSAL)
CUSTODY = Rule("GAT-02", "A party works on what the record has in its custody.", Answer.REFUSAL)
STILL_THERE = Rule("GAT-03", "Nothing is done with an item that is missing, used up or gone.", Answer.REFUSAL)
OWN_SITE = Rule("GAT-04", "A party states the work of sites that it runs.", Answer.REFUSAL)

RULES = (ITEM_KNOWN, CUSTODY, STILL_THERE, OWN_SITE)

# Checks that refuse


def check_known(world: World, items: Collection[ItemId]) -> None:
    """Check that all items are on record and none is named twice. Raises Refused: GAT-01."""
    for item in items:
        if not world.item(item).known:
            raise ITEM_KNOWN.refuse(f"{item} is not on record")
    if len(set(items)) < len(items):
        raise ITEM_KNOWN.refuse("an item is named twice")


def check_items(world: World, said: Signed[Any], items: Collection[ItemId], gone: frozenset[ItemStatus] = GONE) -> None:
    """Check that the first signer's party has items and that they are still there.

    gone: the statuses in which the work is impossible.

    Raises Refused: GAT-01, GAT-02, GAT-03.
    """
    check_known(world, items)
    for one in map(world.item, items):
        if one.custodian != said.party:
            raise CUSTODY.refuse(f"{one.id} is not in the custody of {said.party}")
        if one.status in gone:
            raise STILL_THERE.refuse(f"{one.id} is {one.status}")


def check_site(world: World, said: Signed[Any], site: SiteId) -> None:
    """Check that the first signer's party runs a site. Raises Refused: GAT-04."""
    if world.site(site).party != said.party:
        raise OWN_SITE.refuse(f"{site} is not a site of {said.party}")
