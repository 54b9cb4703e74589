"""What the events of a risk assessment, and of a meeting that decides on products, add up to."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec
from rpds import HashTrieMap

from ledger.domain.bodies.products import Paper, Product
from ledger.domain.states.matter import Matter
from ledger.ids import CaseId, PartyId, PermitId, Tag


class Outcome(StrEnum):
    """What a meeting decides on one product."""

    PASS = "pass"  # noqa: S105  a word, no secret
    SUPPLEMENT = "supplement"
    FAIL = "fail"


class OutcomeReason(StrEnum):
    """Why a product is not passed."""

    RISK_UNCLEAR = "risk-unclear"
    CAPABILITY_INSUFFICIENT = "capability-insufficient"
    PAPERS_INCOMPLETE = "papers-incomplete"
    USE_NOT_JUSTIFIED = "use-not-justified"
    QUANTITY_NOT_JUSTIFIED = "quantity-not-justified"
    TRANSPORT_UNSAFE = "transport-unsafe"
    WASTE_UNSAFE = "waste-unsafe"
    OTHER = "other"


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What a meeting decided on one product of an assessment.

    spot_check: whether the product is to be checked at random later. on_site: whether the place is to be visited.
    """

    assessment: CaseId
    line: int
    outcome: Outcome
    reasons: tuple[OutcomeReason, ...] = ()
    spot_check: bool = False
    on_site: bool = False


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """The experts of an assessment, by commitments to their codes; nobody is named on record.

    outside: how many of them are of none of the authorities; None: not stated.
    """

    experts: tuple[str, ...]
    leader: str
    recused: tuple[str, ...] = ()
    outside: int | None = None


class Rectification(msgspec.Struct, frozen=True, kw_only=True):
    """One nonconformity that a visit found.

    found_at: when. due_on: the day that was set for it; None: the rule pack's term. submitted: whether the applicant
    has handed in what it did about it, and nobody has answered yet. verified_at: when that was found good; None: not.
    """

    number: str
    major: bool
    found_at: datetime
    due_on: date | None
    submitted: bool = False
    verified_at: datetime | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The report that an assessment ended with.

    passed: the lines that it passes. valid_from, valid_to: both days included.
    district: of the customs that issued it, or that entrusted who did; None: not stated.
    permit: the permit that it is; None: not recorded as one.
    """

    number: str
    passed: frozenset[int]
    valid_from: date
    valid_to: date
    issued_at: datetime
    district: str | None = None
    permit: PermitId | None = None


class Reliance(msgspec.Struct, frozen=True, kw_only=True):
    """That a report was relied on for another application.

    district: of the customs that relied on it.
    """

    application: CaseId
    at: datetime
    district: str | None = None


class Assessment(Matter, frozen=True, kw_only=True):
    """What only a risk assessment has.

    body: who assesses. using_unit: whose capability counts. first: whether the applicant never applied before.
    waiting_since: since when the body has what it is to answer for completeness; None: it has answered.
    missing: what its newest answer found missing; asked: what its first such answer did.
    outcomes: by line, what the newest meeting decided. visit_asked: whether any asked for a visit to the place.
    visited_at: when the place was visited, the first time; None: never.
    rectifications: every nonconformity found, by its number.
    """

    applicant: PartyId
    using_unit: PartyId
    body: PartyId
    products: tuple[Product, ...]
    first: bool
    application: CaseId | None = None
    waiting_since: datetime | None = None
    missing: frozenset[Paper] = frozenset()
    asked: frozenset[Paper] | None = None
    panel: Panel | None = None
    outcomes: HashTrieMap[int, Decided] = HashTrieMap()
    visit_asked: bool = False
    visited_at: datetime | None = None
    rectifications: HashTrieMap[str, Rectification] = HashTrieMap()
    report: Report | None = None
    reliances: tuple[Reliance, ...] = ()

    @property
    def links(self) -> frozenset[Tag]:
        """Return who applies, who is to use the products, and the permit that the report is."""
        permit = None if self.report is None else self.report.permit
        named = (self.applicant, self.using_unit, permit)
        return frozenset(Tag(one) for one in named if one is not None)


class Meeting(Matter, frozen=True, kw_only=True):
    """What only a meeting has: who held it, and what it decided product by product."""

    body: PartyId
    outcomes: tuple[Decided, ...]
    number: str | None = None
