"""What a supervision adds up to: who takes part with which areas, the visits, and how far each finding has come."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap

from ledger.domain.states.matter import Matter
from ledger.ids import ApprovalId, CaseId, ItemId, PartyId, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable


class Area(StrEnum):
    """What a department looks at (269/2015 Art. 10; Nanjing Customs Announcement 2/2022)."""

    BIOSAFETY_SYSTEM = "biosafety-system"
    DOCUMENTS = "documents"
    RESEARCH = "research"
    PRODUCTION = "production"
    USE = "use"
    TRANSPORT = "transport"
    STORAGE = "storage"
    SALE = "sale"
    WASTE = "waste"
    REASONABLE_NEED = "reasonable-need"
    GENETIC_RESOURCES = "genetic-resources"


class FindingStatus(StrEnum):
    """How far a finding has come."""

    RAISED = "raised"
    CONFIRMED = "confirmed"
    OBJECTED = "objected"
    UPHELD = "upheld"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    VERIFIED = "verified"
    DROPPED = "dropped"


SETTLED = frozenset({FindingStatus.VERIFIED, FindingStatus.DROPPED})
"""Where nothing more is asked of the unit."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding of a case.

    area, by: what it is about, and the party that raised it.
    since: when it was raised, or last reopened. due: until when it is to be corrected.
    times: how often it was found, 1 at first. settled_at: when it was verified or dropped; None: open.
    """

    number: int
    area: Area
    by: PartyId
    severity: str
    since: datetime
    due: datetime
    items: frozenset[ItemId] = frozenset()
    status: FindingStatus = FindingStatus.RAISED
    times: int = 1
    settled_at: datetime | None = None


class Supervision(Matter, frozen=True, kw_only=True):
    """A unit's supervision.

    unit: who is supervised. approvals: what the plan names.
    areas: by party, what it looks at.
    visits: the instants of those that were made. orders: those to return or destroy that it led to.
    """

    unit: PartyId
    approvals: frozenset[ApprovalId] = frozenset()
    areas: HashTrieMap[PartyId, frozenset[Area]] = HashTrieMap()
    visits: tuple[datetime, ...] = ()
    findings: HashTrieMap[int, Finding] = HashTrieMap()
    orders: frozenset[CaseId] = frozenset()

    @property
    def links(self) -> frozenset[Tag]:
        """Return the approvals that the plan names."""
        return frozenset(map(Tag, self.approvals))

    @property
    def open(self) -> tuple[int, ...]:
        """Return the numbers of the findings that are not settled, ascending."""
        return tuple(sorted(number for number, one in self.findings.items() if one.status not in SETTLED))

    def takes_part(self, party: PartyId, area: Area | None = None) -> bool:
        """Say whether a party takes part, in an area or in any."""
        areas = self.areas.get(party)
        return areas is not None and (area is None or area in areas)

    def joined(self, party: PartyId, areas: Iterable[Area]) -> Supervision:
        """Return it with a party's areas, more or for the first time."""
        return replace(self, areas=self.areas.insert(party, self.areas.get(party, frozenset()).union(areas)))

    def with_finding(self, finding: Finding) -> Supervision:
        """Return it with a finding as it stands now."""
        return replace(self, findings=self.findings.insert(finding.number, finding))


class Notice(msgspec.Struct, frozen=True):
    """That a body was told of a loss or an incident. at: when. written: whether it was the written report."""

    body: str
    at: datetime
    written: bool = False


class Response(Matter, frozen=True, kw_only=True):
    """What was done about a loss or an incident.

    notices: whom the party has told besides what its report says. investigated_at: None: not yet.
    watches: how many exposure watches were opened, and have ended.
    """

    notices: tuple[Notice, ...] = ()
    investigated_at: datetime | None = None
    watches: int = 0
    ended: int = 0
