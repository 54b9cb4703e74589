"""Scenes under supervision: visits, findings, watches, recalls, consent, records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ledger.domain.ending.deposit import DepositReceipted
from ledger.domain.law.rules import Retained
from ledger.domain.states.supervision import Area
from ledger.domain.supervision.conclusions import SupervisionClosed
from ledger.domain.supervision.consent import ConsentWithdrawn
from ledger.domain.supervision.corrective import FindingCorrected, FindingRejected, FindingVerified
from ledger.domain.supervision.findings import FindingDecided, FindingDecision, FindingRaised, Gravity
from ledger.domain.supervision.keeping import HoldReason, LegalHoldLifted, LegalHoldPlaced, RetentionSet
from ledger.domain.supervision.notices import ExposureWatchEnded, ExposureWatchOpened, WatchOutcome
from ledger.domain.supervision.plans import Basis, SupervisionPlanned
from ledger.domain.supervision.recalls import RecallAsked, RecallConfirmed, RecallGround, RecallLifted, RecallOrdered
from ledger.domain.supervision.visits import (
    Checked,
    Conclusion,
    Form,
    PointResult,
    SupervisionVisited,
    UnitSigned,
)
from ledger.ids import CaseId
from tests.spec.bench import APPROVAL, CUSTOMS, GOODS, LAB, OTHER, A, B, vials
from tests.spec.owing.ending import at_depository, destroyed, spilt, used
from tests.spec.owing.scenes import Scene
from tests.spec.parties import LABORATORY
from tests.spec.world import NOON, said

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.judging import Signatory, Signed

_CASE: Final = CaseId("case:supervision")
_HOLD: Final = CaseId("case:hold")
_RECALL: Final = CaseId("case:recall")
_DUE: Final = NOON + timedelta(days=20)


def _on(day: int, body: Body, by: Signatory = CUSTOMS) -> Signed[Any]:
    return said(body, by, at=NOON + timedelta(days=day))


_PLAN: Final = SupervisionPlanned(
    case=_CASE,
    party=LABORATORY.party,
    basis=Basis.CLASS,
    areas=(Area.STORAGE,),
    period_from=date(2026, 9, 1),
    period_to=date(2026, 12, 31),
    visits=2,
)
_VISIT: Final = SupervisionVisited(
    case=_CASE,
    party=LABORATORY.party,
    site=LAB,
    form=Form.AQSIQ_269_2015,
    points=(Checked(point="B1.1", result=PointResult.CONFORMS),),
    conclusion=Conclusion.RECTIFY,
    unit_signed=UnitSigned.SIGNED,
)
_SECOND: Final = CaseId("case:supervision-2")
_THIRD: Final = CaseId("case:supervision-3")
_CLOSED: Final = SupervisionClosed(case=_CASE, conclusion=Conclusion.PASSED, next_on=date(2027, 3, 1))
_FOUND: Final = FindingRaised(
    case=_CASE,
    finding=1,
    area=Area.STORAGE,
    clause="B1.12",
    severity=Gravity.MAJOR,
    evidence=("1" * 64,),
    due=_DUE,
)
_CORRECTED: Final = FindingCorrected(
    case=_CASE, finding=1, corrected_on=(NOON + timedelta(days=4)).date(), evidence=("2" * 64,)
)
_WATCH: Final = ExposureWatchOpened(case=CaseId("case:1"), persons=2, until=_DUE)
_RECALLED: Final = RecallOrdered(
    case=_RECALL, ground=RecallGround.QUALITY, asked=RecallAsked.HOLD, approval=APPROVAL, confirm_by=_DUE
)
_KEPT: Final = RetentionSet(
    record=Retained.HAZARDOUS_INVENTORY, since=date(2026, 9, 1), until=date(2046, 9, 1), items=(A,)
)
_PLACED: Final = LegalHoldPlaced(case=_HOLD, ground=HoldReason.AUDIT, items=(A,))
_LIFTED: Final = LegalHoldLifted(case=_HOLD, items=(A,))


def _records(duty: str, **root: Any) -> Scene:  # noqa: ANN401  ids
    return Scene(
        duty=duty,
        given=vials(),
        opens=_on(0, replace(_KEPT, **{"items": (), **root}), LABORATORY),
        wrong=(_on(1, replace(_KEPT, items=(B,)), LABORATORY),),
        pauses=_on(2, replace(_PLACED, **{"items": (), **root})),
        resumes=_on(3, replace(_LIFTED, **{"items": (), **root})),
        approval=APPROVAL,
    )


SCENES: Final = (
    Scene(
        duty="visit-unit",
        given=vials(),
        opens=_on(0, _PLAN),
        count=2,
        due=datetime(2026, 12, 31, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(_on(1, _FOUND),),
        closes=_on(2, _VISIT),
        lapses=(_on(2, _CLOSED),),
        approval=APPROVAL,
    ),
    Scene(
        duty="visit-next",
        given=[*vials(), _on(0, _PLAN), _on(1, _VISIT), _on(2, replace(_PLAN, case=_SECOND))],
        opens=_on(3, _CLOSED),
        due=datetime(2027, 3, 1, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(
            _on(4, replace(_PLAN, case=_THIRD)),
            _on(4, replace(_CLOSED, case=_SECOND)),
            _on(4, replace(_VISIT, case=_SECOND, party=OTHER.party)),
            _on(4, replace(_CLOSED, next_on=None)),
        ),
        closes=_on(5, replace(_VISIT, case=_SECOND)),
        lapses=(_on(4, replace(_CLOSED, next_on=date(2027, 6, 1))),),
        approval=APPROVAL,
    ),
    Scene(
        duty="correct-finding",
        given=[*vials(), _on(0, _PLAN), _on(1, _VISIT), _on(1, replace(_FOUND, finding=2))],
        opens=_on(1, _FOUND),
        due=_DUE,
        wrong=(_on(2, FindingVerified(case=_CASE, finding=2)),),
        closes=_on(9, FindingVerified(case=_CASE, finding=1)),
        pauses=_on(4, _CORRECTED, LABORATORY),
        resumes=_on(5, FindingRejected(case=_CASE, finding=1, due=_DUE)),
        moves=_on(5, FindingRejected(case=_CASE, finding=1, due=_DUE + timedelta(days=9))),
        moved=_DUE + timedelta(days=9),
        lapses=(_on(5, FindingDecided(case=_CASE, finding=1, decision=FindingDecision.DROPPED)),),
        approval=APPROVAL,
    ),
    Scene(
        duty="end-exposure-watch",
        given=[*vials(), spilt()],
        opens=_on(1, _WATCH, LABORATORY),
        due=_DUE,
        wrong=(_on(2, _VISIT),),
        closes=_on(3, ExposureWatchEnded(case=_WATCH.case, persons=2, outcome=WatchOutcome.NO_SIGNS), LABORATORY),
        approval=APPROVAL,
    ),
    Scene(
        duty="confirm-recall",
        given=vials(),
        opens=_on(0, _RECALLED),
        due=_DUE,
        wrong=(_on(1, RecallConfirmed(case=_RECALL, items=()), OTHER),),
        closes=_on(2, RecallConfirmed(case=_RECALL, items=(A, B)), LABORATORY),
        lapses=(_on(2, RecallLifted(case=_RECALL, approval=APPROVAL)),),
        approval=APPROVAL,
    ),
    Scene(
        duty="dispose-of-withdrawn",
        given=vials(),
        opens=_on(0, ConsentWithdrawn(case=_CASE, items=(A, B), dispose=True), LABORATORY),
        count=2,
        wrong=(destroyed(B), used(A, "4")),
        closes=destroyed(A),
        lapses=(used(A),),
        approval=APPROVAL,
    ),
    Scene(
        duty="receipt-deposit",
        given=[*vials(), at_depository("depository")[0]],
        opens=at_depository("depository")[1],
        wrong=(_on(5, DepositReceipted(case=CaseId("case:2"), items=(B,), receipt="D-2"), OTHER),),
        closes=_on(5, DepositReceipted(case=CaseId("case:2"), items=(A,), receipt="D-1"), OTHER),
        approval=APPROVAL,
    ),
    _records("keep-item-records", items=(A,)),
    _records("keep-consignment-records", consignment=GOODS),
    _records("keep-approval-records", approval=APPROVAL),
)
