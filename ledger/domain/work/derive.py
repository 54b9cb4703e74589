"""Making items from items: aliquots, derivatives, pools and cultures.

A child comes into being with the statement that names it. What its parents came in under, and what holds them, it has
through its lineage: nothing of that is copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.conditions import Thawed
from ledger.domain.bodies.vocabulary import Amount, Body, ItemRef, SiteRef
from ledger.domain.codes import Derivation
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.border import Consignment
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Item, ItemStatus
from ledger.domain.work.description import thawed
from ledger.domain.work.gates import work
from ledger.domain.work.making import (
    Child,
    Children,
    Output,
    Outputs,
    check_making,
    check_outputs,
    labelled,
    labelled_at,
    made_of,
)
from ledger.domain.work.permitted import holder_alone
from ledger.domain.work.portions import (
    Portion,
    Portions,
    amounts,
    as_recorded,
    check_portion,
    check_taken,
    measured,
    taken_from,
)
from ledger.quantity import Quantity, alike
from ledger.reference.activities import Activity, Material

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.breach import Breach
    from ledger.ids import ItemId

# Bodies

Passage = Annotated[int, Meta(ge=1, le=10_000, description="How often the strain was passed on since its isolation.")]


class ItemAliquoted(Body, frozen=True):
    """A laboratory divides an item into new ones: children + residual + loss are what it held.

    residual: what stays in the parent's container.
    loss: what clung to pipettes and walls.
    """

    parent: ItemRef
    laboratory: SiteRef
    children: Children
    residual: Amount
    loss: Amount
    thawed: Thawed | None = None


class ItemDerived(Body, frozen=True):
    """A laboratory makes new material from items, such as DNA from blood; the inputs are consumed as stated."""

    inputs: Portions
    laboratory: SiteRef
    outputs: Outputs
    method: Derivation
    thawed: Thawed | None = None


class ItemPooled(Body, frozen=True):
    """A laboratory joins parts of items into one: the inputs are the output and the loss."""

    inputs: Annotated[tuple[Portion, ...], Meta(min_length=2, max_length=400, description="At least two portions.")]
    laboratory: SiteRef
    output: Child
    loss: Amount
    thawed: Thawed | None = None


class ItemPropagated(Body, frozen=True):
    """A laboratory grows a culture from an item: there is more after it than before, outside the mass balance."""

    seed: Portion
    laboratory: SiteRef
    passage: Passage
    outputs: Outputs
    thawed: Thawed | None = None


# Rules

BALANCE = Rule("DER-01", "What is divided or joined, and what of it is lost, is as much as before.", Answer.REFUSAL)
ONE_DIMENSION = Rule("DER-02", "What is divided or joined is of one dimension.", Answer.REFUSAL)
COMMON_PURPOSE = Rule(
    "DER-03",
    "What is pooled came in for a purpose that all its approvals share.",
    Answer.BREACH,
    "Order 160 Art. 23",
    Confidence.M,
)

RULES = (BALANCE, ONE_DIMENSION, COMMON_PURPOSE)

# Judges


def judge_item_aliquoted(world: World, said: Signed[ItemAliquoted], rules: RulePack) -> Iterator[Breach]:
    """Judge an aliquoting.

    Raises Refused: GAT-01 to GAT-04; MAK-01, MAK-02, PRT-04; UNI-01, UNI-02, PRT-01, PRT-05, PRT-02; DER-02, DER-01.
    Returns GAT-05 to GAT-14, OWN-02, PRT-03, in this order.
    """
    body, parents = said.body, (said.body.parent,)
    check_making(world, said, parents, body.children)
    parts = [one.quantity.quantity for one in body.children] + [body.residual.quantity, body.loss.quantity]
    for part in parts:
        check_taken(world, body.parent, part, rules)
    total, held = _sum(parts), world.item(body.parent).quantity
    if held is not None and total != held:
        raise BALANCE.refuse(f"{body.parent} holds {held}; children, residual and loss are {total}")
    yield from work(world, said, parents, body.laboratory, rules)
    yield from holder_alone(world, parents, said.party)
    yield from measured(world, [(body.parent, total)])


def judge_item_derived(world: World, said: Signed[ItemDerived], rules: RulePack) -> Iterator[Breach]:
    """Judge a derivation.

    Raises Refused: GAT-01 to GAT-04; MAK-01, MAK-02, PRT-04; UNI-01, UNI-02, PRT-01, PRT-05, PRT-02; SMP-01, SMP-02.
    Returns GAT-05 to GAT-14, OWN-02, PRT-03, in this order.
    """
    body = said.body
    parents = _check_inputs(world, said, body.inputs, body.outputs, rules)
    check_outputs(body.outputs, rules)
    yield from work(world, said, parents, body.laboratory, rules)
    yield from holder_alone(world, parents, said.party)
    yield from measured(world, amounts(body.inputs))


def judge_item_pooled(world: World, said: Signed[ItemPooled], rules: RulePack) -> Iterator[Breach]:
    """Judge a pooling.

    Raises Refused: GAT-01 to GAT-04; MAK-01, MAK-02, PRT-04; UNI-01, UNI-02, PRT-01, PRT-05, PRT-02; DER-02, DER-01.
    Returns GAT-05 to GAT-14, OWN-02, PRT-03, DER-03, in this order.
    """
    body = said.body
    parents = _check_inputs(world, said, body.inputs, (body.output,), rules)
    joined = [amount for _, amount in amounts(body.inputs)]
    result = [body.output.quantity.quantity, body.loss.quantity]
    for amount in result:
        rules.units.check(amount)
    _sum([*joined, *result])
    if _sum(joined) != _sum(result):
        raise BALANCE.refuse(f"the inputs are {_sum(joined)}; output and loss are {_sum(result)}")
    yield from work(world, said, parents, body.laboratory, rules)
    yield from holder_alone(world, parents, said.party)
    yield from measured(world, amounts(body.inputs))
    approvals = [approval for approval in world.approvals_of(parents) if approval.purposes]
    if approvals and not frozenset.intersection(*(approval.purposes for approval in approvals)):
        yield COMMON_PURPOSE.breach((*parents, body.output.item, *(approval.id for approval in approvals)))


def judge_item_propagated(world: World, said: Signed[ItemPropagated], rules: RulePack) -> Iterator[Breach]:
    """Judge a propagation.

    Raises Refused: GAT-01 to GAT-04; MAK-01, MAK-02, PRT-04; UNI-01, UNI-02, PRT-01, PRT-05, PRT-02; SMP-01, SMP-02.
    Returns GAT-05 to GAT-14 for work with culture, OWN-02, PRT-03, in this order.
    """
    body = said.body
    parents = _check_inputs(world, said, (body.seed,), body.outputs, rules)
    check_outputs(body.outputs, rules)
    yield from work(world, said, parents, body.laboratory, rules, activity=Activity.CULTURE)
    yield from holder_alone(world, parents, said.party)
    yield from measured(world, amounts((body.seed,)))


def _check_inputs(
    world: World,
    said: Signed[Any],
    inputs: Collection[Portion],
    made: Collection[Child | Output],
    rules: RulePack,
) -> tuple[ItemId, ...]:
    parents = tuple(portion.item for portion in inputs)
    check_making(world, said, parents, made)
    for item, amount in amounts(inputs):
        check_portion(world, item, amount, rules)
    return parents


def _sum(parts: Collection[Quantity]) -> Quantity:
    first, *others = parts
    total = first
    for part in others:
        if not alike(part.unit, first.unit):
            raise ONE_DIMENSION.refuse(f"{part} and {first} are of different dimensions")
        total += part
    return total


# Effects


def item_aliquoted(item: Item, event: Event[ItemAliquoted]) -> Item:
    """Return the parent with its residual, or a child as made."""
    body = event.said.body
    if item.id == body.parent:
        return thawed(_divided(item, body), event.said)
    return made_of(item, event, (body.parent,), body.children)


def item_derived(item: Item, event: Event[ItemDerived]) -> Item:
    """Return an input with less in it, or an output as made."""
    body = event.said.body
    parents = tuple(portion.item for portion in body.inputs)
    return made_of(_input(item, event, body.inputs), event, parents, body.outputs)


def item_pooled(item: Item, event: Event[ItemPooled]) -> Item:
    """Return an input with less in it, or the output as made."""
    body = event.said.body
    parents = tuple(portion.item for portion in body.inputs)
    return made_of(_input(item, event, body.inputs), event, parents, (body.output,))


def item_propagated(item: Item, event: Event[ItemPropagated]) -> Item:
    """Return the seed with less in it, or a culture as made."""
    body = event.said.body
    return made_of(_input(item, event, (body.seed,)), event, (body.seed.item,), body.outputs, Material.CULTURE)


def aliquots_at(site: Site, event: Event[ItemAliquoted]) -> Site:
    """Return the laboratory with the children's labels."""
    return labelled_at(site, event, event.said.body.children)


