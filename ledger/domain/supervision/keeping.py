"""What is kept for longer: legal holds, which bar disposal and nothing else, and retention that somebody sets.

How long records are kept at least is in the rule pack; the longest rule wins, and what is set can only be longer.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ledger.domain.bodies.vocabulary import ApprovalRef, Body, CaseRef, ConsignmentRef, Reference
from ledger.domain.cases import check_new
from ledger.domain.connection import check_connected
from ledger.domain.dating import check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import retained_until
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Retained
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.holding import Asked, Holding, Reach
from ledger.domain.states.subjects import Case, CaseStatus, Item
from ledger.domain.supervision import reaching
from ledger.domain.supervision.recalls import AnyItems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

MATTER: Final = "legal-hold"

# Bodies


class HoldReason(StrEnum):
    """Why something is kept whatever its retention."""

    LITIGATION = "litigation"
    INVESTIGATION = "investigation"
    AUDIT = "audit"
    AUTHORITY_REQUEST = "authority-request"
    OTHER = "other"


class LegalHoldPlaced(Body, frozen=True):
    """Items and all records about them are kept until the hold is lifted, however short their retention is.

    approval, consignment, items: one of the three, as of a recall.
    """

    case: CaseRef
    ground: HoldReason
    approval: ApprovalRef | None = None
    consignment: ConsignmentRef | None = None
    items: AnyItems = ()
    reference: Reference | None = None


class LegalHoldLifted(Body, frozen=True):
    """A legal hold lets go of what it kept, or of some of the items."""

    case: CaseRef
    approval: ApprovalRef | None = None
    consignment: ConsignmentRef | None = None
    items: AnyItems = ()
    reference: Reference | None = None


class RetentionSet(Body, frozen=True):
    """A party sets until when records of a sort about items, a consignment or an approval are kept.

    since: what their time runs from, such as the release or the end of the activity.
    until: the last day on which they are kept at least.
    """

    record: Retained
    since: date
    until: date
    approval: ApprovalRef | None = None
    consignment: ConsignmentRef | None = None
    items: AnyItems = ()


# Rules

CASE_NEW = Rule("LEG-01", "A legal hold is a case of its own.", Answer.REFUSAL)
SPEAKER = Rule(
    "LEG-02",
    "A legal hold is placed, and retention set, by an authority or a party that the record connects with them.",
    Answer.REFUSAL,
)
OWNER = Rule("LEG-03", "An open legal hold is lifted by the party that placed it, or by an authority.", Answer.REFUSAL)
ORDERED = Rule("RET-01", "Records are kept until a day after their time has begun.", Answer.REFUSAL)
LONGEST = Rule(
    "RET-02",
    "Records are kept for at least as long as the law asks.",
    Answer.BREACH,
    parameters=("day", "due_on", "record"),
    basis=lambda pack, given: pack.retention_years.get(Retained(str(given["record"]))),
)

RULES = (CASE_NEW, SPEAKER, OWNER, ORDERED, LONGEST)

# Judges


def judge_legal_hold_placed(world: World, said: Signed[LegalHoldPlaced], rules: RulePack) -> Iterator[Breach]:
    """Judge a legal hold. Raises Refused: LEG-01, HLD-01, HLD-02, LEG-02."""
    check_new(world, said.body.case, CASE_NEW)
    reaching.check_root(world, said.body)
    check_connected(said, reaching.connected(world, said.body), SPEAKER, said.body.case)
    yield from ()


def judge_legal_hold_lifted(world: World, said: Signed[LegalHoldLifted], rules: RulePack) -> Iterator[Breach]:
    """Judge the end of a legal hold. Raises Refused: LEG-03, HLD-04."""
    case = world.case(said.body.case)
    if case.matter != MATTER or case.status is CaseStatus.CLOSED:
        raise OWNER.refuse(f"{case.id} is no open legal hold")
    check_connected(said, (case.party,), OWNER, case.id)
    reaching.check_held(case, said.body)
    yield from ()


def judge_retention_set(world: World, said: Signed[RetentionSet], rules: RulePack) -> Iterator[Breach]:
    """Judge a retention. Raises Refused: HLD-01, HLD-02, LEG-02, CON-22, RET-01. Returns RET-02."""
    body = said.body
    reaching.check_root(world, body)
    check_connected(said, reaching.connected(world, body), SPEAKER, body.record)
    check_past("since", body.since, said, rules)
    if body.until <= body.since:
        raise ORDERED.refuse(f"kept until {body.until}, from {body.since} on")
    least = retained_until(body.since, rules.retention_years.get(body.record))
    if least is not None and body.until < least:
        named = (*body.items, *(one for one in (body.approval, body.consignment) if one is not None))
        yield LONGEST.breach(named, record=body.record, day=body.until, due_on=least)


# Effects


def legal_hold_placed(case: Case, event: Event[LegalHoldPlaced]) -> Case:
    """Return the case as opened by a legal hold."""
    return reaching.placed(case, event, MATTER, Holding(asked=Asked.KEEP))


def item_kept(item: Item, event: Event[LegalHoldPlaced]) -> Item:
    """Return the item as kept, if the hold names it."""
    return reaching.item_placed(item, event, Asked.KEEP, event.said.body.items)


def approval_kept(approval: Approval, event: Event[LegalHoldPlaced]) -> Approval:
    """Return the approval with the hold's reach."""
    return reaching.approval_placed(approval, event, _reach(event))


def consignment_kept(consignment: Consignment, event: Event[LegalHoldPlaced]) -> Consignment:
    """Return the consignment with the hold's reach."""
    return reaching.consignment_placed(consignment, event, _reach(event))


def _reach(event: Event[LegalHoldPlaced]) -> Reach:
    return Reach(event.said.body.case, Asked.KEEP, event.said.occurred_at)
