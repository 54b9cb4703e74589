"""The supervision of a unit: planned by an authority, joined by other departments, delegated to a branch office.

A case: its visits, findings and conclusion belong to it. Each party that takes part has areas of its own.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.assessment.classes import class_on
from ledger.domain.bodies.vocabulary import ApprovalRef, Body, CaseRef, Grade, PartyRef, Reference, SiteRef
from ledger.domain.cases import begun, check_new, concerned
from ledger.domain.connection import by_reference, check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.subjects import Case, CaseStatus
from ledger.domain.states.supervision import Area, Supervision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ApprovalId, CaseId, PartyId

MATTER: Final = "supervision"

# Bodies

Areas = Annotated[tuple[Area, ...], Meta(min_length=1, max_length=11, description="At least one area.")]
Sites = Annotated[tuple[SiteRef, ...], Meta(max_length=50, description="Sites; left out: all of the unit.")]
Approvals = Annotated[tuple[ApprovalRef, ...], Meta(max_length=50, description="Approvals; there may be none.")]
UnitClass = Annotated[int, Meta(ge=1, le=4, description="The class of a unit, 1 to 4.")]
Visits = Annotated[int, Meta(ge=1, le=366, description="How many visits.")]


class Basis(StrEnum):
    """Why a unit is supervised."""

    CLASS = "class"
    RISK = "risk"
    CAUSE = "cause"


class SupervisionPlanned(Body, frozen=True):
    """An authority plans the supervision of a unit for a period, and opens its case.

    party: the unit. unit_class: of it, by which the rule pack says how often it is visited in a year.
    areas: what the authority itself looks at.
    visits: how many visits are planned in the period.
    """

    case: CaseRef
    party: PartyRef
    basis: Basis
    areas: Areas
    period_from: date
    period_to: date
    visits: Visits
    unit_class: UnitClass | None = None
    sites: Sites = ()
    approvals: Approvals = ()
    reference: Reference | None = None


class SupervisionJoined(Body, frozen=True):
    """Another department takes part in a supervision, with areas of its own."""

    case: CaseRef
    areas: Areas


class SupervisionDelegated(Body, frozen=True):
    """A party of a supervision hands some of its areas to a branch office.

    to: the branch office, a party of its own.
    """

    case: CaseRef
    to: PartyRef
    areas: Areas


# Rules

CASE_NEW = Rule("SUP-01", "The supervision of a unit is planned in a case of its own.", Answer.REFUSAL)
UNIT_KNOWN = Rule(
    "SUP-02", "A plan names a registered unit, its sites and approvals that are on record.", Answer.REFUSAL
)
PERIOD = Rule("SUP-03", "A plan's period ends no earlier than it begins.", Answer.REFUSAL)
OPEN = Rule("SUP-04", "What belongs to a supervision is stated while its case is open.", Answer.REFUSAL)
TAKES_PART = Rule(
    "SUP-05", "In a supervision speak the parties that take part in it, each in its own areas.", Answer.REFUSAL
)
OTHER_PARTY = Rule("SUP-06", "No unit supervises itself.", Answer.REFUSAL)
OFTEN_ENOUGH = Rule(
    "SUP-07",
    "A unit is visited at least as often in a year as its class asks.",
    Answer.BREACH,
    parameters=("asked", "count", "unit_class"),
    basis=lambda pack, given: pack.visits_per_year.get(int(str(given["unit_class"]))),
)
DELEGABLE = Rule(
    "SUP-08",
    "Of the grades of 2015, supervision of C and D is delegated to a branch office, and of A and B it is not.",
    Answer.BREACH,
    "269/2015",
    Confidence.V,
    ("approval", "grade"),
)

AS_CLASSED = Rule(
    "SUP-09",
    "A plan states the class of its unit that follows from the record, and one by class states it.",
    Answer.BREACH,
    parameters=("required", "unit_class"),
    basis=lambda pack, given: pack.unit_class_thresholds.get(int(str(given["required"]))),
)

RECORDER = Rule(
    "SUP-16",
    "What an authority decides in a supervision is recorded from its document by the unit or by who holds an approval "
    "that the plan names.",
    Answer.REFUSAL,
)

RULES = (CASE_NEW, UNIT_KNOWN, PERIOD, OPEN, TAKES_PART, OTHER_PARTY, OFTEN_ENOUGH, DELEGABLE, AS_CLASSED, RECORDER)

_KEPT: Final = frozenset({Grade.A, Grade.B})
"""Of the table of 2015. What the sub-grades of 2025 changed about it was not found, so nothing is said of them."""

# Judges


def judge_supervision_planned(world: World, said: Signed[SupervisionPlanned], rules: RulePack) -> Iterator[Breach]:
    """Judge a plan. Raises Refused: SUP-01, SUP-02, SUP-06, SUP-16, SUP-03. Returns SUP-09, SUP-07."""
    body = said.body
    check_new(world, body.case, CASE_NEW)
    _check_named(world, body)
    check_not_of_unit(said, body.party, on_paper=True)
    if by_reference(said):
        check_recorder(world, said, body.party, body.approvals)
    if body.period_to < body.period_from:
        raise PERIOD.refuse(f"from {body.period_from} to {body.period_to}")
    known = class_on(world.party(body.party), rules.working_days.local_date(said.occurred_at), rules).number
    left_out = body.unit_class is None and body.basis is not Basis.CLASS
    if not left_out and known not in (None, body.unit_class):
        yield AS_CLASSED.breach((body.case, body.party), unit_class=body.unit_class, required=known)
    # What follows from the record counts, whatever the plan states or leaves out.
    unit_class = body.unit_class if known is None else known
    asked = None if unit_class is None else rules.visits_per_year.get(unit_class)
    # Of a part of a year the share is asked for, rounded down: that is what can be missed in it.
    days = (body.period_to - body.period_from).days + 1
    if asked is not None and body.basis is Basis.CLASS and body.visits < asked.value * days // 365:
        yield OFTEN_ENOUGH.breach(
            (body.case, body.party), unit_class=unit_class, count=body.visits, asked=asked.value * days // 365
        )


def judge_supervision_joined(world: World, said: Signed[SupervisionJoined], rules: RulePack) -> Iterator[Breach]:
    """Judge that a department takes part. Raises Refused: SUP-04, SUP-06."""
    check_not_of_unit(said, supervision_of(world, said.body.case).unit)
    yield from ()


def judge_supervision_delegated(world: World, said: Signed[SupervisionDelegated], rules: RulePack) -> Iterator[Breach]:
    """Judge a delegation. Raises Refused: SUP-04, SUP-06, SUP-02, SUP-05, SUP-16. Returns SUP-08."""
    body = said.body
    supervision = supervision_of(world, body.case)
    check_not_of_unit(said, supervision.unit)
    if body.to in {said.party, supervision.unit} or not world.party(body.to).known:
        raise UNIT_KNOWN.refuse(f"{body.to} is not registered, or no other party than those concerned")
    for area in body.areas:
        check_takes_part(world, said, supervision, area)
    for approval in map(world.approval, sorted(supervision.approvals)):
        if approval.grade in _KEPT:
            yield DELEGABLE.breach((body.case, approval.id), approval=approval.id, grade=approval.grade)


def supervision_of(world: World, case: CaseId) -> Supervision:
    """Return an open supervision. Raises Refused: SUP-04."""
    found = world.case(case)
    if not isinstance(found.detail, Supervision) or found.status is CaseStatus.CLOSED:
        raise OPEN.refuse(f"{case} is no open supervision")
    return found.detail


def check_not_of_unit(said: Signed[Any], unit: PartyRef, *, on_paper: bool = False) -> None:
    """Check that nobody of the unit speaks for its supervision. Raises Refused: SUP-06.

    on_paper: whether the unit may record what a document of who supervises it says.
    """
    if unit in said.parties and not (on_paper and by_reference(said)):
        raise OTHER_PARTY.refuse(f"{unit} is the unit that is supervised")


def check_takes_part(world: World, said: Signed[Any], supervision: Supervision, area: Area | None = None) -> None:
    """Check that the first signer's party takes part, in an area or in any. Raises Refused: SUP-05, SUP-16.

    Of a decision that a party concerned records from its document, the document says who decided.
    """
    if by_reference(said):
        check_recorder(world, said, supervision.unit, supervision.approvals)
    elif not supervision.takes_part(said.party, area):
        raise TAKES_PART.refuse(f"{said.party} takes no part{'' if area is None else f' in {area}'}")


def check_recorder(world: World, said: Signed[Any], unit: PartyId, approvals: Iterable[ApprovalId]) -> None:
    """Check that whoever records what an authority decided is concerned by it. Raises Refused: SUP-16.

    unit: who is supervised. approvals: what the plan names.
    """
    holders = (world.approval(approval).applicant for approval in approvals)
    check_connected(said, {unit, *holders}, RECORDER, f"the supervision of {unit}")


def _check_named(world: World, body: SupervisionPlanned) -> None:
    if not world.party(body.party).known:
        raise UNIT_KNOWN.refuse(f"{body.party} is not registered")
    for site in body.sites:
        if world.site(site).party != body.party:
            raise UNIT_KNOWN.refuse(f"{site} is no site of {body.party}")
    for approval in body.approvals:
        if not world.approval(approval).known:
            raise UNIT_KNOWN.refuse(f"{approval} is not on record")


# Effects


def supervision_planned(case: Case, event: Event[SupervisionPlanned]) -> Case:
    """Return the case as opened by a plan."""
    body = event.said.body
    detail = Supervision(unit=body.party, approvals=frozenset(body.approvals))
    # Who records a plan from its document does not take part by that.
    detail = detail if by_reference(event.said) else detail.joined(event.said.party, body.areas)
    return begun(case, event, MATTER, detail)


def supervision_joined(case: Case, event: Event[SupervisionJoined]) -> Case:
    """Return the case with a department more."""
    return _joined(case, event, event.said.party)


def supervision_delegated(case: Case, event: Event[SupervisionDelegated]) -> Case:
    """Return the case with the branch office among its parties."""
    return _joined(case, event, event.said.body.to)


def _joined(case: Case, event: Event[SupervisionJoined] | Event[SupervisionDelegated], party: PartyId) -> Case:
    supervision = concerned(case, event, Supervision)
    if supervision is None:
        return case
    return replace(case, detail=supervision.joined(party, event.said.body.areas))
