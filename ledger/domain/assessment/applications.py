"""Applications for an approval, on their way to a decision: handed in, completed, accepted, taken back.

An application is a case. Whose time ran since when is told by ``days``; what the authority decides is in ``decisions``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.approval.approvals import INDIVIDUAL, Direction
from ledger.domain.approval.terms import check_sites
from ledger.domain.bodies.products import FiledPapers, Paper, Product, Products
from ledger.domain.bodies.vocabulary import Body, CaseRef, Grade, Number, PartyRef, Reference, SiteRef
from ledger.domain.cases import begun, check_new, concerned, with_detail
from ledger.domain.codes import Purpose
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import RulePack
from ledger.domain.states.application import Application, ApplicationEnd, Phase, Step
from ledger.domain.states.subjects import Case, CaseStatus
from ledger.domain.work.portions import check_some

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.breach import Breach
    from ledger.ids import CaseId, PartyId

MATTER: Final = "application"

# Bodies


class ApplicationSubmitted(Body, frozen=True):
    """A party applies for an approval to bring special items in or out.

    grade: the risk grade that it takes the products to be of; left out where it names none.
    purposes: what the products are to be used for.
    laboratory, sites: where they are to be used, and where to be kept and used besides.
    addressed_to: the authority that it applies to, where that is a party of this log.
    papers: what is filed with it.
    """

    case: CaseRef
    applicant: PartyRef
    direction: Direction
    products: Products
    papers: FiledPapers
    grade: Grade | None = None
    purposes: Annotated[tuple[Purpose, ...], Meta(max_length=50)] = ()
    laboratory: SiteRef | None = None
    sites: Annotated[tuple[SiteRef, ...], Meta(max_length=100)] = ()
    addressed_to: PartyRef | None = None


class ApplicationCompletionAsked(Body, frozen=True):
    """An authority tells the applicant what its application lacks; until that is filed the time is the applicant's."""

    case: CaseRef
    missing: Annotated[tuple[Paper, ...], Meta(min_length=1, max_length=50, description="All that is missing.")]
    reference: Reference | None = None


class ApplicationSupplemented(Body, frozen=True):
    """An applicant files what its application lacked."""

    case: CaseRef
    papers: FiledPapers


class ApplicationAccepted(Body, frozen=True):
    """An authority accepts an application as complete and its own to decide; now the term of the decision runs.

    number: of the notice of acceptance.
    """

    case: CaseRef
    number: Number
    reference: Reference | None = None


class ApplicationWithdrawn(Body, frozen=True):
    """An applicant takes its application back before it is decided."""

    case: CaseRef


# Rules

CASE_NEW = Rule("APP-01", "An application is a case of its own.", Answer.REFUSAL)
OWN = Rule(
    "APP-02", "A registered party applies for itself, and takes back and completes what it applied for.", Answer.REFUSAL
)
OPEN = Rule("APP-03", "Only an application that waits is gone on with.", Answer.REFUSAL)
LINES_ONCE = Rule("APP-04", "Each product of an application or an assessment has a line of its own.", Answer.REFUSAL)
PLACES_KNOWN = Rule("APP-05", "The laboratory and the sites that an application names are registered.", Answer.REFUSAL)
CONCERNED = Rule(
    "APP-06", "What an authority decides on an application is recorded by itself or by the applicant.", Answer.REFUSAL
)
IN_TURN = Rule("APP-07", "A step of an application follows the one that it needs.", Answer.REFUSAL)

RULES = (CASE_NEW, OWN, OPEN, LINES_ONCE, PLACES_KNOWN, CONCERNED, IN_TURN)

# Judges


def judge_application_submitted(world: World, said: Signed[ApplicationSubmitted], rules: RulePack) -> Iterator[Breach]:
    """Judge an application.

    Raises Refused: APP-01, APP-02, APP-05, APP-04; PRT-04, UNI-01, UNI-02 for the products' quantities.
    Returns APR-12, where the rule pack lets no individual apply for pathogens.
    """
    body = said.body
    check_new(world, body.case, CASE_NEW)
    if not world.party(body.applicant).known or said.parties != {body.applicant}:
        raise OWN.refuse(f"{said.party} cannot apply for {body.applicant}")
    places = body.sites if body.laboratory is None else (body.laboratory, *body.sites)
    check_sites(world, places, PLACES_KNOWN)
    check_products(body.products, rules)
    allowed = rules.natural_person_applicant
    infectious = any(one.agents for one in body.products)
    if allowed is not None and not allowed.value and infectious and world.party(body.applicant).natural_person:
        yield INDIVIDUAL.breach((body.case, body.applicant), party=body.applicant)


def judge_completion_asked(world: World, said: Signed[ApplicationCompletionAsked], rules: RulePack) -> Iterator[Breach]:
    """Judge a notice of what an application lacks. Raises Refused: APP-03, APP-06, APP-07."""
    application = decidable(world, said, said.body.case)
    check_phase(said.body.case, application, {Phase.INTAKE, Phase.DECISION})
    yield from ()


