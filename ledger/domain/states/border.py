"""What the events of an approval, and of a consignment, add up to; most other subjects are in ``subjects``.

What is approved, declared and written off stands with the approval; how far the goods have come, with the consignment.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap, HashTrieSet

from ledger.domain.bodies.vocabulary import Grade, WriteOff
from ledger.domain.states.history import Ends, History, newest
from ledger.domain.states.holding import Reach
from ledger.domain.states.subjects import Subject
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, PartyId, PermitId, SiteId, Tag
from ledger.quantity import EXACT, Quantity, alike, base_of


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an approval and its balance.

    product, product_zh: its name as the form has it; in Chinese None: it has none.
    approved: the quantity approved, in the approved unit; every other amount here is in that unit.
    declared: by consignment, what its customs declaration says, whatever became of it since.
    reserved: by consignment, what a customs declaration has set aside and no release has written off yet.
    committed: by consignment, what releases have written off.
    factors: by the base unit of another dimension, how many approved units one such unit is, as somebody signed it.
    converted: the base units whose factor amounts were counted with; those factors stand.
    allotted: by site, how much of it that may have; empty where nobody has allotted it.
    moved: by site, what has come to it from other sites less what went on from it.
    sent: by site, what went on from it.
    lapsed: True when the approval was of single use and is used: what is left can no longer be declared.
    """

    product: str
    product_zh: str | None = None
    approved: Quantity
    agents: tuple[str, ...] = ()
    material: str | None = None
    declared: HashTrieMap[ConsignmentId, Decimal] = HashTrieMap()
    reserved: HashTrieMap[ConsignmentId, Decimal] = HashTrieMap()
    committed: HashTrieMap[ConsignmentId, Decimal] = HashTrieMap()
    factors: HashTrieMap[str, Decimal] = HashTrieMap()
    converted: frozenset[str] = frozenset()
    allotted: HashTrieMap[SiteId, Decimal] = HashTrieMap()
    moved: HashTrieMap[SiteId, Decimal] = HashTrieMap()
    sent: HashTrieMap[SiteId, Decimal] = HashTrieMap()
    lapsed: bool = False
    reserved_total: Decimal = Decimal(0)
    committed_total: Decimal = Decimal(0)

    @property
    def remaining(self) -> Quantity:
        """Return what may still be declared: approved less reserved less committed; never negative by rule."""
        if self.lapsed:
            return Quantity(Decimal(0), self.approved.unit)
        return Quantity(self.approved.value - self.reserved_total - self.committed_total, self.approved.unit)

    def counted(self, quantity: Quantity) -> Decimal | None:
        """Return an amount in the approved unit; None where nobody has stated the conversion."""
        if alike(quantity.unit, self.approved.unit):
            return quantity.into(self.approved.unit).value
        base = base_of(quantity.unit)
        factor = self.factors.get(base)
        return None if factor is None else EXACT.multiply(quantity.into(base).value, factor)

    def with_moved(self, from_site: SiteId, to_site: SiteId, amount: Decimal) -> Line:
        """Return the line with an amount gone from one site to another."""
        moved = self.moved.insert(from_site, self.moved.get(from_site, Decimal(0)) - amount)
        sent = self.sent.insert(from_site, self.sent.get(from_site, Decimal(0)) + amount)
        return replace(self, moved=moved.insert(to_site, moved.get(to_site, Decimal(0)) + amount), sent=sent)


class ApprovalStatus(StrEnum):
    """What an authority last said about an approval; expiry is a matter of dates, not a status."""

    GRANTED = "granted"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Approval(Subject, frozen=True, kw_only=True):
    """An authority's permission to import or export, line by line.

    by_reference: True when a party recorded it from a document, False when the authority itself signed.
    direction: ``import`` or ``export``; "" while unknown.
    history: since when each status holds, oldest first; of a judgement about an earlier day the status then counts.
    valid_from, valid_to: both days included, in the authority's time zone. ends: since when each last day holds.
    district, office: of the authority that approved; None: not stated.
    permits: those that it stands on, as a risk assessment report.
    bound_for: by consignment, the site that it goes to.
    reaches: the cases that hold what came in under it, those that are lifted too.
    """

    id: ApprovalId
    number: str = ""
    applicant: PartyId | None = None
    grade: Grade | None = None
    status: ApprovalStatus = ApprovalStatus.GRANTED
    by_reference: bool = False
    direction: str = ""
    history: History[ApprovalStatus] = ()
    valid_from: date | None = None
    ends: Ends = ()
    write_off: WriteOff = WriteOff.SINGLE
    follow_up: bool = False
    sites: frozenset[SiteId] = frozenset()
    purposes: frozenset[str] = frozenset()
    district: str | None = None
    office: str | None = None
    lines: HashTrieMap[int, Line] = HashTrieMap()
    reaches: tuple[Reach, ...] = ()
    permits: frozenset[PermitId] = frozenset()
    bound_for: HashTrieMap[ConsignmentId, SiteId] = HashTrieMap()

    @property
    def valid_to(self) -> date | None:
        """Return the last day that holds now."""
        return newest(self.ends)

    @property
    def links(self) -> frozenset[Tag]:
        """Return the permits that it stands on."""
        return frozenset(Tag(one) for one in self.permits)


