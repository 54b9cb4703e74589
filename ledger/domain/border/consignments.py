"""Consignments before the border: announced under approvals, with the parties that have to do with them.

Their items are in ``listing``, arrival and customs declaration in ``entry``, inspection and holds in ``border``, the
release in ``release``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace
from rpds import HashTrieMap

from ledger.domain.approval.balance import LineQuantities, approved_amounts
from ledger.domain.bodies.conditions import UnNumber
from ledger.domain.bodies.vocabulary import (
    ApprovalRef,
    Body,
    ConsignmentRef,
    Country,
    Instant,
    Name,
    Number,
    PartyRef,
    SiteRef,
)
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.border import Approval, ApprovalStatus, Consignment, ConsignmentStatus
from ledger.domain.window import is_expired, status_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.ids import ConsignmentId, ItemId, PartyId, SiteId


_STEPS: Final = list(ConsignmentStatus)


class Route(StrEnum):
    """How a consignment crosses the border."""

    IMPORT = "import"
    EXPORT = "export"
    TRANSIT = "transit"


# Bodies


class ConsignmentAnnounced(Body, frozen=True):
    """The applicant or its broker announces goods, names who will carry and receive them, and under which approvals.

    destination: the place of storage or use at which they are to arrive.
    consignor_name, consignor_country: who sends them.
    eta: when they are expected at the border.
    transport_document: the number of the airway bill, or of another document that travels with them.
    lines: what comes in on each approval line.
    """

    consignment: ConsignmentRef
    applicant: PartyRef
    consignee: PartyRef
    consignor_country: Country
    destination: SiteRef
    route: Route
    lines: LineQuantities
    carriers: Annotated[tuple[PartyRef, ...], Meta(max_length=20)] = ()
    broker: PartyRef | None = None
    consignor_name: Name | None = None
    un_number: UnNumber | None = None
    eta: Instant | None = None
    transport_document: Number | None = None


# Rules

ANNOUNCED_ONCE = Rule("CON-01", "A consignment is announced once.", Answer.REFUSAL)
NAMED_KNOWN = Rule(
    "CON-02", "The parties and the destination that an announcement names are registered.", Answer.REFUSAL
)
ANNOUNCER = Rule(
    "CON-03", "A consignment is announced and declared by its applicant or the broker that it names.", Answer.REFUSAL
)
OWN_APPROVALS = Rule("CON-04", "Goods come in under approvals of their own applicant.", Answer.REFUSAL)
NO_TRANSIT = Rule(
    "CON-05",
    "Special items do not pass through the country in transit.",
    Answer.REFUSAL,
    "GACC Announcement 180/2019",
    Confidence.V,
)
STANDING = Rule(
    "CON-06",
    "Goods are announced under approvals that are not expired, suspended or withdrawn.",
    Answer.BREACH,
    "FHQ Law Art. 22",
    Confidence.V,
    ("approval", "day", "status"),
)
APPROVED_PLACE = Rule(
    "CON-07",
    "Imported goods go to a place that their approval names.",
    Answer.BREACH,
    "Order 160 Art. 26",
    Confidence.M,
    ("approval", "site"),
)
DIRECTION = Rule(
    "CON-08",
    "Goods cross the border in the direction that their approval allows.",
    Answer.BREACH,
    "FHQ Law Art. 22",
    Confidence.V,
    ("approval", "direction", "route"),
)
CONSIGNMENT_KNOWN = Rule("CON-10", "What is said of a consignment is said after its announcement.", Answer.REFUSAL)
ANNOUNCED_LINE = Rule("CON-13", "A consignment has only the approval lines that it was announced with.", Answer.REFUSAL)
RULES = (
    ANNOUNCED_ONCE,
    NAMED_KNOWN,
    ANNOUNCER,
    OWN_APPROVALS,
    NO_TRANSIT,
    STANDING,
    APPROVED_PLACE,
    DIRECTION,
    CONSIGNMENT_KNOWN,
    ANNOUNCED_LINE,
)

# Judges


def judge_consignment_announced(world: World, said: Signed[ConsignmentAnnounced], rules: RulePack) -> Iterator[Breach]:
    """Judge an announcement.

    Raises Refused: CON-01 to CON-05; BAL-01 to BAL-04, UNI-01 and UNI-02 for the lines.
    Returns CON-06, CON-07, CON-08 for each approval in turn.
    """
    body = said.body
    if world.consignment(body.consignment).known:
        raise ANNOUNCED_ONCE.refuse(f"{body.consignment} is announced already")
    check_named(world, (body.applicant, body.consignee, *body.carriers, body.broker), body.destination)
    check_connected(said, (body.applicant, body.broker), ANNOUNCER, body.consignment)
    approved_amounts(world, body.lines, rules)
    approvals = [world.approval(one) for one in sorted({line.approval for line in body.lines})]
    for approval in approvals:
        if approval.applicant != body.applicant:
            raise OWN_APPROVALS.refuse(f"{approval.id} is not an approval of {body.applicant}")
    if body.route is Route.TRANSIT and rules.transit_allowed is not None and not rules.transit_allowed.value:
        raise NO_TRANSIT.refuse(f"{body.consignment} is announced as transit")
    for approval in approvals:
        yield from _approval_breaches(approval, said, rules)


def announced(world: World, consignment: ConsignmentId) -> Consignment:
    """Return a consignment that is on record. Raises Refused: CON-10."""
    found = world.consignment(consignment)
    if not found.known:
        raise CONSIGNMENT_KNOWN.refuse(f"{consignment} is not announced")
    return found


def check_lines(consignment: Consignment, lines: Iterable[tuple[ApprovalRef, int]]) -> None:
    """Check that approval lines are ones of the announcement. Raises Refused: CON-13."""
    for approval, line in lines:
        if (approval, line) not in consignment.lines:
            raise ANNOUNCED_LINE.refuse(f"{consignment.id} is not announced with {approval} line {line}")


def check_items(consignment: Consignment, items: Iterable[ItemId], rule: Rule) -> None:
    """Check that items came in with a consignment and are each named once. Raises Refused: the rule given."""
    seen: set[ItemId] = set()
    for item in items:
        if item not in consignment.items or item in seen:
            raise rule.refuse(f"{item} is not an item of {consignment.id}, or named twice")
        seen.add(item)


def check_named(world: World, parties: Iterable[PartyId | None], destination: SiteId) -> None:
    """Check that the parties of a consignment, and where it goes to, are registered. Raises Refused: CON-02."""
    for party in parties:
        if party is not None and not world.party(party).known:
            raise NAMED_KNOWN.refuse(f"{party} is not registered")
    if not world.site(destination).known:
        raise NAMED_KNOWN.refuse(f"{destination} is not registered")


def _approval_breaches(approval: Approval, said: Signed[ConsignmentAnnounced], rules: RulePack) -> Iterator[Breach]:
    body, day = said.body, rules.working_days.local_date(said.occurred_at)
    both, named = (body.consignment, approval.id), approval.id
    status = status_at(approval, rules.working_days.end_of_day(day))
    if status is not ApprovalStatus.GRANTED or is_expired(approval, day):
        standing = "expired" if status is ApprovalStatus.GRANTED else status
        yield STANDING.breach(both, approval=named, status=standing, day=day)
    # An approval without sites says nothing about places: unknown stays unknown.
    if body.route is Route.IMPORT and approval.sites and body.destination not in approval.sites:
        yield APPROVED_PLACE.breach(both, approval=named, site=body.destination)
    if body.route is not Route.TRANSIT and approval.direction != body.route:
        yield DIRECTION.breach(both, approval=named, direction=approval.direction, route=body.route)


# Effects


def advanced(consignment: Consignment, status: ConsignmentStatus) -> Consignment:
    """Return a consignment that has come at least as far as a status; it never goes back, whatever the order."""
    return replace(consignment, reached=max(consignment.reached, status, key=_STEPS.index))


def consignment_announced(consignment: Consignment, event: Event[ConsignmentAnnounced]) -> Consignment:
    """Return the consignment as announced, nothing listed and nothing declared yet."""
    body = event.said.body
    if consignment.id != body.consignment:
        return consignment
    return Consignment(
        id=consignment.id,
        known=True,
        applicant=body.applicant,
        consignee=body.consignee,
        carriers=frozenset(body.carriers),
        broker=body.broker,
        destination=body.destination,
        route=body.route,
        announced_at=event.said.occurred_at,
        lines=HashTrieMap(((line.approval, line.line), line.quantity.quantity) for line in body.lines),
    )


def approval_bound(approval: Approval, event: Event[ConsignmentAnnounced]) -> Approval:
    """Return the approval with where a consignment under it goes to."""
    body = event.said.body
    if all(line.approval != approval.id for line in body.lines):
        return approval
    return replace(approval, bound_for=approval.bound_for.insert(body.consignment, body.destination))
