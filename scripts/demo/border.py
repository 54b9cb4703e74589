"""The first acts: sites, approvals, and three consignments from their announcement to the customs' release."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from api.language import label
from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.approval.conversions import ApprovalConversionStated
from ledger.domain.bodies.vocabulary import Amount, Department, Grade, Packaging, Reference, WriteOff
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.entry import ConsignmentArrived, ConsignmentDeclared, DeclaredLine
from ledger.domain.border.inspection import (
    ConsignmentHeld,
    ConsignmentHoldLifted,
    ConsignmentInspected,
    ConsignmentSampled,
    InspectionResult,
)
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.custody.carriage import ShipmentPacked, TemperatureRecorded
from ledger.domain.custody.custody import CustodyAccepted
from ledger.domain.registry.authorities import AuthorityAssigned
from ledger.domain.registry.parties import SiteRegistered
from ledger.domain.work.portions import Portion
from ledger.meaning import Meaning
from ledger.reference.activities import Material
from scripts.demo.cast import DISTRICT, FIRST, LAB, OTHER_LAB, PLASMA, PORT, REAGENTS, SECOND, THIRD, Cast, Vial
from scripts.demo.stage import Stage, meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.ids import ApprovalId, ConsignmentId, ItemId
    from ledger.statement.authoring import Author

LINES: dict[ConsignmentId, list[tuple[ApprovalId, int, Amount]]] = {
    FIRST: [(PLASMA, 1, Amount(value="72", unit="mL"))],
    SECOND: [(REAGENTS, 1, Amount(value="40", unit="vial"))],
    THIRD: [(REAGENTS, 1, Amount(value="25", unit="vial")), (REAGENTS, 2, Amount(value="15", unit="kit"))],
}


_LEG: Final = timedelta(hours=6)
_DAY: Final = timedelta(days=1)
"""How much a record of a logger is about: on the way a quarter of a day, in the port's cold store a whole one."""


def sites(stage: Stage, cast: Cast) -> None:
    """Register what is where: the customs at destination in their district, and three sites.

    The sites are a level 3 laboratory, a level 2 one, and the port's cold store.
    """
    stage.clock.day(0, 13)
    assigned = AuthorityAssigned(party=cast.destination.id, department=Department.CUSTOMS, district=DISTRICT)
    stage.say(assigned, cast.operator.first)
    stage.clock.later(minutes=30)
    stage.say(
        SiteRegistered(
            site=LAB,
            party=cast.first_lab.id,
            name="First laboratory, building 3",
            name_zh="第一实验室3号楼",
            use="laboratory",
            level=3,
            certificate="CNAS BL0117",
            certificate_to=date(2030, 5, 31),
            district=DISTRICT,
        ),
        cast.first_lab.first,
    )
    stage.clock.later(minutes=15)
    stage.say(
        SiteRegistered(
            site=OTHER_LAB,
            party=cast.second_lab.id,
            name="Second laboratory, floor 4",
            name_zh="第二实验室4层",
            use="laboratory",
            level=2,
            district=DISTRICT,
        ),
        cast.second_lab.first,
    )
    stage.clock.later(minutes=25)
    stage.say(
        SiteRegistered(site=PORT, party=cast.port.id, name="Cold store of the port", name_zh="口岸冷库", use="port"),
        cast.port.first,
    )


