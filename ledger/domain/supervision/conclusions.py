"""How a supervision ends: closed when nothing is open, or carried on by a measure against an approval.

A measure is an authority's statement about the approval, and its orders are cases of their own; here the supervision is
linked with them, so that whoever reads one finds the other.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import ApprovalRef, Body, CaseRef, Count, Reference
from ledger.domain.border.orders import DESTRUCTION, RETURN
from ledger.domain.cases import concerned, with_detail
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.border import ApprovalStatus
from ledger.domain.states.subjects import Case, CaseStatus
from ledger.domain.states.supervision import Supervision
from ledger.domain.supervision.plans import check_not_of_unit, check_takes_part, supervision_of
from ledger.domain.supervision.visits import Conclusion
from ledger.domain.window import status_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

# Bodies


class Measure(StrEnum):
    """What an authority does about an approval."""

    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"


Orders = Annotated[
    tuple[CaseRef, ...], Meta(max_length=50, description="Orders to return or destroy, each by its case.")
]


class SupervisionEscalated(Body, frozen=True):
    """An authority carries a supervision on by suspending or withdrawing an approval.

    orders: the returns and destructions that it ordered of what came in under the approval.
    """

    case: CaseRef
    measure: Measure
    approval: ApprovalRef
    orders: Orders = ()
    reference: Reference | None = None


class SupervisionClosed(Body, frozen=True):
    """An authority closes a supervision: every finding is verified or dropped.

    next_on: the day on or before which the unit is visited next.
    """

    case: CaseRef
    conclusion: Conclusion
    score: Count | None = None
    next_on: date | None = None
    reference: Reference | None = None


# Rules

AS_DECIDED = Rule(
    "SUP-20",
    "A supervision is carried on by a measure that the authority has taken about the approval.",
    Answer.REFUSAL,
)
ORDERS_KNOWN = Rule(
    "SUP-21",
    "The orders that a supervision leads to are on record, and are about what came in under the approval.",
    Answer.REFUSAL,
)
ALL_SETTLED = Rule(
    "SUP-22",
    "A supervision is closed when all its findings are verified or dropped.",
    Answer.REFUSAL,
    "269/2015 annex 2",
    Confidence.V,
)
DESCENDANTS_ORDERED = Rule(
    "SUP-23",
    "Where an approval is withdrawn after a supervision, what came in under it is ordered to be returned or destroyed.",
    Answer.BREACH,
    "Order 160 Art. 27",
    Confidence.M,
    ("approval",),
)

RULES = (AS_DECIDED, ORDERS_KNOWN, ALL_SETTLED, DESCENDANTS_ORDERED)

_STANDS: Final = {
    Measure.SUSPENSION: ApprovalStatus.SUSPENDED,
    Measure.WITHDRAWAL: ApprovalStatus.WITHDRAWN,
}

# Judges


def judge_supervision_escalated(world: World, said: Signed[SupervisionEscalated], rules: RulePack) -> Iterator[Breach]:
    """Judge a measure. Raises Refused: SUP-04, SUP-06, SUP-05, SUP-16, SUP-20, SUP-21. Returns SUP-23."""
    body = said.body
    supervision = supervision_of(world, body.case)
    check_not_of_unit(said, supervision.unit)
    check_takes_part(world, said, supervision)
    approval = world.approval(body.approval)
    if not approval.known or status_at(approval, said.occurred_at) is not _STANDS[body.measure]:
        raise AS_DECIDED.refuse(f"{body.approval} is not on record, or stood otherwise than by a {body.measure}")
    for order in map(world.case, body.orders):
        if order.matter not in {RETURN, DESTRUCTION}:
            raise ORDERS_KNOWN.refuse(f"{order.id} is no order to return or destroy")
        if body.approval not in {one.id for one in world.approvals_of(order.items)}:
            raise ORDERS_KNOWN.refuse(f"{order.id} is about nothing that came in under {body.approval}")
    # That none of it was left out, no judge of one statement can see: the answers about a withdrawal tell what was.
    if body.measure is Measure.WITHDRAWAL and not body.orders:
        yield DESCENDANTS_ORDERED.breach((body.case, body.approval), approval=body.approval)


def judge_supervision_closed(world: World, said: Signed[SupervisionClosed], rules: RulePack) -> Iterator[Breach]:
    """Judge the end of a supervision. Raises Refused: SUP-04, SUP-06, SUP-05, SUP-16, SUP-22."""
    supervision = supervision_of(world, said.body.case)
    check_not_of_unit(said, supervision.unit)
    check_takes_part(world, said, supervision)
    if supervision.open:
        raise ALL_SETTLED.refuse(f"of {said.body.case} open: finding {', '.join(map(str, supervision.open))}")
    yield from ()


# Effects


def supervision_escalated(case: Case, event: Event[SupervisionEscalated]) -> Case:
    """Return the case with the orders that it led to."""
    supervision = concerned(case, event, Supervision)
    return case if supervision is None else with_detail(case, orders=supervision.orders.union(event.said.body.orders))


def supervision_closed(case: Case, event: Event[SupervisionClosed]) -> Case:
    """Return the case as closed."""
    return replace(case, status=CaseStatus.CLOSED) if case.id == event.said.body.case else case
