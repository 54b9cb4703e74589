"""What an authority does with an application that it holds: waits for others, draws its term out, decides.

A decision is late by the days that ``days`` counts; a late one is recorded all the same, as a breach.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from ledger.domain.assessment.applications import (
    IN_TURN,
    check_phase,
    decidable,
    ending,
    entering,
)
from ledger.domain.assessment.days import days_of, term_of
from ledger.domain.bodies.vocabulary import ApprovalRef, Body, CaseRef, LineNo, Number, Reference
from ledger.domain.cases import concerned, with_detail
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import Term, unit_code
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import RulePack
from ledger.domain.states.application import PAUSED, Application, ApplicationEnd, Phase
from ledger.domain.states.subjects import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach

# Bodies


class Pause(StrEnum):
    """Whose work an authority waits for, in time that does not count against its term."""

    EXPERT_ASSESSMENT = "expert-assessment"
    ON_SITE = "on-site"
    TESTING = "testing"


class DecisionGround(StrEnum):
    """Why an authority refuses what was applied for."""

    CONDITIONS_NOT_MET = "conditions-not-met"
    CAPABILITY_INSUFFICIENT = "capability-insufficient"
    ASSESSMENT_FAILED = "assessment-failed"
    OTHER_APPROVAL_MISSING = "other-approval-missing"
    FALSE_PAPERS = "false-papers"
    OTHER = "other"


class NotAcceptedGround(StrEnum):
    """Why an authority does not take an application up."""

    NO_SPECIAL_ITEM = "no-special-item"
    ANOTHER_AUTHORITY = "another-authority"
    NOT_ENTITLED = "not-entitled"
    NOT_COMPLETED = "not-completed"


class ApplicationPaused(Body, frozen=True):
    """An authority waits for an assessment, a visit or a test before it decides; that time does not count."""

    case: CaseRef
    pause: Pause
    reference: Reference | None = None


class ApplicationResumed(Body, frozen=True):
    """What an authority waited for is there: its term runs again."""

    case: CaseRef
    reference: Reference | None = None


class ApplicationExtended(Body, frozen=True):
    """An authority draws the term of its decision out, once."""

    case: CaseRef
    reference: Reference | None = None


class ApplicationDecided(Body, frozen=True):
    """An authority permits what was applied for: the approval that it granted is on record."""

    case: CaseRef
    approval: ApprovalRef
    reference: Reference | None = None


class ApplicationRefused(Body, frozen=True):
    """An authority does not permit what was applied for.

    number: of its decision.
    """

    case: CaseRef
    number: Number
    ground: DecisionGround
    reference: Reference | None = None


class ApplicationNotAccepted(Body, frozen=True):
    """An authority decides not to take an application up; goods that are no special items travel on this decision.

    number: of the decision, a document of its own kind beside the approval form.
    lines: the products that it is about; the application goes on with the others. Empty: all of them.
    """

    case: CaseRef
    number: Number
    ground: NotAcceptedGround
    lines: Annotated[tuple[LineNo, ...], Meta(max_length=400)] = ()
    reference: Reference | None = None


# Rules

APPROVAL_FITS = Rule(
    "APP-08", "The approval that an application led to is recorded, of the same party and direction.", Answer.REFUSAL
)
LINE_KNOWN = Rule("APP-09", "A decision names lines that the application has, each once.", Answer.REFUSAL)
IN_TIME = Rule(
    "APP-10",
    "An application is decided within the term, which does not run while the applicant, an assessment or a test is "
    "waited for.",
    Answer.BREACH,
    "Order 160 Arts 12-14",
    parameters=("days", "term", "unit"),
    basis=lambda pack, _: pack.approval_decision_days,
)
EXTENDED_IN_TIME = Rule(
    "APP-11",
    "A term is drawn out before it has ended, and once.",
    Answer.BREACH,
    "Order 160 Arts 12-14",
    parameters=("days", "term", "unit"),
    basis=lambda pack, _: pack.approval_decision_extension_days,
)

RULES = (APPROVAL_FITS, LINE_KNOWN, IN_TIME, EXTENDED_IN_TIME)

# Judges


def judge_application_paused(world: World, said: Signed[ApplicationPaused], rules: RulePack) -> Iterator[Breach]:
    """Judge that the term of a decision stops. Raises Refused: APP-03, APP-06, APP-07."""
    check_phase(said.body.case, decidable(world, said, said.body.case), {Phase.DECISION})
    yield from ()


def judge_application_resumed(world: World, said: Signed[ApplicationResumed], rules: RulePack) -> Iterator[Breach]:
    """Judge that the term of a decision runs again. Raises Refused: APP-03, APP-06, APP-07."""
    check_phase(said.body.case, decidable(world, said, said.body.case), PAUSED)
    yield from ()


def judge_application_extended(world: World, said: Signed[ApplicationExtended], rules: RulePack) -> Iterator[Breach]:
    """Judge that a term is drawn out. Raises Refused: APP-03, APP-06, APP-07. Returns APP-11."""
    application = decidable(world, said, said.body.case)
    if application.accepted_at is None or application.extended:
        raise IN_TURN.refuse(f"{said.body.case} is not accepted, or its term is drawn out already")
    yield from _late(EXTENDED_IN_TIME, application, said, rules)


def judge_application_decided(world: World, said: Signed[ApplicationDecided], rules: RulePack) -> Iterator[Breach]:
    """Judge a decision to permit. Raises Refused: APP-03, APP-06, APP-07, APP-08. Returns APP-10."""
    body = said.body
    application, approval = _accepted(world, said), world.approval(body.approval)
    if (approval.applicant, approval.direction) != (application.applicant, application.direction):
        raise APPROVAL_FITS.refuse(
            f"{body.approval} is not recorded for the {application.direction} of {application.applicant}"
        )
    yield from _late(IN_TIME, application, said, rules)


def judge_application_refused(world: World, said: Signed[ApplicationRefused], rules: RulePack) -> Iterator[Breach]:
    """Judge a decision not to permit. Raises Refused: APP-03, APP-06, APP-07. Returns APP-10."""
    yield from _late(IN_TIME, _accepted(world, said), said, rules)


def judge_application_not_accepted(
    world: World, said: Signed[ApplicationNotAccepted], rules: RulePack
) -> Iterator[Breach]:
    """Judge a decision not to take an application up. Raises Refused: APP-03, APP-06, APP-07, APP-09."""
    body = said.body
    application = decidable(world, said, body.case)
    if application.accepted_at is not None:
        raise IN_TURN.refuse(f"{body.case} is accepted already")
    if len(set(body.lines)) < len(body.lines) or not application.waiting.issuperset(body.lines):
        raise LINE_KNOWN.refuse(f"{body.case} has other lines than those named")
    yield from ()


def _accepted(world: World, said: Signed[Any]) -> Application:
    application = decidable(world, said, said.body.case)
    if application.accepted_at is None:
        raise IN_TURN.refuse(f"{said.body.case} is not accepted")
    return application


def _late(rule: Rule, application: Application, said: Signed[Any], rules: RulePack) -> Iterator[Breach]:
    """Return a breach if more days of the term have run by the act than it has."""
    parameter, term = rules.approval_decision_days, term_of(application, rules)
    if parameter is None or term is None:
        return
    days = days_of(application, rules.working_days, said.occurred_at, Term(parameter.unit)).counted
    if days > term:
        yield rule.breach((said.body.case,), days=days, term=term, unit=unit_code(parameter))


# Effects


def application_paused(case: Case, event: Event[ApplicationPaused]) -> Case:
    """Return the application with its term stopped."""
    return entering(case, event, Phase(event.said.body.pause.value))


def application_resumed(case: Case, event: Event[ApplicationResumed]) -> Case:
    """Return the application with its term running again."""
    return entering(case, event, None)


def application_extended(case: Case, event: Event[ApplicationExtended]) -> Case:
    """Return the application with its term drawn out."""
    return case if concerned(case, event, Application) is None else with_detail(case, extended=True)


def application_decided(case: Case, event: Event[ApplicationDecided]) -> Case:
    """Return the application as granted, with the approval that it led to."""
    return ending(case, event, ApplicationEnd.GRANTED, approval=event.said.body.approval)


def application_refused(case: Case, event: Event[ApplicationRefused]) -> Case:
    """Return the application as refused."""
    return ending(case, event, ApplicationEnd.REFUSED, number=event.said.body.number)


def application_not_accepted(case: Case, event: Event[ApplicationNotAccepted]) -> Case:
    """Return the application without the products that are not taken up; without any, as not accepted."""
    application, body = concerned(case, event, Application), event.said.body
    if application is not None and body.lines and application.waiting - set(body.lines):
        return with_detail(case, set_aside=application.set_aside | set(body.lines))
    return ending(case, event, ApplicationEnd.NOT_ACCEPTED, number=body.number)