def judge_application_supplemented(
    world: World, said: Signed[ApplicationSupplemented], rules: RulePack
) -> Iterator[Breach]:
    """Judge a supplement. Raises Refused: APP-03, APP-02, APP-07."""
    application = _own(world, said, said.body.case)
    check_phase(said.body.case, application, {Phase.APPLICANT})
    yield from ()


def judge_application_accepted(world: World, said: Signed[ApplicationAccepted], rules: RulePack) -> Iterator[Breach]:
    """Judge an acceptance. Raises Refused: APP-03, APP-06, APP-07."""
    application = decidable(world, said, said.body.case)
    check_phase(said.body.case, application, {Phase.INTAKE})
    if application.accepted_at is not None:
        raise IN_TURN.refuse(f"{said.body.case} is accepted already")
    yield from ()


def judge_application_withdrawn(world: World, said: Signed[ApplicationWithdrawn], rules: RulePack) -> Iterator[Breach]:
    """Judge that an application is taken back. Raises Refused: APP-03, APP-02."""
    _own(world, said, said.body.case)
    yield from ()


def waiting(world: World, case: CaseId, rule: Rule = OPEN) -> Application:
    """Return an application that is not decided. Raises Refused: the rule given, APP-03 for its own steps."""
    found = world.case(case).detail
    if not isinstance(found, Application) or found.ended is not None:
        raise rule.refuse(f"{case} is no application that waits")
    return found


def application_of(world: World, case: CaseId, party: PartyId, rule: Rule) -> Application:
    """Return an application of a party, whatever became of it. Raises Refused: the rule given."""
    found = world.case(case).detail
    if not isinstance(found, Application) or found.applicant != party:
        raise rule.refuse(f"{case} is no application of {party}")
    return found


def decidable(world: World, said: Signed[Any], case: CaseId) -> Application:
    """Return an application that waits, for whoever may record an authority's act on it. Raises: APP-03, APP-06."""
    application = waiting(world, case)
    check_connected(said, (application.applicant,), CONCERNED, case)
    return application


def check_phase(case: CaseId, application: Application, phases: Collection[Phase]) -> None:
    """Check that an application is in one of some phases. Raises Refused: APP-07."""
    if application.phase not in phases:
        raise IN_TURN.refuse(f"{case} is in the phase {application.phase}")


def check_products(products: Collection[Product], rules: RulePack) -> None:
    """Check the lines and amounts of products. Raises Refused: APP-04, PRT-04, UNI-01, UNI-02."""
    lines: set[int] = set()
    for one in products:
        if one.line in lines:
            raise LINES_ONCE.refuse(f"line {one.line} is there twice")
        lines.add(one.line)
        check_some(one.quantity.quantity)
        rules.units.check(one.quantity.quantity)


def _own(world: World, said: Signed[Any], case: CaseId) -> Application:
    application = waiting(world, case)
    if said.parties != {application.applicant}:
        raise OWN.refuse(f"{case} is an application of {application.applicant}")
    return application


# Effects


def application_submitted(case: Case, event: Event[ApplicationSubmitted]) -> Case:
    """Return the case as opened by an application, in the hands of the authority."""
    body = event.said.body
    detail = Application(
        applicant=body.applicant,
        direction=body.direction,
        products=body.products,
        steps=(Step(event.said.occurred_at, Phase.INTAKE),),
        grade=body.grade,
        laboratory=body.laboratory,
        sites=frozenset(body.sites),
        purposes=frozenset(body.purposes),
    )
    return begun(case, event, MATTER, detail)


def completion_asked(case: Case, event: Event[ApplicationCompletionAsked]) -> Case:
    """Return the application with its time the applicant's."""
    return entering(case, event, Phase.APPLICANT)


def application_supplemented(case: Case, event: Event[ApplicationSupplemented]) -> Case:
    """Return the application with its time the authority's again: the decision's, if it was accepted before."""
    return entering(case, event, None)


def application_accepted(case: Case, event: Event[ApplicationAccepted]) -> Case:
    """Return the application as accepted."""
    new = entering(case, event, Phase.DECISION)
    return new if new is case else with_detail(new, number=event.said.body.number, accepted_at=event.said.occurred_at)


def application_withdrawn(case: Case, event: Event[ApplicationWithdrawn]) -> Case:
    """Return the application as taken back."""
    return ending(case, event, ApplicationEnd.WITHDRAWN)


def entering(case: Case, event: Event[Any], phase: Phase | None) -> Case:
    """Return an application in another phase from an event on; another case as it is.

    phase: None: the authority's time, the decision's if it was accepted.
    """
    application = concerned(case, event, Application)
    if application is None:
        return case
    back = Phase.INTAKE if application.accepted_at is None else Phase.DECISION
    return replace(case, detail=application.entering(phase or back, event.said.occurred_at))


def ending(case: Case, event: Event[Any], end: ApplicationEnd, **more: object) -> Case:
    """Return an application as ended; another case as it is. more: members of its state."""
    new = entering(case, event, Phase.ENDED)
    return new if new is case else replace(with_detail(new, ended=end, **more), status=CaseStatus.CLOSED)
