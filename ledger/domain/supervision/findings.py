"""Findings: raised by officers, answered by the unit, corrected by it, and verified by somebody else.

A finding is settled by whoever supervises and never by the unit. One that turns up again is reopened, and counted.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, CaseRef, Commitment, Digest, Instant, Number, Reference
from ledger.domain.cases import concerned
from ledger.domain.dating import check_ahead
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.subjects import Case
from ledger.domain.states.supervision import Area, Finding, FindingStatus, Supervision
from ledger.domain.supervision.plans import check_not_of_unit, check_takes_part, supervision_of
from ledger.domain.supervision.recalls import AnyItems
from ledger.domain.supervision.visits import Point, check_disclosed
from ledger.domain.work.checks import check_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

# Bodies

FindingNo = Annotated[int, Meta(ge=1, le=999, description="The finding's number in its case.")]
Evidence = Annotated[
    tuple[Digest, ...], Meta(min_length=1, max_length=50, description="Digests of documents, at least one.")
]
MoreEvidence = Annotated[tuple[Digest, ...], Meta(max_length=50, description="Digests of documents.")]


class Gravity(StrEnum):
    """How grave a finding is."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class UnitAnswer(StrEnum):
    """What the unit says to a finding."""

    CONFIRMED = "confirmed"
    OBJECTED = "objected"


class FindingDecision(StrEnum):
    """What becomes of a finding that the unit objected to."""

    UPHELD = "upheld"
    DROPPED = "dropped"


class FindingRaised(Body, frozen=True):
    """Officers find that a unit does not conform, by a clause and with objective evidence.

    clause: what it does not conform to, as printed. point: the point of the form, where there is one.
    due: until when it is to be corrected.
    """

    case: CaseRef
    finding: FindingNo
    area: Area
    clause: Number
    severity: Gravity
    evidence: Evidence
    due: Instant
    point: Point | None = None
    items: AnyItems = ()
    description: Commitment | None = None
    reference: Reference | None = None


class FindingAnswered(Body, frozen=True):
    """The unit confirms a finding, or objects to it.

    note: commits to what the unit says.
    """

    case: CaseRef
    finding: FindingNo
    answer: UnitAnswer
    evidence: MoreEvidence = ()
    note: Commitment | None = None


class FindingDecided(Body, frozen=True):
    """A party that takes part in the finding's area upholds it or drops it, after the unit objected."""

    case: CaseRef
    finding: FindingNo
    decision: FindingDecision
    reference: Reference | None = None


# Rules

NUMBER_NEW = Rule("FND-01", "A finding has a number that no other of its case has.", Answer.REFUSAL)
ON_RECORD = Rule("FND-02", "What is said of a finding is said of one of its case.", Answer.REFUSAL)
BY_UNIT = Rule("FND-03", "The unit itself answers and corrects its findings.", Answer.REFUSAL)
IN_STEP = Rule(
    "FND-04",
    "A finding is answered once, decided after an objection, corrected while it stands, and verified or rejected after "
    "that.",
    Answer.REFUSAL,
)
NOT_OF_UNIT = Rule("FND-06", "Nobody of the unit settles its findings.", Answer.REFUSAL)

RULES = (NUMBER_NEW, ON_RECORD, BY_UNIT, IN_STEP, NOT_OF_UNIT)

_STANDING: Final = frozenset(
    {FindingStatus.RAISED, FindingStatus.CONFIRMED, FindingStatus.UPHELD, FindingStatus.REJECTED}
)
"""Where a correction is awaited; of what the unit objected to, a decision is."""
_STEPS: Final[Mapping[FindingStatus, frozenset[FindingStatus]]] = {
    FindingStatus.CONFIRMED: frozenset({FindingStatus.RAISED}),
    FindingStatus.OBJECTED: frozenset({FindingStatus.RAISED}),
    FindingStatus.UPHELD: frozenset({FindingStatus.OBJECTED}),
    FindingStatus.DROPPED: frozenset({FindingStatus.OBJECTED}),
    FindingStatus.CORRECTED: _STANDING,
    FindingStatus.VERIFIED: frozenset({FindingStatus.CORRECTED}),
    FindingStatus.REJECTED: frozenset({FindingStatus.CORRECTED}),
}
"""From where a finding may come to a status."""

# Judges


