"""What the events of one subject add up to, one frozen type for each type of id; some are in files of their own.

A state holds what later statements are judged by, no more: answers for people come from projections. Each is folded
from the events of its own tag alone, so a boundary is a list of tags. ``links`` names the further subjects that a
judgement about this one rests on.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeVar

import msgspec

from ledger.domain.states.matter import Matter
from ledger.ids import (
    ApprovalId,
    CaseId,
    ConsignmentId,
    ItemId,
    KeyId,
    PartyId,
    PermitId,
    SiteId,
    Tag,
)
from ledger.quantity import Quantity


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What every subject's state has.

    known: False until an event brings the subject into being; the first state of every fold.
    acted_at: when the newest act of its own chain occurred (``acts.LINKS``); None: no act yet.
    """

    known: bool = False
    acted_at: datetime | None = None

    @property
    def links(self) -> frozenset[Tag]:
        """Return the further subjects that a judgement about this one rests on."""
        return frozenset()


S = TypeVar("S", bound=Subject)


class ItemStatus(StrEnum):
    """Where an item is in its life."""

    EXPECTED = "expected"
    IN_TRANSIT = "in-transit"
    RECEIVED = "received"
    MISSING = "missing"
    DEPLETED = "depleted"
    DISPOSED = "disposed"
    RETURNED = "returned"
    RE_EXPORTED = "re-exported"
    LOST = "lost"


ON_THE_WAY: Final = frozenset({ItemStatus.EXPECTED, ItemStatus.IN_TRANSIT})
"""Not received yet where it is to go."""


class Inactivation(StrEnum):
    """Whether an item's agent is inactivated; only a verified inactivation lowers the level that work requires."""

    NONE = "none"
    DONE = "done"
    VERIFIED = "verified"


class Origin(StrEnum):
    """How an item that was made of nothing on record came onto it."""

    CONSIGNMENT = "consignment"
    DOMESTIC = "domestic"
    OPENING_STOCK = "opening-stock"


EXCURSION: Final = "excursion"
"""The ground of a hold after an excursion of temperature: of what was made of the item before, nothing is held."""


