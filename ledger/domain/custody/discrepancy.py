"""Discrepancies found at receipt, from record to resolution, and the labels by which items are told apart.

A discrepancy is a case of its own: it changes no item. What follows from it (a correction, an incident, a disposal) is
stated by its own kind.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.printed import name_key
from ledger.domain.bodies.vocabulary import Body, CaseRef, ConsignmentRef, Digest, ItemRef, Items, Number
from ledger.domain.cases import check_new, opened
from ledger.domain.codes import Resolution
from ledger.domain.connection import check_connected
from ledger.domain.custody.chain import check_of, keepers
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import RulePack
from ledger.domain.states.border import Consignment
from ledger.domain.states.subjects import Case, CaseStatus, Item
from ledger.domain.work import checks
from ledger.domain.work.making import borne_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach

MATTER: Final = "discrepancy"

# Bodies


class Difference(StrEnum):
    """In what goods and papers differ."""

    MISSING = "missing"
    EXTRA = "extra"
    WRONG_ID = "wrong-id"
    DAMAGED = "damaged"
    QUANTITY = "quantity"


class DiscrepancyRecorded(Body, frozen=True):
    """Goods differ from what was announced or listed; items that nobody listed are named too where they are extra.

    evidence: digests of photographs, measurements, papers.
    """

    case: CaseRef
    consignment: ConsignmentRef
    items: Items
    discrepancy: Difference
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=50)] = ()


class DiscrepancyResolved(Body, frozen=True):
    """A discrepancy is cleared up; the resolution says how."""

    case: CaseRef
    items: Items
    resolution: Resolution


class ItemLabelled(Body, frozen=True):
    """An item gets a label, or another one; a label once borne stays with its item and is given to no other."""

    item: ItemRef
    label: Number


# Rules

NEW_CASE = Rule("RCP-10", "A discrepancy opens a case of its own.", Answer.REFUSAL)
OF_CONSIGNMENT = Rule(
    "RCP-11", "A discrepancy concerns an announced consignment and, if not extra, its items.", Answer.REFUSAL
)
RECORDER = Rule(
    "RCP-12", "A discrepancy is recorded by a party that the consignment concerns, or by customs.", Answer.REFUSAL
)
OPEN_CASE = Rule("RCP-13", "An open discrepancy is resolved, for all its items together.", Answer.REFUSAL)
RESOLVER = Rule("RCP-14", "A discrepancy is resolved by the party that recorded it, or by customs.", Answer.REFUSAL)
LABELLER = Rule("RCP-15", "An item is labelled by who has it.", Answer.REFUSAL)
LABEL_NEW = Rule(
    "RCP-16",
    "Within a consignment and what is made from it, no two items bear one label; of what came with none, none that its "
    "site put on record.",
    Answer.REFUSAL,
)

RULES = (NEW_CASE, OF_CONSIGNMENT, RECORDER, OPEN_CASE, RESOLVER, LABELLER, LABEL_NEW)

# Judges


def judge_discrepancy_recorded(world: World, said: Signed[DiscrepancyRecorded], rules: RulePack) -> Iterator[Breach]:
    """Judge the record of a discrepancy. Raises Refused: RCP-10, RCP-11, GAT-01, RCP-12."""
    body, consignment = said.body, world.consignment(said.body.consignment)
    check_new(world, body.case, NEW_CASE)
    if not consignment.known:
        raise OF_CONSIGNMENT.refuse(f"{body.consignment} is not announced")
    if body.discrepancy is not Difference.EXTRA:
        checks.check_known(world, body.items)
        check_of(OF_CONSIGNMENT, world, body.items, body.consignment)
    destination = None if consignment.destination is None else world.site(consignment.destination).party
    check_connected(said, consignment.connected | {destination}, RECORDER, consignment.id)
    yield from ()


def judge_discrepancy_resolved(world: World, said: Signed[DiscrepancyResolved], rules: RulePack) -> Iterator[Breach]:
    """Judge the resolution of a discrepancy. Raises Refused: RCP-13, RCP-14."""
    case = world.case(said.body.case)
    if case.matter != MATTER or case.status is not CaseStatus.OPEN:
        raise OPEN_CASE.refuse(f"{case.id} is no open discrepancy")
    if case.items != frozenset(said.body.items):
        raise OPEN_CASE.refuse(f"{case.id} is not about the same items")
    check_connected(said, {case.party}, RESOLVER, case.id)
    yield from ()


def judge_item_labelled(world: World, said: Signed[ItemLabelled], rules: RulePack) -> Iterator[Breach]:
    """Judge a label. Raises Refused: GAT-01, RCP-15, RCP-16."""
    item, label = said.body.item, said.body.label
    checks.check_known(world, [item])
    check_connected(said, keepers(world, item), LABELLER, item)
    key = name_key(label)
    for labels in borne_by(world, [item], world.item(item).site):
        if labels.get(key, item) != item:
            raise LABEL_NEW.refuse(f"the label {label} is on {labels[key]}")
    yield from ()


# Effects


def case_recorded(case: Case, event: Event[DiscrepancyRecorded]) -> Case:
    """Return the case as opened."""
    new = opened(case, event, MATTER)
    return case if new is case else replace(new, consignment=event.said.body.consignment)


def case_resolved(case: Case, event: Event[DiscrepancyResolved]) -> Case:
    """Return the case as closed."""
    if case.id != event.said.body.case:
        return case
    return replace(case, status=CaseStatus.CLOSED)


def item_labelled(item: Item, event: Event[ItemLabelled]) -> Item:
    """Return the item with its newest label."""
    return replace(item, label=event.said.body.label) if item.id == event.said.body.item else item


def consignment_labelled(consignment: Consignment, event: Event[ItemLabelled]) -> Consignment:
    """Return a consignment that the item, or an ancestor of it, came in with, with the label taken."""
    body = event.said.body
    return replace(consignment, labels=consignment.labels.insert(name_key(body.label), body.item))