def approvals(stage: Stage, cast: Cast) -> None:
    """Grant the two approvals: one signed by the customs themselves, one recorded by the importer from the paper."""
    stage.clock.day(0, 15)
    stage.say(
        ApprovalGranted(
            approval=PLASMA,
            number="GX 2026 0117",
            direction=Direction.IMPORT,
            applicant=cast.importer.id,
            issued_on=date(2026, 8, 3),
            valid_from=date(2026, 8, 3),
            valid_to=date(2026, 11, 2),
            grade=Grade.A1,
            write_off=WriteOff.SINGLE,
            follow_up=True,
            sites=(LAB,),
            purposes=("research",),
            lines=(
                ApprovedLine(
                    line=1,
                    name_en="Convalescent plasma, SARS-CoV-2",
                    name_zh="新冠恢复期血浆",
                    agents=("virus-43",),
                    material=Material.UNCULTURED,
                    quantity=Amount(value="72", unit="mL"),
                ),
            ),
            assessment_number="R 2026 0041",
            district=DISTRICT,
        ),
        cast.destination.first,
    )
    stage.clock.later(hours=1)
    stage.say(
        ApprovalGranted(
            approval=REAGENTS,
            number="GX 2026 0164",
            direction=Direction.IMPORT,
            applicant=cast.importer.id,
            issued_on=date(2026, 8, 3),
            valid_from=date(2026, 8, 4),
            valid_to=date(2027, 8, 3),
            grade=Grade.C1,
            write_off=WriteOff.BATCH,
            follow_up=False,
            sites=(LAB,),
            purposes=("research", "x-assay-development"),
            lines=(
                ApprovedLine(
                    line=1,
                    name_en="Purified monoclonal antibody",
                    name_zh="纯化单克隆抗体",
                    quantity=Amount(value="100", unit="vial"),
                ),
                ApprovedLine(
                    line=2,
                    name_en="Dengue control kit, inactivated",
                    name_zh="登革灭活质控试剂盒",
                    agents=("virus-103",),
                    material=Material.NONINFECTIOUS,
                    quantity=Amount(value="20", unit="kit"),
                ),
            ),
            reference=Reference(
                document="GX 2026 0164", issued_by=label("Customs at the Destination"), digest="5d" * 32
            ),
            district=DISTRICT,
        ),
        cast.importer.first,
    )
    stage.say(ApprovalConversionStated(approval=REAGENTS, line=1, unit="mL", factor="1"), cast.importer.first)


def announce(stage: Stage, cast: Cast) -> None:
    """Announce the three consignments; what is in them comes from the manifest."""
    stage.clock.day(1, 10)
    for consignment, lines in LINES.items():
        stage.say(
            ConsignmentAnnounced(
                consignment=consignment,
                applicant=cast.importer.id,
                consignee=cast.first_lab.id,
                carriers=(cast.carrier.id,),
                broker=cast.broker.id,
                consignor_name=label("Overseas Biobank"),
                consignor_country="SG",
                destination=LAB,
                route=Route.IMPORT,
                un_number="2814" if consignment == FIRST else "3373",
                lines=tuple(LineQuantity(approval=a, line=n, quantity=q) for a, n, q in lines),
            ),
            cast.importer.first,
        )
        stage.clock.later(minutes=20)


def carry(stage: Stage, cast: Cast, consignment: ConsignmentId, vials: Sequence[Vial]) -> datetime:
    """Fetch, pack, fly and land a consignment, and read out its logger; return when it landed."""
    items = tuple(vial.item for vial in vials)
    two = (cast.carrier.first, meaning(cast.carrier.second, Meaning.WITNESSED))
    stage.clock.day(1, 9)
    stage.say(
        CustodyAccepted(items=items, consignment=consignment, count=len(items), packaging=Packaging.INTACT),
        *two,
    )
    un_number, packing = ("2814", "p620") if consignment == FIRST else ("3373", "p650")
    stage.clock.later(hours=1)
    packed = stage.clock.now()
    stage.say(
        ShipmentPacked(
            items=items,
            consignment=consignment,
            packing_instruction=packing,
            un_number=un_number,
            seals=(f"SL-{consignment[-4:]}",),
            refrigerant="dry-ice",
        ),
        *two,
    )
    stage.clock.day(1, 15, 30)
    landed = stage.clock.now()
    stage.say(ConsignmentArrived(consignment=consignment, port=PORT, packages=2, arrived_on=landed), cast.carrier.first)
    stage.clock.later(minutes=20)
    read_out(stage, cast, vials, (packed, landed), _LEG)
    return landed


def warm(stage: Stage, cast: Cast, vials: Sequence[Vial], landed: datetime) -> datetime:
    """Have a consignment stand too warm for two hours where it landed; return when it was cold again."""
    cold = landed + timedelta(hours=2)
    stage.clock.day(0, 18)
    reading(stage, cast, vials, (landed, cold), ("-71.0", "-48.5"))
    return cold


def store_cold(stage: Stage, cast: Cast, vials: Sequence[Vial], landed: datetime) -> None:
    """Read out at the laboratory's door what the logger read since a consignment landed."""
    stage.clock.day(1, 9, 10)
    read_out(stage, cast, vials, (landed, stage.clock.now()), _DAY)


