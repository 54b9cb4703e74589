"""Recalls: items called back or held where they are, with all that was and will be made of them.

A recall has one root, and what is made of what it reaches is held by its lineage, whenever it is made. Pool mates, the
items that went into one pool with what is recalled, are held where the order names them. Who has what is confirmed by
each holder.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import ApprovalRef, Body, CaseRef, ConsignmentRef, Instant, ItemRef, Number
from ledger.domain.bodies.vocabulary import Reference as Document
from ledger.domain.cases import check_new
from ledger.domain.connection import check_connected
from ledger.domain.dating import check_ahead
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.holding import Asked, Holding, Reach
from ledger.domain.states.subjects import Case, CaseStatus, Item
from ledger.domain.supervision import reaching
from ledger.domain.supervision.reaching import DonorRef, holding_of
from ledger.domain.work.checks import check_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId

MATTER: Final = "recall"

# Bodies

AnyItems = Annotated[tuple[ItemRef, ...], Meta(max_length=400, description="Items; there may be none.")]


class RecallGround(StrEnum):
    """Why items are recalled."""

    QUALITY = "quality"
    CONTAMINATION = "contamination"
    MISLABELLED = "mislabelled"
    BIOSAFETY = "biosafety"
    DONOR = "donor"
    APPROVAL = "approval"
    ORIGIN = "origin"
    OTHER = "other"


class RecallAsked(StrEnum):
    """What a recall asks of the holders: to hold the items where they are, to send them back, to destroy them."""

    HOLD = "hold"
    RETURN = "return"
    DESTROY = "destroy"


class RecallOrdered(Body, frozen=True):
    """Items are recalled, with all that was and will be made of them; from here on they are held.

    approval, consignment, items: the root, one of the three: what came in under an approval or with a consignment,
        or items by name.
    lot, donor: of these only the items of a lot, or of a donor.
    pools, mates: the items that went into these pools with what is recalled, held as well where the order says so.
    confirm_by: until when each holder confirms what it has of it.
    """

    case: CaseRef
    ground: RecallGround
    asked: RecallAsked
    approval: ApprovalRef | None = None
    consignment: ConsignmentRef | None = None
    items: AnyItems = ()
    lot: Number | None = None
    donor: DonorRef | None = None
    pools: AnyItems = ()
    mates: AnyItems = ()
    confirm_by: Instant | None = None
    reference: Document | None = None


class RecallExtended(Body, frozen=True):
    """A recall takes in further items: of its lot or its donor, found since, or the mates of pools.

    asked: as of the recall.
    """

    case: CaseRef
    asked: RecallAsked
    items: AnyItems = ()
    pools: AnyItems = ()
    mates: AnyItems = ()


class RecallConfirmed(Body, frozen=True):
    """A party confirms what it has of a recall, or that it has nothing of it; what it names is set apart."""

    case: CaseRef
    items: AnyItems = ()


class RecallLifted(Body, frozen=True):
    """A recall lets go of its root, or of items that it holds by name; with the last of these it is closed."""

    case: CaseRef
    approval: ApprovalRef | None = None
    consignment: ConsignmentRef | None = None
    items: AnyItems = ()
    reference: Document | None = None


# Rules

CASE_NEW = Rule("RCL-01", "A recall is a case of its own.", Answer.REFUSAL)
SPEAKER = Rule(
    "RCL-02",
    "A recall is ordered by an authority, the holder of the approval, a party of the consignment or who has the items.",
    Answer.REFUSAL,
)
POOL_MATES = Rule("RCL-03", "Pool mates went into a pool that holds something of what is recalled.", Answer.REFUSAL)
OPEN = Rule("RCL-04", "An open recall is extended, confirmed or lifted.", Answer.REFUSAL)
OWNER = Rule(
    "RCL-05", "A recall is extended and lifted by the party that ordered it, or by an authority.", Answer.REFUSAL
)
SOUGHT = Rule(
    "RCL-06", "A recall for a lot or a donor takes in further items of it; another one only pool mates.", Answer.REFUSAL
)
CONFIRMED = Rule("RCL-07", "A holder confirms items that the recall reaches and that it has.", Answer.REFUSAL)
AS_ORDERED = Rule("RCL-09", "What a recall takes in later is held for what the recall asks.", Answer.REFUSAL)
IN_TIME = Rule("RCL-08", "What is recalled is confirmed by the date of the recall.", Answer.BREACH, parameters=("due",))

RULES = (CASE_NEW, SPEAKER, POOL_MATES, OPEN, OWNER, SOUGHT, CONFIRMED, IN_TIME, AS_ORDERED)

# Judges


def judge_recall_ordered(world: World, said: Signed[RecallOrdered], rules: RulePack) -> Iterator[Breach]:
    """Judge a recall. Raises Refused: RCL-01, HLD-01, HLD-02, HLD-03, RCL-02, RCL-03, CON-23."""
    body = said.body
    check_new(world, body.case, CASE_NEW)
    reaching.check_root(world, body, body.lot, body.donor)
    check_connected(said, reaching.connected(world, body), SPEAKER, body.case)
    # As the case would be, so that a pool is known to hold something of it.
    holding = Holding(asked=Asked(body.asked), lot=body.lot, donor=body.donor)
    case = Case(
        id=body.case,
        items=frozenset(body.items),
        approval=body.approval,
        consignment=body.consignment,
        detail=holding,
    )
    _check_mates(world, case, body)
    if body.confirm_by is not None:
        check_ahead("confirm_by", body.confirm_by, said)
    yield from ()


def judge_recall_extended(world: World, said: Signed[RecallExtended], rules: RulePack) -> Iterator[Breach]:
    """Judge that a recall takes in more. Raises Refused: RCL-04, RCL-05, RCL-09, RCL-06, HLD-02, HLD-03, RCL-03."""
    body = said.body
    case = _open(world, body.case)
    check_connected(said, (case.party,), OWNER, case.id)
    holding = holding_of(case)
    if holding.asked != Asked(body.asked):
        raise AS_ORDERED.refuse(f"{case.id} asks to {holding.asked}, not to {body.asked}")
    if body.items and holding.lot is None and holding.donor is None:
        raise SOUGHT.refuse(f"{case.id} is for no lot and no donor")
    if not body.items and not body.mates:
        raise SOUGHT.refuse(f"nothing is named that {case.id} is to take in")
    reaching.check_items(world, body.items, holding.lot, holding.donor)
    _check_mates(world, case, body)
    yield from ()


def judge_recall_confirmed(world: World, said: Signed[RecallConfirmed], rules: RulePack) -> Iterator[Breach]:
    """Judge a holder's confirmation. Raises Refused: RCL-04, GAT-01, RCL-07. Returns RCL-08."""
    body = said.body
    case = _open(world, body.case)
    check_known(world, body.items)
    for item in map(world.item, body.items):
        if item.custodian != said.party or not reaching.reaches(world, case, item.id):
            raise CONFIRMED.refuse(f"{item.id} is not in the custody of {said.party}, or not reached by {case.id}")
    if case.due is not None and said.occurred_at > case.due:
        yield IN_TIME.breach((case.id, *body.items), due=case.due)


