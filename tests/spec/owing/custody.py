"""Scenes of those who have items."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.custody.carriage import Decision, ExcursionDispositioned, TemperatureRecorded
from ledger.domain.custody.custody import CustodyRefused
from ledger.domain.custody.discrepancy import Difference, DiscrepancyRecorded, DiscrepancyResolved
from ledger.domain.custody.stock import Counted, ItemCheckedOut, ItemReturned, StockCounted
from ledger.domain.custody.transfer import Ground, TransferReceived, TransferSent
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import Method
from ledger.ids import CaseId
from tests.spec.goods import (
    ANNEX,
    APPROVAL,
    CARRIER,
    CLINIC,
    GOODS,
    LAB,
    WARD,
    A,
    B,
    accepted,
    carried,
    delivered,
    handed_over,
    in_stock,
    placed,
    received,
)
from tests.spec.owing.scenes import Scene
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, said

if TYPE_CHECKING:
    from ledger.domain.judging import Signed
    from ledger.ids import ItemId, SiteId

_CASE: Final = CaseId("case:1")
_OTHER: Final = CaseId("case:2")
_SOON: Final = NOON + timedelta(hours=1)
_LATER: Final = NOON + timedelta(days=3)


def _counted(item: ItemId, site: SiteId = LAB) -> Signed[Any]:
    body = StockCounted(site=site, items=(Counted(item=item, present=True),))
    return said(body, LABORATORY, SECOND_PERSON, at=_LATER)


def _destroyed(item: ItemId) -> Signed[Any]:
    body = ItemDestroyed(
        laboratory=LAB, items=(Destroyed(item=item),), method=Method.INCINERATION, indicator=Indicator.NONE
    )
    return said(body, LABORATORY, SECOND_PERSON, at=_LATER)


def _sent() -> Signed[Any]:
    body = TransferSent(
        case=_CASE, items=(A, B), from_site=LAB, to_site=WARD, receiver=CLINIC.party, ground=Ground.SAME_APPROVAL
    )
    return said(body, LABORATORY, at=NOON)


def _arrived(item: ItemId, case: CaseId = _CASE) -> Signed[Any]:
    return said(TransferReceived(case=case, items=(item,), site=WARD), CLINIC, at=_LATER)


def warm() -> Signed[Any]:
    """Return a record of a time in which one of the items got too warm."""
    body = TemperatureRecorded(
        items=(A,), device="logger-1", start=NOON, end=NOON, minimum="-79", maximum="-20", high="-60"
    )
    return said(body, CARRIER, at=NOON)


def decided(decision: Decision, item: ItemId = A, at: datetime = _LATER) -> Signed[Any]:
    """Return what is decided about it."""
    return said(ExcursionDispositioned(items=(item,), decision=decision), LABORATORY, at=at)


def _differs(case: CaseId = _CASE) -> Signed[Any]:
    body = DiscrepancyRecorded(case=case, consignment=GOODS, items=(A,), discrepancy=Difference.DAMAGED)
    return said(body, LABORATORY, at=NOON)


def _resolved(case: CaseId = _CASE) -> Signed[Any]:
    body = DiscrepancyResolved(case=case, items=(A,), resolution="accepted-as-found")
    return said(body, LABORATORY, at=_LATER)


def _out(until: datetime | None) -> Signed[Any]:
    body = ItemCheckedOut(site=LAB, items=(A,), project="p-1", until=until)
    return said(body, LABORATORY, SECOND_PERSON, at=NOON)


def _back(item: ItemId) -> Signed[Any]:
    return said(ItemReturned(site=LAB, items=placed((item, "F1/A9"))), LABORATORY, SECOND_PERSON, at=_LATER)


SCENES: Final = (
    Scene(
        duty="account-for-material",
        given=delivered(),
        opens=received(),
        count=2,
        wrong=(_destroyed(B), _counted(A)),
        closes=_destroyed(A),
        approval=APPROVAL,
    ),
    Scene(
        duty="answer-handover",
        given=carried(),
        opens=handed_over(CARRIER, LABORATORY.party, items=(A,)),
        due=NOON + timedelta(hours=24),
        wrong=(accepted(LABORATORY, items=(B,), at=_SOON),),
        closes=said(CustodyRefused(items=(A,), ground="packaging-damaged"), LABORATORY, at=_SOON),
        approval=APPROVAL,
    ),
    Scene(
        duty="complete-transfer",
        given=in_stock(),
        opens=_sent(),
        count=2,
        wrong=(_arrived(B), accepted(CLINIC, items=(A,), at=_SOON)),
        closes=_arrived(A),
        approval=APPROVAL,
    ),
    Scene(
        duty="decide-excursion",
        given=delivered(),
        opens=warm(),
        wrong=(decided(Decision.USE, B), received()),
        pauses=decided(Decision.QUARANTINE, at=_SOON),
        closes=decided(Decision.DISCARD),
        approval=APPROVAL,
    ),
    Scene(
        duty="resolve-discrepancy",
        given=delivered(),
        opens=_differs(),
        wrong=(_resolved(_OTHER),),
        closes=_resolved(),
        approval=APPROVAL,
    ),
    Scene(
        duty="return-checkout",
        given=in_stock(),
        opens=_out(_LATER),
        due=_LATER,
        wrong=(_back(B), _counted(A)),
        closes=_back(A),
        approval=APPROVAL,
    ),
    Scene(
        duty="count-stock",
        given=delivered(),
        opens=received(),
        count=2,
        due=datetime(2027, 9, 1, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(_counted(B), _counted(A, ANNEX)),
        closes=_counted(A),
        lapses=(_destroyed(A),),
        approval=APPROVAL,
    ),
)
