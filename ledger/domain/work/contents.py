"""What an item contains: which agents are in it and in what state its material is.

Agents and states come down the lineage: an item made from others has what they had when it was made. Lookups only;
nothing here judges, and what nobody stated stays unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.states.subjects import Inactivation, Item
from ledger.reference.activities import Activity, Material

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.judging import World
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId


def agents_of(world: World, item: ItemId) -> tuple[str, ...]:
    """Return the codes of the agents that an item contains, as ``World.agents_of`` does."""
    return world.agents_of(item)


def high_pathogenic(world: World, items: Iterable[ItemId], rules: RulePack) -> bool:
    """Say whether any of some items contains an agent of class 1 or 2 (Order 424 Art. 7)."""
    listed = (rules.agents.find(agent) for item in items for agent in agents_of(world, item))
    return any(agent is not None and agent.high_pathogenic for agent in listed)


def states_of(world: World, item: ItemId) -> frozenset[Material | None]:
    """Return the states in which an item's material may be; None stands for what nobody stated.

    One for each way up the lineage, as far as an item that a statement says it of. A verified inactivation counts for
    what was made of the item afterwards; a failed one also makes doubtful what its ancestors underwent.
    """
    found: set[Material | None] = set()
    pending: list[tuple[ItemId, datetime | None, bool]] = [(item, None, False)]
    seen: set[tuple[ItemId, datetime | None, bool]] = set()
    while pending:
        step = pending.pop()
        if step in seen:
            continue
        seen.add(step)
        one, doubtful = world.item(step[0]), step[2]
        treated = _treated(one, step[1])
        if treated and one.inactivation is Inactivation.VERIFIED and not doubtful:
            found.add(Material.NONINFECTIOUS)
        elif one.material is not None or not one.parents:
            found.add(_stated(world, one))
        else:
            doubtful = doubtful or (treated and one.inactivation is not Inactivation.VERIFIED)
            pending.extend((parent, one.made_at, doubtful) for parent in one.parents)
    return frozenset(found)


def ancestry(world: World, item: ItemId) -> tuple[tuple[Item, datetime | None], ...]:
    """Return an item and all its ancestors, as ``World.ancestry`` does."""
    return world.ancestry(item)


def inactivated(world: World, item: ItemId) -> tuple[Item, ...]:
    """Return the items of a lineage whose inactivation an item underwent, verified or not; nearest first."""
    underwent = {
        one.id: one
        for one, made_at in ancestry(world, item)
        if one.inactivation is not Inactivation.NONE and _treated(one, made_at)
    }
    return tuple(underwent.values())


def warmed(item: Item, made_at: datetime | None) -> bool:
    """Say whether an undecided excursion of an item came before something was made of it; None: of the item itself."""
    return _before(item.excursion_at, made_at)


def required_level(world: World, item: ItemId, activity: Activity | None, rules: RulePack) -> int | None:
    """Return the biosafety level, 1 to 4, that work on an item requires; None if the catalogue does not say.

    activity: None where a statement does not name it; the work is then what the state of the material makes it.

    Of several agents and states the highest level counts.
    """
    levels = [
        rules.agents.required_level(agent, work, material)
        for agent in agents_of(world, item)
        for work, material in _work(activity, states_of(world, item))
    ]
    return max((level for level in levels if level is not None), default=None)


def _treated(item: Item, made_at: datetime | None) -> bool:
    """Say whether an item's inactivation came before something was made of it; None: of the item itself."""
    return _before(item.inactivated_at, made_at)


def _before(happened: datetime | None, made_at: datetime | None) -> bool:
    return happened is not None and (made_at is None or happened <= made_at)


def _stated(world: World, item: Item) -> Material | None:
    if item.material is not None:
        return Material(item.material)
    line = None if item.approval is None or item.line is None else world.approval(item.approval).lines.get(item.line)
    return None if line is None or line.material is None else Material(line.material)


def _work(activity: Activity | None, states: Iterable[Material | None]) -> list[tuple[Activity, Material]]:
    """Return the work to look up; of an unknown state what the activity supposes, of two unknowns nothing."""
    supposed = Material.UNCULTURED if activity is Activity.ANIMAL else None if activity is None else Material(activity)
    pairs = []
    for state in states:
        material = state or supposed
        if material is not None:
            pairs.append((activity or Activity(material), material))
    return pairs
