"""Goods that are consigned directly: from where they enter to their one authorised user, through nobody else's hands.

Asked where the rule pack asks it (Regulation (EU) No 142/2011 Art. 27), until they have arrived at their user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.connection import AUTHORITIES
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.subjects import ON_THE_WAY
from ledger.domain.work.gates import about

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.breach import Breach
    from ledger.domain.judging import World
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId, PartyId

DIRECTLY = Rule(
    "DIR-01",
    "What is consigned directly goes to its authorised user through no hands but its carriers' and the authorities'.",
    Answer.BREACH,
    "Regulation (EU) No 142/2011 Art. 27",
    Confidence.V,
    ("party",),
    lambda pack, _: pack.direct_consignment,
)

RULES = (DIRECTLY,)


def directly(world: World, items: Collection[ItemId], taker: PartyId, rules: RulePack) -> Iterator[Breach]:
    """Yield DIR-01 for items on their way that somebody takes who is not to have them."""
    asked = rules.direct_consignment
    if asked is None or not asked.value or world.party(taker).roles & AUTHORITIES:
        return
    yield from about(DIRECTLY, [item for item in items if _strays(world, item, taker)], party=taker)


def _strays(world: World, item: ItemId, taker: PartyId) -> bool:
    one = world.then.item(item)
    if one.consignment is None or one.transfer is not None or one.status not in ON_THE_WAY:
        return False
    goods = world.consignment(one.consignment)
    runs = None if goods.destination is None else world.site(goods.destination).party
    return taker not in {*goods.carriers, goods.consignee, runs}
