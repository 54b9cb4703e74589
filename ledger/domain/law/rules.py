"""The regulation as values: a rule pack and its parameters, each with clause, source and confidence.

Pure types. Nothing here reads a file, a clock or a calendar: packs are loaded by ``ledger.rulepacks``, and the tables
that they carry (agents, units, samples, codes, working days) come in behind the protocols of ``tables``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Generic, TypeVar

from ledger.domain.bodies.vocabulary import Grade, WriteOff
from ledger.domain.law.tables import Agents, ListedCodes, PermittedSamples, PermittedUnits, WorkingDays

T_co = TypeVar("T_co", covariant=True)


class Confidence(StrEnum):
    """How a parameter is known."""

    V = "V"
    V2 = "V2"
    M = "M"
    U = "U"

    @property
    def text(self) -> str:
        """Return what people are told."""
        return _TEXT[self]


_TEXT: Final = {
    Confidence.V: "read in the legal text",
    Confidence.V2: "read in a secondary source only",
    Confidence.M: "from memory, unverified",
    Confidence.U: "uncertain, unverified",
}


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T_co]):
    """One number, word or yes/no of the regulation.

    unit: of a term one of ``deadlines.Term``; otherwise what the value counts.
    clause: where it is written; "" for the ledger's own settings.
    source: what was read.
    """

    value: T_co
    unit: str
    clause: str
    source: str
    confidence: Confidence

    @property
    def verified(self) -> bool:
        """Say whether it was read in the legal text; everything else carries the mark on every page."""
        return self.confidence is Confidence.V

    @property
    def basis(self) -> str:
        """Return clause and reading for people: ``Order 160 Art. 25 (from memory, unverified)``."""
        return f"{self.clause} ({self.confidence.text})" if self.clause else "the ledger's own setting"


class EntryDate(StrEnum):
    """Which date of a consignment must lie in its approval's validity."""

    ARRIVED = "arrived"
    DECLARED = "declared"
    RELEASED = "released"


class Task(StrEnum):
    """What takes more than one person: the first four with high-pathogenic agents, the last by officers."""

    WORK = "work"
    ESCORT = "escort"
    STORAGE = "storage"
    DESTRUCTION = "destruction"
    INSPECTION = "inspection"


class Retained(StrEnum):
    """Records with a least time of keeping, and what it runs from."""

    USE_RECORDS = "use-records"
    """Production, use and sale; from the record."""

    CUSTOMS_PAPERS = "customs-papers"
    """From the release."""

    WASTE_REGISTER = "waste-register"
    """From the record."""

    WASTE_MANIFEST = "waste-manifest"
    """From the transfer."""

    WASTE_LEDGER = "waste-ledger"
    """From the transfer."""

    HIGH_PATHOGENIC_FILES = "high-pathogenic-files"
    """Experiments with agents of class 1 or 2; from the end of the activity."""

    HAZARDOUS_INVENTORY = "hazardous-inventory"
    """From the record."""


