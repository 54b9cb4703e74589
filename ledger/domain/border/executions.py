"""Orders carried out: items leave the country again or are destroyed, and each leaves its order.

What a return before the release gives back to the approval is stated with it; nothing else reverses a balance.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.approval.balance import LineQuantity, approved_amounts, freed, with_amounts
from ledger.domain.bodies.vocabulary import Body, CaseRef, ConsignmentRef, Digest, Items, Number, SiteRef
from ledger.domain.border.consignments import announced, check_lines
from ledger.domain.border.orders import DESTRUCTION, RETURN, check_speaker
from ledger.domain.custody.positions import check_leaves
from ledger.domain.ending.disposal import Method, listed_method
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.border import Approval, Consignment, ConsignmentStatus
from ledger.domain.states.subjects import Case, CaseStatus, Item, ItemStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.ids import ItemId

# Bodies


class ReturnExecuted(Body, frozen=True):
    """Ordered items have left the country.

    freed: what the return gives back of the amounts that the declaration set aside for items not released.
    evidence: SHA-256 of the document that shows it.
    site: where they stand in storage positions, which become free; left out of items that stand in none.
    """

    case: CaseRef
    consignment: ConsignmentRef
    items: Items
    evidence: Digest
    freed: Annotated[tuple[LineQuantity, ...], Meta(max_length=400)] = ()
    export_declaration: Number | None = None
    site: SiteRef | None = None


class DestructionExecuted(Body, frozen=True):
    """Ordered items are destroyed: one person does it and another one witnesses it.

    evidence: SHA-256 of the document that shows it.
    site: where they stand in storage positions, which become free; left out of items that stand in none.
    """

    case: CaseRef
    consignment: ConsignmentRef
    items: Items
    method: Method
    evidence: Digest
    site: SiteRef | None = None


# Rules

ORDER_STANDS = Rule(
    "ORD-10", "A return or destruction carries out an order of the same kind on the same consignment.", Answer.REFUSAL
)
ORDERED_ITEMS = Rule("ORD-11", "Only items of the order are returned or destroyed, each once.", Answer.REFUSAL)
FREES_RESERVED = Rule(
    "ORD-12",
    "A return frees at most what is reserved on the lines of its items, and only before their release.",
    Answer.REFUSAL,
)
IN_TIME = Rule(
    "ORD-13", "An order is carried out by its date.", Answer.BREACH, "Order 160 Art. 22", Confidence.M, ("due",)
)
WITNESSED = Rule(
    "ORD-14",
    "A destruction is performed by one person and witnessed by another.",
    Answer.BREACH,
    "WS 233-2017 7.3.11",
    Confidence.V,
)


RULES = (ORDER_STANDS, ORDERED_ITEMS, FREES_RESERVED, IN_TIME, WITNESSED)

# Judges


def judge_return_executed(world: World, said: Signed[ReturnExecuted], rules: RulePack) -> Iterator[Breach]:
    """Judge a return.

    Raises Refused: CON-10, ORD-02, ORD-10, ORD-11, STK-08; BAL-01 to BAL-04, PRT-04, UNI-01, UNI-02 for what it frees;
    CON-13, ORD-12.
    Returns ORD-13.
    """
    consignment = announced(world, said.body.consignment)
    case = _order(world, said, consignment, RETURN)
    _check_freed(world, said.body, consignment, rules)
    yield from _late(case, said)


def judge_destruction_executed(world: World, said: Signed[DestructionExecuted], rules: RulePack) -> Iterator[Breach]:
    """Judge a destruction. Raises Refused: CON-10, ORD-02, ORD-10, ORD-11, STK-08.

    Returns ORD-13, ORD-14, DSP-05.
    """
    consignment = announced(world, said.body.consignment)
    case = _order(world, said, consignment, DESTRUCTION)
    yield from _late(case, said)
    if not said.witnessed:
        yield WITNESSED.breach((case.id, *said.body.items))
    yield from listed_method(world, said.body.items, said.body.method, rules)


def _order(
    world: World, said: Signed[ReturnExecuted] | Signed[DestructionExecuted], consignment: Consignment, matter: str
) -> Case:
    check_speaker(world, said, said.body.items, consignment)
    case = world.case(said.body.case)
    if not case.known or case.matter != matter or case.consignment != consignment.id:
        raise ORDER_STANDS.refuse(f"{case.id} is not an order of {matter} on {consignment.id}")
    seen: set[ItemId] = set()
    for item in said.body.items:
        if item not in case.items or item in case.done or item in seen:
            raise ORDERED_ITEMS.refuse(f"{item} is not, or no longer, to be dealt with under {case.id}")
        seen.add(item)
    check_leaves(world, said.body.items, said.body.site)
    return case


def _check_freed(world: World, body: ReturnExecuted, consignment: Consignment, rules: RulePack) -> None:
    amounts = approved_amounts(world, body.freed, rules)
    check_lines(consignment, amounts)
    unreleased = {(item.approval, item.line) for item in map(world.item, body.items) if not item.released}
    for (approval, number), amount in amounts.items():
        reserved = world.approval(approval).lines[number].reserved.get(consignment.id, Decimal(0))
        if (approval, number) not in unreleased or amount.value > reserved:
            raise FREES_RESERVED.refuse(f"{amount} of {approval} line {number} is not reserved for the items returned")


def _late(case: Case, said: Signed[ReturnExecuted] | Signed[DestructionExecuted]) -> Iterator[Breach]:
    if case.due is not None and said.occurred_at > case.due:
        yield IN_TIME.breach((case.id, *said.body.items), due=case.due)


# Effects


def order_executed(case: Case, event: Event[ReturnExecuted] | Event[DestructionExecuted]) -> Case:
    """Return the case with these items dealt with; with all of them it is executed."""
    body = event.said.body
    if case.id != body.case:
        return case
    done = case.done | case.items.intersection(body.items)
    return replace(case, done=done, status=CaseStatus.EXECUTED if done >= case.items else case.status)


def item_returned(item: Item, event: Event[ReturnExecuted]) -> Item:
    """Return the item as out of the country."""
    return _dealt_with(item, event, ItemStatus.RETURNED)


def item_destroyed(item: Item, event: Event[DestructionExecuted]) -> Item:
    """Return the item as destroyed."""
    return _dealt_with(item, event, ItemStatus.DISPOSED)


def consignment_returned(consignment: Consignment, event: Event[ReturnExecuted]) -> Consignment:
    """Return the consignment without these items; without any left it is returned."""
    return _emptied(consignment, event, ConsignmentStatus.RETURNED)


def consignment_destroyed(consignment: Consignment, event: Event[DestructionExecuted]) -> Consignment:
    """Return the consignment without these items; without any left it is destroyed."""
    return _emptied(consignment, event, ConsignmentStatus.DESTROYED)


def approval_freed(approval: Approval, event: Event[ReturnExecuted]) -> Approval:
    """Return the approval with what a return before release gives back.

    Only a reservation is given back. What a release has written off stays written off, whatever becomes of the goods:
    the approval has served its purpose, and a re-export has an approval of its own. Nor does a destruction give
    anything back: the goods have entered. Whether the regulation sees it so was not read; it is the stricter reading.
    """
    body = event.said.body
    return with_amounts(approval, body.freed, lambda line, amount: freed(line, body.consignment, amount))


def _dealt_with(item: Item, event: Event[ReturnExecuted] | Event[DestructionExecuted], status: ItemStatus) -> Item:
    body = event.said.body
    if item.id not in body.items:
        return item
    holds = item.holds - {body.case}
    return replace(item, status=status, ordered=None, holds=holds, place=None, checked_out=None)


def _emptied(
    consignment: Consignment, event: Event[ReturnExecuted] | Event[DestructionExecuted], status: ConsignmentStatus
) -> Consignment:
    body = event.said.body
    if consignment.id != body.consignment:
        return consignment
    gone = consignment.gone.update(item for item in body.items if item in consignment.items)
    # One that was destroyed makes it a destroyed consignment, whichever act was told or done last.
    ended = consignment.ended if consignment.ended is ConsignmentStatus.DESTROYED else status
    return replace(consignment, gone=gone, ended=ended)
