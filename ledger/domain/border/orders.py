"""Orders of an authority to return or destroy items; what is done about them is in ``executions``.

An order is a case: it holds its items until it is carried out. It reaches what was made from a consignment as well as
what came in, because both can be of a withdrawn approval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, CaseRef, ConsignmentRef, Instant, Items, Number, Reference
from ledger.domain.border.consignments import announced
from ledger.domain.cases import check_new, opened
from ledger.domain.codes import OrderGround
from ledger.domain.connection import check_connected
from ledger.domain.dating import check_ahead
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import RulePack
from ledger.domain.states.border import Consignment
from ledger.domain.states.subjects import Case, Item
from ledger.domain.work.checks import OVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.ids import ItemId

RETURN: Final = "return"
DESTRUCTION: Final = "destruction"

# Bodies


class ReturnOrdered(Body, frozen=True):
    """An authority orders items to be returned; from here on they are held.

    notice_number: of the quarantine treatment notice.
    due: the last instant for it.
    """

    case: CaseRef
    consignment: ConsignmentRef
    items: Items
    notice_number: Number
    ground: OrderGround
    due: Instant
    reference: Reference | None = None


class DestructionOrdered(Body, frozen=True):
    """An authority orders items to be destroyed; from here on they are held.

    notice_number: of the quarantine treatment notice.
    due: the last instant for it.
    """

    case: CaseRef
    consignment: ConsignmentRef
    items: Items
    notice_number: Number
    ground: OrderGround
    due: Instant
    reference: Reference | None = None


# Rules

CASE_NEW = Rule("ORD-01", "An order opens a case of its own.", Answer.REFUSAL)
SPEAKER = Rule(
    "ORD-02",
    "Of an order speak authorities, the parties of the consignment and whoever has the items.",
    Answer.REFUSAL,
)
OF_CONSIGNMENT = Rule(
    "ORD-03", "An order names items that came in with the consignment or were made from such.", Answer.REFUSAL
)
ORDERABLE = Rule("ORD-04", "What is ordered is still there and under no other order.", Answer.REFUSAL)

RULES = (CASE_NEW, SPEAKER, OF_CONSIGNMENT, ORDERABLE)

# Judges


def judge_ordered(
    world: World, said: Signed[ReturnOrdered] | Signed[DestructionOrdered], rules: RulePack
) -> Iterator[Breach]:
    """Judge an order to return or destroy. Raises Refused: CON-10, ORD-02, ORD-01, ORD-03, ORD-04, CON-23."""
    body = said.body
    consignment = announced(world, body.consignment)
    check_speaker(world, said, said.body.items, consignment)
    check_new(world, body.case, CASE_NEW)
    seen: set[ItemId] = set()
    for item in map(world.item, body.items):
        if item.id in seen or consignment.id not in [one.id for one in world.consignments_of([item.id])]:
            raise OF_CONSIGNMENT.refuse(f"{item.id} did not come in with {consignment.id}, or is named twice")
        seen.add(item.id)
        if item.ordered is not None or item.status in OVER:
            raise ORDERABLE.refuse(f"{item.id} is {f'under {item.ordered}' if item.ordered else item.status}")
    check_ahead("due", body.due, said)
    yield from ()


def check_speaker(world: World, said: Signed[Any], items: Iterable[ItemId], consignment: Consignment) -> None:
    """Check that whoever is no authority is a party of the consignment or has some of the items.

    Raises Refused: ORD-02.
    """
    holders = {world.item(item).custodian for item in items}
    check_connected(said, consignment.connected | holders, SPEAKER, consignment.id)


# Effects


def return_ordered(case: Case, event: Event[ReturnOrdered]) -> Case:
    """Return the case as an order to return its items."""
    return _opened(case, event, RETURN)


def destruction_ordered(case: Case, event: Event[DestructionOrdered]) -> Case:
    """Return the case as an order to destroy its items."""
    return _opened(case, event, DESTRUCTION)


def item_ordered(item: Item, event: Event[ReturnOrdered] | Event[DestructionOrdered]) -> Item:
    """Return the item as ordered away, and held by the order."""
    body = event.said.body
    return replace(item, ordered=body.case, holds=item.holds | {body.case}) if item.id in body.items else item


def consignment_ordered(
    consignment: Consignment, event: Event[ReturnOrdered] | Event[DestructionOrdered]
) -> Consignment:
    """Return the consignment with its newest order."""
    body = event.said.body
    return replace(consignment, ordered=body.case) if consignment.id == body.consignment else consignment


def _opened(case: Case, event: Event[ReturnOrdered] | Event[DestructionOrdered], matter: str) -> Case:
    body, new = event.said.body, opened(case, event, matter)
    return case if new is case else replace(new, consignment=body.consignment, due=body.due)
