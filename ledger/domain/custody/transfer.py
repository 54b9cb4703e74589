"""Transfer: items go from one site to another, of the same party or of another, and are received there.

Sending opens a case and leaves custody where it is: it passes by hand-over and acceptance, or at the latest by receipt.
The approval's duties follow the items.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import ApprovalRef, Body, CaseRef, Items, Number, PartyRef, SiteRef
from ledger.domain.cases import check_new, opened
from ledger.domain.custody.chain import is_gap, opened_at, taken
from ledger.domain.custody.positions import check_leaves, vacated
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.shares import Share, judge_shares, with_shares
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, CaseStatus, Item, ItemStatus
from ledger.domain.work import checks, gates
from ledger.domain.work.holds import not_held
from ledger.domain.work.permitted import holder_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.states.border import Approval
    from ledger.ids import ApprovalId

MATTER: Final = "transfer"

# Bodies


class Ground(StrEnum):
    """Why items may go to the other site; none-on-record: no approval is on record of what came with no consignment."""

    SAME_APPROVAL = "same-approval"
    NEW_APPROVAL = "new-approval"
    DEPOSITORY = "depository"
    SAME_PARTY = "same-party"
    NONE_ON_RECORD = "none-on-record"


class TransferSent(Body, frozen=True):
    """A party sends items from one of its sites to another site; they leave their storage positions.

    receiver: the party that runs the other site; the sender itself on the ground same-party.
    approval: the approval under which they go, on the ground new-approval and on no other.
    authorisation: the number of the permit for this transfer; left out where there is none.
    amounts: what goes along of the lines that the items came in under, where these are allotted to sites.
    """

    case: CaseRef
    items: Items
    from_site: SiteRef
    to_site: SiteRef
    receiver: PartyRef
    ground: Ground
    approval: ApprovalRef | None = None
    authorisation: Number | None = None
    amounts: Annotated[tuple[Share, ...], Meta(max_length=100)] = ()


class TransferReceived(Body, frozen=True):
    """The receiver of a transfer has items of it at its site; the case closes with the last of them."""

    case: CaseRef
    items: Items
    site: SiteRef


# Rules

NEW_CASE = Rule("TRF-01", "A transfer opens a case of its own.", Answer.REFUSAL)
READY = Rule("TRF-02", "Items are sent from the site that has them, and by one transfer at a time.", Answer.REFUSAL)
DESTINATION = Rule("TRF-03", "A transfer goes to another site, which its receiver runs.", Answer.REFUSAL)
GROUND = Rule(
    "TRF-04",
    "A transfer on the ground same-party stays with its party, and one on the ground new-approval names that approval.",
    Answer.REFUSAL,
)
SENT_HERE = Rule("TRF-05", "Items of an open transfer are received by the party it was sent to.", Answer.REFUSAL)
PERMIT = Rule(
    "TRF-06",
    "A transfer to another party has its permit where the rule pack asks for one.",
    Answer.BREACH,
    parameters=("party",),
    basis=lambda pack, _: pack.transfer_needs_prior_permit,
)
OTHER_SITE = Rule(
    "TRF-07",
    "A transfer is received at the site it was sent to.",
    Answer.BREACH,
    parameters=("destination", "site"),
)
GAP = Rule(
    "TRF-08",
    "What is received is in the receiver's custody, or was handed over to it.",
    Answer.BREACH,
    "WS 233-2017 7.9.6",
    Confidence.V,
    ("party",),
)

UNDER_ONE = Rule(
    "TRF-09",
    "Only what came in under an approval goes on with it, and only what came in under none goes without.",
    Answer.REFUSAL,
)

RULES = (NEW_CASE, READY, DESTINATION, GROUND, SENT_HERE, PERMIT, OTHER_SITE, GAP, UNDER_ONE)

# Judges


def judge_transfer_sent(world: World, said: Signed[TransferSent], rules: RulePack) -> Iterator[Breach]:
    """Judge the sending of a transfer.

    Raises Refused: TRF-01, GAT-01 to GAT-04, TRF-02, TRF-03, TRF-04, TRF-09, SHA-06.
    Returns GAT-06, to another party GAT-07, GAT-10 and OWN-02, GAT-08, GAT-11, GAT-12, TRF-06, SHA-05, SHA-07, SHA-04;
    in this order.
    """
    body = said.body
    check_new(world, body.case, NEW_CASE)
    _check_ready(world, said)
    _check_destination(world, said)
    yield from gates.released(world, body.items)
    if body.receiver != said.party:
        yield from gates.consented(world, body.items)
        yield from gates.not_withdrawn(world, said, body.items)
        yield from holder_alone(world, body.items, body.receiver)
    yield from not_held(world, said, body.items)
    yield from _suitable(world, body.items, world.site(body.to_site), body.approval, rules)
    yield from _permitted(said, rules)
    yield from judge_shares(world, (body.from_site, body.to_site), body.items, body.amounts, rules)


def judge_transfer_received(world: World, said: Signed[TransferReceived], rules: RulePack) -> Iterator[Breach]:
    """Judge the receipt of a transfer.

    Raises Refused: GAT-01, TRF-05, GAT-04, STK-08.
    Returns GAT-08, GAT-11, GAT-12, GAT-14, TRF-07, TRF-08; in this order.
    """
    body, case = said.body, world.case(said.body.case)
    checks.check_known(world, body.items)
    if case.matter != MATTER or case.status is not CaseStatus.OPEN or case.receiver != said.party:
        raise SENT_HERE.refuse(f"{case.id} is no open transfer to {said.party}")
    for item in body.items:
        if world.item(item).transfer != case.id:
            raise SENT_HERE.refuse(f"{item} is not on its way with {case.id}")
    checks.check_site(world, said, body.site)
    check_leaves(world, body.items, body.site)
    yield from not_held(world, said, body.items)
    yield from _suitable(world, body.items, world.site(body.site), case.approval, rules)
    yield from gates.persons(world, said, body.items, rules)
    if body.site != case.site:
        yield OTHER_SITE.breach((case.id, *body.items), destination=case.site, site=body.site)
    gaps = [item for item in body.items if world.item(item).custodian != said.party and is_gap(world, item, said.party)]
    yield from gates.about(GAP, gaps, party=said.party)


def _check_ready(world: World, said: Signed[TransferSent]) -> None:
    checks.check_items(world, said, said.body.items)
    checks.check_site(world, said, said.body.from_site)
    for one in map(world.item, said.body.items):
        if one.transfer is not None:
            raise READY.refuse(f"{one.id} is on its way with {one.transfer}")
        if one.site != said.body.from_site or one.status is not ItemStatus.RECEIVED:
            raise READY.refuse(f"{one.id} is {one.status} and at {one.site or 'no site'}")


def _check_destination(world: World, said: Signed[TransferSent]) -> None:
    body, site = said.body, world.site(said.body.to_site)
    if site.party != body.receiver or site.id == body.from_site:
        raise DESTINATION.refuse(f"{site.id} is not another site, run by {body.receiver}")
    if (body.ground is Ground.SAME_PARTY) != (body.receiver == said.party):
        raise GROUND.refuse(f"the ground {body.ground} does not fit a transfer from {said.party} to {body.receiver}")
    if (body.ground is Ground.NEW_APPROVAL) != (body.approval is not None):
        raise GROUND.refuse(f"an approval is named on the ground {Ground.NEW_APPROVAL} and on no other")
    if body.approval is not None and not world.approval(body.approval).known:
        raise GROUND.refuse(f"{body.approval} is not in the record")
    under = [bool(world.approvals_of([item])) for item in body.items]
    if (body.ground is Ground.SAME_APPROVAL and not all(under)) or (
        body.ground is Ground.NONE_ON_RECORD and any(under)
    ):
        raise UNDER_ONE.refuse(f"the ground {body.ground} does not fit what the items came in under")


def _suitable(world: World, items: Items, site: Site, approval: ApprovalId | None, rules: RulePack) -> Iterator[Breach]:
    """Yield what the approval and the biosafety level have against a site.

    A depository is where material belongs once the work has ended, whatever the approval names (Order 424 Arts 14-16).
    """
    if approval is not None:
        sites = world.approval(approval).sites
        if sites and site.id not in sites:
            yield gates.SITE_APPROVED.breach((approval, *items), approval=approval, site=site.id)
    elif site.use != "depository":
        yield from gates.site_approved(world, items, site.id)
    if opened_at(world, site.id):
        yield from gates.level(world, items, site.id, rules)


def _permitted(said: Signed[TransferSent], rules: RulePack) -> Iterator[Breach]:
    needed = rules.transfer_needs_prior_permit
    if needed is None or not needed.value or said.body.receiver == said.party:
        return
    if said.body.authorisation is None:
        yield PERMIT.breach((said.body.case, *said.body.items), party=said.body.receiver)


# Effects


def item_sent(item: Item, event: Event[TransferSent]) -> Item:
    """Return the item on its way, still in the sender's custody."""
    body = event.said.body
    if item.id not in body.items:
        return item
    return replace(item, transfer=body.case, status=ItemStatus.IN_TRANSIT, site=None, place=None, checked_out=None)