class Handover(msgspec.Struct, frozen=True):
    """A hand-over that its receiver has not answered yet."""

    giver: PartyId
    receiver: PartyId
    since: datetime


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an item is said to be; what nobody stated is None.

    collected_on, collected_until: a day, or a period. donor: a commitment to the donor's code.
    storage: how it is to be kept. thaws: how often it had been thawed before it came onto the record.
    """

    type: str | None = None
    collected_on: date | None = None
    collected_until: date | None = None
    donor: str | None = None
    donor_origin: str | None = None
    storage: str | None = None
    thaws: int | None = None


class Item(Subject, frozen=True, kw_only=True):
    """One uniquely labelled container.

    consignment, approval, line: what it came in with and under; None of an item derived from others, and of one that
        came onto the record without. origin: how it came onto the record; None of an item derived from others.
    parents: the items it was made from, in the order of the statement.
    agents: codes of the pathogen catalogue it is said to contain; of a derived item the lineage says.
    material: the state of its material, a word of the catalogue's activities; None: not said.
    quantity: what is left; None when nobody stated it.
    holds: the grounds on which it is held now, each with the case or consignment that holds it.
    checked_out: who has it out of its place; None while it is in place.
    seals: the seals last recorded on its package; empty when none were.
    excursion_at: when the first excursion of temperature may have begun that nobody has cleared yet; None: none.
    made_at: when it was made from its parents; what happened to them later did not happen to it.
    inactivated_at: when it was itself last inactivated, or first tested; None: what its parents underwent counts.
    inactivated_by: the persons who did it.
    worked: whether any of it was ever taken or worked on.
    sample: what it was itself said to be; of an aliquot or a pool what it is made of says it.
    kept: the storage condition of its position, as last stated; None: not stated of where it is.
    thawed_at: when acts thawed it, itself, in their order.
    shown_from: of opening stock the day on which its record begins. approval_number: the number that its holder
        declares of an approval; nothing on record rests on it.
    permits: those that it has been put under; those of its ancestors are its own too.
    """

    id: ItemId
    consignment: ConsignmentId | None = None
    approval: ApprovalId | None = None
    line: int | None = None
    origin: Origin | None = None
    parents: tuple[ItemId, ...] = ()
    agents: tuple[str, ...] = ()
    material: str | None = None
    status: ItemStatus = ItemStatus.EXPECTED
    label: str | None = None
    lot: str | None = None
    quantity: Quantity | None = None
    condition: str | None = None
    custodian: PartyId | None = None
    handover: Handover | None = None
    site: SiteId | None = None
    place: str | None = None
    checked_out: PartyId | None = None
    released: bool = False
    holds: frozenset[str] = frozenset()
    ordered: CaseId | None = None
    disposal: CaseId | None = None
    transfer: CaseId | None = None
    inactivation: Inactivation = Inactivation.NONE
    excursion_at: datetime | None = None
    seals: frozenset[str] = frozenset()
    made_at: datetime | None = None
    inactivated_at: datetime | None = None
    inactivated_by: frozenset[tuple[PartyId, str]] = frozenset()
    worked: bool = False
    sample: Sample = Sample()
    kept: str | None = None
    shown_from: date | None = None
    approval_number: str | None = None
    thawed_at: tuple[datetime, ...] = ()
    permits: frozenset[PermitId] = frozenset()

    @property
    def links(self) -> frozenset[Tag]:
        """Return its parents, its permits, its approval, its consignment, its site and the cases open on it."""
        beside = (self.approval, self.consignment, self.site, self.ordered, self.disposal, self.transfer)
        return frozenset(Tag(one) for one in (*self.parents, *self.permits, *beside) if one is not None)


class Key(Subject, frozen=True, kw_only=True):
    """A signing key's record.

    spki: the public key, standard base64 of its DER SubjectPublicKeyInfo.
    revoked: True from the position of the revocation on.
    """

    id: KeyId
    alg: str = ""
    spki: str = ""
    party: PartyId | None = None
    person: str = ""
    revoked: bool = False

    @property
    def links(self) -> frozenset[Tag]:
        """Return the party whose key it is."""
        return frozenset() if self.party is None else frozenset({Tag(self.party)})


class CaseStatus(StrEnum):
    """How far a case has come."""

    OPEN = "open"
    APPROVED = "approved"
    EXECUTED = "executed"
    CLOSED = "closed"


_STEPS: Final = list(CaseStatus)


class Case(Subject, frozen=True, kw_only=True):
    """A matter that several statements belong to: an order, a disposal, a discrepancy, an incident, a transfer.

    matter: what kind of case, the word before the dot of the kind that opened it.
    opened_by: the persons who opened it, as (party, code).
    approved_by: the persons who approved it.
    approved: the items that the approval of a disposal covers.
    receiver, site: the party and site that a transfer goes to, or the contractor that waste went to.
    approval: the approval that a transfer goes under, where it is another than its items'.
    detail: what only its matter has; None: nothing.
    done: the items on which an order is carried out, or that have arrived with a transfer.
    """

    id: CaseId
    matter: str = ""
    status: CaseStatus = CaseStatus.OPEN
    items: frozenset[ItemId] = frozenset()
    done: frozenset[ItemId] = frozenset()
    consignment: ConsignmentId | None = None
    party: PartyId | None = None
    opened_by: frozenset[tuple[PartyId, str]] = frozenset()
    approved_by: frozenset[tuple[PartyId, str]] = frozenset()
    approved: frozenset[ItemId] = frozenset()
    opened_on: datetime | None = None
    due: datetime | None = None
    receiver: PartyId | None = None
    site: SiteId | None = None
    method: str | None = None
    approval: ApprovalId | None = None
    detail: Matter | None = None

    @property
    def links(self) -> frozenset[Tag]:
        """Return the items, the consignment, the site and the approval it is about, and what its matter adds."""
        named = (*self.items, self.consignment, self.site, self.approval)
        links = frozenset(Tag(one) for one in named if one is not None)
        return links if self.detail is None else links | self.detail.links

    def further(self, status: CaseStatus) -> CaseStatus:
        """Return a status, or its own if it has come further: what is carried out in parts never goes back."""
        return max(self.status, status, key=_STEPS.index)
