"""Taking from items: amounts as bodies name them, what can be taken, and what is left.

Exact decimals of one dimension: what is taken is written off in the unit of the item. The pure arithmetic of every
statement that takes something from an item, so that nothing is ever less than nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Amount, Body, ItemRef
from ledger.domain.judging import World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.subjects import Item, ItemStatus
from ledger.quantity import Quantity, alike, is_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId

# Bodies


class Portion(Body, frozen=True):
    """An amount taken from an item, in a unit of the dimension in which its quantity is recorded."""

    item: ItemRef
    quantity: Amount


Portions = Annotated[tuple[Portion, ...], Meta(min_length=1, max_length=400, description="At least one portion.")]

# Rules

UNIT = Rule("PRT-01", "An amount is of the dimension in which the item's quantity is recorded.", Answer.REFUSAL)
ENOUGH = Rule("PRT-02", "No more is taken from an item than it holds.", Answer.REFUSAL)
SOME = Rule(
    "PRT-04", "What is approved, declared, listed, sampled, destroyed or made is more than nothing.", Answer.REFUSAL
)
MEASURED = Rule(
    "PRT-03",
    "What is taken, and what it is taken from, is of known quantity.",
    Answer.BREACH,
    parameters=("unmeasured",),
)

WRITTEN = Rule("PRT-05", "In the unit of the item, an amount has at most nine digits after the point.", Answer.REFUSAL)

RULES = (UNIT, ENOUGH, MEASURED, SOME, WRITTEN)

# Judging amounts


def amounts(portions: Iterable[Portion]) -> list[tuple[ItemId, Quantity]]:
    """Return what is taken from each item, as exact quantities in the statement's order."""
    return [(portion.item, portion.quantity.quantity) for portion in portions]


def check_some(amount: Quantity) -> None:
    """Check that an amount is more than zero. Raises Refused: PRT-04."""
    if amount.value <= 0:
        raise SOME.refuse(f"{amount} is nothing")


def check_portion(world: World, item: ItemId, amount: Quantity, rules: RulePack) -> None:
    """Check that something can be taken from an item.

    Raises Refused: UNI-01, UNI-02, PRT-01, PRT-05, PRT-02, PRT-04.
    """
    check_taken(world, item, amount, rules)
    check_some(amount)


def check_taken(world: World, item: ItemId, amount: Quantity, rules: RulePack) -> None:
    """Check that an amount, be it zero, can be taken from an item.

    Raises Refused: UNI-01, UNI-02, PRT-01, PRT-05, PRT-02.
    """
    check_unit(world, item, amount, rules)
    held = world.item(item).quantity
    if held is not None and amount > held:
        raise ENOUGH.refuse(f"{item} holds {held}, less than {amount}")


def check_unit(world: World, item: ItemId, amount: Quantity, rules: RulePack) -> None:
    """Check that an amount is of the dimension of an item's recorded quantity, and exact in its unit; else of any.

    Raises Refused: UNI-01, UNI-02, PRT-01, PRT-05.
    """
    rules.units.check(amount)
    held = world.item(item).quantity
    if held is None:
        return
    if not alike(held.unit, amount.unit):
        raise UNIT.refuse(f"{item} is recorded in {held.unit}, not in {amount.unit}")
    if amount.unit != held.unit and not is_written((counted := amount.into(held.unit)).value):
        raise WRITTEN.refuse(f"{amount} is {counted}")


def as_recorded(item: Item, amount: Quantity) -> Quantity:
    """Return an amount in the unit in which an item's quantity is recorded, if it is of its dimension."""
    held = item.quantity
    return amount.into(held.unit) if held is not None and alike(held.unit, amount.unit) else amount


def measured(world: World, taken: Iterable[tuple[ItemId, Quantity | None]]) -> Iterator[Breach]:
    """Yield PRT-03 for each item of which nobody measured what is taken, or stated what it holds."""
    for item, amount in taken:
        if amount is None:
            yield MEASURED.breach((item,), unmeasured="taken")
        elif world.item(item).quantity is None:
            yield MEASURED.breach((item,), unmeasured="held")


# Effects


def less(item: Item, taken: Quantity | None) -> Item:
    """Return an item after some of it was taken; of nothing left, it is depleted.

    taken: None when nobody measured it; what is left is then unknown, as it is after an amount of another dimension.
    """
    rest = None
    if taken is not None and item.quantity is not None and alike(item.quantity.unit, taken.unit):
        rest = item.quantity - taken
    status = ItemStatus.DEPLETED if rest is not None and rest.value <= 0 else item.status
    return replace(item, quantity=rest, status=status, worked=True)


def taken_from(item: Item, portions: Iterable[Portion]) -> Item:
    """Return an item after the portions of it among some were taken."""
    for name, amount in amounts(portions):
        if name == item.id:
            item = less(item, amount)
    return item
