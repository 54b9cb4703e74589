"""What the events of a party add up to: what it may speak as, and how it stands with who supervises."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from ledger.domain.bodies.vocabulary import Department, Role
from ledger.domain.states.subjects import Subject
from ledger.ids import CaseId, PartyId, StatementId


class Assignment(msgspec.Struct, frozen=True):
    """Where an authority belongs from an instant on.

    district: whom it supervises; None: nobody said. office: which one inside the district; None: the district's own.
    """

    since: datetime
    department: Department
    district: str | None
    office: str | None


class Unit(msgspec.Struct, frozen=True):
    """What a unit is registered as from an instant on.

    number: of its registration. types: what it does, codes of the list ``business``. district: where it is supervised.
    """

    since: datetime
    number: str
    types: frozenset[str]
    district: str | None


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """How able a unit was found to control biological risks.

    level: 1 to 4. valid_from, valid_to: both days included. confirmed: whether the unit signed too.
    """

    statement: StatementId
    level: int
    valid_from: date
    valid_to: date
    assessor: PartyId
    confirmed: bool


class Credit(msgspec.Struct, frozen=True, kw_only=True):
    """How a unit's credit was rated in a scheme, from a day on until it is rated again in that scheme."""

    statement: StatementId
    scheme: str
    level: str
    from_on: date


class Party(Subject, frozen=True, kw_only=True):
    """An organisation that makes statements.

    name_zh: its name in Chinese; None: none is stated.
    natural_person: True of an individual, who may not apply for pathogens (Order 160 Art. 10).
    assignments: of an authority, in the order of the acts. units: its registrations, likewise; empty of one that is
        not registered. filings: the numbers of its product filings.
    capabilities, credits: how it was assessed and rated, in the order of the telling; days are in them.
    audits: the cases by which others let it see what is theirs, those that are over too.
    accesses: of the operator, so many entries of the access log its digests cover.
    """

    id: PartyId
    name: str = ""
    name_zh: str | None = None
    roles: frozenset[Role] = frozenset()
    natural_person: bool = False
    assignments: tuple[Assignment, ...] = ()
    units: tuple[Unit, ...] = ()
    filings: frozenset[str] = frozenset()
    capabilities: tuple[Capability, ...] = ()
    credits: tuple[Credit, ...] = ()
    audits: frozenset[CaseId] = frozenset()
    accesses: int = 0

    def assigned_at(self, instant: datetime) -> Assignment | None:
        """Return where an authority belonged at an instant; None: nobody has assigned it by then."""
        return next((one for one in reversed(self.assignments) if one.since <= instant), None)

    def unit_at(self, instant: datetime) -> Unit | None:
        """Return what a unit was registered as at an instant; None: it was not."""
        return next((one for one in reversed(self.units) if one.since <= instant), None)
