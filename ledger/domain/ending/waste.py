"""Waste: handed to a contractor with a manifest, and the contractor's certificate of what became of it.

Both sign the hand-over, so what left one hand arrived in another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import (
    Amount,
    Body,
    CaseRef,
    Digest,
    Instant,
    Items,
    Number,
    PartyRef,
    Role,
    SiteRef,
)
from ledger.domain.cases import check_new, opened
from ledger.domain.custody.positions import check_leaves
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import deadline, unit_code
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.subjects import Case, CaseStatus, Inactivation, Item, ItemStatus
from ledger.domain.work.checks import EMPTIED, check_items
from ledger.domain.work.gates import about
from ledger.domain.work.portions import less
from ledger.meaning import Meaning
from ledger.quantity import alike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

WASTE: Final = "waste"

# Bodies


class WasteHandedOver(Body, frozen=True):
    """A party hands waste to a contractor, who signs second that it has received it.

    manifest_number: the number of the transfer manifest.
    weight: a mass, such as 1.2 kg.
    stored_since: when the oldest of it was put into temporary storage.
    site: where they stand in storage positions, which become free; left out of items that stand in none.
    """

    case: CaseRef
    items: Items
    contractor: PartyRef
    manifest_number: Number
    weight: Amount
    stored_since: Instant
    site: SiteRef | None = None


class WasteCertified(Body, frozen=True):
    """The contractor certifies what it did with the waste of a manifest.

    items: all items of the case.
    evidence: SHA-256 of the certificate.
    """

    case: CaseRef
    items: Items
    certificate_number: Number
    evidence: Digest


# Rules

CASE_NEW = Rule("WST-01", "A hand-over of waste is a case of its own.", Answer.REFUSAL)
BOTH_SIGN = Rule(
    "WST-02",
    "Waste is handed over to a waste contractor, who signs as having received it.",
    Answer.REFUSAL,
    "Medical Waste Regulations Art. 12",
    Confidence.V,
)
WEIGHED = Rule("WST-03", "Waste is weighed: its amount is a mass.", Answer.REFUSAL)
STORED = Rule("WST-04", "Waste is handed over after it was put into storage.", Answer.REFUSAL)
CERTIFIER = Rule(
    "WST-05", "The contractor that received the waste certifies it, once and for all its items.", Answer.REFUSAL
)
STORED_BRIEFLY = Rule(
    "WST-06",
    "Waste is stored for no longer than the law allows.",
    Answer.BREACH,
    parameters=("since", "term", "unit"),
    basis=lambda pack, _: pack.waste_temp_storage_days,
)
DISINFECTED = Rule(
    "WST-07",
    "What may be infectious is destroyed, or inactivated and verified, before it is handed over.",
    Answer.BREACH,
    "Medical Waste Regulations Arts 17, 19",
    Confidence.V,
)

RULES = (CASE_NEW, BOTH_SIGN, WEIGHED, STORED, CERTIFIER, STORED_BRIEFLY, DISINFECTED)

# Judges


def judge_waste_handed_over(world: World, said: Signed[WasteHandedOver], rules: RulePack) -> Iterator[Breach]:
    """Judge a hand-over of waste.

    Raises Refused: WST-01, GAT-01 to GAT-03, STK-08, WST-02, WST-03, UNI-01, WST-04.
    Returns WST-06, WST-07.
    """
    body = said.body
    check_new(world, body.case, CASE_NEW)
    check_items(world, said, body.items, gone=EMPTIED - {ItemStatus.DISPOSED})
    check_leaves(world, body.items, body.site)
    if not any(
        signer.party == body.contractor and signer.role is Role.WASTE_CONTRACTOR and signer.meaning == Meaning.RECEIVED
        for signer in said.signers[1:]
    ):
        raise BOTH_SIGN.refuse(f"{body.contractor} does not sign as having received the waste")
    if not alike(body.weight.unit, "kg"):
        raise WEIGHED.refuse(f"{body.weight.quantity} is no weight")
    rules.units.check(body.weight.quantity)
    if body.stored_since > said.occurred_at:
        raise STORED.refuse(f"{body.case} is handed over before it was stored")
    days = rules.waste_temp_storage_days
    if days is not None and said.occurred_at > deadline(body.stored_since, days, rules.working_days):
        yield STORED_BRIEFLY.breach(
            (body.case, *body.items), since=body.stored_since, term=days.value, unit=unit_code(days)
        )
    yield from about(DISINFECTED, [one.id for one in map(world.item, body.items) if not _safe(one)])


def judge_waste_certified(world: World, said: Signed[WasteCertified], rules: RulePack) -> Iterator[Breach]:
    """Judge a certificate. Raises Refused: WST-05."""
    case = world.case(said.body.case)
    if case.matter != WASTE or case.receiver != said.party or case.status is CaseStatus.CLOSED:
        raise CERTIFIER.refuse(f"{case.id} is no waste that awaits a certificate of {said.party}")
    if case.items != frozenset(said.body.items):
        raise CERTIFIER.refuse(f"{case.id} is about other items than those named")
    yield from ()


def _safe(item: Item) -> bool:
    return item.status is ItemStatus.DISPOSED or item.inactivation is Inactivation.VERIFIED


# Effects


def waste_opened(case: Case, event: Event[WasteHandedOver]) -> Case:
    """Return the case of a manifest as opened."""
    new = opened(case, event, WASTE)
    return case if new is case else replace(new, receiver=event.said.body.contractor)


def waste_certified(case: Case, event: Event[WasteCertified]) -> Case:
    """Return the case of a manifest as closed."""
    return replace(case, status=CaseStatus.CLOSED) if case.id == event.said.body.case else case


def waste_handed_over(item: Item, event: Event[WasteHandedOver]) -> Item:
    """Return the item in the contractor's custody."""
    if item.id not in event.said.body.items:
        return item
    return replace(item, custodian=event.said.body.contractor, handover=None, site=None, place=None, checked_out=None)


def item_certified(item: Item, event: Event[WasteCertified]) -> Item:
    """Return the item as disposed of, whatever of it was handed over."""
    if item.id not in event.said.body.items:
        return item
    return replace(less(item, item.quantity), status=ItemStatus.DISPOSED)