def outputs_at(site: Site, event: Event[ItemDerived] | Event[ItemPropagated]) -> Site:
    """Return the laboratory with the outputs' labels."""
    return labelled_at(site, event, event.said.body.outputs)


def pool_at(site: Site, event: Event[ItemPooled]) -> Site:
    """Return the laboratory with the pool's label."""
    return labelled_at(site, event, (event.said.body.output,))


def aliquots_labelled(consignment: Consignment, event: Event[ItemAliquoted]) -> Consignment:
    """Return the consignment that the parent came in with, with the children's labels."""
    return labelled(consignment, event.said.body.children)


def outputs_labelled(consignment: Consignment, event: Event[ItemDerived] | Event[ItemPropagated]) -> Consignment:
    """Return a consignment that some input came in with, with the outputs' labels."""
    return labelled(consignment, event.said.body.outputs)


def pool_labelled(consignment: Consignment, event: Event[ItemPooled]) -> Consignment:
    """Return a consignment that some input came in with, with the pool's label."""
    return labelled(consignment, (event.said.body.output,))


def _input(item: Item, event: Event[Any], inputs: Collection[Portion]) -> Item:
    """Return an item with its portions taken, and thawed for it if it was; any other as it is."""
    after = taken_from(item, inputs)
    return thawed(after, event.said) if any(portion.item == item.id for portion in inputs) else after


def _divided(item: Item, body: ItemAliquoted) -> Item:
    """Return the parent with the residual that the signers stated.

    A record that is corrected later gives it back nothing that they did not see in it. Where the corrected record
    holds less than came out of it, that stands: less than nothing, which no correction may leave (COR-06).
    """
    most = item.quantity
    for part in (*(one.quantity for one in body.children), body.loss):
        amount = part.quantity
        most = most - amount if most is not None and alike(most.unit, amount.unit) else None
    rest = as_recorded(item, body.residual.quantity)
    if most is not None and rest > most:
        rest = most
    status = ItemStatus.DEPLETED if rest.value <= 0 else item.status
    return replace(item, quantity=rest, status=status, worked=True)
