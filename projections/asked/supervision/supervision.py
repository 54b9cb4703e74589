"""Answers about the supervision of units, as rows of cells: findings, visits and their scores, official samples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ledger.domain.border.inspection import InspectionResult
from ledger.domain.states.supervision import Area, FindingStatus
from ledger.domain.supervision.findings import Gravity
from ledger.domain.supervision.visits import PointResult
from ledger.ids import CaseId, ConsignmentId, ItemId, PartyId, SiteId, Tag
from ledger.quantity import format_decimal
from projections.asked.question import Amount, Why
from projections.asked.reasons import begun_by, by_duty, on_record
from projections.questions.supervision.samples import samples
from projections.questions.supervision.scores import visit_scores
from projections.questions.supervision.supervisions import findings, next_visits, visits_due

if TYPE_CHECKING:
    from projections.asked.question import Asked


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding. times: how often it was found. settled: when it was verified or dropped; days: how long that took, in
    whole days.

    waits: for the authority, which is to say whether the correction is enough.
    """

    unit: PartyId
    case: CaseId
    finding: int
    area: Area
    gravity: Gravity
    status: FindingStatus
    since: datetime
    due: datetime
    overdue: bool
    waits: bool
    times: int
    settled: datetime | None
    days: int | None
    why: Why


def unit_findings(asked: Asked) -> tuple[FindingRow, ...]:
    """Return the findings of every unit."""
    owed = {(one.subject, one.owed.key): one for one in asked.owed("correct-finding")}
    return tuple(
        FindingRow(
            unit=unit.unit,
            case=one.case,
            finding=one.finding.number,
            area=one.finding.area,
            gravity=Gravity(one.finding.severity),
            status=one.finding.status,
            since=one.finding.since,
            due=one.finding.due,
            overdue=one.overdue,
            waits=one.waits,
            times=one.finding.times,
            settled=one.finding.settled_at,
            days=None if one.finding.settled_at is None else (one.finding.settled_at - one.finding.since).days,
            why=by_duty(owed[Tag(one.case), str(one.finding.number)], asked),
        )
        for unit in findings(asked.counting, asked.editions, asked.at)
        for one in unit.findings
    )


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A supervision that still asks for visits. due_on: the last day of its plan; next_on: as an earlier one has it."""

    unit: PartyId
    case: CaseId
    unit_class: int | None
    visits: int
    made: int
    last_visit: datetime | None
    due_on: date
    next_on: date | None
    why: Why


def planned_visits(asked: Asked) -> tuple[VisitRow, ...]:
    """Return the supervisions that still ask for visits."""
    owed = asked.standing("visit-unit")
    return tuple(
        VisitRow(
            unit=one.unit,
            case=one.case,
            unit_class=one.unit_class,
            visits=one.asked,
            made=one.made,
            last_visit=one.last,
            due_on=one.due_on,
            next_on=one.next_on,
            why=by_duty(owed[Tag(one.case)], asked)
            if Tag(one.case) in owed
            else on_record(begun_by(asked, Tag(one.case)), closed_by=("supervision.visited/1",)),
        )
        for one in visits_due(asked.counting)
    )


@dataclass(frozen=True, slots=True)
class NamedVisitRow:
    """A visit that an authority named when it closed a supervision. owed_by: None: the unit recorded it from paper."""

    unit: PartyId
    case: CaseId
    owed_by: PartyId | None
    due: datetime
    overdue: bool
    why: Why


def named_visits(asked: Asked) -> tuple[NamedVisitRow, ...]:
    """Return the visits that were named and are still to be made."""
    owed = asked.standing("visit-next")
    return tuple(
        NamedVisitRow(
            unit=one.unit,
            case=one.case,
            owed_by=one.by,
            due=one.due,
            overdue=one.overdue,
            why=by_duty(owed[Tag(one.case)], asked),
        )
        for one in next_visits(asked.counting, asked.editions, asked.at)
    )


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A visit by what its points come to.

    score: the officers'. computed: of the points. differs: None: one of the two is not known.
    """

    unit: PartyId
    site: SiteId
    case: CaseId
    at: datetime
    conforms: int
    does_not: int
    not_done: int
    score: int | None
    computed: int | None
    differs: bool | None
    why: Why


def scored_visits(asked: Asked) -> tuple[ScoreRow, ...]:
    """Return the visits with their scores."""
    visits = {(one.said.body.case, one.said.occurred_at): one for one in asked.record.of_kinds("supervision.visited/1")}
    return tuple(
        ScoreRow(
            unit=one.unit,
            site=one.site,
            case=one.case,
            at=one.at,
            conforms=one.results.get(PointResult.CONFORMS, 0),
            does_not=one.results.get(PointResult.DOES_NOT_CONFORM, 0),
            not_done=sum(one.not_done.values()),
            score=one.given,
            computed=one.computed,
            differs=one.differs,
            why=on_record(visits.get((one.case, one.at))),
        )
        for one in visit_scores(asked.counting)
    )


@dataclass(frozen=True, slots=True)
class SampleRow:
    """An official sample: how much of which item, and what the inspections that follow found.

    results: of the inspections of its consignment that follow, oldest first.
    """

    consignment: ConsignmentId | None
    case: CaseId | None
    taken_by: PartyId
    at: datetime
    item: ItemId
    quantity: Amount
    unit: str
    laboratory: str | None
    results: tuple[InspectionResult, ...]
    why: Why


def official_samples(asked: Asked) -> tuple[SampleRow, ...]:
    """Return the official samples, item by item."""
    return tuple(
        SampleRow(
            consignment=one.consignment,
            case=one.case,
            taken_by=one.by,
            at=one.at,
            item=item,
            quantity=Amount(format_decimal(quantity.value)),
            unit=quantity.unit,
            laboratory=one.laboratory,
            results=tuple(result for _, result in one.results),
            why=on_record(asked.by_statement.get(one.statement)),
        )
        for one in samples(asked.counting)
        for item, quantity in one.taken
    )
