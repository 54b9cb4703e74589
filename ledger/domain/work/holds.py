"""Whether items are held: by themselves, by what they were made from, or by what these came in under.

A hold on an ancestor holds whatever is made of it, before the hold or after; of a hold after an excursion only what is
made afterwards. Judges of other modules ask; no statement is of this module.
"""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING, Any

from ledger.domain.judging import Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.holding import Asked, bars, grounds, keeps
from ledger.domain.states.subjects import EXCURSION, Item
from ledger.domain.work.contents import ancestry, warmed
from ledger.ids import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.domain.states.holding import Reach
    from ledger.ids import CaseId, ItemId

# Rules

NOT_HELD = Rule("GAT-08", "Nothing is done with a held or ordered item but what the order says.", Answer.BREACH)
NOT_KEPT = Rule("GAT-16", "What a legal hold keeps is neither disposed of nor destroyed.", Answer.BREACH)

RULES = (NOT_HELD, NOT_KEPT)

# Gates that yield breaches: they ask the world at the time of the act, whenever it is told


def not_held(
    world: World,
    said: Signed[Any],
    items: Iterable[ItemId],
    executing: CaseId | None = None,
    doing: Asked | None = None,
) -> Iterator[Breach]:
    """Yield GAT-08 for items that are held or ordered, themselves, by an ancestor or by what it came in under.

    executing: the order or recall that the statement carries out; what it asks for, may be done.
    doing: what the statement does, where a recall may ask for just that.
    """
    then = world.then

    def held(one: Item, made_at: datetime | None) -> bool:
        goods = None if one.consignment is None else then.consignment(one.consignment)
        orders = {one.ordered, None if goods is None else goods.ordered} - {None}
        if executing is not None and executing in orders:
            return False
        if orders or (goods is not None and goods.holds):
            return True
        reaches = _reaches(then, one)
        if not one.holds and not reaches:  # almost always, and this runs for every item of most statements
            return False
        words = (*_own(one, made_at), *grounds(reaches, one, said.occurred_at))
        return any(bars(ground, executing, doing) for ground in words)

    if found := [item for item in items if any(starmap(held, ancestry(then, item)))]:
        yield NOT_HELD.breach(found)


def not_kept(world: World, said: Signed[Any], items: Iterable[ItemId]) -> Iterator[Breach]:
    """Yield GAT-16 for items that a legal hold keeps, themselves, an ancestor or what it came in under."""
    then, instant = world.then, said.occurred_at

    def kept(one: Item) -> bool:
        words = (*one.holds, *grounds(_reaches(then, one), one, instant))
        return any(map(keeps, words))

    if found := [item for item in items if any(map(kept, then.lineage(item)))]:
        yield NOT_KEPT.breach(found)


def placed_on(world: World, item: ItemId, instant: datetime) -> Iterator[tuple[Tag, str]]:
    """Yield every hold and order on an item at an instant: the subject that it stands on, and its word.

    Its own, its ancestors' as far as they hold what was made of them, and those of what these came in under.
    """
    for one, made_at in ancestry(world, item):
        own = _own(one, made_at)
        yield from ((Tag(one.id), ground) for ground in sorted(own | ({one.ordered} if one.ordered else set())))
        if one.consignment is not None:
            goods = world.consignment(one.consignment)
            placed = goods.holds | ({goods.ordered} if goods.ordered else set())
            yield from ((Tag(goods.id), ground) for ground in sorted(placed))
        yield from _standing(world, one, instant)


def _own(one: Item, made_at: datetime | None) -> frozenset[str]:
    """Return the words on an item itself that hold what was made of it at an instant; None: that hold itself."""
    return one.holds if warmed(one, made_at) else one.holds - {EXCURSION}


def _standing(world: World, one: Item, instant: datetime) -> Iterator[tuple[Tag, str]]:
    """Yield the words of the reaches on what an item itself came in under, and on which of these each stands."""
    if one.consignment is not None:
        reaches = world.consignment(one.consignment).reaches
        yield from ((Tag(one.consignment), word) for word in grounds(reaches, one, instant))
    if one.approval is not None:
        reaches = world.approval(one.approval).reaches
        yield from ((Tag(one.approval), word) for word in grounds(reaches, one, instant))


def _reaches(world: World, one: Item) -> tuple[Reach, ...]:
    """Return the reaches on what an item itself came in under, lifted ones too; of most items there is none."""
    goods = () if one.consignment is None else world.consignment(one.consignment).reaches
    return goods if one.approval is None else goods + world.approval(one.approval).reaches
