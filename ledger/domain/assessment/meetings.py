"""Panels, and the meetings that decide on products: one meeting on those of several applicants, product by product.

A meeting is a case of its own, so that meetings, participations and products can be counted from the record. Who sits
on a panel is told by commitments alone; the codes stand in disclosures, which the applicant does not get to see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.assessment.risk import BODY, OPEN, by_body, going_on
from ledger.domain.bodies.vocabulary import Body, CaseRef, Commitment, Count, Digest, LineNo, Number, PartyRef
from ledger.domain.cases import begun, check_new, concerned, with_detail
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.risk import Assessment, Decided, Meeting, Outcome, OutcomeReason, Panel
from ledger.domain.states.subjects import Case, CaseStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach

MATTER: Final = "assessment-meeting"

# Bodies

Experts = Annotated[tuple[Commitment, ...], Meta(max_length=50, description="Commitments to the codes of experts.")]


class RiskAssessmentPanelFormed(Body, frozen=True):
    """The assessment body forms the panel of an assessment; its members stand in disclosures.

    experts: commitments to the code of each. leader: one of them.
    recused: those who were drawn and have an interest; they are none of the panel.
    outside: how many of the experts are of none of the authorities; left out where it is not told.
    """

    case: CaseRef
    experts: Experts
    leader: Commitment
    recused: Experts = ()
    outside: Count | None = None


class ProductOutcome(Body, frozen=True):
    """What a meeting decided on one product.

    assessment, line: the assessment's case, and the product's line there.
    reasons: why it is not passed; without a reason only what is passed.
    spot_check: whether it is to be checked at random later. on_site: whether the place is to be visited first.
    """

    assessment: CaseRef
    line: LineNo
    outcome: Outcome
    reasons: Annotated[tuple[OutcomeReason, ...], Meta(max_length=20)] = ()
    spot_check: bool = False
    on_site: bool = False


class AssessmentMeetingHeld(Body, frozen=True):
    """A meeting decides on products of one or several risk assessments, each by itself.

    case: the meeting's own. body: who holds it.
    minutes: SHA-256 of the minutes.
    """

    case: CaseRef
    body: PartyRef
    outcomes: Annotated[
        tuple[ProductOutcome, ...], Meta(min_length=1, max_length=900, description="At least one product.")
    ]
    number: Number | None = None
    minutes: Digest | None = None


# Rules

MEMBERS = Rule(
    "RSK-10",
    "A panel has each expert once, one of them as its leader and nobody who is recused; all stand in disclosures.",
    Answer.REFUSAL,
)
ENOUGH = Rule(
    "RSK-11",
    "A panel has as many experts as the rule pack asks for.",
    Answer.BREACH,
    parameters=("asked", "experts"),
    basis=lambda pack, _: pack.assessment_panel_min,
)
MEETING_NEW = Rule(
    "RSK-13",
    "A meeting is a case of its own, and decides on each product once, with a reason unless it passes.",
    Answer.REFUSAL,
)
UNDECIDED = Rule(
    "RSK-14",
    "A meeting decides on products that wait for it: on a line of an assessment, not decided yet.",
    Answer.REFUSAL,
)
PANEL_FIRST = Rule(
    "RSK-15",
    "A meeting decides on what a panel was formed for.",
    Answer.BREACH,
    "255/2024 Art. 6",
    Confidence.V,
    ("case",),
)

RULES = (MEMBERS, ENOUGH, MEETING_NEW, UNDECIDED, PANEL_FIRST)

# Judges


def judge_panel_formed(world: World, said: Signed[RiskAssessmentPanelFormed], rules: RulePack) -> Iterator[Breach]:
    """Judge a panel. Raises Refused: RSK-03, RSK-04, RSK-10. Returns RSK-11."""
    body = said.body
    if by_body(world, said, body.case).outcomes:
        raise OPEN.refuse(f"{body.case} was decided on by another panel")
    drawn = (*body.experts, *body.recused)
    if len(set(drawn)) < len(drawn) or body.leader not in body.experts:
        raise MEMBERS.refuse("an expert is there twice, or recused, or the leader is none of them")
    if not said.commits.issuperset(drawn):
        raise MEMBERS.refuse("an expert is the digest of none of the statement's disclosures")
    least = rules.assessment_panel_min
    if least is not None and len(body.experts) < least.value:
        yield ENOUGH.breach((body.case,), asked=least.value, experts=len(body.experts))


def judge_meeting_held(world: World, said: Signed[AssessmentMeetingHeld], rules: RulePack) -> Iterator[Breach]:
    """Judge a meeting. Raises Refused: RSK-13, RSK-04, RSK-03, RSK-14. Returns RSK-15."""
    body = said.body
    check_new(world, body.case, MEETING_NEW)
    check_connected(said, (body.body,), BODY, body.case)
    seen = {(one.assessment, one.line) for one in body.outcomes}
    if len(seen) < len(body.outcomes) or any(
        one.outcome is not Outcome.PASS and not one.reasons for one in body.outcomes
    ):
        raise MEETING_NEW.refuse("a product is decided on twice, or not passed without a reason")
    found = {one: going_on(world, one) for one in sorted({one.assessment for one in body.outcomes})}
    waiting = {(case, line) for case, assessment in found.items() for line in _waiting(assessment)}
    for one in body.outcomes:
        if (one.assessment, one.line) not in waiting:
            raise UNDECIDED.refuse(f"line {one.line} of {one.assessment} is not there, or is decided")
    for case, assessment in found.items():
        if assessment.panel is None:
            yield PANEL_FIRST.breach((case,), case=case)


def _waiting(assessment: Assessment) -> Iterator[int]:
    """Yield the lines of an assessment that no meeting has decided on, or one that asked for more papers."""
    for one in assessment.products:
        decided = assessment.outcomes.get(one.line)
        if decided is None or decided.outcome is Outcome.SUPPLEMENT:
            yield one.line


# Effects


def panel_formed(case: Case, event: Event[RiskAssessmentPanelFormed]) -> Case:
    """Return the assessment with its panel."""
    assessment, body = concerned(case, event, Assessment), event.said.body
    if assessment is None:
        return case
    panel = Panel(experts=body.experts, leader=body.leader, recused=body.recused, outside=body.outside)
    return with_detail(case, panel=panel)


def meeting_held(case: Case, event: Event[AssessmentMeetingHeld]) -> Case:
    """Return the meeting as held and over, or an assessment with what was decided on its products."""
    body = event.said.body
    if case.id == body.case:
        meeting = Meeting(body=body.body, outcomes=tuple(map(_decided, body.outcomes)), number=body.number)
        return replace(begun(case, event, MATTER, meeting), status=CaseStatus.CLOSED)
    own = {one.line: _decided(one) for one in body.outcomes if one.assessment == case.id}
    if not own or not isinstance(case.detail, Assessment):
        return case
    asked = case.detail.visit_asked or any(one.on_site for one in own.values())
    return with_detail(case, outcomes=case.detail.outcomes.update(own), visit_asked=asked)


def _decided(stated: ProductOutcome) -> Decided:
    return Decided(
        assessment=stated.assessment,
        line=stated.line,
        outcome=stated.outcome,
        reasons=stated.reasons,
        spot_check=stated.spot_check,
        on_site=stated.on_site,
    )
