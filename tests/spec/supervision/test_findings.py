"""Findings and corrective action: FND, and closure only when all is settled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.states.subjects import CaseStatus
from ledger.domain.states.supervision import Area, FindingStatus
from ledger.domain.supervision.corrective import FindingCorrected, FindingRejected, FindingReopened, FindingVerified
from ledger.domain.supervision.findings import (
    FindingAnswered,
    FindingDecided,
    FindingDecision,
    FindingRaised,
    Gravity,
    UnitAnswer,
)
from ledger.domain.supervision.plans import SupervisionJoined
from tests.spec.bench import CUSTOMS, NOBODYS, OTHER, A
from tests.spec.supervision.test_measures import CLOSED
from tests.spec.supervision.test_supervision import CASE, MARKET, ORDER, REFERENCE, UNIT, planned, visited
from tests.spec.world import NOON, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.judging import Signed

DUE: Final = NOON + timedelta(days=30)
PAPER: Final = ("0" * 64,)
RAISED: Final = FindingRaised(
    case=CASE,
    finding=1,
    area=Area.STORAGE,
    clause="269/2015 B1.4",
    severity=Gravity.MAJOR,
    evidence=PAPER,
    due=DUE,
    items=(A,),
)
CONFIRMED: Final = FindingAnswered(case=CASE, finding=1, answer=UnitAnswer.CONFIRMED)
OBJECTED: Final = replace(CONFIRMED, answer=UnitAnswer.OBJECTED)
UPHELD: Final = FindingDecided(case=CASE, finding=1, decision=FindingDecision.UPHELD)
DROPPED: Final = replace(UPHELD, decision=FindingDecision.DROPPED)
CORRECTED: Final = FindingCorrected(case=CASE, finding=1, corrected_on=date(2026, 9, 1), evidence=PAPER)
VERIFIED: Final = FindingVerified(case=CASE, finding=1)
REJECTED: Final = FindingRejected(case=CASE, finding=1, due=DUE + timedelta(days=10))
AGAIN: Final = FindingReopened(case=CASE, finding=1, evidence=PAPER, due=DUE)

BY_UNIT: Final = (FindingAnswered, FindingCorrected)


def told(*bodies: Body) -> list[Signed[Any]]:
    """Return a visited unit, and then some statements in turn, each by whom it belongs to."""
    given = [*planned(), visited()]
    for minutes, body in enumerate(bodies, start=1):
        by = UNIT if isinstance(body, BY_UNIT) else CUSTOMS
        given.append(said(body, by, at=NOON + timedelta(minutes=minutes)))
    return given


def answer(*bodies: Body) -> list[str]:
    """Return what the last of some statements breaks."""
    *before, last = told(*bodies)
    return judged(before, last)


def refusal(*bodies: Body) -> str:
    *before, last = told(*bodies)
    return refused(before, last)


@pytest.mark.parametrize(
    "way",
    [
        pytest.param((RAISED, CONFIRMED, CORRECTED, VERIFIED), id="confirmed, corrected, verified"),
        pytest.param((RAISED, CORRECTED, VERIFIED), id="corrected without an answer"),
        pytest.param((RAISED, OBJECTED, UPHELD, CORRECTED, VERIFIED), id="objected to, upheld"),
        pytest.param((RAISED, OBJECTED, DROPPED), id="objected to, dropped"),
        pytest.param((RAISED, CORRECTED, REJECTED, CORRECTED, VERIFIED), id="rejected once"),
    ],
)
def test_a_finding_goes_its_way_and_its_case_closes_only_at_the_end(way: tuple[Body, ...]) -> None:
    for steps in range(1, len(way)):
        assert answer(*way[: steps + 1]) == []
        assert refusal(*way[:steps], CLOSED) == "SUP-22"
    assert answer(*way, CLOSED) == []


@pytest.mark.rule("FND-04", "FND-05")
@pytest.mark.parametrize(
    ("way", "rule"),
    [
        pytest.param((RAISED, CONFIRMED, OBJECTED), "FND-04", id="answered twice"),
        pytest.param((RAISED, UPHELD), "FND-04", id="decided without an objection"),
        pytest.param((RAISED, OBJECTED, CORRECTED), "FND-04", id="corrected before the decision"),
        pytest.param((RAISED, VERIFIED), "FND-04", id="verified before it is corrected"),
        pytest.param((RAISED, REJECTED), "FND-04", id="rejected before it is corrected"),
        pytest.param((RAISED, CORRECTED, VERIFIED, CORRECTED), "FND-04", id="corrected once it is settled"),
        pytest.param((RAISED, AGAIN), "FND-05", id="reopened while it is open"),
    ],
)
def test_a_finding_takes_no_step_out_of_its_way(way: tuple[Body, ...], rule: str) -> None:
    assert refusal(*way) == rule


@pytest.mark.rule("FND-06", "FND-03", "SUP-22")
@pytest.mark.parametrize("body", [UPHELD, DROPPED, VERIFIED, REJECTED])
def test_nobody_of_the_unit_settles_a_finding(body: Body) -> None:
    before = told(RAISED, OBJECTED) if isinstance(body, FindingDecided) else told(RAISED, CORRECTED)
    at = NOON + timedelta(hours=1)
    assert refused(before, said(replace(body, reference=REFERENCE), UNIT, at=at)) == "FND-06"
    assert refused(before, said(body, CUSTOMS, UNIT, at=at)) == "FND-06"
    assert judged(before, said(body, CUSTOMS, at=at)) == []


@pytest.mark.rule("SUP-16")
@pytest.mark.parametrize("body", [UPHELD, DROPPED, VERIFIED, REJECTED])
def test_nobody_else_settles_a_finding_for_the_unit_from_a_document(body: Body) -> None:
    """A friend of the unit that the supervision does not concern would be the unit by another name."""
    before = told(RAISED, OBJECTED) if isinstance(body, FindingDecided) else told(RAISED, CORRECTED)
    at = NOON + timedelta(hours=1)
    assert refused(before, said(replace(body, reference=REFERENCE), OTHER, at=at)) == "SUP-16"


@pytest.mark.rule("FND-03")
@pytest.mark.parametrize("body", [CONFIRMED, CORRECTED])
def test_only_the_unit_answers_and_corrects(body: Body) -> None:
    assert refused(told(RAISED), said(body, OTHER, at=NOON + timedelta(hours=1))) == "FND-03"
    assert refused(told(RAISED), said(body, UNIT, CUSTOMS, at=NOON + timedelta(hours=1))) == "FND-03"


@pytest.mark.rule("FND-01", "FND-02", "SUP-05", "CON-23")
@pytest.mark.parametrize(
    ("way", "rule"),
    [
        pytest.param((RAISED, RAISED), "FND-01", id="the number is taken"),
        pytest.param((replace(RAISED, area=Area.WASTE),), "SUP-05", id="in an area of nobody"),
        pytest.param((replace(RAISED, items=(NOBODYS,)),), "GAT-01", id="about an unknown item"),
        pytest.param((replace(RAISED, due=NOON),), "CON-23", id="due before it is raised"),
        pytest.param((RAISED, replace(CORRECTED, finding=2)), "FND-02", id="no such finding"),
        pytest.param((replace(RAISED, case=ORDER),), "SUP-04", id="no such case"),
        pytest.param((RAISED, CORRECTED, replace(REJECTED, due=NOON)), "CON-23", id="due before the rejection"),
        pytest.param((RAISED, replace(CORRECTED, corrected_on=date(2026, 9, 2))), "CON-22", id="corrected tomorrow"),
    ],
)
def test_a_finding_is_refused(way: tuple[Body, ...], rule: str) -> None:
    assert refusal(*way) == rule


def test_each_department_settles_the_findings_of_its_own_areas() -> None:
    given = [*planned(), said(SupervisionJoined(case=CASE, areas=(Area.SALE,)), MARKET), visited()]
    sale = replace(RAISED, area=Area.SALE)
    assert judged(given, said(sale, MARKET)) == []
    assert refused(given, said(sale, CUSTOMS)) == "SUP-05"
    corrected = [*given, said(sale, MARKET), said(CORRECTED, UNIT)]
    assert refused(corrected, said(VERIFIED, CUSTOMS)) == "SUP-05"
    assert judged(corrected, said(VERIFIED, MARKET)) == []


@pytest.mark.rule("FND-07")
def test_a_correction_after_its_date_is_a_breach() -> None:
    short = replace(RAISED, due=NOON + timedelta(hours=1))
    late = said(replace(CORRECTED, corrected_on=date(2026, 9, 3)), UNIT, at=NOON + timedelta(days=2))
    assert judged(told(short), late) == ["FND-07"]
    assert judged(told(short), said(CORRECTED, UNIT, at=NOON + timedelta(days=2))) == []


def test_a_finding_that_turns_up_again_opens_its_case_and_is_counted() -> None:
    way = (RAISED, CORRECTED, VERIFIED, CLOSED)
    assert answer(*way, AGAIN) == []
    case = state_of(told(*way, AGAIN), CASE)
    assert case.status is CaseStatus.OPEN
    assert (case.detail.findings[1].times, case.detail.findings[1].status) == (2, FindingStatus.RAISED)
    assert refusal(*way, AGAIN, CLOSED) == "SUP-22"
    assert answer(*way, AGAIN, CORRECTED, VERIFIED, CLOSED) == []
    assert refused(told(*way), said(replace(AGAIN, reference=REFERENCE), UNIT, at=DUE)) == "FND-06"
