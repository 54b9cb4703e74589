"""New items: their bodies, their ids and labels, and how they come into being.

Shared by the statements that make items of items. What a new item's parents came in under, and what holds them, it has
through its lineage: nothing of that is copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.conditions import SampleType, StorageCondition
from ledger.domain.bodies.printed import name_key
from ledger.domain.bodies.vocabulary import Amount, Body, ItemRef, Number
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.border import Consignment
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Item, ItemStatus, Sample
from ledger.domain.work.checks import check_items, check_site
from ledger.domain.work.portions import check_some

if TYPE_CHECKING:
    from collections.abc import Collection

    from rpds import HashTrieMap

    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId, SiteId
    from ledger.reference.activities import Material

# Bodies


class Child(Body, frozen=True):
    """A new item that holds part of another, in a unit of its dimension; label: what is printed on its container."""

    item: ItemRef
    quantity: Amount
    label: Number | None = None


class Output(Body, frozen=True):
    """A new item of new material.

    quantity: left out when nobody measured it.
    storage: how it is to be kept.
    """

    item: ItemRef
    type: SampleType
    quantity: Amount | None = None
    label: Number | None = None
    storage: StorageCondition | None = None


Children = Annotated[tuple[Child, ...], Meta(min_length=1, max_length=400, description="At least one new item.")]
Outputs = Annotated[tuple[Output, ...], Meta(min_length=1, max_length=400, description="At least one new item.")]

# Rules

CHILD_NEW = Rule("MAK-01", "A new item has an id that no item bears.", Answer.REFUSAL)
LABEL_NEW = Rule(
    "MAK-02",
    "No two items that came of one consignment bear the same label; of what came with none, no two of one site.",
    Answer.REFUSAL,
)

RULES = (CHILD_NEW, LABEL_NEW)

# Judging


def check_making(
    world: World, said: Signed[Any], parents: tuple[ItemId, ...], made: Collection[Child | Output]
) -> None:
    """Check that items can be made of parents: the signer's own, in its own laboratory, under new ids and labels.

    Raises Refused: GAT-01 to GAT-04, MAK-01, PRT-04, MAK-02.
    """
    check_items(world, said, parents)
    check_site(world, said, said.body.laboratory)
    new = [one.item for one in made]
    for child in new:
        if world.item(child).known or new.count(child) > 1:
            raise CHILD_NEW.refuse(f"{child} is an item already")
    for one in made:
        if one.quantity is not None:
            check_some(one.quantity.quantity)
    _check_labels(borne_by(world, parents, said.body.laboratory), [one.label for one in made if one.label is not None])


def borne_by(world: World, items: Collection[ItemId], site: SiteId | None) -> list[HashTrieMap[str, ItemId]]:
    """Return the labels among which a label of an item is to be new: its consignments', or else those of its site."""
    borne = [goods.labels for goods in world.consignments_of(items)]
    if site is not None and any(root.consignment is None for item in items for root in world.roots(item)):
        borne.append(world.site(site).labels)
    return borne


def _check_labels(borne: list[HashTrieMap[str, ItemId]], labels: list[str]) -> None:
    keys = [name_key(label) for label in labels]
    for label, key in zip(labels, keys, strict=True):
        if keys.count(key) > 1 or any(key in known for known in borne):
            raise LABEL_NEW.refuse(f'an item is labelled "{label}" already')


def check_outputs(outputs: Collection[Output], rules: RulePack) -> None:
    """Check what new material is, and its units. Raises Refused: SMP-01, SMP-02, UNI-01, UNI-02."""
    for output in outputs:
        rules.samples.check_type(output.type)
        if output.storage is not None:
            rules.samples.check_condition(output.storage)
        if output.quantity is not None:
            rules.units.check(output.quantity.quantity)


# Effects


def labelled_at(site: Site, event: Event[Any], made: Collection[Child | Output]) -> Site:
    """Return a laboratory with the labels of what was made in it."""
    if site.id != event.said.body.laboratory:
        return site
    return replace(site, labels=site.labels.update((name_key(one.label), one.item) for one in made if one.label))


def labelled(consignment: Consignment, made: Collection[Child | Output]) -> Consignment:
    """Return a consignment with the labels of items made of what came in with it."""
    labels = consignment.labels
    for one in made:
        if one.label is not None:
            labels = labels.insert(name_key(one.label), one.item)
    return replace(consignment, labels=labels)


def made_of(
    item: Item,
    event: Event[Any],
    parents: tuple[ItemId, ...],
    made: Collection[Child | Output],
    material: Material | None = None,
) -> Item:
    """Return the item as made, if it is one of those made; the item as it is if not.

    material: the state that the making itself gives to the material; None: its parents' counts.
    """
    for one in made:
        if one.item == item.id:
            return Item(
                id=item.id,
                known=True,
                parents=parents,
                status=ItemStatus.RECEIVED,
                label=one.label,
                quantity=None if one.quantity is None else one.quantity.quantity,
                custodian=event.said.party,
                site=event.said.body.laboratory,
                material=None if material is None else material.value,
                made_at=event.said.occurred_at,
                sample=Sample(type=one.type, storage=one.storage) if isinstance(one, Output) else Sample(),
            )
    return item