def item_transferred(item: Item, event: Event[TransferReceived]) -> Item:
    """Return the item at the receiver's site and in its custody."""
    said = event.said
    if item.id not in said.body.items:
        return item
    return replace(taken(item, said.party), transfer=None, status=ItemStatus.RECEIVED, site=said.body.site)


def site_sent(site: Site, event: Event[TransferSent]) -> Site:
    """Return the sending site with the items' positions free."""
    said = event.said
    return vacated(site, said.body.items, said.occurred_at) if site.id == said.body.from_site else site


def approval_shared(approval: Approval, event: Event[TransferSent]) -> Approval:
    """Return the approval of which shares go from one site to another."""
    body = event.said.body
    return with_shares(approval, body.amounts, body.from_site, body.to_site)


def case_sent(case: Case, event: Event[TransferSent]) -> Case:
    """Return the case as opened."""
    body, new = event.said.body, opened(case, event, MATTER)
    return case if new is case else replace(new, receiver=body.receiver, site=body.to_site, approval=body.approval)


def case_received(case: Case, event: Event[TransferReceived]) -> Case:
    """Return the case with the items that have arrived; closed with the last."""
    if case.id != event.said.body.case:
        return case
    done = case.done | case.items.intersection(event.said.body.items)
    return replace(case, done=done, status=CaseStatus.CLOSED if done >= case.items else case.status)
