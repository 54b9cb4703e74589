"""Who plays in the demo: the operator, nine parties and an auditor, their sites, their approvals and 120 vials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ledger.domain.bodies.vocabulary import Role
from ledger.ids import ApprovalId, ConsignmentId, ItemId, SiteId, new_id
from scripts.demo.stage import Party, party

PLASMA: Final = ApprovalId("approval:GX-2026-0117")
REAGENTS: Final = ApprovalId("approval:GX-2026-0164")

FIRST: Final = ConsignmentId("consignment:AWB-784-1001")
SECOND: Final = ConsignmentId("consignment:AWB-784-1077")
THIRD: Final = ConsignmentId("consignment:AWB-784-1142")

LAB: Final = SiteId("site:first-lab")
OTHER_LAB: Final = SiteId("site:second-lab")
PORT: Final = SiteId("site:port-cold-store")

DISTRICT: Final = "nanjing"
"""Where both laboratories lie, and which the customs at destination supervise."""


@dataclass(frozen=True, slots=True)
class Vial:
    """A row of the importer's manifest.

    value, unit: what is in it.
    """

    consignment: ConsignmentId
    approval: ApprovalId
    line: int
    item: ItemId
    label: str
    value: str
    unit: str
    lot: str


@dataclass(frozen=True, slots=True)
class Cast:
    """The parties by what they do."""

    operator: Party
    importer: Party
    broker: Party
    carrier: Party
    first_lab: Party
    second_lab: Party
    port: Party
    destination: Party
    contractor: Party
    assessor: Party
    auditor: Party

    @property
    def admitted(self) -> tuple[Party, ...]:
        """Return the nine parties that the operator admits when the log opens."""
        return (
            self.importer,
            self.broker,
            self.carrier,
            self.first_lab,
            self.second_lab,
            self.port,
            self.destination,
            self.contractor,
            self.assessor,
        )


def make_cast() -> Cast:
    """Return the cast, with keys made for this run and kept only in memory."""
    return Cast(
        operator=party("operator", "Sample Ledger Service", "ledger-operator", Role.OPERATOR, "样品台账服务中心"),
        importer=party(
            "importer", "Jiangbei Contract Research", "contract-research", Role.APPLICANT, "江北合同研究公司"
        ),
        broker=party("broker", "Xiaguan Customs Brokers", "broker", Role.BROKER, "下关报关行"),
        carrier=party("carrier", "Polar Line Logistics", "carrier", Role.CARRIER, "极线物流"),
        first_lab=party(
            "first-lab", "First Translational Laboratory", "research", Role.LABORATORY, "第一转化医学实验室"
        ),
        second_lab=party("second-lab", "Second Immunology Laboratory", "research", Role.LABORATORY, "第二免疫学实验室"),
        port=party("port-customs", "Customs at the Port", "customs", Role.CUSTOMS, "口岸海关"),
        destination=party("destination-customs", "Customs at the Destination", "customs", Role.CUSTOMS, "目的地海关"),
        contractor=party(
            "waste-contractor",
            "Clear River Waste Treatment",
            "waste-treatment",
            Role.WASTE_CONTRACTOR,
            "清河废物处理公司",
        ),
        assessor=party("assessor", "Joint Assessment Mechanism", "research", Role.ASSESSMENT_BODY, "联合评估机制"),
        auditor=party("auditor", "Riverside Audit", "testing", Role.ASSESSMENT_BODY, "河畔审计"),
    )


def make_vials() -> list[Vial]:
    """Return 120 vials: 40 of plasma, 65 of antibody and 15 control kits, in three consignments."""
    return [
        *_row((FIRST, PLASMA, 1), "PL", 40, ("1.8", "mL", "LOT-C19-07")),
        *_row((SECOND, REAGENTS, 1), "AB", 40, ("1.0", "mL", "LOT-AB-31")),
        *_row((THIRD, REAGENTS, 1), "AC", 25, ("1.0", "mL", "LOT-AB-32")),
        *_row((THIRD, REAGENTS, 2), "KT", 15, ("1", "kit", "LOT-KT-04")),
    ]


def _row(
    line: tuple[ConsignmentId, ApprovalId, int], prefix: str, count: int, filled: tuple[str, str, str]
) -> list[Vial]:
    """Return vials of one approval line; filled: value, unit and lot of each."""
    return [Vial(*line, ItemId(new_id("item")), f"{prefix}-{number:03d}", *filled) for number in range(1, count + 1)]
