"""How a supervision goes on and ends: measures against an approval, orders, closure: SUP-20 to SUP-23."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from msgspec.structs import replace

from ledger.domain.approval.changes import ApprovalSuspended, ApprovalWithdrawn, OrderOnWithdrawal
from ledger.domain.border.orders import ReturnOrdered
from ledger.domain.states.subjects import CaseStatus
from ledger.domain.supervision.conclusions import Measure, SupervisionClosed, SupervisionEscalated
from ledger.domain.supervision.visits import (
    Conclusion,
)
from ledger.ids import ApprovalId, ConsignmentId
from tests.spec.bench import (
    APPROVAL,
    CUSTOMS,
    GOODS,
    A,
    C,
    announced,
    approval,
)
from tests.spec.supervision.test_supervision import CASE, MARKET, ORDER, REFERENCE, UNIT, planned, visited
from tests.spec.world import NOON, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body

CLOSED: Final = SupervisionClosed(case=CASE, conclusion=Conclusion.PASSED)
LATER: Final = NOON + timedelta(hours=1)
SUSPENDED: Final = ApprovalSuspended(approval=APPROVAL, ground="laboratory-differs")
GONE: Final = ApprovalWithdrawn(approval=APPROVAL, ground="laboratory-differs", order=OrderOnWithdrawal.RETURN)
RETURN: Final = ReturnOrdered(
    case=ORDER, consignment=GOODS, items=(A,), notice_number="N 1", ground="approval-withdrawn", due=LATER
)
CARRIED_ON: Final = SupervisionEscalated(case=CASE, measure=Measure.WITHDRAWAL, approval=APPROVAL, orders=(ORDER,))


def test_a_supervision_is_carried_on_by_a_measure_and_its_orders() -> None:
    given = [*planned(), said(GONE, CUSTOMS), said(RETURN, CUSTOMS)]
    when = said(CARRIED_ON, CUSTOMS)
    assert judged(given, when) == []
    assert state_of([*given, when], CASE).detail.orders == {ORDER}


@pytest.mark.rule("SUP-20", "SUP-21")
@pytest.mark.parametrize(
    ("more", "body", "rule"),
    [
        pytest.param([], CARRIED_ON, "SUP-20", id="an approval that stands"),
        pytest.param([SUSPENDED], CARRIED_ON, "SUP-20", id="only suspended"),
        pytest.param([GONE], CARRIED_ON, "SUP-21", id="no such order"),
        pytest.param([GONE, RETURN], replace(CARRIED_ON, orders=(CASE,)), "SUP-21", id="no order"),
    ],
)
def test_a_measure_that_was_not_taken_is_refused(more: list[Body], body: SupervisionEscalated, rule: str) -> None:
    assert refused([*planned(), *(said(one, CUSTOMS) for one in more)], said(body, CUSTOMS)) == rule


@pytest.mark.rule("SUP-21")
@pytest.mark.parametrize("measure", Measure)
def test_orders_about_other_goods_are_none_of_a_measure(measure: Measure) -> None:
    """A withdrawal is not answered by an order that returns what came in under another approval."""
    another, parcel = ApprovalId("approval:2"), ConsignmentId("consignment:2")
    theirs = [approval(another), *announced(C, goods=parcel, under=another)]
    other = replace(RETURN, consignment=parcel, items=(C,))
    taken = GONE if measure is Measure.WITHDRAWAL else SUSPENDED
    given = [*planned(), *theirs, said(taken, CUSTOMS), said(other, CUSTOMS)]
    assert refused(given, said(replace(CARRIED_ON, measure=measure), CUSTOMS)) == "SUP-21"


@pytest.mark.rule("SUP-23")
def test_a_withdrawal_without_orders_is_a_breach_and_a_suspension_is_not() -> None:
    alone = replace(CARRIED_ON, orders=())
    assert judged([*planned(), said(GONE, CUSTOMS)], said(alone, CUSTOMS)) == ["SUP-23"]
    rests = replace(alone, measure=Measure.SUSPENSION)
    assert judged([*planned(), said(SUSPENDED, CUSTOMS)], said(rests, CUSTOMS)) == []


def test_a_supervision_without_findings_is_closed_by_who_takes_part() -> None:
    closing = said(CLOSED, CUSTOMS)
    assert judged([*planned(), visited()], closing) == []
    assert state_of([*planned(), closing], CASE).status is CaseStatus.CLOSED
    assert refused(planned(), said(CLOSED, MARKET)) == "SUP-05"
    assert refused(planned(), said(replace(CLOSED, reference=REFERENCE), UNIT)) == "SUP-06"
    assert refused([*planned(), closing], visited()) == "SUP-04"
