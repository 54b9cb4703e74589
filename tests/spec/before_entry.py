"""An application for an approval, as the rules' examples tell it: handed in on a Tuesday, and on to its decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ledger.domain.approval.approvals import Direction
from ledger.domain.assessment.applications import (
    ApplicationAccepted,
    ApplicationCompletionAsked,
    ApplicationSubmitted,
    ApplicationSupplemented,
    ApplicationWithdrawn,
)
from ledger.domain.assessment.decisions import (
    ApplicationDecided,
    ApplicationNotAccepted,
    ApplicationPaused,
    ApplicationRefused,
    ApplicationResumed,
    DecisionGround,
    NotAcceptedGround,
    Pause,
)
from ledger.domain.bodies.products import FiledPaper, Paper, Product
from ledger.domain.bodies.vocabulary import Amount, Body, Grade
from ledger.domain.judging import Signed
from ledger.domain.states.application import Application
from ledger.ids import CaseId
from tests.spec.crossing import APPROVAL, APPROVED, LAB, OFFICER, PARTIES
from tests.spec.parties import IMPORTER
from tests.spec.world import said, state_of

CASE: Final = CaseId("case:application")
START: Final = datetime(2026, 8, 11, 2, 0, tzinfo=UTC)
"""Ten in the morning in China, a Tuesday; until the holidays of October every day from Monday to Friday is worked."""

PAPER: Final = FiledPaper(paper=Paper.RISK_DOSSIER, digest="1" * 64)
STRAIN: Final = Product(
    line=1, name_en="Strain", quantity=Amount(value="10", unit="vial"), agents=("bacterium-1",), origin="DE"
)
SERUM: Final = Product(line=2, name_en="Serum", quantity=Amount(value="5", unit="mL"))
APPLIED: Final = ApplicationSubmitted(
    case=CASE,
    applicant=IMPORTER.party,
    direction=Direction.IMPORT,
    products=(STRAIN, SERUM),
    papers=(PAPER,),
    grade=Grade.B1,
    purposes=("research",),
    laboratory=LAB,
)
ASKED: Final = ApplicationCompletionAsked(case=CASE, missing=(Paper.TRANSPORT_PLAN,))
SUPPLEMENT: Final = ApplicationSupplemented(
    case=CASE, papers=(FiledPaper(paper=Paper.TRANSPORT_PLAN, digest="2" * 64),)
)
ACCEPTED: Final = ApplicationAccepted(case=CASE, number="SL-1")
PAUSED: Final = ApplicationPaused(case=CASE, pause=Pause.EXPERT_ASSESSMENT)
RESUMED: Final = ApplicationResumed(case=CASE)
NOT_ACCEPTED: Final = ApplicationNotAccepted(case=CASE, number="BY-1", ground=NotAcceptedGround.NO_SPECIAL_ITEM)
REFUSED: Final = ApplicationRefused(case=CASE, number="JD-1", ground=DecisionGround.CAPABILITY_INSUFFICIENT)
TAKEN_BACK: Final = ApplicationWithdrawn(case=CASE)
DECIDED: Final = ApplicationDecided(case=CASE, approval=APPROVAL)


def on(day: int) -> datetime:
    """Return the hour of the application some days later."""
    return START + timedelta(days=day)


def by_customs(body: Body, day: int) -> Signed[Any]:
    """Return a statement of customs some days after the application."""
    return said(body, OFFICER, at=on(day))


def by_applicant(body: Body, day: int) -> Signed[Any]:
    """Return a statement of the applicant some days after the application."""
    return said(body, IMPORTER, at=on(day))


def submitted() -> list[Signed[Any]]:
    """Return an application that was handed in."""
    return [*PARTIES, by_applicant(APPLIED, 0)]


def accepted() -> list[Signed[Any]]:
    """Return an application that was accepted on the day after."""
    return [*submitted(), by_customs(ACCEPTED, 1)]


def approved(day: int) -> list[Signed[Any]]:
    """Return an accepted application, and the approval that customs granted on it."""
    return [*accepted(), by_customs(APPROVED, day)]


def application(given: list[Signed[Any]]) -> Application:
    """Return the application as some statements leave it."""
    found = state_of(given, CASE).detail
    assert isinstance(found, Application)
    return found
