"""Use and testing of items: what is done with them, where, for which project and purpose.

The use gate of the regulation stands here and in ``gates``. Never says what became of an item that was made into
others: that is ``derive``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.domain.bodies.conditions import Thawed
from ledger.domain.bodies.vocabulary import Amount, Body, Code, Digest, ItemRef, Items, SiteRef
from ledger.domain.codes import Purpose, Test
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.subjects import Item
from ledger.domain.work.checks import check_items, check_site
from ledger.domain.work.contents import agents_of, states_of
from ledger.domain.work.description import thawed
from ledger.domain.work.gates import about, came_in, purpose, work
from ledger.domain.work.permitted import holder_alone, own_research
from ledger.domain.work.portions import check_taken, less, measured
from ledger.reference.activities import Activity, Material

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.breach import Breach
    from ledger.ids import ItemId

# Bodies


class ItemUsed(Body, frozen=True):
    """A laboratory uses an item, or some of it, for a project.

    project: the project's code, as the laboratory keeps it.
    purpose: one of the approved uses.
    quantity: how much is used up; zero if nothing is; left out only when nobody measured it.
    """

    item: ItemRef
    laboratory: SiteRef
    project: Code
    purpose: Purpose
    activity: Activity
    quantity: Amount | None = None
    thawed: Thawed | None = None


class ItemTested(Body, frozen=True):
    """A laboratory tests items without using anything up; what a test uses up is stated as a use.

    report: SHA-256 of the result's document.
    """

    items: Items
    laboratory: SiteRef
    test: Test
    activity: Activity
    report: Digest | None = None
    thawed: Thawed | None = None


# Rules

SAFE_STATE = Rule(
    "USE-01",
    "Work on what contains an agent counts as on inactivated material only when the record says that it is.",
    Answer.BREACH,
    "国卫科教发〔2023〕24号",
    Confidence.V,
    ("activity",),
)

PERMITTED = Rule(
    "USE-02",
    "What came in is used for the purposes that the law permits, whatever its approval names.",
    Answer.BREACH,
    "Regulation (EU) No 142/2011 Art. 27",
    Confidence.V,
    ("purpose",),
    lambda pack, _: pack.permitted_purposes,
)

RULES = (SAFE_STATE, PERMITTED)

# Judges


def judge_item_used(world: World, said: Signed[ItemUsed], rules: RulePack) -> Iterator[Breach]:
    """Judge a use.

    Raises Refused: GAT-01 to GAT-04; UNI-01, UNI-02, PRT-01, PRT-05, PRT-02.
    Returns GAT-05 to GAT-15, OWN-01, OWN-02, USE-02, USE-01, PRT-03, in this order.
    """
    body, items = said.body, (said.body.item,)
    taken = None if body.quantity is None else body.quantity.quantity
    check_items(world, said, items)
    check_site(world, said, body.laboratory)
    if taken is not None:
        check_taken(world, body.item, taken, rules)
    yield from work(world, said, items, body.laboratory, rules, activity=body.activity)
    yield from purpose(world, items, body.purpose)
    yield from own_research(world, items, body.purpose)
    yield from holder_alone(world, items, said.party)
    yield from _permitted(world, items, body.purpose, rules)
    yield from _unsafe(world, items, body.activity)
    yield from measured(world, [(body.item, taken)])


def judge_item_tested(world: World, said: Signed[ItemTested], rules: RulePack) -> Iterator[Breach]:
    """Judge a test. Raises Refused: GAT-01 to GAT-04. Returns GAT-05 to GAT-14, OWN-02, USE-01."""
    body = said.body
    check_items(world, said, body.items)
    check_site(world, said, body.laboratory)
    yield from work(world, said, body.items, body.laboratory, rules, activity=body.activity)
    yield from holder_alone(world, body.items, said.party)
    yield from _unsafe(world, body.items, body.activity)


def _permitted(world: World, items: Collection[ItemId], stated: str, rules: RulePack) -> Iterator[Breach]:
    permitted = rules.permitted_purposes
    if permitted is None or stated in permitted.value:
        return
    yield from about(PERMITTED, came_in(world, items), purpose=stated)


def _unsafe(world: World, items: Collection[ItemId], activity: Activity) -> Iterator[Breach]:
    if activity not in {Activity.INACTIVATED, Activity.NONINFECTIOUS}:
        return
    safe = {Material.NONINFECTIOUS} | ({Material.INACTIVATED} if activity is Activity.INACTIVATED else set())
    for item in items:
        if agents_of(world, item) and not states_of(world, item) <= safe:
            yield SAFE_STATE.breach((item,), activity=activity)


# Effects


def item_tested(item: Item, event: Event[ItemTested]) -> Item:
    """Return the item as worked on."""
    return thawed(replace(item, worked=True), event.said) if item.id in event.said.body.items else item


def item_used(item: Item, event: Event[ItemUsed]) -> Item:
    """Return the item with less in it."""
    body = event.said.body
    if item.id != body.item:
        return item
    return thawed(less(item, None if body.quantity is None else body.quantity.quantity), event.said)
