"""Corrective action: what a unit did about a finding, and whether somebody else verified it.

Only what is verified is settled, and never by the unit. A finding that turns up again is reopened, and counted.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, CaseRef, Commitment, Instant, Reference
from ledger.domain.cases import concerned
from ledger.domain.dating import check_ahead, check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.subjects import Case, CaseStatus
from ledger.domain.states.supervision import FindingStatus, Supervision
from ledger.domain.supervision.findings import (
    Evidence,
    FindingNo,
    MoreEvidence,
    by_others,
    changed,
    others_speak,
    step,
    unit_speaks,
)
from ledger.domain.supervision.plans import supervision_of
from ledger.domain.supervision.visits import check_disclosed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

# Bodies


class FindingCorrected(Body, frozen=True):
    """The unit states what it did about a finding, and on which day that was done."""

    case: CaseRef
    finding: FindingNo
    corrected_on: date
    evidence: Evidence
    note: Commitment | None = None


class FindingVerified(Body, frozen=True):
    """Somebody who is not of the unit has verified that a finding is corrected; with that it is settled."""

    case: CaseRef
    finding: FindingNo
    evidence: MoreEvidence = ()
    reference: Reference | None = None


class FindingRejected(Body, frozen=True):
    """A correction is not enough: the finding stays open, with a new date."""

    case: CaseRef
    finding: FindingNo
    due: Instant
    evidence: MoreEvidence = ()
    reference: Reference | None = None


class FindingReopened(Body, frozen=True):
    """A finding that was settled is found again; it is open again, and its case with it."""

    case: CaseRef
    finding: FindingNo
    evidence: Evidence
    due: Instant
    reference: Reference | None = None


# Rules

SETTLED_AGAIN = Rule("FND-05", "Only a settled finding is reopened.", Answer.REFUSAL)
IN_TIME = Rule(
    "FND-07", "A finding is corrected by its date.", Answer.BREACH, "269/2015 annex 2", Confidence.V, ("due",)
)

RULES = (SETTLED_AGAIN, IN_TIME)

# Judges


def judge_finding_corrected(world: World, said: Signed[FindingCorrected], rules: RulePack) -> Iterator[Breach]:
    """Judge a correction. Raises Refused: SUP-04, FND-03, FND-02, FND-04, SUP-15, CON-22. Returns FND-07."""
    supervision = unit_speaks(world, said)
    finding = step(supervision, said, FindingStatus.CORRECTED)
    check_disclosed(said, said.body.note)
    check_past("corrected_on", said.body.corrected_on, said, rules)
    if said.body.corrected_on > rules.working_days.local_date(finding.due):
        yield IN_TIME.breach((said.body.case,), due=finding.due)


def judge_finding_verified(world: World, said: Signed[FindingVerified], rules: RulePack) -> Iterator[Breach]:
    """Judge a verification. Raises Refused: SUP-04, FND-06, FND-02, SUP-05, SUP-16, FND-04."""
    supervision = others_speak(world, said)
    step(supervision, said, FindingStatus.VERIFIED)
    yield from ()


def judge_finding_rejected(world: World, said: Signed[FindingRejected], rules: RulePack) -> Iterator[Breach]:
    """Judge the rejection of a correction. Raises Refused: SUP-04, FND-06, FND-02, SUP-05, SUP-16, FND-04, CON-23."""
    supervision = others_speak(world, said)
    step(supervision, said, FindingStatus.REJECTED)
    check_ahead("due", said.body.due, said)
    yield from ()


def judge_finding_reopened(world: World, said: Signed[FindingReopened], rules: RulePack) -> Iterator[Breach]:
    """Judge that a finding is found again. Raises Refused: SUP-04, FND-06, FND-02, SUP-05, SUP-16, FND-05, CON-23."""
    case = world.case(said.body.case)
    # Also where its case is closed: what is found again opens it.
    supervision = case.detail if isinstance(case.detail, Supervision) else supervision_of(world, case.id)
    finding = by_others(world, supervision, said)
    if finding.settled_at is None:
        raise SETTLED_AGAIN.refuse(f"finding {finding.number} of {case.id} is open")
    check_ahead("due", said.body.due, said)
    yield from ()


# Effects


def finding_corrected(case: Case, event: Event[FindingCorrected]) -> Case:
    """Return the case with a finding corrected, which awaits its verification."""
    return changed(case, event, status=FindingStatus.CORRECTED)


def finding_verified(case: Case, event: Event[FindingVerified]) -> Case:
    """Return the case with a finding settled."""
    return changed(case, event, status=FindingStatus.VERIFIED, settled_at=event.said.occurred_at)


def finding_rejected(case: Case, event: Event[FindingRejected]) -> Case:
    """Return the case with a finding whose correction was not enough."""
    return changed(case, event, status=FindingStatus.REJECTED, due=event.said.body.due)


def finding_reopened(case: Case, event: Event[FindingReopened]) -> Case:
    """Return the case as open again, with a finding that was found once more."""
    body = event.said.body
    supervision = concerned(case, event, Supervision)
    if supervision is None or body.finding not in supervision.findings:
        return case
    times = supervision.findings[body.finding].times + 1
    since = event.said.occurred_at
    again = changed(case, event, status=FindingStatus.RAISED, due=body.due, since=since, times=times, settled_at=None)
    return replace(again, status=CaseStatus.OPEN)
