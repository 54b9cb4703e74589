"""The items of a consignment: every container with an id, the label on it and, where stated, its quantity.

An item exists from here on; whether it has been released, received or used is told by others.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace
from rpds import HashTrieMap

from ledger.domain.bodies.printed import name_key
from ledger.domain.bodies.vocabulary import Amount, ApprovalRef, Body, ConsignmentRef, ItemRef, LineNo, Number
from ledger.domain.border.consignments import announced, check_lines
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.border import Consignment
from ledger.domain.states.subjects import Item, Origin
from ledger.domain.work.description import Described, check_described, sample_of
from ledger.domain.work.portions import check_some
from ledger.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.ids import ApprovalId

# Bodies


class ListedItem(Described, frozen=True, kw_only=True):
    """One labelled container, and what is known of what is in it; what nobody has stated is left out."""

    item: ItemRef
    label: Number
    quantity: Amount | None = None
    lot: Number | None = None


class ItemListed(Body, frozen=True):
    """The single containers of a consignment's line are listed, each with an id and the label on it."""

    consignment: ConsignmentRef
    approval: ApprovalRef
    line: LineNo
    items: Annotated[tuple[ListedItem, ...], Meta(min_length=1, max_length=900)]


# Rules

ITEM_NEW = Rule("CON-11", "An item is listed once.", Answer.REFUSAL)
LABEL_NEW = Rule("CON-12", "Within a consignment each label is on one item.", Answer.REFUSAL)
LISTER = Rule("CON-14", "Items are listed by the applicant, the broker or the consignee.", Answer.REFUSAL)
AS_ANNOUNCED = Rule(
    "CON-15",
    "No more is listed of a line than was announced of it.",
    Answer.BREACH,
    "Order 160 Art. 26",
    Confidence.M,
    ("announced", "approval", "line", "listed"),
)

RULES = (ITEM_NEW, LABEL_NEW, LISTER, AS_ANNOUNCED)

# Judge


def judge_item_listed(world: World, said: Signed[ItemListed], rules: RulePack) -> Iterator[Breach]:
    """Judge a list of items.

    Raises Refused: CON-10, CON-14, CON-13, CON-11, CON-12; SMP-01 to SMP-04 and CON-22 for what they are; UNI-01,
    UNI-02, PRT-04 for quantities.
    Returns CON-15.
    """
    body = said.body
    consignment = announced(world, body.consignment)
    listers = (consignment.applicant, consignment.broker, consignment.consignee)
    check_connected(said, listers, LISTER, consignment.id)
    check_lines(consignment, ((body.approval, body.line),))
    check_listed(world, said, rules)
    yield from _beyond_announced(world, consignment, body)


def check_listed(world: World, said: Signed[Any], rules: RulePack) -> None:
    """Check the items that a statement lists of a consignment, their labels, and what they are said to be.

    Raises Refused: CON-11, CON-12; SMP-01 to SMP-04 and CON-22 for what they are; UNI-01, UNI-02, PRT-04 for
    quantities.
    """
    consignment = world.consignment(said.body.consignment)
    seen: set[str] = set()
    labels: set[str] = set()
    for listed in said.body.items:
        if world.item(listed.item).known or listed.item in seen:
            raise ITEM_NEW.refuse(f"{listed.item} is listed already")
        label = name_key(listed.label)
        if label in consignment.labels or label in labels:
            raise LABEL_NEW.refuse(f"the label {listed.label} is on another item of {consignment.id}")
        check_described(listed, said, rules)
        seen.add(listed.item)
        labels.add(label)
        if listed.quantity is not None:
            rules.units.check(listed.quantity.quantity)
            check_some(listed.quantity.quantity)


def _beyond_announced(world: World, consignment: Consignment, body: ItemListed) -> Iterator[Breach]:
    # What is listed in a unit that nobody can count in the approved one stays uncounted: it is unknown, not nothing.
    line = world.approval(body.approval).lines.get(body.line)
    announced_amount = consignment.lines[body.approval, body.line]
    most = None if line is None else line.counted(announced_amount)
    if line is None or most is None:
        return
    counted = Decimal(0)
    for (approval, number, unit), value in _with_listed(consignment, body).items():
        if (approval, number) == (body.approval, body.line):
            counted += line.counted(Quantity(value, unit)) or Decimal(0)
    if counted > most:
        yield AS_ANNOUNCED.breach(
            (consignment.id, body.approval),
            approval=body.approval,
            line=body.line,
            listed=Quantity(counted, line.approved.unit),
            announced=announced_amount,
        )


def _with_listed(consignment: Consignment, body: ItemListed) -> HashTrieMap[tuple[ApprovalId, int, str], Decimal]:
    """Return a consignment's listed quantities with those of a further list."""
    totals = consignment.listed
    for one in body.items:
        if one.quantity is not None:
            key = (body.approval, body.line, one.quantity.unit)
            totals = totals.insert(key, totals.get(key, Decimal(0)) + one.quantity.quantity.value)
    return totals


# Effects


def item_listed(item: Item, event: Event[ItemListed]) -> Item:
    """Return the item as expected with the consignment."""
    body = event.said.body
    for listed in body.items:
        if listed.item == item.id:
            return Item(
                id=item.id,
                known=True,
                consignment=body.consignment,
                approval=body.approval,
                line=body.line,
                origin=Origin.CONSIGNMENT,
                label=listed.label,
                lot=listed.lot,
                quantity=None if listed.quantity is None else listed.quantity.quantity,
                sample=sample_of(listed),
            )
    return item


def consignment_items_listed(consignment: Consignment, event: Event[ItemListed]) -> Consignment:
    """Return the consignment with the items and their labels."""
    body = event.said.body
    if consignment.id != body.consignment:
        return consignment
    return replace(
        consignment,
        listed=_with_listed(consignment, body),
        items=consignment.items.update(listed.item for listed in body.items),
        labels=consignment.labels.update((name_key(listed.label), listed.item) for listed in body.items),
    )
