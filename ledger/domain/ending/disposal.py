"""Disposal: asked for by one person and approved by another, before anything is destroyed.

How it is carried out is in ``destruction``. An authority's order needs no approval of the party's own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, CaseRef, Items
from ledger.domain.cases import check_new, opened
from ledger.domain.codes import DisposalGround
from ledger.domain.connection import AUTHORITIES
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.subjects import Case, CaseStatus, Item
from ledger.domain.work import checks, gates
from ledger.domain.work.holds import not_kept

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId

DISPOSAL: Final = "disposal"

# Bodies


class Method(StrEnum):
    """How items are destroyed."""

    AUTOCLAVE = "autoclave"
    PRESSURE_STERILISATION = "pressure-sterilisation"
    INCINERATION = "incineration"
    CHEMICAL = "chemical"
    OTHER = "other"


class DisposalRequested(Body, frozen=True):
    """A party asks that items in its custody may be disposed of."""

    case: CaseRef
    items: Items
    ground: DisposalGround
    method: Method


class DisposalApproved(Body, frozen=True):
    """Somebody else than the one who asked approves the disposal of all or some of the items."""

    case: CaseRef
    items: Items


# Rules

CASE_NEW = Rule("DSP-01", "A request for disposal is a case of its own.", Answer.REFUSAL)
REQUESTED = Rule(
    "DSP-02", "A disposal is approved once, after a request, and for items of that request.", Answer.REFUSAL
)
OTHER_APPROVER = Rule("DSP-03", "Nobody approves a disposal that he or she asked for.", Answer.REFUSAL)
MAY_APPROVE = Rule(
    "DSP-04", "A disposal is approved by the party that asked for it or by an authority.", Answer.REFUSAL
)
LISTED_METHOD = Rule(
    "DSP-05",
    "What came in is disposed of by one of the methods that the law lists.",
    Answer.BREACH,
    "Regulation (EU) No 142/2011 Art. 27, Annex XIV chapter III",
    Confidence.V,
    ("method",),
    lambda pack, _: pack.disposal_methods,
)
RULES = (CASE_NEW, REQUESTED, OTHER_APPROVER, MAY_APPROVE, LISTED_METHOD)

# Judges


def judge_disposal_requested(world: World, said: Signed[DisposalRequested], rules: RulePack) -> Iterator[Breach]:
    """Judge a request. Raises Refused: DSP-01, GAT-01 to GAT-03. Returns GAT-16."""
    check_new(world, said.body.case, CASE_NEW)
    checks.check_items(world, said, said.body.items, gone=checks.EMPTIED)
    yield from not_kept(world, said, said.body.items)


def judge_disposal_approved(world: World, said: Signed[DisposalApproved], rules: RulePack) -> Iterator[Breach]:
    """Judge an approval. Raises Refused: DSP-02, DSP-04, DSP-03. Returns GAT-16."""
    body, case = said.body, world.case(said.body.case)
    if case.matter != DISPOSAL or case.status is not CaseStatus.OPEN:
        raise REQUESTED.refuse(f"{body.case} is no disposal that awaits approval")
    if not case.items.issuperset(body.items):
        raise REQUESTED.refuse(f"{body.case} does not ask for all of {gates.named(body.items)}")
    if any(signer.party != case.party and signer.role not in AUTHORITIES for signer in said.signers):
        raise MAY_APPROVE.refuse(f"{body.case} was asked for by {case.party}")
    if said.persons & case.opened_by:
        raise OTHER_APPROVER.refuse(f"who asked for {body.case} cannot approve it")
    yield from not_kept(world, said, body.items)


def listed_method(world: World, items: Collection[ItemId], method: Method, rules: RulePack) -> Iterator[Breach]:
    """Yield DSP-05 for what came in and is destroyed in another way than the law lists."""
    listed = rules.disposal_methods
    if listed is None or method in listed.value:
        return
    yield from gates.about(LISTED_METHOD, gates.came_in(world, items), method=method)


# Effects


def disposal_opened(case: Case, event: Event[DisposalRequested]) -> Case:
    """Return the case as asked for."""
    new = opened(case, event, DISPOSAL)
    return case if new is case else replace(new, method=event.said.body.method)


def disposal_requested(item: Item, event: Event[DisposalRequested]) -> Item:
    """Return the item with the case that asks for its disposal."""
    return replace(item, disposal=event.said.body.case) if item.id in event.said.body.items else item


def disposal_approved(case: Case, event: Event[DisposalApproved]) -> Case:
    """Return the case as approved, for the items named."""
    if case.id != event.said.body.case:
        return case
    return replace(
        case,
        status=case.further(CaseStatus.APPROVED),
        approved=frozenset(event.said.body.items),
        approved_by=event.said.persons,
    )
