"""What the events of a permit add up to: every permission beside the approval form."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap, HashTrieSet

from ledger.domain.law.schemes import Scheme
from ledger.domain.states.history import Ends, History, last_before, newest
from ledger.domain.states.subjects import Subject
from ledger.ids import ApprovalId, ItemId, PartyId, PermitId, Tag
from ledger.quantity import EXACT, Quantity, base_of


class PermitStatus(StrEnum):
    """What was last decided about a permit; expiry is a matter of dates, not a status."""

    GRANTED = "granted"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Report(StrEnum):
    """What a holder reports under a permit: on a year, on a cooperation that ended, on a transport."""

    ANNUAL = "annual"
    COOPERATION = "cooperation"
    TRANSPORT = "transport"

    @property
    def condition(self) -> str:
        """Return the condition by which a permit holds its holder to such a report."""
        return f"{self}-report"


class Filed(msgspec.Struct, frozen=True):
    """A report that was filed. first, last: the days that it reports on, both included."""

    report: Report
    first: date
    last: date


class PermitLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a permit.

    allowed: how much; None: without a limit. drawn: what items have taken up, by the base unit of its dimension.
    """

    name: str
    agents: tuple[str, ...] = ()
    allowed: Quantity | None = None
    drawn: HashTrieMap[str, Decimal] = HashTrieMap()

    def drawn_in(self, unit: str) -> Quantity:
        """Return what is drawn of the dimension of a unit, in that unit."""
        base = base_of(unit)
        return Quantity(self.drawn.get(base, Decimal(0)), base).into(unit)

    def with_drawn(self, amount: Quantity) -> PermitLine:
        """Return the line with an amount more drawn on it."""
        base = base_of(amount.unit)
        total = EXACT.add(self.drawn.get(base, Decimal(0)), amount.into(base).value)
        return replace(self, drawn=self.drawn.insert(base, total))


class Permit(Subject, frozen=True, kw_only=True):
    """A permission beside the approval form: a licence, a filing, a certificate, an entry of a list, a consent.

    holder: whom it is given to. issuer: the party that gave it; None: not stated, or none on this log.
    by_reference: True when its holder recorded it from a document.
    history: since when each status holds, oldest first; the grant is the first.
    valid_from, valid_to: both days included, in the time zone of the rules; valid_to None: without an end.
    ends: since when each last day holds.
    level: of a scheme that comes in levels. conditions: what its holder is held to beside the scheme's own.
    approvals, permits: what stands on it: the approvals that it is for, the permits that it rests on itself.
    items: those that have been put under it. reports: those that its holder filed under it.
    """

    id: PermitId
    scheme: Scheme | None = None
    number: str = ""
    holder: PartyId | None = None
    issuer: PartyId | None = None
    country: str = ""
    district: str | None = None
    by_reference: bool = False
    status: PermitStatus = PermitStatus.GRANTED
    history: History[PermitStatus] = ()
    valid_from: date | None = None
    ends: Ends = ()
    level: int | None = None
    conditions: frozenset[str] = frozenset()
    lines: HashTrieMap[int, PermitLine] = HashTrieMap()
    approvals: frozenset[ApprovalId] = frozenset()
    permits: frozenset[PermitId] = frozenset()
    items: HashTrieSet[ItemId] = HashTrieSet()
    reports: tuple[Filed, ...] = ()

    @property
    def valid_to(self) -> date | None:
        """Return the last day that holds now."""
        return newest(self.ends)

    @property
    def links(self) -> frozenset[Tag]:
        """Return the permits that it rests on."""
        return frozenset(Tag(one) for one in self.permits)

    def status_at(self, instant: datetime) -> PermitStatus:
        """Return the status that it had at an instant, as the record knows it."""
        return last_before(self.history, instant, PermitStatus.GRANTED)

    def why_not(self, instant: datetime, day: date) -> str | None:
        """Return the code of why it does not hold for an act at an instant; None where it does.

        day: the local day of the instant.
        """
        if (status := self.status_at(instant)) is not PermitStatus.GRANTED:
            return status.value
        begun = self.valid_from is None or self.valid_from <= day
        last = last_before(self.ends, day, None)
        return None if begun and (last is None or day <= last) else "not-valid"
