"""The last acts: a key is lost, the plasma's approval is withdrawn, and vials are destroyed before a witness."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.domain.approval.changes import ApprovalWithdrawn, OrderOnWithdrawal
from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import DisposalApproved, DisposalRequested, Method
from ledger.domain.ending.exits import ActivityEnded
from ledger.domain.ending.waste import WasteCertified, WasteHandedOver
from ledger.domain.registry.keys import KeyRevoked
from ledger.ids import CaseId, ItemId, key_tag, new_id
from ledger.meaning import Meaning
from scripts.demo.cast import LAB, PLASMA, Cast, Vial
from scripts.demo.laboratory import PROJECT, pair
from scripts.demo.stage import Stage, meaning

if TYPE_CHECKING:
    from collections.abc import Sequence


def withdraw(stage: Stage, cast: Cast) -> None:
    """Have the customs withdraw the plasma's approval and order its destruction."""
    stage.clock.day(0, 11)
    stage.say(
        ApprovalWithdrawn(approval=PLASMA, ground="conditions-lost", order=OrderOnWithdrawal.DESTROY),
        cast.destination.first,
    )


def destroy(stage: Stage, cast: Cast, items: Sequence[ItemId], batch: int = 10) -> CaseId:
    """Request, approve and carry out the destruction of items, a few to a cycle; return the case."""
    case = CaseId(new_id("case"))
    stage.clock.day(1, 9)
    requested = DisposalRequested(case=case, items=tuple(items), ground="approval-withdrawn", method=Method.AUTOCLAVE)
    stage.say(requested, cast.first_lab.first)
    stage.clock.later(hours=3)
    approver = meaning(cast.first_lab.second, Meaning.APPROVED)
    stage.say(DisposalApproved(case=case, items=tuple(items)), approver)
    for number, start in enumerate(range(0, len(items), batch), start=1):
        stage.clock.later(hours=1)
        stage.say(
            ItemDestroyed(
                case=case,
                laboratory=LAB,
                items=tuple(Destroyed(item=item) for item in items[start : start + batch]),
                method=Method.AUTOCLAVE,
                equipment="autoclave-2",
                cycle=f"C-{number:04d}",
                indicator=Indicator.PASSED,
                evidence="9a" * 32,
            ),
            *pair(cast),
        )
    return case


def clear_waste(stage: Stage, cast: Cast, items: Sequence[ItemId]) -> None:
    """Hand the treated waste to the contractor, who certifies its end."""
    case = CaseId(new_id("case"))
    stored = stage.clock.now()
    stage.clock.day(1, 10)
    stage.say(
        WasteHandedOver(
            case=case,
            items=tuple(items),
            contractor=cast.contractor.id,
            manifest_number="HW-2026-8841",
            weight=Amount(value="1.4", unit="kg"),
            stored_since=stored + timedelta(minutes=1),
        ),
        meaning(cast.first_lab.first, Meaning.HANDED_OVER),
        meaning(cast.contractor.first, Meaning.RECEIVED),
    )
    stage.clock.day(6, 10)
    stage.say(
        WasteCertified(case=case, items=tuple(items), certificate_number="CRW-1190", evidence="b3" * 32),
        cast.contractor.first,
    )


def lose_a_key(stage: Stage, cast: Cast) -> None:
    """Revoke the second laboratory's key, which a thief then tries to use."""
    stolen = cast.second_lab.first
    stage.clock.day(0, 15)
    stage.say(KeyRevoked(key=key_tag(stolen.signer.thumbprint), ground="compromised"), cast.operator.first)
    stage.try_to_say(ActivityEnded(site=LAB, project=PROJECT), stolen)


def end(stage: Stage, cast: Cast, left: Sequence[Vial]) -> None:
    """End the project; what is left is to be destroyed or deposited in time."""
    stage.clock.day(1, 10)
    stage.say(ActivityEnded(site=LAB, project=PROJECT, items=tuple(vial.item for vial in left)), cast.first_lab.first)
