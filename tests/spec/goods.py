"""Goods on their way, for the rules of carriage, custody, receipt, stock and transfer: a consignment of two vials."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.bodies.vocabulary import Amount, Packaging, Role, WriteOff
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.inspection import ConsignmentHeld
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.custody.stock import ItemStored
from ledger.domain.registry.parties import PartyRegistered, SiteRegistered
from ledger.ids import ApprovalId, ConsignmentId, ItemId, PartyId, SiteId
from tests.spec.parties import IMPORTER, LABORATORY, OPERATOR, SECOND_PERSON
from tests.spec.world import NOON, said, signer

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.judging import Signatory, Signed
    from ledger.reference.activities import Material

CUSTOMS: Final = signer("party:customs", Role.CUSTOMS)
CARRIER: Final = signer("party:carrier", Role.CARRIER)
SECOND_ESCORT: Final = signer("party:carrier", Role.CARRIER, person="p-2", meaning="witnessed")
COURIER: Final = signer("party:courier", Role.CARRIER)
"""A carrier that no consignment names."""
CLINIC: Final = signer("party:clinic", Role.LABORATORY)
"""Another laboratory, which no consignment names."""

LAB: Final = SiteId("site:lab")
ANNEX: Final = SiteId("site:annex")
"""A second laboratory of the same party, of level 1 and on no approval."""
WARD: Final = SiteId("site:ward")
"""The other party's laboratory."""
DEPOSITORY: Final = SiteId("site:depository")

APPROVAL: Final = ApprovalId("approval:1")
GOODS: Final = ConsignmentId("consignment:1")
A: Final = ItemId("item:a")
B: Final = ItemId("item:b")
VARIOLA: Final = "virus-2"
"""Class 1, packing A whatever the material, level 4 for culture and 3 for specimens."""

LATER: Final = NOON + timedelta(hours=1)


def parties() -> list[Signed[Any]]:
    """Return the registrations of all parties and sites."""
    everyone = (IMPORTER, LABORATORY, CUSTOMS, CARRIER, COURIER, CLINIC)
    return [
        *(
            said(
                PartyRegistered(party=one.party, name=one.party.partition(":")[2], country="CN", business="research"),
                OPERATOR,
            )
            for one in everyone
        ),
        site(LAB, LABORATORY, level=2),
        site(ANNEX, LABORATORY, level=1),
        site(WARD, CLINIC, level=2),
        site(DEPOSITORY, CLINIC, use="depository"),
    ]


def site(name: SiteId, owner: Signatory, *, use: str = "laboratory", level: int | None = None) -> Signed[Any]:
    """Return the registration of a site."""
    return said(SiteRegistered(site=name, party=owner.party, name=name.partition(":")[2], use=use, level=level), owner)


def approval(
    name: ApprovalId = APPROVAL,
    *,
    agent: str | None = None,
    material: Material | None = None,
    sites: tuple[SiteId, ...] = (LAB,),
    follow_up: bool = False,
) -> Signed[Any]:
    """Return an approval of one line."""
    agents = () if agent is None else (agent,)
    line = ApprovedLine(
        line=1, name_en="vials", quantity=Amount(value="10", unit="vial"), agents=agents, material=material
    )
    body = ApprovalGranted(
        approval=name,
        number="1",
        direction=Direction.IMPORT,
        applicant=IMPORTER.party,
        issued_on=date(2026, 8, 15),
        valid_from=date(2026, 8, 15),
        valid_to=date(2026, 11, 14),
        write_off=WriteOff.BATCH,
        follow_up=follow_up,
        lines=(line,),
        sites=sites,
    )
    return said(body, CUSTOMS)


def announced(
    *, carriers: tuple[PartyId, ...] = (CARRIER.party,), agent: str | None = None, material: Material | None = None
) -> list[Signed[Any]]:
    """Return two vials of 1 mL, announced and listed under an approval for the laboratory."""
    amount = LineQuantity(approval=APPROVAL, line=1, quantity=Amount(value="2", unit="vial"))
    body = ConsignmentAnnounced(
        consignment=GOODS,
        applicant=IMPORTER.party,
        consignee=LABORATORY.party,
        consignor_country="SE",
        destination=LAB,
        route=Route.IMPORT,
        lines=(amount,),
        carriers=carriers,
    )
    vials = tuple(ListedItem(item=item, label=item[-1], quantity=Amount(value="1", unit="mL")) for item in (A, B))
    return [
        *parties(),
        approval(agent=agent, material=material),
        said(body, IMPORTER),
        said(ItemListed(consignment=GOODS, approval=APPROVAL, line=1, items=vials), IMPORTER),
    ]


def released(*items: ItemId) -> Signed[Any]:
    """Return the release of items, of both vials if none is named."""
    body = ConsignmentReleased(consignment=GOODS, items=items or (A, B), release_number="1")
    return said(body, CUSTOMS)


def held() -> Signed[Any]:
    """Return a hold of customs on both vials."""
    return said(ConsignmentHeld(consignment=GOODS, items=(A, B), ground="documents"), CUSTOMS)


def handed_over(
    giver: Signatory, receiver: PartyId, *more: Signatory, items: tuple[ItemId, ...] = (A, B), **members: object
) -> Signed[Any]:
    """Return a hand-over in which everything is in order but what the members say."""
    body = CustodyHandedOver(items=items, receiver=receiver, count=len(items), packaging=Packaging.INTACT)
    return said(replace(body, **members), giver, *more)


def accepted(
    taker: Signatory, *more: Signatory, items: tuple[ItemId, ...] = (A, B), at: datetime = NOON, **members: object
) -> Signed[Any]:
    """Return an acceptance in which everything is in order but what the members say."""
    body = CustodyAccepted(items=items, count=len(items), packaging=Packaging.INTACT)
    return said(replace(body, **members), taker, *more, at=at)


def carried(*, agent: str | None = None, material: Material | None = None) -> list[Signed[Any]]:
    """Return the vials in the carrier's hands, released."""
    return [*announced(agent=agent, material=material), accepted(CARRIER), released()]


def delivered(*, agent: str | None = None, material: Material | None = None) -> list[Signed[Any]]:
    """Return the vials handed over to the laboratory, and accepted there."""
    return [*carried(agent=agent, material=material), handed_over(CARRIER, LABORATORY.party), accepted(LABORATORY)]


def received(*items: ItemId, condition: Condition = Condition.INTACT, **members: object) -> Signed[Any]:
    """Return the laboratory's receipt, of both vials if none is named, by two persons."""
    lines = tuple(ReceivedItem(item=item, condition=condition) for item in items or (A, B))
    body = ItemReceived(consignment=GOODS, laboratory=LAB, items=lines, documents=Documents.MATCH)
    return said(replace(body, **members), LABORATORY, SECOND_PERSON)


def in_stock(*, agent: str | None = None, material: Material | None = None) -> list[Signed[Any]]:
    """Return the vials received, A stored in position F1/A1, B not stored yet."""
    return [*delivered(agent=agent, material=material), received(), stored((A, "F1/A1"))]


def placed(*items: tuple[ItemId, str]) -> tuple[Placed, ...]:
    """Return items with their positions, as bodies name them."""
    return tuple(Placed(item=item, place=place) for item, place in items)


def stored(*items: tuple[ItemId, str]) -> Signed[Any]:
    """Return the storing of items by two persons of the laboratory."""
    return said(ItemStored(site=LAB, items=placed(*items)), LABORATORY, SECOND_PERSON)
