"""Risk assessments, from the request until the dossier is complete.

An assessment is a case. The panel and the meeting that decides are in ``meetings``, the visit to the place in
``on_site``, the report and who relies on it in ``reports``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.domain.assessment.applications import application_of, check_products
from ledger.domain.assessment.days import days_between
from ledger.domain.bodies.products import FiledPapers, MissingPapers, Products
from ledger.domain.bodies.vocabulary import Body, CaseRef, PartyRef
from ledger.domain.cases import begun, check_new, concerned, with_detail
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import Term, unit_code
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.risk import Assessment
from ledger.domain.states.subjects import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.ids import CaseId

MATTER: Final = "risk-assessment"

# Bodies


class RiskAssessmentRequested(Body, frozen=True):
    """A party asks a body to assess the risk of products, and files their dossier.

    body: who is to assess: customs, or whom they entrust.
    application: the application that the assessment is for.
    using_unit: who is to use the products, where that is not the applicant.
    first: whether the applicant has never applied before.
    """

    case: CaseRef
    applicant: PartyRef
    body: PartyRef
    products: Products
    papers: FiledPapers
    first: bool
    application: CaseRef | None = None
    using_unit: PartyRef | None = None


class RiskAssessmentCompletenessAnswered(Body, frozen=True):
    """The assessment body says whether the dossier is complete, and if not, everything that is missing.

    missing: left out where it is complete.
    """

    case: CaseRef
    missing: MissingPapers = ()


class RiskAssessmentSupplemented(Body, frozen=True):
    """An applicant files what its dossier lacked, or what a meeting asked for."""

    case: CaseRef
    papers: FiledPapers


# Rules

CASE_NEW = Rule(
    "RSK-01", "A risk assessment is a case of its own, of registered parties, by another one.", Answer.REFUSAL
)
OWN = Rule(
    "RSK-02", "The applicant requests, completes and rectifies what is assessed of its products.", Answer.REFUSAL
)
OPEN = Rule(
    "RSK-03", "Only an assessment without a report is gone on with, each step after what it needs.", Answer.REFUSAL
)
BODY = Rule(
    "RSK-04",
    "What an assessment body does is stated by itself or by an authority; its report also by the applicant.",
    Answer.REFUSAL,
)
OF_APPLICATION = Rule("RSK-05", "A risk is assessed for an application of the same party.", Answer.REFUSAL)
ACCEPTED_FIRST = Rule(
    "RSK-06",
    "A risk assessment begins when its application is accepted.",
    Answer.BREACH,
    "255/2024 Art. 5",
    Confidence.V,
    ("case",),
)
ANSWERED_IN_TIME = Rule(
    "RSK-07",
    "The assessment body answers within its term whether a dossier is complete.",
    Answer.BREACH,
    parameters=("days", "term", "unit"),
    basis=lambda pack, _: pack.assessment_completeness_days,
)
TOLD_ONCE = Rule(
    "RSK-08",
    "Everything that a dossier lacks is told at once.",
    Answer.BREACH,
    "255/2024 Art. 5",
    Confidence.V,
    ("count", "papers"),
)

RULES = (CASE_NEW, OWN, OPEN, BODY, OF_APPLICATION, ACCEPTED_FIRST, ANSWERED_IN_TIME, TOLD_ONCE)

# Judges


def judge_requested(world: World, said: Signed[RiskAssessmentRequested], rules: RulePack) -> Iterator[Breach]:
    """Judge a request. Raises Refused: RSK-01, RSK-02, RSK-05, APP-04, PRT-04, UNI-01, UNI-02. Returns RSK-06."""
    body = said.body
    check_new(world, body.case, CASE_NEW)
    for party in (body.applicant, body.body, body.using_unit):
        if party is not None and not world.party(party).known:
            raise CASE_NEW.refuse(f"{party} is not registered")
    if body.body == body.applicant:
        raise CASE_NEW.refuse(f"{body.body} does not assess itself")
    if said.parties != {body.applicant}:
        raise OWN.refuse(f"{said.party} requests nothing for {body.applicant}")
    check_products(body.products, rules)
    if body.application is None:
        return
    application = application_of(world, body.application, body.applicant, OF_APPLICATION)
    if application.accepted_at is None:
        yield ACCEPTED_FIRST.breach((body.case, body.application), case=body.application)


def judge_answered(world: World, said: Signed[RiskAssessmentCompletenessAnswered], rules: RulePack) -> Iterator[Breach]:
    """Judge an answer about completeness. Raises Refused: RSK-03, RSK-04. Returns RSK-07, RSK-08."""
    case, missing = said.body.case, set(said.body.missing)
    assessment = by_body(world, said, case)
    if assessment.waiting_since is None:
        raise OPEN.refuse(f"nothing of {case} waits for an answer")
    term = rules.assessment_completeness_days
    if term is not None:
        days = days_between(assessment.waiting_since, said.occurred_at, Term(term.unit), rules.working_days)
        if days > term.value:
            yield ANSWERED_IN_TIME.breach((case,), days=days, term=term.value, unit=unit_code(term))
    if assessment.asked is not None and (later := sorted(missing - assessment.asked)):
        yield TOLD_ONCE.breach((case,), papers=later, count=len(later))


def judge_supplemented(world: World, said: Signed[RiskAssessmentSupplemented], rules: RulePack) -> Iterator[Breach]:
    """Judge a supplement. Raises Refused: RSK-03, RSK-02."""
    by_applicant(world, said, said.body.case)
    yield from ()


def going_on(world: World, case: CaseId) -> Assessment:
    """Return an assessment that has no report yet. Raises Refused: RSK-03."""
    found = world.case(case).detail
    if not isinstance(found, Assessment) or found.report is not None:
        raise OPEN.refuse(f"{case} is no risk assessment without a report")
    return found


def by_body(world: World, said: Signed[Any], case: CaseId) -> Assessment:
    """Return an assessment that goes on, for whoever may state its body's acts. Raises Refused: RSK-03, RSK-04."""
    assessment = going_on(world, case)
    check_connected(said, (assessment.body,), BODY, case)
    return assessment


