"""The visit to the place before a product is passed, and what the applicant puts right after it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.assessment.risk import by_applicant, by_body
from ledger.domain.bodies.vocabulary import Body, CaseRef, Digest, Number, SiteRef
from ledger.domain.cases import concerned, with_detail
from ledger.domain.dating import check_ahead
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import deadline, unit_code
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import RulePack
from ledger.domain.states.risk import Assessment, Rectification
from ledger.domain.states.subjects import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.domain.law.rules import Parameter

# Bodies

Numbers = Annotated[tuple[Number, ...], Meta(min_length=1, max_length=300, description="Numbers of nonconformities.")]
Evidence = Annotated[tuple[Digest, ...], Meta(max_length=50, description="SHA-256 of papers and photographs.")]


class Severity(StrEnum):
    """How grave a nonconformity is."""

    MINOR = "minor"
    MAJOR = "major"


class Verification(StrEnum):
    """What is made of a rectification."""

    ACCEPTED = "accepted"
    INSUFFICIENT = "insufficient"


class Nonconformity(Body, frozen=True):
    """What does not conform: its number, by which it is spoken of later, and how grave it is."""

    number: Number
    severity: Severity


class RiskAssessmentVisited(Body, frozen=True):
    """The panel of an assessment visits the place where products are to be kept or used.

    nonconformities: what it found; empty: nothing.
    due_on: until which day they are to be put right; left out: until the rule pack's term ends.
    longer: whether the applicant stated on the spot that it needs longer than the usual term.
    """

    case: CaseRef
    site: SiteRef
    nonconformities: Annotated[tuple[Nonconformity, ...], Meta(max_length=300)] = ()
    due_on: date | None = None
    longer: bool = False
    evidence: Evidence = ()


class RiskAssessmentRectified(Body, frozen=True):
    """An applicant hands in what it did about nonconformities."""

    case: CaseRef
    numbers: Numbers
    evidence: Annotated[Evidence, Meta(min_length=1)]


class RiskAssessmentRectificationVerified(Body, frozen=True):
    """The panel says whether nonconformities are put right; one that is not is to be rectified again."""

    case: CaseRef
    numbers: Numbers
    verification: Verification


# Rules

PLACE = Rule(
    "RSK-20", "A visit is to a place of the applicant or of the unit that is to use the products.", Answer.REFUSAL
)
NUMBERED = Rule(
    "RSK-21",
    "A nonconformity has a number of its own; one that is open is rectified, then it is verified.",
    Answer.REFUSAL,
)
DUE = Rule(
    "RSK-22",
    "Nonconformities are to be put right within the usual term, or the longest if the applicant needs longer.",
    Answer.BREACH,
    parameters=("due_on", "term", "unit"),
    basis=lambda pack, given: _term(pack, int(str(given["term"]))),
)
RECTIFIED_IN_TIME = Rule(
    "RSK-23",
    "Nonconformities are put right by the day that was set, or within the usual term.",
    Answer.BREACH,
    parameters=("day", "due_on"),
    basis=lambda pack, _: pack.rectification_days,
)

RULES = (PLACE, NUMBERED, DUE, RECTIFIED_IN_TIME)

# Judges


def judge_visited(world: World, said: Signed[RiskAssessmentVisited], rules: RulePack) -> Iterator[Breach]:
    """Judge a visit. Raises Refused: RSK-03, RSK-04, RSK-20, RSK-21, CON-23. Returns RSK-22."""
    body = said.body
    assessment = by_body(world, said, body.case)
    if world.site(body.site).party not in {assessment.applicant, assessment.using_unit}:
        raise PLACE.refuse(f"{body.site} is a place of neither {assessment.applicant} nor {assessment.using_unit}")
    numbers = [one.number for one in body.nonconformities]
    if len(set(numbers)) < len(numbers) or any(number in assessment.rectifications for number in numbers):
        raise NUMBERED.refuse(f"a nonconformity of {body.case} has a number twice")
    if body.due_on is None:
        return
    check_ahead("due_on", rules.working_days.end_of_day(body.due_on), said)
    term = rules.rectification_max_days if body.longer else rules.rectification_days
    if term is not None and rules.working_days.end_of_day(body.due_on) > deadline(
        said.occurred_at, term, rules.working_days
    ):
        yield DUE.breach((body.case,), due_on=body.due_on, term=term.value, unit=unit_code(term))


def judge_rectified(world: World, said: Signed[RiskAssessmentRectified], rules: RulePack) -> Iterator[Breach]:
    """Judge that nonconformities were put right. Raises Refused: RSK-03, RSK-02, RSK-21. Returns RSK-23."""
    body, day = said.body, rules.working_days.local_date(said.occurred_at)
    assessment = by_applicant(world, said, body.case)
    found = _named(assessment, body, lambda one: not one.submitted and one.verified_at is None)
    due = [last for one in found if (last := due_day(one, rules)) is not None]
    if due and day > min(due):
        yield RECTIFIED_IN_TIME.breach((body.case,), due_on=min(due), day=day)


def judge_rectification_verified(
    world: World, said: Signed[RiskAssessmentRectificationVerified], rules: RulePack
) -> Iterator[Breach]:
    """Judge whether nonconformities are put right. Raises Refused: RSK-03, RSK-04, RSK-21."""
    assessment = by_body(world, said, said.body.case)
    _named(assessment, said.body, lambda one: one.submitted)
    yield from ()


def due_day(one: Rectification, rules: RulePack) -> date | None:
    """Return the last day on which a nonconformity is put right in time; None where nothing says so."""
    term = rules.rectification_days
    if one.due_on is not None or term is None:
        return one.due_on
    return rules.working_days.local_date(deadline(one.found_at, term, rules.working_days))


def _named(
    assessment: Assessment,
    body: RiskAssessmentRectified | RiskAssessmentRectificationVerified,
    fits: Callable[[Rectification], bool],
) -> list[Rectification]:
    found = [assessment.rectifications.get(number) for number in dict.fromkeys(body.numbers)]
    fitting = [one for one in found if one is not None and fits(one)]
    if len(fitting) < len(body.numbers):
        raise NUMBERED.refuse(f"{body.case} has no such nonconformity that waits for this")
    return fitting


def _term(pack: RulePack, days: int) -> Parameter[int] | None:
    longest = pack.rectification_max_days
    return longest if longest is not None and longest.value == days else pack.rectification_days


# Effects


def visited(case: Case, event: Event[RiskAssessmentVisited]) -> Case:
    """Return the assessment with its visit and what that found."""
    assessment, body, at = concerned(case, event, Assessment), event.said.body, event.said.occurred_at
    if assessment is None:
        return case
    found = {
        one.number: Rectification(
            number=one.number, major=one.severity is Severity.MAJOR, found_at=at, due_on=body.due_on
        )
        for one in body.nonconformities
    }
    first = at if assessment.visited_at is None else assessment.visited_at
    rectifications = assessment.rectifications.update(found)
    return with_detail(case, visited_at=first, rectifications=rectifications)


def rectified(case: Case, event: Event[RiskAssessmentRectified]) -> Case:
    """Return the assessment with nonconformities that wait to be verified."""
    return _marked(case, event, submitted=True, verified_at=None)


def rectification_verified(case: Case, event: Event[RiskAssessmentRectificationVerified]) -> Case:
    """Return the assessment with nonconformities put right, or open again."""
    good = event.said.body.verification is Verification.ACCEPTED
    return _marked(case, event, submitted=False, verified_at=event.said.occurred_at if good else None)


def _marked(case: Case, event: Event[Any], *, submitted: bool, verified_at: datetime | None) -> Case:
    assessment = concerned(case, event, Assessment)
    if assessment is None:
        return case
    changed = {
        number: replace(one, submitted=submitted, verified_at=verified_at)
        for number in event.said.body.numbers
        if (one := assessment.rectifications.get(number)) is not None
    }
    return with_detail(case, rectifications=assessment.rectifications.update(changed))
