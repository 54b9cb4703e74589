"""Vials at a laboratory's bench, for the rules of use, making, destruction and exit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.bodies.vocabulary import Amount, Role, WriteOff
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.registry.parties import SiteRegistered
from ledger.domain.work.derive import ItemAliquoted
from ledger.domain.work.making import Child
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, SiteId
from tests.spec.parties import IMPORTER, LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, said, signer

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.judging import Signatory, Signed
    from ledger.reference.activities import Material

CUSTOMS: Final = signer("party:customs", Role.CUSTOMS)
OTHER: Final = signer("party:other", Role.LABORATORY)
CONTRACTOR: Final = signer("party:contractor", Role.WASTE_CONTRACTOR, meaning="received")
THIRD_PERSON: Final = signer("party:laboratory", Role.LABORATORY, person="p-3")

LAB: Final = SiteId("site:bench")
CELLAR: Final = SiteId("site:cellar")
"""Another laboratory of the same party, on no approval and of no level."""
ELSEWHERE: Final = SiteId("site:elsewhere")
"""A laboratory of another party."""

A: Final = ItemId("item:a")
B: Final = ItemId("item:b")
C: Final = ItemId("item:c")
D: Final = ItemId("item:d")
NOBODYS: Final = ItemId("item:nobodys")
CASE: Final = CaseId("case:1")
APPROVAL: Final = ApprovalId("approval:1")
GOODS: Final = ConsignmentId("consignment:1")

VARIOLA: Final = "virus-2"
"""Class 1: level 4 for culture, 3 for specimens."""

BEFORE: Final = NOON - timedelta(days=2)
DIGEST: Final = "0" * 64


def ml(value: str) -> Amount:
    """Return an amount in mL."""
    return Amount(value=value, unit="mL")


def site(
    name: SiteId = LAB, *, level: int | None = 2, until: date | None = None, owner: Signatory = LABORATORY
) -> Signed[Any]:
    """Return the registration of a laboratory."""
    body = SiteRegistered(
        site=name, party=owner.party, name=name.partition(":")[2], use="laboratory", level=level, certificate_to=until
    )
    return said(body, owner, at=BEFORE)


def approval(
    name: ApprovalId = APPROVAL,
    *,
    agent: str | None = None,
    material: Material | None = None,
    follow_up: bool = False,
    purposes: tuple[str, ...] = ("research",),
    direction: Direction = Direction.IMPORT,
    valid_to: date = date(2026, 11, 30),
) -> Signed[Any]:
    """Return an approval of one line, for the laboratory."""
    line = ApprovedLine(
        line=1,
        name_en="vials",
        quantity=Amount(value="10", unit="vial"),
        agents=() if agent is None else (agent,),
        material=material,
    )
    body = ApprovalGranted(
        approval=name,
        number="1",
        direction=direction,
        applicant=IMPORTER.party,
        issued_on=date(2026, 8, 1),
        valid_from=date(2026, 8, 1),
        valid_to=valid_to,
        write_off=WriteOff.BATCH,
        follow_up=follow_up,
        lines=(line,),
        sites=(LAB,),
        purposes=purposes,
    )
    return said(body, CUSTOMS, at=BEFORE)


def announced(
    *items: ItemId, goods: ConsignmentId = GOODS, under: ApprovalId = APPROVAL, quantity: str | None = "10"
) -> list[Signed[Any]]:
    """Return a consignment with its vials listed, each labelled with the name of its id."""
    amount = None if quantity is None else ml(quantity)
    body = ConsignmentAnnounced(
        consignment=goods,
        applicant=IMPORTER.party,
        consignee=LABORATORY.party,
        consignor_country="SE",
        destination=LAB,
        route=Route.IMPORT,
        lines=(LineQuantity(approval=under, line=1, quantity=Amount(value="2", unit="vial")),),
    )
    vials = tuple(ListedItem(item=item, label=item.removeprefix("item:"), quantity=amount) for item in items or (A, B))
    return [
        said(body, IMPORTER, at=BEFORE),
        said(ItemListed(consignment=goods, approval=under, line=1, items=vials), IMPORTER, at=BEFORE),
    ]


def released(*items: ItemId, goods: ConsignmentId = GOODS, at: datetime = BEFORE) -> Signed[Any]:
    """Return the release of vials."""
    return said(ConsignmentReleased(consignment=goods, items=items or (A, B), release_number="1"), CUSTOMS, at=at)


def received(*items: ItemId, goods: ConsignmentId = GOODS, condition: Condition = Condition.INTACT) -> Signed[Any]:
    """Return the laboratory's receipt of vials."""
    lines = tuple(ReceivedItem(item=item, condition=condition) for item in items or (A, B))
    body = ItemReceived(consignment=goods, laboratory=LAB, items=lines, documents=Documents.MATCH)
    return said(body, LABORATORY, SECOND_PERSON, at=BEFORE)


def vials(*, quantity: str | None = "10", level: int | None = 2, **approved: Any) -> list[Signed[Any]]:  # noqa: ANN401
    """Return two vials, released and received, everything in order but what the arguments say."""
    return [
        site(level=level, until=date(2030, 1, 1)),
        approval(**approved),
        *announced(quantity=quantity),
        released(),
        received(),
    ]


def child(item: ItemId, value: str, label: str | None = None) -> Child:
    """Return a new item of some mL."""
    return Child(item=item, quantity=ml(value), label=label)


def aliquoted(*children: Child, residual: str, loss: str = "0", parent: ItemId = A, at: datetime = NOON) -> Signed[Any]:
    """Return an aliquoting by two persons of the laboratory."""
    body = ItemAliquoted(parent=parent, laboratory=LAB, children=children, residual=ml(residual), loss=ml(loss))
    return said(body, LABORATORY, SECOND_PERSON, at=at)
