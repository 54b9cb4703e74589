"""Stock: what a site keeps, in which position it stands, who has it out, and what a count finds.

A position holds one item at a time. What is checked out, handed over or sent away leaves its position free. A count
changes no quantity: a difference stays in the record until somebody answers for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.conditions import StorageCondition, Thawed
from ledger.domain.bodies.vocabulary import Amount, Body, Code, Instant, ItemRef, Items, SiteRef
from ledger.domain.custody.positions import PlacedItems, filled, items_placed, occupied
from ledger.domain.dating import check_ahead
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack, Task
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Item, ItemStatus
from ledger.domain.work import checks, gates
from ledger.domain.work.description import described, thawed
from ledger.domain.work.holds import not_held
from ledger.quantity import alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.breach import Breach
    from ledger.ids import ItemId, SiteId

_KEPT: Final = frozenset({ItemStatus.RECEIVED, ItemStatus.DEPLETED})
"""The statuses of what a site has; an empty container is kept until it is disposed of."""

# Bodies


class Counted(Body, frozen=True):
    """What a count found of one item; the amount is left out where it was not measured."""

    item: ItemRef
    present: bool
    counted: Amount | None = None


CountedItems = Annotated[tuple[Counted, ...], Meta(min_length=1, max_length=900)]


class ItemStored(Body, frozen=True):
    """Items that the site has are put into storage.

    storage: the storage condition of these positions.
    """

    site: SiteRef
    items: PlacedItems
    storage: StorageCondition | None = None


class ItemMoved(Body, frozen=True):
    """Items are moved to other storage positions of the same site.

    storage: the storage condition of these positions.
    """

    site: SiteRef
    items: PlacedItems
    storage: StorageCondition | None = None
    thawed: Thawed | None = None


class ItemCheckedOut(Body, frozen=True):
    """Items are taken out of storage for a project; their positions become free.

    until: when they are to be back; left out where that is open.
    """

    site: SiteRef
    items: Items
    project: Code
    until: Instant | None = None


class ItemReturned(Body, frozen=True):
    """Items that were checked out are put back into storage.

    storage: the storage condition of these positions.
    thawed: whether they were thawed while they were out.
    """

    site: SiteRef
    items: PlacedItems
    storage: StorageCondition | None = None
    thawed: Thawed | None = None


class StockCounted(Body, frozen=True):
    """Two persons count items of a site against the record; also what the record has elsewhere can be found."""

    site: SiteRef
    items: CountedItems


# Rules

HERE = Rule("STK-01", "Stock statements concern items that the site has received and still has.", Answer.REFUSAL)
IN_PLACE = Rule("STK-03", "What is checked out is returned before it is stored, moved or checked out.", Answer.REFUSAL)
OUT = Rule("STK-04", "Only what is checked out is returned.", Answer.REFUSAL)
SAME_DIMENSION = Rule(
    "STK-05", "An item is counted in the dimension in which its quantity is recorded.", Answer.REFUSAL
)
AS_RECORDED = Rule(
    "STK-07", "Count and record agree.", Answer.BREACH, "GB 19489-2008 7.15.4; Order 160 Art. 30", Confidence.M
)


COLD_ENOUGH = Rule(
    "STK-09",
    "An item is kept no warmer than it is to be kept.",
    Answer.BREACH,
    "GB/T 37864-2019 7.7",
    Confidence.M,
    ("kept", "storage"),
)

RULES = (HERE, IN_PLACE, OUT, SAME_DIMENSION, AS_RECORDED, COLD_ENOUGH)

# Judges


def judge_item_stored(world: World, said: Signed[ItemStored], rules: RulePack) -> Iterator[Breach]:
    """Judge a storing. What is on hold has to be kept somewhere: storing and returning it breaks no hold.

    Raises Refused: GAT-01, GAT-02, GAT-04, STK-01, STK-03, STK-02, SMP-02. Returns STK-06, STK-09, GAT-11, GAT-14.
    """
    _check_in_place(world, said, items_placed(said.body.items))
    yield from _storage(world, said, rules)


def judge_item_moved(world: World, said: Signed[ItemMoved], rules: RulePack) -> Iterator[Breach]:
    """Judge a move inside a site.

    Raises Refused: GAT-01, GAT-02, GAT-04, STK-01, STK-03, STK-02, SMP-02. Returns GAT-08, STK-06, STK-09, GAT-11,
    GAT-14.
    """
    items = items_placed(said.body.items)
    _check_in_place(world, said, items)
    yield from not_held(world, said, items)
    yield from _storage(world, said, rules)


def judge_item_checked_out(world: World, said: Signed[ItemCheckedOut], rules: RulePack) -> Iterator[Breach]:
    """Judge a check-out. Raises Refused: GAT-01, GAT-02, GAT-04, STK-01, STK-03, CON-23. Returns GAT-08, GAT-14."""
    _check_in_place(world, said, said.body.items)
    if said.body.until is not None:
        check_ahead("until", said.body.until, said)
    yield from not_held(world, said, said.body.items)
    yield from gates.persons(world, said, said.body.items, rules, Task.STORAGE)


def judge_item_returned(world: World, said: Signed[ItemReturned], rules: RulePack) -> Iterator[Breach]:
    """Judge a return.

    Raises Refused: GAT-01, GAT-02, GAT-04, STK-01, STK-04, STK-02, SMP-02. Returns STK-06, STK-09, GAT-11, GAT-14.
    """
    items = items_placed(said.body.items)
    _check_here(world, said, items)
    for one in map(world.item, items):
        if one.checked_out is None:
            raise OUT.refuse(f"{one.id} is not checked out")
    yield from _storage(world, said, rules)


def judge_stock_counted(world: World, said: Signed[StockCounted], rules: RulePack) -> Iterator[Breach]:
    """Judge a count. Raises Refused: GAT-01, GAT-04, STK-05; UNI-01 and UNI-02. Returns STK-07."""
    checks.check_known(world, [line.item for line in said.body.items])
    checks.check_site(world, said, said.body.site)
    for line in said.body.items:
        _check_unit(world, line, rules)
    differing = [line.item for line in said.body.items if differs(world.item(line.item), line, said.body.site)]
    yield from gates.about(AS_RECORDED, differing)


def _check_here(
    world: World,
    said: Signed[ItemStored] | Signed[ItemMoved] | Signed[ItemCheckedOut] | Signed[ItemReturned],
    items: Sequence[ItemId],
) -> None:
    checks.check_items(world, said, items, gone=frozenset())
    checks.check_site(world, said, said.body.site)
    for one in map(world.item, items):
        if one.site != said.body.site or one.status not in _KEPT:
            raise HERE.refuse(f"{one.id} is {one.status} and at {one.site or 'no site'}")


def _check_in_place(
    world: World, said: Signed[ItemStored] | Signed[ItemMoved] | Signed[ItemCheckedOut], items: Sequence[ItemId]
) -> None:
    _check_here(world, said, items)
    for one in map(world.item, items):
        if one.checked_out is not None:
            raise IN_PLACE.refuse(f"{one.id} is checked out by {one.checked_out}")


def _storage(
    world: World, said: Signed[ItemStored] | Signed[ItemMoved] | Signed[ItemReturned], rules: RulePack
) -> Iterator[Breach]:
    body, items = said.body, items_placed(said.body.items)
    if body.storage is not None:
        rules.samples.check_condition(body.storage)
    yield from occupied(world.site(body.site), body.items, said.occurred_at)
    yield from _too_warm(world, items, body.storage, rules)
    yield from gates.site_approved(world, items, body.site)
    yield from gates.persons(world, said, items, rules, Task.STORAGE)


def _too_warm(world: World, items: Sequence[ItemId], kept: str | None, rules: RulePack) -> Iterator[Breach]:
    """Yield STK-09 for each condition that some of the items are to be kept under and that is colder."""
    asked = {item: {one.sample.storage for one in described(world, item)} - {None} for item in items}
    for storage in sorted({one for some in asked.values() for one in some if one is not None}):
        if kept is not None and rules.samples.is_warmer(kept, storage):
            concerned = [item for item, some in asked.items() if storage in some]
            yield COLD_ENOUGH.breach(concerned, kept=kept, storage=storage)


def _check_unit(world: World, line: Counted, rules: RulePack) -> None:
    if line.counted is None:
        return
    rules.units.check(line.counted.quantity)
    recorded = world.item(line.item).quantity
    if recorded is not None and not alike(recorded.unit, line.counted.unit):
        raise SAME_DIMENSION.refuse(f"{line.item} is recorded as {recorded}, counted in {line.counted.unit}")


def differs(item: Item, line: Counted, site: SiteId) -> bool:
    """Say whether a count at a site found an item otherwise than it is recorded: there or not, or another amount."""
    expected = item.site == site and item.checked_out is None and item.status in _KEPT
    if line.present != expected:
        return True
    return line.counted is not None and item.quantity is not None and line.counted.quantity != item.quantity


# Effects


def item_stored(item: Item, event: Event[ItemStored] | Event[ItemMoved] | Event[ItemReturned]) -> Item:
    """Return the item in its position, no longer checked out."""
    body = event.said.body
    for line in body.items:
        if line.item == item.id:
            return replace(item, site=body.site, place=line.place, checked_out=None, kept=body.storage)
    return item


def item_restored(item: Item, event: Event[ItemMoved] | Event[ItemReturned]) -> Item:
    """Return the item in its new position, no longer checked out, and thawed on the way if it was."""
    after = item_stored(item, event)
    return item if after is item else thawed(after, event.said)


def item_checked_out(item: Item, event: Event[ItemCheckedOut]) -> Item:
    """Return the item out of its position, with the party that has it out."""
    if item.id not in event.said.body.items:
        return item
    return replace(item, place=None, checked_out=event.said.party, kept=None)


def site_stored(site: Site, event: Event[ItemStored] | Event[ItemMoved] | Event[ItemReturned]) -> Site:
    """Return the site with the items in their positions."""
    body = event.said.body
    return filled(site, body.items, event.said.occurred_at) if site.id == body.site else site