def judge_recall_lifted(world: World, said: Signed[RecallLifted], rules: RulePack) -> Iterator[Breach]:
    """Judge that a recall lets go. Raises Refused: RCL-04, RCL-05, HLD-04."""
    case = _open(world, said.body.case)
    check_connected(said, (case.party,), OWNER, case.id)
    reaching.check_held(case, said.body)
    yield from ()


def _open(world: World, name: CaseRef) -> Case:
    case = world.case(name)
    if case.matter != MATTER or case.status is CaseStatus.CLOSED:
        raise OPEN.refuse(f"{name} is no open recall")
    return case


def _check_mates(world: World, case: Case, body: RecallOrdered | RecallExtended) -> None:
    check_known(world, body.mates)
    pools = [pool for pool in body.pools if reaching.reaches(world, case, pool)]
    if len(pools) < len(body.pools):
        raise POOL_MATES.refuse(f"not every pool holds something of what {case.id} recalls")
    together: set[ItemId] = {parent for pool in pools for parent in world.item(pool).parents}
    for mate in body.mates:
        if mate not in together:
            raise POOL_MATES.refuse(f"{mate} went into none of the pools")


# Effects


def recall_ordered(case: Case, event: Event[RecallOrdered]) -> Case:
    """Return the case as opened by a recall, the pool mates among its items."""
    body = event.said.body
    holding = Holding(asked=Asked(body.asked), lot=body.lot, donor=body.donor)
    new = reaching.placed(case, event, MATTER, holding)
    return case if new is case else replace(new, items=new.items | frozenset(body.mates), due=body.confirm_by)


def recall_extended(case: Case, event: Event[RecallExtended]) -> Case:
    """Return the case with the items that it takes in."""
    body = event.said.body
    return replace(case, items=case.items.union(body.items, body.mates)) if case.id == body.case else case


def recall_confirmed(case: Case, event: Event[RecallConfirmed]) -> Case:
    """Return the case with one party more that has confirmed, and what it named."""
    said, holding = event.said, holding_of(case)
    if case.id != said.body.case:
        return case
    confirmed, named = holding.confirmed | {said.party}, holding.named.union(said.body.items)
    return replace(case, detail=replace(holding, confirmed=confirmed, named=named))


def item_recalled(item: Item, event: Event[RecallOrdered] | Event[RecallExtended]) -> Item:
    """Return the item as held, if it is named as recalled or as a pool mate."""
    body = event.said.body
    return reaching.item_placed(item, event, Asked(body.asked), (*body.items, *body.mates))


def approval_recalled(approval: Approval, event: Event[RecallOrdered]) -> Approval:
    """Return the approval with the recall's reach."""
    return reaching.approval_placed(approval, event, _reach(event))


def consignment_recalled(consignment: Consignment, event: Event[RecallOrdered]) -> Consignment:
    """Return the consignment with the recall's reach."""
    return reaching.consignment_placed(consignment, event, _reach(event))


def _reach(event: Event[RecallOrdered]) -> Reach:
    body, since = event.said.body, event.said.occurred_at
    return Reach(body.case, Asked(body.asked), since, lot=body.lot, donor=body.donor)
