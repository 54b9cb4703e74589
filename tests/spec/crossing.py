"""The goods of the border's examples: one approval, one consignment of three vials and a tube, and its way across."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from msgspec.structs import replace

from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.bodies.vocabulary import Amount, Grade, Packaging, Role, WriteOff
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.entry import ConsignmentDeclared, DeclaredLine
from ledger.domain.border.inspection import ConsignmentInspected, InspectionResult
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.judging import Signatory, Signed
from ledger.domain.registry.parties import SiteRegistered
from ledger.ids import ApprovalId, ConsignmentId, ItemId, PartyId, SiteId
from tests.spec.parties import IMPORTER, LABORATORY, admitted
from tests.spec.world import said, signer

BROKER: Final = signer("party:broker", Role.BROKER)
CARRIER: Final = signer("party:carrier", Role.CARRIER)
OFFICER: Final = signer("party:customs", Role.CUSTOMS)
SECOND_OFFICER: Final = signer("party:customs", Role.CUSTOMS, person="p-2", meaning="witnessed")
RIVAL: Final = signer("party:rival", Role.APPLICANT)

APPROVAL: Final = ApprovalId("approval:a-1")
CONSIGNMENT: Final = ConsignmentId("consignment:c-1")
OTHER_CONSIGNMENT: Final = ConsignmentId("consignment:c-2")
LAB: Final = SiteId("site:lab-1")
ANNEX: Final = SiteId("site:annex")
VIALS: Final = (ItemId("item:v-1"), ItemId("item:v-2"), ItemId("item:v-3"))
TUBE: Final = ItemId("item:t-1")


def amount(value: str, unit: str = "vial") -> Amount:
    """Return an amount."""
    return Amount(value=value, unit=unit)


def on_line(number: int, value: str, unit: str = "vial", approval: ApprovalId = APPROVAL) -> LineQuantity:
    """Return an amount on a line of the approval."""
    return LineQuantity(approval=approval, line=number, quantity=amount(value, unit))


def declared_on_line(number: int, value: str, unit: str = "vial", approval: ApprovalId = APPROVAL) -> DeclaredLine:
    """Return a declared amount on a line of the approval."""
    return DeclaredLine(approval=approval, line=number, quantity=amount(value, unit))


def site(name: SiteId, by: Signatory = LABORATORY) -> Signed[Any]:
    """Return the registration of a laboratory."""
    body = SiteRegistered(site=name, party=by.party, name=name.partition(":")[2], use="laboratory", level=2)
    return said(body, by)


APPROVED: Final = ApprovalGranted(
    approval=APPROVAL,
    number="2026-0001",
    direction=Direction.IMPORT,
    applicant=IMPORTER.party,
    issued_on=date(2026, 8, 10),
    valid_from=date(2026, 8, 15),
    valid_to=date(2026, 12, 31),
    write_off=WriteOff.BATCH,
    follow_up=True,
    grade=Grade.B1,
    sites=(LAB,),
    purposes=("research",),
    lines=(
        ApprovedLine(line=1, name_en="Strain", quantity=amount("10"), agents=("bacterium-1",)),
        ApprovedLine(line=2, name_en="Serum", quantity=amount("5", "mL")),
    ),
)
SINGLE: Final = replace(
    APPROVED, write_off=WriteOff.SINGLE, grade=Grade.A1, valid_from=date(2026, 8, 15), valid_to=date(2026, 11, 15)
)

ANNOUNCEMENT: Final = ConsignmentAnnounced(
    consignment=CONSIGNMENT,
    applicant=IMPORTER.party,
    consignee=LABORATORY.party,
    carriers=(CARRIER.party,),
    broker=BROKER.party,
    consignor_country="DE",
    destination=LAB,
    route=Route.IMPORT,
    lines=(on_line(1, "3"), on_line(2, "1.5", "mL")),
)
LIST: Final = ItemListed(
    consignment=CONSIGNMENT,
    approval=APPROVAL,
    line=1,
    items=tuple(ListedItem(item=item, label=item[5:], quantity=amount("1")) for item in VIALS),
)
TUBE_LIST: Final = replace(
    LIST, line=2, items=(ListedItem(item=TUBE, label="t-1", quantity=amount("1.5", "mL"), lot="L7"),)
)
DECLARATION: Final = ConsignmentDeclared(
    consignment=CONSIGNMENT,
    declaration_number="D-1",
    port_code="2301",
    declared_on=date(2026, 9, 1),
    lines=(declared_on_line(1, "3"), declared_on_line(2, "1.5", "mL")),
)
INSPECTION: Final = ConsignmentInspected(
    consignment=CONSIGNMENT, result=InspectionResult.PASSED, packaging=Packaging.INTACT
)
RELEASE: Final = ConsignmentReleased(
    consignment=CONSIGNMENT,
    items=(*VIALS, TUBE),
    release_number="R-1",
    lines=(on_line(1, "3"), on_line(2, "1.5", "mL")),
)

PARTIES: Final = (
    *admitted(IMPORTER, LABORATORY, BROKER, CARRIER, OFFICER, SECOND_OFFICER, RIVAL),
    site(LAB),
    site(ANNEX),
)


def approved(body: ApprovalGranted = APPROVED) -> list[Signed[Any]]:
    """Return the parties, the sites and an approval signed by customs."""
    return [*PARTIES, said(body, OFFICER)]


def listed(body: ApprovalGranted = APPROVED) -> list[Signed[Any]]:
    """Return a consignment announced under an approval, with its items."""
    return [*approved(body), said(ANNOUNCEMENT, BROKER), said(LIST, IMPORTER), said(TUBE_LIST, LABORATORY)]


def declared(body: ApprovalGranted = APPROVED) -> list[Signed[Any]]:
    """Return a consignment declared to customs."""
    return [*listed(body), said(DECLARATION, BROKER)]


def inspected(body: ApprovalGranted = APPROVED) -> list[Signed[Any]]:
    """Return a consignment that has passed its inspection."""
    return [*declared(body), said(INSPECTION, OFFICER, SECOND_OFFICER)]


def released(body: ApprovalGranted = APPROVED) -> list[Signed[Any]]:
    """Return a consignment that is released whole."""
    return [*inspected(body), said(RELEASE, OFFICER)]


def second(consignment: ConsignmentId = OTHER_CONSIGNMENT, applicant: PartyId = IMPORTER.party) -> Signed[Any]:
    """Return the announcement of a second consignment under the same approval: two vials."""
    body = replace(ANNOUNCEMENT, consignment=consignment, applicant=applicant, lines=(on_line(1, "2"),))
    return said(body, BROKER)