def by_applicant(world: World, said: Signed[Any], case: CaseId) -> Assessment:
    """Return an assessment that goes on, for its applicant. Raises Refused: RSK-03, RSK-02."""
    assessment = going_on(world, case)
    if said.parties != {assessment.applicant}:
        raise OWN.refuse(f"{case} assesses products of {assessment.applicant}")
    return assessment


# Effects


def requested(case: Case, event: Event[RiskAssessmentRequested]) -> Case:
    """Return the case as opened by a request; the body is to answer whether its dossier is complete."""
    body = event.said.body
    detail = Assessment(
        applicant=body.applicant,
        using_unit=body.using_unit or body.applicant,
        body=body.body,
        products=body.products,
        first=body.first,
        application=body.application,
        waiting_since=event.said.occurred_at,
    )
    return begun(case, event, MATTER, detail)


def answered(case: Case, event: Event[RiskAssessmentCompletenessAnswered]) -> Case:
    """Return the assessment with what it lacks."""
    assessment = concerned(case, event, Assessment)
    if assessment is None:
        return case
    missing = frozenset(event.said.body.missing)
    asked = missing if assessment.asked is None and missing else assessment.asked
    return with_detail(case, waiting_since=None, missing=missing, asked=asked)


def supplemented(case: Case, event: Event[RiskAssessmentSupplemented]) -> Case:
    """Return the assessment with its body to answer again, if something was missing."""
    assessment = concerned(case, event, Assessment)
    if assessment is None:
        return case
    filed = {one.paper for one in event.said.body.papers}
    waiting = event.said.occurred_at if assessment.missing else assessment.waiting_since
    return with_detail(case, missing=assessment.missing - filed, waiting_since=waiting)
