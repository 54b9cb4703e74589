"""What surrounds the goods: an application that is assessed in a meeting, a recall, an overdue declaration, a visit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.assessment.applications import ApplicationAccepted, ApplicationSubmitted
from ledger.domain.assessment.decisions import ApplicationDecided, ApplicationPaused, ApplicationResumed, Pause
from ledger.domain.assessment.meetings import AssessmentMeetingHeld, ProductOutcome, RiskAssessmentPanelFormed
from ledger.domain.assessment.reports import ReportedLine, RiskAssessmentReported
from ledger.domain.assessment.risk import RiskAssessmentCompletenessAnswered, RiskAssessmentRequested
from ledger.domain.bodies.products import FiledPaper, Paper, Product
from ledger.domain.bodies.vocabulary import Amount, Grade, Packaging, WriteOff
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.destination import DestinationDeclared
from ledger.domain.border.entry import ConsignmentDeclared, DeclaredLine
from ledger.domain.border.inspection import ConsignmentInspected, InspectionResult
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.custody.custody import CustodyAccepted
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.law.deadlines import add_months
from ledger.domain.states.risk import Outcome, OutcomeReason
from ledger.domain.states.supervision import Area
from ledger.domain.supervision.corrective import FindingCorrected, FindingVerified
from ledger.domain.supervision.findings import (
    FindingAnswered,
    FindingDecided,
    FindingDecision,
    FindingRaised,
    Gravity,
    UnitAnswer,
)
from ledger.domain.supervision.plans import Basis, SupervisionPlanned
from ledger.domain.supervision.recalls import RecallAsked, RecallConfirmed, RecallGround, RecallLifted, RecallOrdered
from ledger.domain.supervision.visits import Checked, Conclusion, Form, PointResult, SupervisionVisited, UnitSigned
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId
from ledger.meaning import Meaning
from scripts.demo.cast import DISTRICT, LAB, Cast
from scripts.demo.stage import Stage, meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.ids import PartyId

STRAINS: Final = ApprovalId("approval:GX-2026-0233")
FOURTH: Final = ConsignmentId("consignment:AWB-784-1310")
STRAIN_VIALS: Final = (ItemId("item:STRAIN-1"), ItemId("item:STRAIN-2"))
APPLICATION: Final = CaseId("case:application-233")
_ASSESSMENT, _OTHERS = CaseId("case:assessment-77"), CaseId("case:assessment-78")
SUPERVISION: Final = CaseId("case:supervision-12")
PAPERS: Final = (FiledPaper(paper=Paper.RISK_DOSSIER, digest="2c" * 32),)
_TWO: Final = Amount(value="2", unit="vial")


def recall(stage: Stage, cast: Cast, vial: ItemId, tubes: Sequence[ItemId], pool: ItemId) -> None:
    """Recall a vial with what was made of it, and hold the mates of its pool; confirm it, and let it go again.

    tubes: of the vial; some of them went into the pool with tubes of other vials.
    """
    case = CaseId("case:recall-5")
    stage.clock.day(1, 11)
    ordered = RecallOrdered(
        case=case,
        ground=RecallGround.CONTAMINATION,
        asked=RecallAsked.HOLD,
        items=(vial,),
        confirm_by=stage.clock.now() + timedelta(days=2),
    )
    stage.say(ordered, cast.destination.first)
    stage.clock.later(hours=6)
    found = (vial, *tubes, pool)
    stage.say(RecallConfirmed(case=case, items=found), cast.first_lab.first)
    stage.clock.day(3, 9, 30)
    stage.say(RecallLifted(case=case, items=(vial,)), cast.destination.first)


def applied(cast: Cast, case: CaseId, *products: Product, addressed_to: PartyId | None = None) -> ApplicationSubmitted:
    """Return what the importer states who applies for products, for the first laboratory."""
    return ApplicationSubmitted(
        case=case,
        applicant=cast.importer.id,
        direction=Direction.IMPORT,
        products=products,
        papers=PAPERS,
        grade=Grade.B1,
        purposes=("research",),
        laboratory=LAB,
        addressed_to=addressed_to,
    )


def application(stage: Stage, cast: Cast) -> None:
    """Apply for two vials of a strain; a meeting decides on them and two other products; approve in 2 working days."""
    importer, customs, assessor = cast.importer.first, cast.destination.first, cast.assessor.first
    strain = Product(line=1, name_en="Reference strain", name_zh="参比菌株", quantity=_TWO, agents=("bacterium-160",))
    stage.clock.day(0, 13)
    stage.say(applied(cast, APPLICATION, strain), importer)
    stage.clock.later(hours=3)
    stage.say(ApplicationAccepted(case=APPLICATION, number="SL 2026 233"), customs)
    stage.say(ApplicationPaused(case=APPLICATION, pause=Pause.EXPERT_ASSESSMENT), customs)
    others = tuple(Product(line=line, name_en=f"Toxin {line}", name_zh=f"毒素{line}", quantity=_TWO) for line in (1, 2))
    for case, products in ((_ASSESSMENT, (strain,)), (_OTHERS, others)):
        assess(stage, cast, case, products, APPLICATION if case == _ASSESSMENT else None)
    stage.clock.day(5, 10)
    held = AssessmentMeetingHeld(
        case=CaseId("case:meeting-9"),
        body=cast.assessor.id,
        outcomes=(
            ProductOutcome(assessment=_ASSESSMENT, line=1, outcome=Outcome.PASS),
            ProductOutcome(assessment=_OTHERS, line=1, outcome=Outcome.PASS),
            ProductOutcome(assessment=_OTHERS, line=2, outcome=Outcome.FAIL, reasons=(OutcomeReason.RISK_UNCLEAR,)),
        ),
        number="2026-9",
    )
    stage.say(held, assessor)
    stage.clock.later(hours=3)
    today = stage.clock.now().date()
    reported = RiskAssessmentReported(
        case=_ASSESSMENT,
        number="R 2026 0077",
        lines=(ReportedLine(line=1, passed=True),),
        valid_from=today,
        valid_to=add_months(today, 36),
        district=DISTRICT,
    )
    stage.say(reported, assessor)
    stage.say(ApplicationResumed(case=APPLICATION), customs)
    stage.clock.day(2, 10)
    _grant(stage, cast)


def assess(stage: Stage, cast: Cast, case: CaseId, products: tuple[Product, ...], application: CaseId | None) -> None:
    """Ask for a risk assessment of products, as far as a meeting can decide on them."""
    requested = RiskAssessmentRequested(
        case=case,
        applicant=cast.importer.id,
        body=cast.assessor.id,
        products=products,
        papers=PAPERS,
        first=False,
        application=application,
        using_unit=cast.first_lab.id,
    )
    stage.say(requested, cast.importer.first)
    stage.clock.later(hours=2)
    stage.say(RiskAssessmentCompletenessAnswered(case=case, missing=()), cast.assessor.first)
    names = ("expert 1", "expert 2", "expert 3")
    panel = RiskAssessmentPanelFormed(
        case=case, experts=tuple(f"disclose:{name}" for name in names), leader="disclose:expert 1"
    )
    stage.say(panel, cast.assessor.first, disclose={name: f"E-{number}" for number, name in enumerate(names, 11)})


def _grant(stage: Stage, cast: Cast) -> None:
    today = stage.clock.now().date()
    granted = ApprovalGranted(
        approval=STRAINS,
        number="GX 2026 0233",
        direction=Direction.IMPORT,
        applicant=cast.importer.id,
        issued_on=today,
        valid_from=today,
        valid_to=add_months(today, 6) - timedelta(days=1),
        grade=Grade.B1,
        write_off=WriteOff.BATCH,
        follow_up=True,
        sites=(LAB,),
        purposes=("research",),
        lines=(
            ApprovedLine(
                line=1, name_en="Reference strain", name_zh="参比菌株", quantity=_TWO, agents=("bacterium-160",)
            ),
        ),
        assessment_number="R 2026 0077",
        district=DISTRICT,
    )
    stage.say(granted, cast.destination.first)
    stage.say(ApplicationDecided(case=APPLICATION, approval=STRAINS), cast.destination.first)


def strains_arrive(stage: Stage, cast: Cast) -> None:
    """Bring the two vials of the strain in, as far as the laboratory."""
    importer = cast.importer.first
    line = LineQuantity(approval=STRAINS, line=1, quantity=_TWO)
    announcement = ConsignmentAnnounced(
        consignment=FOURTH,
        applicant=cast.importer.id,
        consignee=cast.first_lab.id,
        consignor_country="DE",
        destination=LAB,
        route=Route.IMPORT,
        lines=(line,),
        carriers=(cast.carrier.id,),
    )
    stage.clock.day(0, 15)
    stage.say(announcement, importer)
    vials = tuple(
        ListedItem(item=item, label=item.removeprefix("item:"), quantity=Amount(value="1", unit="vial"))
        for item in STRAIN_VIALS
    )
    stage.say(ItemListed(consignment=FOURTH, approval=STRAINS, line=1, items=vials), importer)
    stage.clock.day(8, 10)
    declared = ConsignmentDeclared(
        consignment=FOURTH,
        declaration_number="2233-1310",
        port_code="2233",
        declared_on=stage.clock.now().date(),
        lines=(DeclaredLine(approval=STRAINS, line=1, quantity=_TWO),),
    )
    stage.say(declared, importer)
    stage.clock.later(hours=4)
    inspected = ConsignmentInspected(consignment=FOURTH, result=InspectionResult.PASSED, packaging=Packaging.INTACT)
    stage.say(inspected, cast.port.first, meaning(cast.port.second, Meaning.WITNESSED))
    stage.clock.later(hours=2)
    released = ConsignmentReleased(consignment=FOURTH, items=STRAIN_VIALS, release_number="RL-1310", lines=(line,))
    stage.say(released, cast.port.first)
    stage.clock.day(1, 6)
    for party in (cast.carrier, cast.first_lab):
        stage.clock.later(hours=3)
        giver = None if party is cast.carrier else cast.carrier.id
        taken = CustodyAccepted(items=STRAIN_VIALS, count=2, packaging=Packaging.INTACT, giver=giver)
        stage.say(taken, party.first, because=None if giver is None else "x-handed-over-at-the-door")
    stage.clock.later(minutes=30)
    received = ItemReceived(
        consignment=FOURTH,
        laboratory=LAB,
        items=tuple(ReceivedItem(item=item, condition=Condition.INTACT) for item in STRAIN_VIALS),
        documents=Documents.MATCH,
    )
    stage.say(received, meaning(cast.first_lab.first, Meaning.RECEIVED))


def declare_late(stage: Stage, cast: Cast) -> None:
    """Declare the strain to the customs at destination nine days after it was due."""
    stage.clock.day(38, 10)
    declared = DestinationDeclared(consignment=FOURTH, receipt_number="DD-3401", declared_on=stage.clock.now().date())
    stage.say(declared, cast.first_lab.first, because="staff-absent")


def visit(stage: Stage, cast: Cast) -> None:
    """Visit the laboratory: two findings, one objected to and dropped, one corrected and verified.

    Another visit is planned and not made yet, so that something is owed when the demo ends.
    """
    customs, lab = cast.destination, cast.first_lab
    stage.clock.day(1, 9)
    today = stage.clock.now().date()
    planned = SupervisionPlanned(
        case=SUPERVISION,
        party=lab.id,
        basis=Basis.CAUSE,
        areas=(Area.DOCUMENTS, Area.STORAGE),
        period_from=today,
        period_to=date(today.year, 12, 18),
        visits=2,
        sites=(LAB,),
    )
    stage.say(planned, customs.first)
    stage.clock.day(1, 14)
    visited = SupervisionVisited(
        case=SUPERVISION,
        party=lab.id,
        site=LAB,
        form=Form.AQSIQ_269_2015,
        points=(
            Checked(point="B2.10", result=PointResult.DOES_NOT_CONFORM, starred=True),
            Checked(point="B1.12", result=PointResult.DOES_NOT_CONFORM),
            Checked(point="A1.1", result=PointResult.CONFORMS),
        ),
        conclusion=Conclusion.RECTIFY,
        unit_signed=UnitSigned.SIGNED,
        score=85,
    )
    representative = meaning(lab.second, Meaning.CONFIRMED)
    stage.say(visited, customs.first, meaning(customs.second, Meaning.WITNESSED), representative)
    due = stage.clock.now() + timedelta(days=30)
    for number, area, clause in ((1, Area.DOCUMENTS, "Order 160 Art. 25"), (2, Area.STORAGE, "269/2015 B1.12")):
        raised = FindingRaised(
            case=SUPERVISION, finding=number, area=area, clause=clause, severity=Gravity.MAJOR, evidence=("3d" * 32,),
            due=due,
        )  # fmt: skip
        stage.say(raised, customs.first)
    stage.clock.day(1, 10)
    for number, answer in ((1, UnitAnswer.CONFIRMED), (2, UnitAnswer.OBJECTED)):
        stage.say(FindingAnswered(case=SUPERVISION, finding=number, answer=answer), lab.first)
    decided = FindingDecided(case=SUPERVISION, finding=2, decision=FindingDecision.DROPPED)
    stage.say(decided, customs.first)
    stage.clock.day(4, 10)
    corrected = FindingCorrected(
        case=SUPERVISION, finding=1, corrected_on=stage.clock.now().date(), evidence=("4e" * 32,)
    )
    stage.say(corrected, lab.first)
    stage.clock.day(2, 10)
    stage.say(FindingVerified(case=SUPERVISION, finding=1, evidence=("5f" * 32,)), customs.first)
