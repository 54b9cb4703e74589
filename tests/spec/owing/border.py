"""Scenes at the border: declared at destination, detained, ordered away, approvals that end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ledger.domain.approval.changes import ApprovalAmended, ApprovalWithdrawn, OrderOnWithdrawal
from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.border.destination import DestinationDeclared
from ledger.domain.border.entry import ConsignmentDeclared, DeclaredLine
from ledger.domain.border.executions import DestructionExecuted, ReturnExecuted
from ledger.domain.border.inspection import ConsignmentHeld, ConsignmentHoldLifted
from ledger.domain.border.orders import DestructionOrdered, ReturnOrdered
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.ending.disposal import Method
from ledger.ids import CaseId, ConsignmentId
from tests.spec.bench import APPROVAL, BEFORE, CUSTOMS, DIGEST, GOODS, A, B, C, announced, approval, site, vials
from tests.spec.owing.ending import destroyed, used
from tests.spec.owing.scenes import Scene
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import NOON, said

if TYPE_CHECKING:
    from ledger.domain.judging import Signed

_OTHER: Final = ConsignmentId("consignment:2")
_CASE: Final = CaseId("case:order")
_LATER: Final = NOON + timedelta(days=3)
_DUE: Final = NOON + timedelta(days=10)


_LISTED: Final = replace(announced()[1], occurred_at=BEFORE + timedelta(hours=1))
"""Told before the announcement in this scene, and done after it: the order of the acts counts."""


def _goods() -> list[Signed[Any]]:
    return [site(), approval(follow_up=True), *announced(), *announced(C, goods=_OTHER)]


def _declared(goods: ConsignmentId) -> Signed[Any]:
    body = DestinationDeclared(consignment=goods, receipt_number="7", declared_on=_LATER.date())
    return said(body, LABORATORY, at=_LATER)


def _held(ground: str = "no-approval") -> Signed[Any]:
    return said(ConsignmentHeld(consignment=GOODS, items=(A, B), ground=ground), CUSTOMS, at=NOON)


def _lifted(*items: Any, ground: str = "no-approval") -> Signed[Any]:  # noqa: ANN401  items
    return said(ConsignmentHoldLifted(consignment=GOODS, items=items, ground=ground), CUSTOMS, at=_LATER)


def _returned(*items: Any) -> Signed[Any]:  # noqa: ANN401  items
    return said(ReturnExecuted(case=_CASE, consignment=GOODS, items=items, evidence=DIGEST), CUSTOMS, at=_LATER)


def _destroyed(*items: Any) -> Signed[Any]:  # noqa: ANN401  items
    body = DestructionExecuted(case=_CASE, consignment=GOODS, items=items, method=Method.INCINERATION, evidence=DIGEST)
    return said(body, CUSTOMS, at=_LATER)


def _at_customs(goods: ConsignmentId) -> Signed[Any]:
    line = DeclaredLine(approval=APPROVAL, line=1, quantity=Amount(value="2", unit="vial"))
    body = ConsignmentDeclared(
        consignment=goods, declaration_number="9", port_code="2301", declared_on=_LATER.date(), lines=(line,)
    )
    return said(body, IMPORTER, at=_LATER)


def _ordered(body: type[ReturnOrdered] | type[DestructionOrdered]) -> Signed[Any]:
    order = body(case=_CASE, consignment=GOODS, items=(A, B), notice_number="1", ground="no-approval", due=_DUE)
    return said(order, CUSTOMS, at=NOON)


_RELEASE: Final = ConsignmentReleased(consignment=GOODS, items=(A, B), release_number="1")

SCENES: Final = (
    Scene(
        duty="declare-at-destination",
        given=_goods(),
        opens=said(_RELEASE, CUSTOMS, at=NOON),
        due=datetime(2026, 10, 1, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(_declared(_OTHER), _lifted(A)),
        closes=_declared(GOODS),
        approval=APPROVAL,
    ),
    Scene(
        duty="settle-detained-goods",
        given=_goods(),
        opens=_held(),
        count=2,
        due=datetime(2026, 9, 8, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(_lifted(A, ground="documents"), _lifted(B), _returned(B)),
        closes=_lifted(A),
        approval=APPROVAL,
    ),
    Scene(
        duty="carry-out-return",
        given=_goods(),
        opens=_ordered(ReturnOrdered),
        count=2,
        due=_DUE,
        wrong=(_returned(B), _destroyed(A)),
        closes=_returned(A),
        approval=APPROVAL,
    ),
    Scene(
        duty="carry-out-destruction",
        given=_goods(),
        opens=_ordered(DestructionOrdered),
        count=2,
        due=_DUE,
        wrong=(_destroyed(B), _returned(A)),
        closes=_destroyed(A),
        approval=APPROVAL,
    ),
    Scene(
        duty="clear-withdrawn",
        given=vials(),
        opens=said(
            ApprovalWithdrawn(approval=APPROVAL, ground="lab-mismatch", order=OrderOnWithdrawal.RETURN),
            CUSTOMS,
            at=NOON,
        ),
        count=2,
        wrong=(destroyed(B), _returned(B), used(A, "4")),
        closes=_returned(A),
        lapses=(used(A),),
        approval=APPROVAL,
    ),
    Scene(
        duty="enter-before-approval-ends",
        given=[site(), approval(), _LISTED],
        opens=announced()[0],
        due=datetime(2026, 11, 30, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(_at_customs(_OTHER),),
        closes=_at_customs(GOODS),
        moves=said(
            ApprovalAmended(approval=APPROVAL, effective_on=NOON.date(), valid_to=date(2026, 12, 31)), CUSTOMS, at=NOON
        ),
        moved=datetime(2026, 12, 31, 15, 59, 59, 999999, tzinfo=UTC),
        lapses=(_returned(A, B), _destroyed(A, B)),
        approval=APPROVAL,
    ),
)