def judge_finding_raised(world: World, said: Signed[FindingRaised], rules: RulePack) -> Iterator[Breach]:
    """Judge a finding. Raises Refused: SUP-04, SUP-06, SUP-05, SUP-16, FND-01, GAT-01, SUP-15, CON-23."""
    body = said.body
    supervision = supervision_of(world, body.case)
    check_not_of_unit(said, supervision.unit, on_paper=True)
    check_takes_part(world, said, supervision, body.area)
    if body.finding in supervision.findings:
        raise NUMBER_NEW.refuse(f"{body.case} has a finding {body.finding} already")
    check_known(world, body.items)
    check_disclosed(said, body.description)
    check_ahead("due", body.due, said)
    yield from ()


def judge_finding_answered(world: World, said: Signed[FindingAnswered], rules: RulePack) -> Iterator[Breach]:
    """Judge the unit's answer. Raises Refused: SUP-04, FND-03, FND-02, FND-04, SUP-15."""
    supervision = unit_speaks(world, said)
    step(supervision, said, FindingStatus(said.body.answer))
    check_disclosed(said, said.body.note)
    yield from ()


def judge_finding_decided(world: World, said: Signed[FindingDecided], rules: RulePack) -> Iterator[Breach]:
    """Judge what becomes of a finding. Raises Refused: SUP-04, FND-06, FND-02, SUP-05, SUP-16, FND-04."""
    supervision = others_speak(world, said)
    step(supervision, said, FindingStatus(said.body.decision))
    yield from ()


def unit_speaks(world: World, said: Signed[Any]) -> Supervision:
    """Return the supervision of which its unit, and nobody else, speaks. Raises Refused: SUP-04, FND-03."""
    supervision = supervision_of(world, said.body.case)
    if said.parties != {supervision.unit}:
        raise BY_UNIT.refuse(f"{supervision.unit} speaks for itself, and alone")
    return supervision


def others_speak(world: World, said: Signed[Any]) -> Supervision:
    """Return the supervision of which a finding is judged by others.

    Raises Refused: SUP-04, FND-06, FND-02, SUP-05, SUP-16.
    """
    supervision = supervision_of(world, said.body.case)
    by_others(world, supervision, said)
    return supervision


def by_others(world: World, supervision: Supervision, said: Signed[Any]) -> Finding:
    """Return the finding that others than the unit speak of. Raises Refused: FND-06, FND-02, SUP-05, SUP-16."""
    if supervision.unit in said.parties:
        raise NOT_OF_UNIT.refuse(f"{supervision.unit} is the unit that the finding is about")
    finding = _found(supervision, said)
    check_takes_part(world, said, supervision, finding.area)
    return finding


def _found(supervision: Supervision, said: Signed[Any]) -> Finding:
    finding = supervision.findings.get(said.body.finding)
    if finding is None:
        raise ON_RECORD.refuse(f"{said.body.case} has no finding {said.body.finding}")
    return finding


def step(supervision: Supervision, said: Signed[Any], to: FindingStatus) -> Finding:
    """Return the finding that is to come to a status. Raises Refused: FND-02, FND-04 it cannot from where it is."""
    finding = _found(supervision, said)
    if finding.status not in _STEPS[to]:
        raise IN_STEP.refuse(f"finding {finding.number} of {said.body.case} is {finding.status}, not to be {to}")
    return finding


# Effects


def finding_raised(case: Case, event: Event[FindingRaised]) -> Case:
    """Return the case with one finding more."""
    supervision, body, said = concerned(case, event, Supervision), event.said.body, event.said
    if supervision is None:
        return case
    finding = Finding(
        number=body.finding,
        area=body.area,
        by=said.party,
        severity=body.severity,
        since=said.occurred_at,
        due=body.due,
        items=frozenset(body.items),
    )
    return replace(case, detail=supervision.with_finding(finding))


def finding_answered(case: Case, event: Event[FindingAnswered]) -> Case:
    """Return the case with the unit's answer to a finding."""
    return changed(case, event, status=FindingStatus(event.said.body.answer))


def finding_decided(case: Case, event: Event[FindingDecided]) -> Case:
    """Return the case with a finding upheld, or dropped and settled."""
    status = FindingStatus(event.said.body.decision)
    settled_at = event.said.occurred_at if status is FindingStatus.DROPPED else None
    return changed(case, event, status=status, settled_at=settled_at)


def changed(case: Case, event: Event[Any], **members: object) -> Case:
    """Return a case with members of the finding that a statement names changed; another case as it is."""
    supervision = concerned(case, event, Supervision)
    finding = None if supervision is None else supervision.findings.get(event.said.body.finding)
    if supervision is None or finding is None:
        return case
    return replace(case, detail=supervision.with_finding(replace(finding, **members)))