class ConsignmentStatus(StrEnum):
    """How far a consignment has come at the border."""

    ANNOUNCED = "announced"
    ARRIVED = "arrived"
    DECLARED = "declared"
    INSPECTED = "inspected"
    RELEASED = "released"
    RETURNED = "returned"
    DESTROYED = "destroyed"


class Consignment(Subject, frozen=True, kw_only=True):
    """Goods that cross a border together.

    lines: the quantity announced by (approval, line), in the unit of the announcement.
    listed: the quantities listed, in all, by (approval, line) and unit; containers of unknown quantity add nothing.
    labels: the item that bears each label, by the label's ``name_key``; items derived from the consignment's included.
    released_items: the items that customs have released.
    received_items, missing_items: those that a laboratory has answered for at a receipt, and of these the ones that it
        stated missing and has not received since.
    route: ``import``, ``export`` or ``transit``; "" while unknown.
    announced_at: when it was announced.
    declared_on: the day of the customs declaration; None before it.
    reached: how far it has come; ended: what became of those that are ``gone`` under an order.
    gone: the items returned or destroyed under an order.
    released_on: when the first release occurred; the 30-day and 3-year clocks start here.
    declared_at_destination: whether the using unit has declared to the customs at destination.
    consented: whether the customs at destination has agreed to the use.
    reaches: the cases that hold what came in with it, those that are lifted too.
    certified: whether they come in without an approval, because the importer certified that they are harmless.
    """

    id: ConsignmentId
    applicant: PartyId | None = None
    consignee: PartyId | None = None
    carriers: frozenset[PartyId] = frozenset()
    broker: PartyId | None = None
    destination: SiteId | None = None
    reached: ConsignmentStatus = ConsignmentStatus.ANNOUNCED
    lines: HashTrieMap[tuple[ApprovalId, int], Quantity] = HashTrieMap()
    listed: HashTrieMap[tuple[ApprovalId, int, str], Decimal] = HashTrieMap()
    items: HashTrieSet[ItemId] = HashTrieSet()
    labels: HashTrieMap[str, ItemId] = HashTrieMap()
    released_items: HashTrieSet[ItemId] = HashTrieSet()
    received_items: HashTrieSet[ItemId] = HashTrieSet()
    missing_items: HashTrieSet[ItemId] = HashTrieSet()
    route: str = ""
    announced_at: datetime | None = None
    arrived_on: datetime | None = None
    declared_on: date | None = None
    inspection: str | None = None
    gone: HashTrieSet[ItemId] = HashTrieSet()
    ended: ConsignmentStatus | None = None
    released_on: datetime | None = None
    holds: frozenset[str] = frozenset()
    ordered: CaseId | None = None
    seals: frozenset[str] = frozenset()
    declared_at_destination: bool = False
    consented: bool = False
    reaches: tuple[Reach, ...] = ()
    certified: bool = False

    @property
    def links(self) -> frozenset[Tag]:
        """Return the approvals it is announced under, its destination and its order, if any."""
        named = (*(approval for approval, _ in self.lines), self.destination, self.ordered)
        return frozenset(Tag(one) for one in named if one is not None)

    @property
    def status(self) -> ConsignmentStatus:
        """Return how far it has come; with all its items gone, what became of them, destroyed if of any."""
        return self.ended if self.ended is not None and self.gone >= self.items else self.reached

    @property
    def connected(self) -> frozenset[PartyId]:
        """Return the parties that the announcement names for carrying and receiving it."""
        named = (self.applicant, self.consignee, self.broker, *self.carriers)
        return frozenset(party for party in named if party is not None)
