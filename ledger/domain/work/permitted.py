"""What the permits of items allow to be done with them: research goods, transport. No statement is of this module.

Items are put under permits before (``permit.drawn``); what was made of an item is under its permits too. Where nothing
is under a permit, nothing is asked but what the edition in force asks of everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.domain.judging import Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.law.schemes import SCHEMES, Scheme
from ledger.domain.work.contents import agents_of, states_of
from ledger.reference.activities import Material

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.domain.states.permit import Permit
    from ledger.ids import ItemId, PartyId, PermitId

_CLINIC_OR_SALE: Final = frozenset(
    {"clinical-trial", "diagnosis", "treatment", "prevention", "transplantation", "sale"}
)
_PACKAGING_A: Final = frozenset({"2814", "2900"})
_HARMLESS: Final = frozenset({Material.INACTIVATED, Material.NONINFECTIOUS})

# Rules

OWN_RESEARCH = Rule(
    "OWN-01",
    "Goods of a list of imports for research are never used in the clinic and never sold.",
    Answer.BREACH,
    "local white lists of research imports, as Sichuan's",
    Confidence.V,
    ("permit", "purpose"),
)
HOLDER_ALONE = Rule(
    "OWN-02",
    "Goods of a list of imports for research stay with the enterprise that the list names.",
    Answer.BREACH,
    "local white lists of research imports, as Sichuan's",
    Confidence.V,
    ("party", "permit"),
)
TRANSPORT = Rule(
    "CAR-09",
    "Agents of class 1 or 2, and of class 3 in packaging class A, are carried under a transport permit.",
    Answer.BREACH,
    "State Council Order 424 Arts 10-11; MoH Order 45",
    Confidence.V,
    ("agents", "count"),
    lambda pack, _: pack.transport_permit_needed,
)

RULES = (OWN_RESEARCH, HOLDER_ALONE, TRANSPORT)

# Gates that yield breaches


def own_research(world: World, items: Iterable[ItemId], purpose: str) -> Iterator[Breach]:
    """Yield OWN-01 for items under an entry of a research list that are used in the clinic or sold."""
    if purpose not in _CLINIC_OR_SALE:
        return
    for permit, under in _of_own_research(world, items).items():
        yield OWN_RESEARCH.breach((*under, permit), permit=permit, purpose=purpose)


def holder_alone(world: World, items: Iterable[ItemId], party: PartyId) -> Iterator[Breach]:
    """Yield OWN-02 for items under an entry of a research list that names another enterprise than some party."""
    for permit, under in _of_own_research(world, items).items():
        if world.permit(permit).holder != party:
            yield HOLDER_ALONE.breach((*under, permit), permit=permit, party=party)


def carried(world: World, said: Signed[Any], items: Iterable[ItemId], rules: RulePack) -> Iterator[Breach]:
    """Yield CAR-09 for items that are to have a transport permit and are under none that holds, if the pack asks."""
    needed = rules.transport_permit_needed
    if needed is None or not needed.value:
        return
    asked = {item: agents for item in items if (agents := _to_be_permitted(world, item, rules))}
    lacking = [item for item in asked if not is_under(world, said, item, Scheme.TRANSPORT_PERMIT, rules)]
    if lacking:
        agents = sorted(set[str]().union(*map(asked.__getitem__, lacking)))
        yield TRANSPORT.breach(lacking, agents=agents, count=len(agents))


def is_under(world: World, said: Signed[Any], item: ItemId, scheme: Scheme, rules: RulePack) -> bool:
    """Say whether an item is under a permit of a scheme that holds at the time of an act."""
    day = rules.working_days.local_date(said.occurred_at)
    return any(one.scheme is scheme and one.why_not(said.occurred_at, day) is None for one in world.permits_of(item))


def _of_own_research(world: World, items: Iterable[ItemId]) -> dict[PermitId, list[ItemId]]:
    """Return the entries of research lists that some items are under, each with these; under an ended one too."""
    found: dict[PermitId, list[ItemId]] = {}
    for item in items:
        for permit in filter(_is_of_own_research, world.permits_of(item)):
            found.setdefault(permit.id, []).append(item)
    return found


def _is_of_own_research(permit: Permit) -> bool:
    return permit.scheme is not None and SCHEMES[permit.scheme].own_research


def _to_be_permitted(world: World, item: ItemId, rules: RulePack) -> list[str]:
    """Return the agents because of which an item is carried under a permit; none where its material harms nobody."""
    if states_of(world, item) <= _HARMLESS:
        return []
    listed = ((agent, rules.agents.find(agent)) for agent in agents_of(world, item))
    return [
        agent
        for agent, one in listed
        if one is not None and (one.high_pathogenic or (one.risk_class == 3 and one.un_number in _PACKAGING_A))
    ]