def read_out(stage: Stage, cast: Cast, vials: Sequence[Vial], span: tuple[datetime, datetime], each: timedelta) -> None:
    """Record what a shipper's logger read in a time, a record for each part of it."""
    start, end = span
    while start < end:
        upto = min(start + each, end)
        reading(stage, cast, vials, (start, upto), ("-78.5", "-71.0"))
        stage.clock.later(seconds=20)
        start = upto


def reading(
    stage: Stage, cast: Cast, vials: Sequence[Vial], span: tuple[datetime, datetime], degrees: tuple[str, str]
) -> None:
    """Record what a shipper's logger read."""
    stage.say(
        TemperatureRecorded(
            items=tuple(vial.item for vial in vials),
            consignment=vials[0].consignment,
            device=f"logger-{vials[0].consignment[-4:]}",
            start=span[0],
            end=span[1],
            minimum=degrees[0],
            maximum=degrees[1],
            low="-90",
            high="-60",
        ),
        cast.carrier.first,
        because="x-refrigerant-refilled" if Decimal(degrees[1]) > -60 else None,
    )


def clear(stage: Stage, cast: Cast, consignment: ConsignmentId, vials: Sequence[Vial]) -> None:
    """Declare, inspect and release a consignment; plasma is held until samples of it were tested."""
    items = tuple(vial.item for vial in vials)
    officers = (cast.port.first, meaning(cast.port.second, Meaning.WITNESSED))
    stage.clock.day(1, 10)
    declare(stage, cast, consignment)
    stage.clock.day(0, 14)
    report = _tested(stage, consignment, items, officers) if consignment == FIRST else None
    inspected = ConsignmentInspected(
        consignment=consignment, result=InspectionResult.PASSED, packaging=Packaging.INTACT, reference=report
    )
    stage.say(inspected, *officers)
    stage.clock.later(minutes=20)
    if report is not None:
        stage.say(ConsignmentHoldLifted(consignment=consignment, items=items, ground="laboratory-test"), *officers)
    stage.clock.later(hours=2)
    stage.say(
        ConsignmentReleased(
            consignment=consignment,
            items=items,
            release_number=f"RL-{consignment[-4:]}",
            lines=tuple(LineQuantity(approval=a, line=n, quantity=q) for a, n, q in LINES[consignment]),
        ),
        cast.port.first,
    )


def _tested(stage: Stage, consignment: ConsignmentId, items: Sequence[ItemId], officers: Sequence[Author]) -> Reference:
    """Hold a consignment, have samples of it tested, and return the report that is there four days later."""
    asked = ConsignmentInspected(consignment=consignment, result=InspectionResult.SAMPLING, packaging=Packaging.INTACT)
    stage.say(asked, *officers)
    stage.clock.later(minutes=15)
    held = ConsignmentHeld(consignment=consignment, items=tuple(items), ground="laboratory-test")
    stage.say(held, *officers)
    stage.clock.later(minutes=40)
    samples = tuple(Portion(item=item, quantity=Amount(value="0.1", unit="mL")) for item in items[:2])
    stage.say(ConsignmentSampled(consignment=consignment, samples=samples, seal="OS-2201"), *officers)
    stage.clock.day(4, 10)
    return Reference(
        document="JY 2026 1187", issued_by=label("Laboratory of the Customs at the Port"), digest="8e" * 32
    )


def declaration(stage: Stage, consignment: ConsignmentId) -> ConsignmentDeclared:
    """Return the broker's declaration of a consignment."""
    lines = tuple(DeclaredLine(approval=a, line=n, quantity=q, hs_code="300290") for a, n, q in LINES[consignment])
    return ConsignmentDeclared(
        consignment=consignment,
        declaration_number=f"2301-2026-{consignment[-4:]}",
        port_code="2301",
        declared_on=(stage.clock.now() + timedelta(hours=8)).date(),
        lines=lines,
    )


def declare(stage: Stage, cast: Cast, consignment: ConsignmentId) -> None:
    """Have the broker declare a consignment."""
    stage.say(declaration(stage, consignment), cast.broker.first)
