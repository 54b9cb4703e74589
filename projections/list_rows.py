"""The rows of lists: of each subject what it is told apart by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.ids import ApprovalId, ConsignmentId, ItemId, KeyId, PartyId, PermitId, SiteId, Tag


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item. consignments, approvals: those it came in with and under, through whatever it was made from.

    quantity: what is left, such as ``0.5 mL``; None: nobody stated it. holds: the grounds on which it is held.
    """

    id: ItemId
    label: str | None
    status: str
    quantity: str | None
    place: str | None
    site: SiteId | None
    custodian: PartyId | None
    consignments: tuple[ConsignmentId, ...]
    approvals: tuple[ApprovalId, ...]
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """An approval. valid_from, valid_to: both days included."""

    id: ApprovalId
    number: str
    status: str
    direction: str
    applicant: PartyId | None
    grade: str | None
    valid_from: date | None
    valid_to: date | None
    lines: int


@dataclass(frozen=True, slots=True)
class PermitRow:
    """A permit. valid_from, valid_to: both days included. items: how many have been put under it."""

    id: PermitId
    number: str
    scheme: str | None
    status: str
    holder: PartyId | None
    valid_from: date | None
    valid_to: date | None
    approvals: tuple[ApprovalId, ...]
    items: int


@dataclass(frozen=True, slots=True)
class ConsignmentRow:
    """A consignment. items: how many were listed. received, missing: how many of these a laboratory has received,
    and how many it stated missing and has not received since.
    """

    id: ConsignmentId
    number: str | None
    status: str
    route: str
    applicant: PartyId | None
    consignee: PartyId | None
    destination: SiteId | None
    approvals: tuple[ApprovalId, ...]
    items: int
    received: int
    missing: int


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party and what it may speak as. name_zh: its name in Chinese; None: none is stated."""

    id: PartyId
    name: str
    name_zh: str | None
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site. name_zh: its name in Chinese; level: biosafety level; None: none stated.

    items: how many stand in its positions.
    """

    id: Tag
    name: str | None
    name_zh: str | None
    party: PartyId | None
    use: str
    level: int | None
    active: bool
    items: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case. items: how many it is about. due: by when it is to be carried out, where an authority said so."""

    id: Tag
    number: str | None
    matter: str
    status: str
    party: PartyId | None
    consignment: ConsignmentId | None
    items: int
    opened_on: datetime | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A signing key, and whose it is. revoked: it counts for nothing any more."""

    id: KeyId
    party: PartyId | None
    person: str
    alg: str
    revoked: bool


@dataclass(frozen=True, slots=True)
class StandingRow:
    """Where an item stands. place: its position in the site; None: none is stated.

    checked_out: who has it out of its place for now; None: it is in place.
    """

    site: SiteId | None
    place: str | None
    id: ItemId
    label: str | None
    status: str
    custodian: PartyId | None
    checked_out: PartyId | None
