"""Scenes of the end: losses, what is left over, waste; and of a site whose accreditation ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemStored
from ledger.domain.custody.transfer import TransferReceived
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import Method
from ledger.domain.ending.exits import ActivityEnded
from ledger.domain.ending.incidents import Incident, IncidentClosed, IncidentReported, Loss, LossReported, ReportedTo
from ledger.domain.ending.waste import WasteCertified, WasteHandedOver
from ledger.domain.registry.parties import SiteChanged, SiteRegistered
from ledger.domain.supervision.notices import IncidentNotified
from ledger.domain.work.use import ItemUsed
from ledger.ids import CaseId, SiteId
from ledger.reference.activities import Activity
from tests.spec.bench import APPROVAL, CONTRACTOR, DIGEST, LAB, OTHER, VARIOLA, A, B, vials
from tests.spec.owing.scenes import Scene
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, said

if TYPE_CHECKING:
    from ledger.domain.judging import Signed
    from ledger.ids import ItemId

_CASE: Final = CaseId("case:1")
_OTHER: Final = CaseId("case:2")
_STORE: Final = SiteId("site:depository")
_LATER: Final = NOON + timedelta(days=1)


def destroyed(item: ItemId, method: Method = Method.AUTOCLAVE, at: datetime = _LATER) -> Signed[Any]:
    """Return the destruction of an item."""
    body = ItemDestroyed(laboratory=LAB, items=(Destroyed(item=item),), method=method, indicator=Indicator.PASSED)
    return said(body, LABORATORY, SECOND_PERSON, at=at)


def _manifest(item: ItemId, at: datetime = _LATER) -> Signed[Any]:
    body = WasteHandedOver(
        case=_CASE,
        items=(item,),
        contractor=CONTRACTOR.party,
        manifest_number="32-1",
        weight=Amount(value="0.5", unit="kg"),
        stored_since=NOON,
    )
    return said(body, LABORATORY, CONTRACTOR, at=at)


def _certified(case: CaseId) -> Signed[Any]:
    body = WasteCertified(case=case, items=(A,), certificate_number="7", evidence=DIGEST)
    return said(body, CONTRACTOR, at=_LATER)


def _closed(case: CaseId) -> Signed[Any]:
    return said(IncidentClosed(case=case, cause="unknown", items=(A,)), LABORATORY, at=_LATER)


def lost(*told: ReportedTo) -> Signed[Any]:
    """Return the report of a theft, and who was told by then."""
    body = LossReported(
        case=_CASE, items=(A,), loss=Loss.STOLEN, discovered_at=NOON - timedelta(minutes=30), reported_to=told
    )
    return said(body, LABORATORY, at=NOON)


def _told(body: ReportedTo, *, written: bool = False) -> Signed[Any]:
    return said(IncidentNotified(case=_CASE, body=body, told_at=_LATER, written=written), LABORATORY, at=_LATER)


def spilt() -> Signed[Any]:
    """Return a spill."""
    body = IncidentReported(case=_CASE, site=LAB, incident=Incident.SPILL, discovered_at=NOON, items=(A,))
    return said(body, LABORATORY, at=NOON)


def used(item: ItemId, amount: str = "10") -> Signed[Any]:
    """Return a use of an item, of all that is in it if nothing else is said."""
    body = ItemUsed(
        item=item,
        laboratory=LAB,
        project="p-1",
        purpose="research",
        activity=Activity.UNCULTURED,
        quantity=Amount(value=amount, unit="mL"),
    )
    return said(body, LABORATORY, SECOND_PERSON, at=_LATER)


def at_depository(use: str) -> list[Signed[Any]]:
    """Return a site of some use, and the arrival of an item there."""
    body = SiteRegistered(site=_STORE, party=OTHER.party, name="store", use=use)
    return [said(body, OTHER), said(TransferReceived(case=_OTHER, items=(A,), site=_STORE), OTHER, at=_LATER)]


def _certificate(until: date) -> Signed[Any]:
    return said(SiteChanged(site=LAB, certificate_to=until), LABORATORY, at=_LATER)


_ENDED: Final = said(ActivityEnded(site=LAB, project="p-1", items=(A, B)), LABORATORY, at=NOON)
_STORED: Final = said(ItemStored(site=LAB, items=(Placed(item=A, place="F1"),)), LABORATORY, SECOND_PERSON, at=NOON)

SCENES: Final = (
    Scene(
        duty="report-loss",
        given=vials(agent=VARIOLA, level=4),
        opens=lost(),
        count=3,
        due=NOON + timedelta(minutes=90),
        wrong=(_closed(_CASE), _told(ReportedTo.HEALTH_AUTHORITY)),
        closes=_told(ReportedTo.COMPETENT_AUTHORITY),
        approval=APPROVAL,
    ),
    Scene(
        duty="report-loss-in-writing",
        given=vials(),
        opens=lost(),
        due=datetime(2026, 9, 8, 4, 59, 59, 999999, tzinfo=UTC),
        wrong=(
            _told(ReportedTo.COMPETENT_AUTHORITY),
            _told(ReportedTo.POLICE, written=True),
            _told(ReportedTo.CUSTOMS, written=True),
        ),
        closes=_told(ReportedTo.COMPETENT_AUTHORITY, written=True),
        approval=APPROVAL,
    ),
    Scene(
        duty="close-incident",
        given=vials(),
        opens=spilt(),
        wrong=(_closed(_OTHER),),
        closes=_closed(_CASE),
        approval=APPROVAL,
    ),
    Scene(
        duty="destroy-or-deposit",
        given=[*vials(agent=VARIOLA, level=4), *at_depository("depository")[:1]],
        opens=_ENDED,
        count=2,
        due=datetime(2027, 3, 1, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(destroyed(B), _manifest(A), used(A, "4")),
        closes=at_depository("depository")[1],
        lapses=(used(A),),
        approval=APPROVAL,
    ),
    Scene(
        duty="hand-over-waste",
        given=vials(),
        opens=destroyed(A, at=NOON),
        due=datetime(2026, 9, 3, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(_manifest(B), _certified(_OTHER)),
        closes=_manifest(A),
        approval=APPROVAL,
    ),
    Scene(
        duty="certify-waste",
        given=[*vials(), destroyed(A, at=NOON)],
        opens=_manifest(A, at=NOON),
        wrong=(_certified(_OTHER),),
        closes=_certified(_CASE),
        approval=APPROVAL,
    ),
    Scene(
        duty="renew-site-certificate",
        given=vials(),
        opens=_STORED,
        due=datetime(2030, 1, 1, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(said(SiteChanged(site=LAB, level=3), LABORATORY, at=_LATER),),
        closes=_certificate(date(2035, 1, 1)),
        lapses=(_certificate(date(2029, 1, 1)),),
        approval=APPROVAL,
    ),
)
