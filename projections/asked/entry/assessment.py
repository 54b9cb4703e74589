"""Answers about what comes before entry, as rows of cells: meetings, units and their classes, what left the scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from ledger.domain.approval.approvals import Direction
from ledger.domain.assessment.classes import Basis, Cause
from ledger.domain.assessment.scope import ManagedAs
from ledger.domain.states.risk import Outcome, OutcomeReason
from ledger.ids import CaseId, ItemId, PartyId, Tag
from ledger.quantity import format_decimal
from projections.asked.question import Amount, KindName, Why, Word
from projections.asked.reasons import begun_by, by_duty, by_rule, on_record
from projections.questions.assessment.meetings import meetings
from projections.questions.assessment.scope import left_scope
from projections.questions.assessment.unit_classes import unit_classes

if TYPE_CHECKING:
    from ledger.domain.assessment.classes import ClassPeriod
    from projections.asked.question import Asked
    from projections.questions.assessment.meetings import MeetingRow as Meeting


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting that decided on products; the last row is all meetings together, and so of no case.

    pass_rate: how many of its decisions passed a product, in hundredths. reasons: why others did not, most often first.
    """

    figures_of: Word
    case: CaseId | None
    held_at: datetime | None
    body: PartyId | None
    enterprises: int
    products: int
    passed: int
    pass_rate: Amount | None
    reasons: tuple[OutcomeReason, ...]
    why: Why


def meeting_figures(asked: Asked) -> tuple[MeetingRow, ...]:
    """Return what each meeting decided, and at last what all of them did."""
    found = meetings(asked.counting)
    each = tuple(_meeting(one, asked) for one in found.meetings)
    if not each:
        return ()
    whole = MeetingRow(
        figures_of=Word("all meetings"),
        case=None,
        held_at=None,
        body=None,
        enterprises=found.participations,
        products=found.products,
        passed=found.passed,
        pass_rate=_hundredths(found.passed, found.products),
        reasons=_by_number(found.reasons),
        why=Why(),
    )
    return (*each, whole)


def _meeting(one: Meeting, asked: Asked) -> MeetingRow:
    passed = one.outcomes.get(Outcome.PASS, 0)
    return MeetingRow(
        figures_of=Word("meeting"),
        case=one.case,
        held_at=one.held_at,
        body=one.body,
        enterprises=len(one.enterprises),
        products=one.products,
        passed=passed,
        pass_rate=_hundredths(passed, one.products),
        reasons=_by_number(one.reasons),
        why=on_record(begun_by(asked, Tag(one.case))),
    )


def _hundredths(part: int, whole: int) -> Amount | None:
    return Amount(format_decimal(round(Decimal(100 * part) / whole, 1))) if whole else None


def _by_number(reasons: Mapping[OutcomeReason, int]) -> tuple[OutcomeReason, ...]:
    return tuple(sorted(reasons, key=lambda one: (-reasons[one], one)))


@dataclass(frozen=True, slots=True)
class RectificationRow:
    """A nonconformity that a visit found. put_right: when, verified; None: it is not. days: how long it took,
    in whole days."""

    case: CaseId
    applicant: PartyId
    nonconformity: str
    found: datetime
    put_right: datetime | None
    days: int | None
    why: Why


def rectified(asked: Asked) -> tuple[RectificationRow, ...]:
    """Return the nonconformities of assessments, and how long each took to be put right."""
    owed = {(one.subject, one.owed.key): one for one in asked.owed("rectify-nonconformity")}
    rows = []
    for one in meetings(asked.counting).rectifications:
        duty = owed.get((Tag(one.case), one.number))
        rows.append(
            RectificationRow(
                case=one.case,
                applicant=one.applicant,
                nonconformity=one.number,
                found=one.found_at,
                put_right=one.verified_at,
                days=None if one.took is None else one.took.days,
                why=on_record(begun_by(asked, Tag(one.case))) if duty is None else by_duty(duty, asked),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A period in which a unit's class rests on the same facts. unit_class: 1 is the best; None: unknown, see basis.

    score: capability times coefficient. causes: why the period begins; none of the first one.
    """

    unit: PartyId
    first_day: date
    last_day: date
    unit_class: int | None
    changed: bool
    basis: Basis
    score: Amount | None
    causes: tuple[Cause, ...]
    why: Why


def classes(asked: Asked) -> tuple[ClassRow, ...]:
    """Return the classes of the units in a period, and why they changed."""
    first, last = asked.first or asked.day, asked.last or asked.day
    packs = [one for one in asked.packs.packs if one.jurisdiction == asked.jurisdiction]
    rows = []
    for unit in unit_classes(asked.counting, first, last, packs):
        before: int | None = unit.periods[0].unit_class.number
        for period in unit.periods:
            now = period.unit_class
            rows.append(
                ClassRow(
                    unit=unit.party,
                    first_day=period.first,
                    last_day=period.last,
                    unit_class=now.number,
                    changed=now.number != before,
                    basis=now.basis,
                    score=None if now.score is None else Amount(format_decimal(now.score)),
                    causes=tuple(one.cause for one in period.causes),
                    why=_why_class(period, asked),
                )
            )
            before = now.number
    return tuple(rows)


def _why_class(period: ClassPeriod, asked: Asked) -> Why:
    told = [one.statement for one in period.causes if one.statement is not None]
    event = asked.by_statement.get(told[-1]) if told else None
    required = period.unit_class.number
    given = {} if required is None else {"required": str(required)}
    return replace(by_rule("SUP-09", event, asked, given=given), edition=period.unit_class.rules.partition(" ")[0])


@dataclass(frozen=True, slots=True)
class LeftScopeRow:
    """A product that left the scope of special items, and one of its goods on record; None: none is.

    done_since: what was done with it from that day on, and when for the last time.
    """

    product: str
    party: PartyId
    from_on: date
    managed_as: ManagedAs
    direction: Direction
    evidence: str
    country: str
    item: ItemId | None
    done_since: tuple[KindName, ...]
    last_done: datetime | None
    why: Why


def out_of_scope(asked: Asked) -> tuple[LeftScopeRow, ...]:
    """Return what left scope in a period, and how its goods were treated since."""
    first, last = asked.first or asked.day, asked.last or asked.day
    return tuple(
        LeftScopeRow(
            product=one.product,
            party=one.party,
            from_on=one.from_on,
            managed_as=one.managed_as,
            direction=one.direction,
            evidence=one.evidence.document,
            country=one.issuer_country,
            item=item,
            done_since=tuple(KindName(act.kind) for act in acts),
            last_done=max((act.at for act in acts), default=None),
            why=on_record(asked.by_statement.get(one.statement)),
        )
        for one in left_scope(asked.counting, first, last, asked.calendar)
        for item, acts in (one.items or ((None, ()),))
    )
