"""What still waits when the demo ends: an application before its meeting, findings to correct."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.assessment.applications import ApplicationAccepted
from ledger.domain.assessment.decisions import ApplicationPaused, Pause
from ledger.domain.bodies.products import Product
from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.states.supervision import Area
from ledger.domain.supervision.findings import FindingRaised, Gravity
from ledger.ids import CaseId
from scripts.demo.supervised import SUPERVISION, applied, assess

if TYPE_CHECKING:
    from scripts.demo.cast import Cast
    from scripts.demo.stage import Stage

APPLICATION: Final = CaseId("case:application-241")
_ASSESSMENT: Final = CaseId("case:assessment-83")
_PRODUCTS: Final = (
    Product(
        line=1,
        name_en="Dengue virus panel, live",
        name_zh="登革活病毒参比盘",
        quantity=Amount(value="4", unit="vial"),
        agents=("virus-103",),
    ),
    Product(line=2, name_en="Control serum", name_zh="对照血清", quantity=Amount(value="20", unit="vial")),
)


def apply_again(stage: Stage, cast: Cast) -> None:
    """Apply for two further products; the authority waits for a meeting that nobody has held yet."""
    customs = cast.destination.first
    stage.say(applied(cast, APPLICATION, *_PRODUCTS, addressed_to=cast.destination.id), cast.importer.first)
    stage.clock.later(hours=2)
    stage.say(ApplicationAccepted(case=APPLICATION, number="SL 2026 241"), customs)
    stage.say(ApplicationPaused(case=APPLICATION, pause=Pause.EXPERT_ASSESSMENT), customs)
    assess(stage, cast, _ASSESSMENT, _PRODUCTS, APPLICATION)


def raise_finding(stage: Stage, cast: Cast, finding: int, area: Area, clause: str, *, days: int) -> None:
    """Raise a finding from papers that were asked for. days: until it is to be put right."""
    raised = FindingRaised(
        case=SUPERVISION,
        finding=finding,
        area=area,
        clause=clause,
        severity=Gravity.MAJOR,
        evidence=("6a" * 32,),
        due=stage.clock.now() + timedelta(days=days),
    )
    stage.say(raised, cast.destination.first)