UNRATED: Final = "unrated"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePack:
    """One jurisdiction's rules from a day on, until the next edition's: an edition of a series.

    id: series and first day, ``cn-281/2026-08-01``.
    digest: of the edition's one form, 64 hex digits; it covers all that follows here, the tables too.
    effective_from: its first day, local.

    A parameter that is None, or has no entry for a key, is unknown or does not exist in this jurisdiction: the rule
    that needs it says so, and never assumes a value.
    """

    id: str
    digest: str
    jurisdiction: str
    title: str
    effective_from: date
    agents: Agents
    units: PermittedUnits
    samples: PermittedSamples
    codes: ListedCodes
    working_days: WorkingDays

    # Approvals, by risk grade.
    grades: Parameter[tuple[Grade, ...]] | None
    validity_months: Mapping[Grade, Parameter[int]]
    write_off_mode: Mapping[Grade, Parameter[WriteOff]]
    follow_up_required: Mapping[Grade, Parameter[bool]]
    import_inspection_min_rate: Mapping[Grade, Parameter[Decimal]]
    export_inspection_min_rate: Mapping[Grade, Parameter[Decimal]]
    first_entry_inspection_rate: Parameter[Decimal] | None
    entry_date: Parameter[EntryDate] | None
    approval_decision_days: Parameter[int] | None
    approval_decision_extension_days: Parameter[int] | None
    natural_person_applicant: Parameter[bool] | None  # for pathogens, or material that may contain them
    white_list_validity_months: Parameter[int] | None
    transit_allowed: Parameter[bool] | None

    # After entry.
    destination_declaration_days: Parameter[int] | None
    detained_goods_days: Parameter[int] | None

    # Risk assessment.
    assessment_completeness_days: Parameter[int] | None
    assessment_panel_min: Parameter[int] | None
    assessment_panel_odd: Parameter[bool] | None
    assessment_report_validity_months: Parameter[int] | None
    rectification_days: Parameter[int] | None
    rectification_max_days: Parameter[int] | None

    # Supervision, by unit class 1 to 4 and by credit letter.
    visits_per_year: Mapping[int, Parameter[int]]
    unit_class_thresholds: Mapping[int, Parameter[Decimal]]  # the least score; the class after the last has none
    credit_coefficients: Mapping[str, Parameter[Decimal]]

    # Laboratories, waste and records.
    bsl_certificate_years: Parameter[int] | None  # of BSL-3 and BSL-4
    min_persons: Mapping[Task, Parameter[int]]
    loss_report_hours: Parameter[int] | None  # of high-pathogenic material
    loss_follow_up_days: Parameter[int] | None  # the written report after the first one
    destroy_or_deposit_months: Parameter[int] | None  # after the activity ends
    waste_temp_storage_days: Parameter[int] | None
    retention_years: Mapping[Retained, Parameter[int]]

    # Permits that limit more or less than the import window.
    exit_certificate_needed: Parameter[bool] | None  # for human material of donors of the jurisdiction
    cooperation_report_months: Parameter[int] | None  # after an international cooperation on human genetic resources
    transport_permit_needed: Parameter[bool] | None  # for agents of class 1 or 2, and of 3 in packaging class A
    possession_outlives_permit: Parameter[bool] | None
    transfer_needs_prior_permit: Parameter[bool] | None
    certification_replaces_permit: Parameter[bool] | None  # for inactivated or non-infectious material
    transfer_completion_days: Parameter[int] | None
    direct_consignment: Parameter[bool] | None  # from the entry to one authorised user
    permitted_purposes: Parameter[tuple[str, ...]] | None  # every other use is prohibited, whatever an approval names
    disposal_methods: Parameter[tuple[str, ...]] | None  # all there are
    shipment_overdue_hours: Parameter[int] | None

    # The ledger's own tolerances.
    clock_tolerance_seconds: Parameter[int] | None  # occurred_at may be this far in the future
    late_entry_hours: Parameter[int] | None  # recorded later than this after it occurred: a late entry
    pending_handover_hours: Parameter[int] | None  # a hand-over unanswered for longer is shown
    stock_count_months: Parameter[int] | None  # what was not counted for longer is shown

    # The terms of this edition that hold for what was open when it began, too; all others hold for what opens under it.
    reaches_open_duties: Parameter[tuple[str, ...]] | None

    @property
    def name(self) -> str:
        """Return how an entry names what it was judged by: id and digest, with a space between them."""
        return f"{self.id} {self.digest}"

    def parameters(self) -> Iterator[tuple[str, Parameter[object]]]:
        """Yield the parameters that the pack has by name; of one that differs by grade or class ``name.key``."""
        for name in (one.name for one in fields(self)):
            value: object = getattr(self, name)
            if isinstance(value, Parameter):
                yield name, value
            elif isinstance(value, Mapping):
                yield from ((f"{name}.{key}", one) for key, one in value.items())

    def unit_class(self, capability: int, credit: str = UNRATED) -> int | None:
        """Return a unit's class, 1 (best) to 4; None where the pack has no scheme or does not know the credit letter.

        capability: biosafety capability level, 1 to 4, times the credit's coefficient is the score (269/2015 Art. 6).
        """
        coefficient = self.credit_coefficients.get(credit)
        if coefficient is None or not self.unit_class_thresholds:
            return None
        score = capability * coefficient.value
        reached = [number for number, least in self.unit_class_thresholds.items() if score >= least.value]
        return min(reached, default=max(self.unit_class_thresholds) + 1)
