"""Custody: who has items in its hands, and how they pass from one party to the next.

Custody passes when the receiver says so: in a statement of its own, or by signing the giver's hand-over as received. A
gap in the chain is recorded as one, never refused away, if a party that the record connects with the items states it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.domain.bodies.conditions import Celsius
from ledger.domain.bodies.vocabulary import Body, CaseRef, ConsignmentRef, Count, Items, Packaging, PartyRef, SiteRef
from ledger.domain.codes import RefusalGround
from ledger.domain.custody.chain import Seals, arrives, check_of, is_gap, may_give, may_take, taken
from ledger.domain.custody.direct import directly
from ledger.domain.custody.packages import state_of_package
from ledger.domain.custody.positions import check_leaves
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import deadline, unit_code
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack, Task
from ledger.domain.states.subjects import Handover, Item
from ledger.domain.work import checks, gates
from ledger.domain.work.holds import not_held
from ledger.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.ids import PartyId

# Bodies


class CustodyHandedOver(Body, frozen=True):
    """The custodian hands items over to another party; where that party signs too, as received, custody passes at once.

    count: how many items were counted.
    packaging, seals: as seen at the hand-over; seals left out were not looked at.
    temperature: of the package, if measured.
    site: where it happens; needed of items that stand in a storage position there, which becomes free.
    order: the order of return or destruction that the hand-over serves.
    """

    items: Items
    receiver: PartyRef
    count: Count
    packaging: Packaging
    seals: Seals | None = None
    consignment: ConsignmentRef | None = None
    temperature: Celsius | None = None
    site: SiteRef | None = None
    order: CaseRef | None = None


class CustodyAccepted(Body, frozen=True):
    """A party takes items into its custody, counted and looked at.

    giver: from whom; left out where nobody handed them over.
    The other members are as in a hand-over.
    """

    items: Items
    count: Count
    packaging: Packaging
    seals: Seals | None = None
    giver: PartyRef | None = None
    consignment: ConsignmentRef | None = None
    temperature: Celsius | None = None
    site: SiteRef | None = None
    order: CaseRef | None = None


class CustodyRefused(Body, frozen=True):
    """The receiver of a hand-over does not take the items; they stay with the giver."""

    items: Items
    ground: RefusalGround


# Rules

OF_CONSIGNMENT = Rule("CUS-01", "Items came in with the consignment that a statement names.", Answer.REFUSAL)
EXISTS = Rule("CUS-02", "What was disposed of, returned or re-exported changes hands no more.", Answer.REFUSAL)
GIVER = Rule(
    "CUS-03",
    "Items are handed over by their custodian; before they have one, by their consignment's applicant.",
    Answer.REFUSAL,
)
OTHER_PARTY = Rule("CUS-04", "Custody passes to another, registered party.", Answer.REFUSAL)
CONNECTED = Rule(
    "CUS-05",
    "Custody is taken by the named receiver, by the consignee, a carrier or the broker of the consignment, or by the "
    "receiver of an open transfer.",
    Answer.REFUSAL,
)
ANSWERED = Rule("CUS-06", "A hand-over is refused by its named receiver while it is unanswered.", Answer.REFUSAL)
RECEIVED_BY = Rule("CUS-07", "Only the named receiver signs a hand-over as received.", Answer.REFUSAL)
GAP = Rule(
    "CUS-09",
    "Every change of custody has a giver's hand-over and a receiver's acceptance.",
    Answer.BREACH,
    "WS 233-2017 7.9.6",
    Confidence.V,
    ("party",),
)
PENDING = Rule(
    "CUS-13",
    "A hand-over is answered within the hours that the rule pack sets.",
    Answer.BREACH,
    parameters=("since", "term", "unit"),
    basis=lambda pack, _: pack.pending_handover_hours,
)

RULES = (OF_CONSIGNMENT, EXISTS, GIVER, OTHER_PARTY, CONNECTED, ANSWERED, RECEIVED_BY, GAP, PENDING)

# Judges


def judge_custody_handed_over(world: World, said: Signed[CustodyHandedOver], rules: RulePack) -> Iterator[Breach]:
    """Judge a hand-over.

    Raises Refused: GAT-01, CUS-01, CUS-02, STK-08, CUS-04, CUS-07, CUS-03.
    Returns CUS-10, CUS-11, CUS-12, GAT-06, GAT-08, GAT-14, DIR-01; in this order.
    """
    body = said.body
    _check_movable(world, said)
    if body.receiver == said.party or not world.party(body.receiver).known:
        raise OTHER_PARTY.refuse(f"{body.receiver} is the giver itself, or not registered")
    for signer in said.signers:
        if signer.meaning == Meaning.RECEIVED and signer.party != body.receiver:
            raise RECEIVED_BY.refuse(f"{signer.party} signs as received, but the receiver is {body.receiver}")
    for item in body.items:
        if not may_give(world, item, said.party):
            raise GIVER.refuse(f"{item} is not in the custody of {said.party}")
    yield from state_of_package(world, said)
    yield from _movement(world, said, body.receiver, rules)


def judge_custody_accepted(world: World, said: Signed[CustodyAccepted], rules: RulePack) -> Iterator[Breach]:
    """Judge an acceptance.

    Raises Refused: GAT-01, CUS-01, CUS-02, STK-08, CUS-04, CUS-05.
    Returns CUS-09, CUS-13, CUS-10, CUS-11, CUS-12, GAT-06, GAT-08, GAT-14, DIR-01; in this order.
    """
    body = said.body
    _check_movable(world, said)
    for item in body.items:
        if said.party in {body.giver, world.item(item).custodian}:
            raise OTHER_PARTY.refuse(f"{item} is in the custody of {said.party} already")
        if not may_take(world, item, said.party):
            raise CONNECTED.refuse(f"the record does not connect {said.party} with {item}")
    gaps = [item for item in body.items if is_gap(world, item, said.party, body.giver)]
    yield from gates.about(GAP, gaps, party=said.party)
    yield from _answered_late(world, said, rules)
    yield from state_of_package(world, said)
    yield from _movement(world, said, said.party, rules)


def judge_custody_refused(world: World, said: Signed[CustodyRefused], rules: RulePack) -> Iterator[Breach]:
    """Judge the refusal of a hand-over. Raises Refused: GAT-01, CUS-06."""
    checks.check_known(world, said.body.items)
    for item in said.body.items:
        handover = world.item(item).handover
        if handover is None or handover.receiver != said.party:
            raise ANSWERED.refuse(f"no hand-over of {item} to {said.party} is unanswered")
    yield from ()


def _check_movable(world: World, said: Signed[CustodyHandedOver] | Signed[CustodyAccepted]) -> None:
    body = said.body
    checks.check_known(world, body.items)
    check_of(OF_CONSIGNMENT, world, body.items, body.consignment)
    for one in map(world.item, body.items):
        if one.status in checks.OVER:
            raise EXISTS.refuse(f"{one.id} is {one.status}")
    check_leaves(world, body.items, body.site)


def _movement(
    world: World, said: Signed[CustodyHandedOver] | Signed[CustodyAccepted], receiver: PartyId, rules: RulePack
) -> Iterator[Breach]:
    """Yield what forbids the move: carriage to and at the port needs no release, arrival at the destination does."""
    items = said.body.items
    yield from gates.released(world, [item for item in items if arrives(world, item, receiver)])
    yield from not_held(world, said, items, said.body.order)
    yield from gates.persons(world, said, items, rules, Task.ESCORT)
    yield from directly(world, items, receiver, rules)


def _answered_late(world: World, said: Signed[CustodyAccepted], rules: RulePack) -> Iterator[Breach]:
    hours = rules.pending_handover_hours
    if hours is None:
        return
    for item in said.body.items:
        handover = world.item(item).handover
        if handover is None or handover.receiver != said.party:
            continue
        if said.occurred_at > deadline(handover.since, hours, rules.working_days):
            yield PENDING.breach((item,), since=handover.since, term=hours.value, unit=unit_code(hours))


# Effects


def item_handed_over(item: Item, event: Event[CustodyHandedOver]) -> Item:
    """Return the item on offer to the receiver, or in its custody where the receiver signs too; out of storage."""
    said = event.said
    if item.id not in said.body.items:
        return item
    offered = replace(
        item,
        seals=item.seals if said.body.seals is None else frozenset(said.body.seals),
        handover=Handover(giver=said.party, receiver=said.body.receiver, since=said.occurred_at),
        place=None,
    )
    signed = any(signer.meaning == Meaning.RECEIVED and signer.party == said.body.receiver for signer in said.signers)
    return taken(offered, said.body.receiver) if signed else offered


def item_accepted(item: Item, event: Event[CustodyAccepted]) -> Item:
    """Return the item in the custody of the party that accepts it."""
    said = event.said
    if item.id not in said.body.items:
        return item
    seals = item.seals if said.body.seals is None else frozenset(said.body.seals)
    return replace(taken(item, said.party), seals=seals)


def item_refused(item: Item, event: Event[CustodyRefused]) -> Item:
    """Return the item with its giver, no longer on offer."""
    return replace(item, handover=None) if item.id in event.said.body.items else item
