"""After a loss or an incident: whom the party told and when, what it found out, and the watch over who was exposed.

The hours run from the discovery, for each body that is to be told. How many persons are watched is stated, never who.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, CaseRef, Digest, Instant, Number
from ledger.domain.codes import Cause
from ledger.domain.dating import check_ahead, check_past, clock_tolerance
from ledger.domain.ending.incidents import INCIDENT, LOSS, Loss, ReportedTo
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import deadline, unit_code
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.subjects import Case
from ledger.domain.states.supervision import Notice, Response
from ledger.domain.work.contents import high_pathogenic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach, Value
    from ledger.domain.law.rules import Parameter, RulePack

# Bodies

Persons = Annotated[int, Meta(ge=1, le=100_000, description="How many persons; never who.")]


class WatchOutcome(StrEnum):
    """What a watch over exposed persons came to."""

    NO_SIGNS = "no-signs"
    SIGNS_CLEARED = "signs-cleared"
    ILLNESS = "illness"
    LOST_SIGHT_OF = "lost-sight-of"


class IncidentNotified(Body, frozen=True):
    """A party tells a body of a loss or an incident of its own.

    told_at: when it was told. receipt: the number that the body gave it.
    written: whether this is the written report that follows the first one.
    """

    case: CaseRef
    body: ReportedTo
    told_at: Instant
    written: bool = False
    receipt: Number | None = None
    evidence: Digest | None = None


class IncidentInvestigated(Body, frozen=True):
    """A party states what an investigation of its loss or incident found; a report shows it.

    cause: what led to it, as far as is known.
    """

    case: CaseRef
    cause: Cause
    report: Digest


class ExposureWatchOpened(Body, frozen=True):
    """Persons who may have been exposed are watched; how many is stated, and never who.

    until: until when, as planned.
    """

    case: CaseRef
    persons: Persons
    until: Instant


class ExposureWatchEnded(Body, frozen=True):
    """A watch over exposed persons has ended."""

    case: CaseRef
    persons: Persons
    outcome: WatchOutcome


# Rules

OWN_CASE = Rule("INC-20", "A party tells of, and looks into, a loss or an incident of its own.", Answer.REFUSAL)
TOLD_SINCE = Rule("INC-21", "A body is told after the discovery.", Answer.REFUSAL)
TOLD_IN_TIME = Rule(
    "INC-22",
    "Of high-pathogenic material each body is told within the term that it is to be told in.",
    Answer.BREACH,
    parameters=("authority", "discovered", "occurred", "term", "unit", "written"),
    basis=lambda pack, given: term_of(pack, given["authority"], written=given["written"] == "yes"),
)
WATCHED = Rule("INC-23", "A watch ends that was opened.", Answer.REFUSAL)

RULES = (OWN_CASE, TOLD_SINCE, TOLD_IN_TIME, WATCHED)

BODIES = frozenset(
    {
        ReportedTo.COMPETENT_AUTHORITY,
        ReportedTo.HEALTH_AUTHORITY,
        ReportedTo.VETERINARY_AUTHORITY,
        ReportedTo.POLICE,
    }
)
"""Whom a law that was read has told within hours (State Council Order 424 Art. 17)."""
INSTEAD: Final = {ReportedTo.HEALTH_AUTHORITY: ReportedTo.VETERINARY_AUTHORITY}
"""Who may be told in the place of another."""

# Judges


def judge_incident_notified(world: World, said: Signed[IncidentNotified], rules: RulePack) -> Iterator[Breach]:
    """Judge that a body was told. Raises Refused: INC-20, CON-22, INC-21. Returns INC-22."""
    body = said.body
    case = _own(world, said)
    check_past("told_at", body.told_at, said, rules, clock_tolerance(rules))
    if case.opened_on is not None and body.told_at < case.opened_on:
        raise TOLD_SINCE.refuse(f"{body.body} was told before {case.id} was discovered")
    term = term_of(rules, body.body, written=body.written)
    if term is None or case.opened_on is None or not high_pathogenic(world, case.items, rules):
        return
    if body.told_at > deadline(case.opened_on, term, rules.working_days):
        yield TOLD_IN_TIME.breach(
            (case.id,),
            authority=body.body,
            discovered=case.opened_on,
            occurred=body.told_at,
            term=term.value,
            unit=unit_code(term),
            written="yes" if body.written else "no",
        )


def judge_incident_investigated(world: World, said: Signed[IncidentInvestigated], rules: RulePack) -> Iterator[Breach]:
    """Judge an investigation. Raises Refused: INC-20."""
    _own(world, said)
    yield from ()


def judge_exposure_watch_opened(world: World, said: Signed[ExposureWatchOpened], rules: RulePack) -> Iterator[Breach]:
    """Judge the beginning of a watch. Raises Refused: INC-20, CON-23."""
    _own(world, said)
    check_ahead("until", said.body.until, said)
    yield from ()


def judge_exposure_watch_ended(world: World, said: Signed[ExposureWatchEnded], rules: RulePack) -> Iterator[Breach]:
    """Judge the end of a watch. Raises Refused: INC-20, INC-23."""
    response = response_of(_own(world, said))
    if response.ended >= response.watches:
        raise WATCHED.refuse(f"no watch of {said.body.case} is open")
    yield from ()


def term_of(rules: RulePack, body: Value, *, written: bool) -> Parameter[int] | None:
    """Return the term in which a body is to be told; None where the rule pack does not say, or not of that body."""
    if body not in BODIES:
        return None
    return rules.loss_follow_up_days if written else rules.loss_report_hours


def to_be_told(report: Body) -> tuple[ReportedTo, ...]:
    """Return whom Order 424 Art. 17 has told of what a report is about: of a theft, robbery or loss the police too."""
    leaked = getattr(report, "loss", Loss.LEAKED) is Loss.LEAKED
    police = () if leaked else (ReportedTo.POLICE,)
    return (ReportedTo.COMPETENT_AUTHORITY, ReportedTo.HEALTH_AUTHORITY, *police)


def response_of(case: Case) -> Response:
    """Return what was done about a case; of one about which nothing was done, that."""
    return case.detail if isinstance(case.detail, Response) else Response()


def _own(world: World, said: Signed[Any]) -> Case:
    case = world.case(said.body.case)
    if case.matter not in {LOSS, INCIDENT} or case.party != said.party:
        raise OWN_CASE.refuse(f"{said.body.case} is no loss or incident of {said.party}")
    return case


# Effects


def incident_notified(case: Case, event: Event[IncidentNotified]) -> Case:
    """Return the case with one body more that was told."""
    body = event.said.body
    return _with(case, event, notices=(*response_of(case).notices, Notice(body.body, body.told_at, body.written)))


def incident_investigated(case: Case, event: Event[IncidentInvestigated]) -> Case:
    """Return the case as investigated."""
    return _with(case, event, investigated_at=event.said.occurred_at)


def exposure_watch_opened(case: Case, event: Event[ExposureWatchOpened]) -> Case:
    """Return the case with one watch more."""
    return _with(case, event, watches=response_of(case).watches + 1)


def exposure_watch_ended(case: Case, event: Event[ExposureWatchEnded]) -> Case:
    """Return the case with one watch more that has ended."""
    return _with(case, event, ended=response_of(case).ended + 1)


def _with(case: Case, event: Event[Any], **members: object) -> Case:
    if case.id != event.said.body.case or not case.known:
        return case
    return replace(case, detail=replace(response_of(case), **members))
