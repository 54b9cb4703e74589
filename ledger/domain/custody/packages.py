"""How a package is found when items change hands: counted, sealed and packed as recorded before, or otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.bodies.printed import name_key
from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.judging import World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.work import gates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ledger.breach import Breach
    from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
    from ledger.domain.judging import Signed
    from ledger.ids import ItemId

# Rules

COUNT = Rule(
    "CUS-10",
    "The items counted are the items named.",
    Answer.BREACH,
    "WS 233-2017 7.9.6-7.9.8",
    Confidence.V,
    ("counted", "named"),
)
SEALS = Rule(
    "CUS-11",
    "The seals are those that were recorded before.",
    Answer.BREACH,
    "WS 233-2017 7.9.6-7.9.8",
    Confidence.V,
    ("seals_recorded", "seals_seen"),
)
PACKAGING = Rule(
    "CUS-12", "Packaging is intact when items change hands.", Answer.BREACH, "GB 19489-2008 7.20.2", Confidence.V
)

RULES = (COUNT, SEALS, PACKAGING)

# Judging


def state_of_package(world: World, said: Signed[CustodyHandedOver] | Signed[CustodyAccepted]) -> Iterator[Breach]:
    """Yield CUS-10, CUS-11 and CUS-12 for a package that is found otherwise than recorded."""
    body = said.body
    if body.count != len(body.items):
        yield COUNT.breach(body.items, counted=body.count, named=len(body.items))
    before = frozenset().union(*(world.item(item).seals for item in body.items))
    # Where none were recorded there is nothing to compare; where nobody looked, nothing to compare with.
    if before and body.seals is not None and _keys(body.seals) != _keys(before):
        concerned = _sealed_otherwise(world, body.items, body.seals, before)
        yield SEALS.breach(concerned, seals_seen=sorted(body.seals), seals_recorded=sorted(before))
    if body.packaging is Packaging.DAMAGED:
        yield from gates.about(PACKAGING, body.items)


def _sealed_otherwise(
    world: World, items: Collection[ItemId], seen: Collection[str], before: Collection[str]
) -> Collection[ItemId]:
    """Return the items whose seals were not seen again; all of them where a seal was seen that nobody recorded."""
    if _keys(seen) - _keys(before):
        return items
    return [item for item in items if _keys(world.item(item).seals) - _keys(seen)]


def _keys(seals: Iterable[str]) -> set[str]:
    return set(map(name_key, seals))
