"""What officers do at the border: inspect, sample, hold and let go.

Signed by the authority, or recorded by a party of the consignment from the officers' document.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.conditions import Seal
from ledger.domain.bodies.vocabulary import Body, Code, ConsignmentRef, ItemRef, Packaging, Reference
from ledger.domain.border.consignments import advanced, announced, check_items
from ledger.domain.border.entry import CONNECTED
from ledger.domain.codes import HoldGround
from ledger.domain.connection import AUTHORITIES, by_reference, check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack, Task
from ledger.domain.states.border import Consignment, ConsignmentStatus
from ledger.domain.states.subjects import Item
from ledger.domain.work.portions import Portions, amounts, check_portion, measured, taken_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach


class InspectionResult(StrEnum):
    """What an inspection comes to; sampling and treatment leave the consignment where it is."""

    PASSED = "passed"
    FAILED = "failed"
    SAMPLING = "sampling"
    TREATMENT = "treatment"


class Compared(StrEnum):
    """What officers compare with the approval (Order 160 Art. 18)."""

    NAME = "name"
    COMPOSITION = "composition"
    LOT = "lot"
    SPECIFICATION = "specification"
    QUANTITY = "quantity"
    EXPIRY = "expiry"
    CONDITIONS = "conditions"
    COUNTRY = "country"
    MANUFACTURER = "manufacturer"


# Bodies


class ConsignmentInspected(Body, frozen=True):
    """Officers compare the goods with their documents and examine the packaging.

    mismatches: what differs from the approval; empty when all agrees.
    """

    consignment: ConsignmentRef
    result: InspectionResult
    packaging: Packaging
    mismatches: Annotated[tuple[Compared, ...], Meta(max_length=9)] = ()
    reference: Reference | None = None


class ConsignmentSampled(Body, frozen=True):
    """Officers take official samples, which leave the items for good.

    seal: of the samples' package.
    laboratory: the code of the laboratory that tests them.
    """

    consignment: ConsignmentRef
    samples: Portions
    seal: Seal | None = None
    laboratory: Code | None = None
    reference: Reference | None = None


HeldItems = Annotated[
    tuple[ItemRef, ...], Meta(max_length=900, description="Left out: the consignment as a whole, listed or not.")
]


class ConsignmentHeld(Body, frozen=True):
    """Officers hold items, or a whole consignment, on a ground: nothing of it may be moved or used."""

    consignment: ConsignmentRef
    ground: HoldGround
    items: HeldItems = ()
    reference: Reference | None = None


class ConsignmentHoldLifted(Body, frozen=True):
    """Officers lift a hold that they placed on the same ground, for the items named."""

    consignment: ConsignmentRef
    ground: HoldGround
    items: HeldItems = ()
    reference: Reference | None = None


# Rules

ITEM_OF_CONSIGNMENT = Rule(
    "BOR-03", "Officers name items of the consignment that they inspect, each once.", Answer.REFUSAL
)
OFFICERS = Rule(
    "BOR-04",
    "As many officers inspect as the rule pack asks for.",
    Answer.BREACH,
    "State Council Order 424 Art. 53",
    Confidence.V,
    ("asked", "signed"),
    lambda pack, _: pack.min_persons.get(Task.INSPECTION),
)
NOT_PASSED_DIFFERING = Rule(
    "BOR-05",
    "Goods that differ from their approval, or are not intact, do not pass the inspection.",
    Answer.BREACH,
    "Order 160 Art. 22",
    Confidence.M,
    ("differing",),
)
INSPECTED_DECLARED = Rule(
    "BOR-06", "Goods are inspected when they are declared.", Answer.BREACH, "Order 160 Art. 18", Confidence.M
)
HELD_ONCE = Rule("BOR-20", "A hold on a ground is placed once, until it is lifted.", Answer.REFUSAL)
LIFTED_HELD = Rule("BOR-21", "Only a hold that stands on that ground is lifted.", Answer.REFUSAL)

RULES = (ITEM_OF_CONSIGNMENT, OFFICERS, NOT_PASSED_DIFFERING, INSPECTED_DECLARED, HELD_ONCE, LIFTED_HELD)

# Judges


def judge_consignment_inspected(world: World, said: Signed[ConsignmentInspected], rules: RulePack) -> Iterator[Breach]:
    """Judge an inspection. Raises Refused: CON-10, CON-21. Returns BOR-04, BOR-05, BOR-06."""
    body = said.body
    consignment = _connected(world, said)
    yield from too_few_officers(said, OFFICERS, said.body.consignment, rules)
    if body.result is InspectionResult.PASSED and (body.mismatches or body.packaging is Packaging.DAMAGED):
        differing = (*body.mismatches, *(["packaging"] if body.packaging is Packaging.DAMAGED else []))
        yield NOT_PASSED_DIFFERING.breach((consignment.id,), differing=differing)
    if consignment.declared_on is None:
        yield INSPECTED_DECLARED.breach((consignment.id,))


def judge_consignment_sampled(world: World, said: Signed[ConsignmentSampled], rules: RulePack) -> Iterator[Breach]:
    """Judge official samples.

    Raises Refused: CON-10, CON-21, BOR-03; UNI-01, UNI-02, PRT-01, PRT-05, PRT-02, PRT-04 for each amount.
    Returns PRT-03.
    """
    consignment = _connected(world, said)
    taken = amounts(said.body.samples)
    check_items(consignment, (item for item, _ in taken), ITEM_OF_CONSIGNMENT)
    for item, amount in taken:
        check_portion(world, item, amount, rules)
    yield from measured(world, taken)


def judge_consignment_held(world: World, said: Signed[ConsignmentHeld], rules: RulePack) -> Iterator[Breach]:
    """Judge a hold. Raises Refused: CON-10, CON-21, BOR-03, BOR-20."""
    ground = _ground(said.body)
    for subject in _held_subjects(world, said):
        if ground in subject.holds:
            raise HELD_ONCE.refuse(f"{subject.id} is held on this ground already")
    yield from ()


def judge_consignment_hold_lifted(
    world: World, said: Signed[ConsignmentHoldLifted], rules: RulePack
) -> Iterator[Breach]:
    """Judge the end of a hold. Raises Refused: CON-10, CON-21, BOR-03, BOR-21."""
    ground = _ground(said.body)
    for subject in _held_subjects(world, said):
        if ground not in subject.holds:
            raise LIFTED_HELD.refuse(f"{subject.id} is not held on this ground")
    yield from ()


def held_at_border(item: Item, consignment: Consignment) -> bool:
    """Say whether officers hold an item of a consignment, by itself or with the whole, or ordered what becomes of it.

    A laboratory's own holds, such as one after an excursion of temperature, do not concern the border.
    """
    placed = any(ground.startswith(f"{consignment.id}/") for ground in item.holds)
    return placed or bool(consignment.holds) or item.ordered is not None


_Decision = ConsignmentInspected | ConsignmentSampled | ConsignmentHeld | ConsignmentHoldLifted


def _connected(world: World, said: Signed[_Decision]) -> Consignment:
    consignment = announced(world, said.body.consignment)
    check_connected(said, consignment.connected, CONNECTED, consignment.id)
    return consignment


def too_few_officers(
    said: Signed[Any], rule: Rule, subject: str, rules: RulePack, *, visited: str = ""
) -> Iterator[Breach]:
    """Yield a breach of the rule given if fewer officers sign than the rule pack asks for.

    visited: a party whose own persons are no officers here, whatever else they may speak as.
    """
    # Whoever records an inspection from its document cannot sign for the officers: the document shows them.
    least = rules.min_persons.get(Task.INSPECTION)
    others = (signer for signer in said.signers if signer.party != visited)
    officers = {(signer.party, signer.person) for signer in others if signer.role in AUTHORITIES}
    if least is not None and not by_reference(said) and len(officers) < least.value:
        yield rule.breach((subject,), signed=len(officers), asked=least.value)


def _held_subjects(
    world: World, said: Signed[ConsignmentHeld] | Signed[ConsignmentHoldLifted]
) -> list[Consignment] | list[Item]:
    consignment = announced(world, said.body.consignment)
    check_connected(said, consignment.connected, CONNECTED, consignment.id)
    check_items(consignment, said.body.items, ITEM_OF_CONSIGNMENT)
    return [world.item(item) for item in said.body.items] or [consignment]


def _ground(body: ConsignmentHeld | ConsignmentHoldLifted) -> str:
    # The consignment stands before it, so that lifting takes away this hold and no order's or laboratory's.
    return f"{body.consignment}/{body.ground}"


# Effects


def consignment_inspected(consignment: Consignment, event: Event[ConsignmentInspected]) -> Consignment:
    """Return the consignment with the latest result."""
    if consignment.id != event.said.body.consignment:
        return consignment
    return advanced(replace(consignment, inspection=event.said.body.result), ConsignmentStatus.INSPECTED)


def item_sampled(item: Item, event: Event[ConsignmentSampled]) -> Item:
    """Return the item with what the samples leave of it."""
    return taken_from(item, event.said.body.samples)


def item_held(item: Item, event: Event[ConsignmentHeld]) -> Item:
    """Return the item with one hold more."""
    if item.id not in event.said.body.items:
        return item
    return replace(item, holds=item.holds | {_ground(event.said.body)})


def item_hold_lifted(item: Item, event: Event[ConsignmentHoldLifted]) -> Item:
    """Return the item without this hold."""
    if item.id not in event.said.body.items:
        return item
    return replace(item, holds=item.holds - {_ground(event.said.body)})


def consignment_held(consignment: Consignment, event: Event[ConsignmentHeld]) -> Consignment:
    """Return the consignment with a hold on the whole, if no items are named."""
    body = event.said.body
    if consignment.id != body.consignment or body.items:
        return consignment
    return replace(consignment, holds=consignment.holds | {_ground(body)})


def consignment_hold_lifted(consignment: Consignment, event: Event[ConsignmentHoldLifted]) -> Consignment:
    """Return the consignment without this hold on the whole, if no items are named."""
    body = event.said.body
    if consignment.id != body.consignment or body.items:
        return consignment
    return replace(consignment, holds=consignment.holds - {_ground(body)})
