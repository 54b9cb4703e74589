"""What the demo's story leaves out: a statement of every further kind, corrections and voidings of several sorts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.approval.changes import AmendedLine, ApprovalAmended, ApprovalResumed, ApprovalSuspended
from ledger.domain.bodies.vocabulary import Amount, Grade, Packaging, Role, WriteOff
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.executions import DestructionExecuted, ReturnExecuted
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.border.orders import DestructionOrdered, ReturnOrdered
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver, CustodyRefused
from ledger.domain.custody.discrepancy import ItemLabelled
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemMoved
from ledger.domain.ending.disposal import Method
from ledger.domain.ending.exits import ItemReExported
from ledger.domain.ending.incidents import (
    Incident,
    IncidentClosed,
    IncidentReported,
    Loss,
    LossReported,
    ReportedTo,
)
from ledger.domain.registry.parties import RoleWithdrawn, SiteChanged
from ledger.domain.work.derive import ItemDerived, ItemPropagated
from ledger.domain.work.inactivation import InactivationVerified, ItemInactivated, Outcome
from ledger.domain.work.making import Output
from ledger.domain.work.portions import Portion
from ledger.domain.work.use import ItemTested
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId
from ledger.meaning import Meaning
from ledger.reference.activities import Activity
from scripts.demo.cast import LAB, OTHER_LAB, REAGENTS, THIRD
from scripts.demo.laboratory import pair
from scripts.demo.stage import meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scripts.demo.cast import Cast, Vial
    from scripts.demo.stage import Stage

SERUM: Final = ApprovalId("approval:GX-2026-0201")
FOURTH: Final = ConsignmentId("consignment:AWB-784-1203")
TUBES: Final = tuple(ItemId(f"item:SE-{number}") for number in range(1, 5))
DIGEST: Final = "c1" * 32


@dataclass(frozen=True, slots=True)
class Rest:
    """The acts behind the story's; each a method."""

    stage: Stage
    cast: Cast
    vials: Sequence[Vial]

    def acts(self) -> tuple[Callable[[], None], ...]:
        """Return the acts in their order."""
        return (self.approvals, self.consignment, self.orders, self.bench, self.hands, self.incidents, self.amends)

    def approvals(self) -> None:
        """Grant a further approval, suspend and resume it, amend it; change a site."""
        customs = self.cast.destination.first
        body = ApprovalGranted(
            approval=SERUM,
            number="GX 2026 0201",
            direction=Direction.IMPORT,
            applicant=self.cast.importer.id,
            issued_on=self._today(),
            valid_from=self._today(),
            valid_to=self._today() + timedelta(days=90),
            grade=Grade.B2,
            write_off=WriteOff.BATCH,
            follow_up=True,
            sites=(LAB,),
            purposes=("research",),
            lines=(
                ApprovedLine(line=1, name_en="Serum", quantity=Amount(value="40", unit="mL"), agents=("virus-103",)),
            ),
        )
        self.stage.say(body, customs)
        self.stage.clock.later(days=1)
        self.stage.say(ApprovalSuspended(approval=SERUM, ground="investigation"), customs)
        self.stage.clock.later(days=1)
        self.stage.say(ApprovalResumed(approval=SERUM), customs)
        line = AmendedLine(line=1, quantity=Amount(value="50", unit="mL"))
        amended = ApprovalAmended(approval=SERUM, effective_on=self._today(), lines=(line,))
        self.stage.say(amended, customs)
        self.stage.say(SiteChanged(site=LAB, certificate_to=date(2031, 5, 31)), self.cast.first_lab.first)

    def consignment(self) -> None:
        """Announce four tubes, and list them."""
        importer = self.cast.importer
        line = LineQuantity(approval=SERUM, line=1, quantity=Amount(value="4", unit="mL"))
        body = ConsignmentAnnounced(
            consignment=FOURTH,
            applicant=importer.id,
            consignee=self.cast.first_lab.id,
            consignor_country="SE",
            destination=LAB,
            route=Route.IMPORT,
            lines=(line,),
            carriers=(self.cast.carrier.id,),
        )
        self.stage.say(body, importer.first)
        tubes = tuple(
            ListedItem(item=tube, label=tube.removeprefix("item:"), quantity=Amount(value="1", unit="mL"))
            for tube in TUBES
        )
        self.stage.say(ItemListed(consignment=FOURTH, approval=SERUM, line=1, items=tubes), importer.first)

    def orders(self) -> None:
        """Order tubes of the consignment to be returned and destroyed; carry both orders out, one of them late."""
        customs, carrier = self.cast.port, self.cast.carrier
        due = self.stage.clock.now() + timedelta(days=2)
        back, gone = CaseId("case:return-1"), CaseId("case:destruction-1")
        returned = ReturnOrdered(
            case=back, consignment=FOURTH, items=TUBES[:1], notice_number="QT-77", ground="lot-differs", due=due
        )
        self.stage.say(returned, customs.first)
        destroyed = DestructionOrdered(
            case=gone, consignment=FOURTH, items=TUBES[1:2], notice_number="QT-78", ground="packaging-unfit", due=due
        )
        self.stage.say(destroyed, customs.first)
        self.stage.clock.later(days=1)
        self.stage.say(ReturnExecuted(case=back, consignment=FOURTH, items=TUBES[:1], evidence=DIGEST), carrier.first)
        self.stage.clock.later(days=3)
        executed = DestructionExecuted(
            case=gone, consignment=FOURTH, items=TUBES[1:2], method=Method.INCINERATION, evidence=DIGEST
        )
        self.stage.say(executed, customs.first, meaning(customs.second, Meaning.WITNESSED), because="staff-absent")

    def bench(self) -> None:
        """Work at the bench with antibody: tests, DNA, a culture, an inactivation that is verified; a new label."""
        first, second, third = (vial.item for vial in self._of(THIRD)[:3])
        both = pair(self.cast)
        self.stage.clock.later(hours=1)
        tested = ItemTested(items=(first,), laboratory=LAB, test="pcr", activity=Activity.NONINFECTIOUS)
        self.stage.say(tested, *both)
        self.stage.say(
            ItemDerived(
                inputs=(Portion(item=first, quantity=Amount(value="0.1", unit="mL")),),
                laboratory=LAB,
                outputs=(Output(item=ItemId("item:DNA-1"), type="dna", label="DNA-1"),),
                method="extraction",
            ),
            *both,
        )
        self.stage.say(
            ItemPropagated(
                seed=Portion(item=second, quantity=Amount(value="0.1", unit="mL")),
                laboratory=LAB,
                passage=2,
                outputs=(Output(item=ItemId("item:CU-1"), type="cell-line", quantity=Amount(value="5", unit="mL")),),
            ),
            *both,
        )
        self.stage.say(ItemInactivated(items=(third,), laboratory=LAB, method="heat"), self.cast.first_lab.first)
        self.stage.say(
            InactivationVerified(items=(third,), laboratory=LAB, result=Outcome.PASSED, test="culture"),
            self.cast.first_lab.second,
        )
        self.stage.say(ItemLabelled(item=third, label="AC-003 X"), self.cast.first_lab.first)
        self.stage.say(ItemMoved(site=LAB, items=(Placed(item=third, place="F5/R9/B1/60"),)), *both)

    def hands(self) -> None:
        """Offer a vial to the carrier, who refuses it and then takes it and brings it out of the country."""
        item = self._of(THIRD)[3].item
        lab, carrier = self.cast.first_lab, self.cast.carrier
        offered = CustodyHandedOver(items=(item,), receiver=carrier.id, count=1, packaging=Packaging.DAMAGED, site=LAB)
        giver = meaning(lab.first, Meaning.HANDED_OVER)
        self.stage.clock.later(hours=2)
        self.stage.say(offered, giver, because="accepted-as-found")
        self.stage.say(CustodyRefused(items=(item,), ground="packaging-damaged"), carrier.first)
        offered = CustodyHandedOver(items=(item,), receiver=carrier.id, count=1, packaging=Packaging.INTACT)
        self.stage.say(offered, giver)
        self.stage.clock.later(hours=30)
        taken = CustodyAccepted(items=(item,), count=1, packaging=Packaging.INTACT, giver=lab.id)
        self.stage.say(taken, carrier.first, because="x-weekend")
        exported = ItemReExported(items=(item,), declaration_number="EX-91", destination_country="SE")
        self.stage.say(exported, carrier.first, because="authority-informed")

    def incidents(self) -> None:
        """Lose a vial, find it again; spill another one. Reported late, and not to everybody."""
        lab, (lost, spilt) = self.cast.first_lab.first, (vial.item for vial in self._of(THIRD)[4:6])
        case, spill = CaseId("case:loss-1"), CaseId("case:spill-1")
        self.stage.clock.later(hours=5)
        found_out = self.stage.clock.now() - timedelta(hours=4)
        body = LossReported(
            case=case,
            items=(lost,),
            loss=Loss.LOST,
            discovered_at=found_out,
            reported_to=(ReportedTo.HEALTH_AUTHORITY,),
            site=LAB,
        )
        self.stage.say(body, lab)
        self.stage.say(IncidentClosed(case=case, cause="record-error", items=(lost,), found=(lost,)), lab)
        incident = IncidentReported(
            case=spill, site=LAB, incident=Incident.SPILL, discovered_at=found_out, items=(spilt,)
        )
        self.stage.say(incident, lab)

    def amends(self) -> None:
        """Correct and void statements, and withdraw a role."""
        both = pair(self.cast)
        items = [vial.item for vial in self._of(THIRD)[6:9]]
        self.stage.clock.later(hours=1)
        test = ItemTested(items=(items[0],), laboratory=LAB, test="serology", activity=Activity.NONINFECTIOUS)
        said = self.stage.say(test, *both)
        self.stage.say(StatementVoided(statement=said, ground="entered-twice"), *both)
        moved = self.stage.say(ItemMoved(site=LAB, items=(Placed(item=items[1], place="F5/R9/B1/61"),)), *both)
        right = ItemMoved(site=LAB, items=(Placed(item=items[1], place="F5/R9/B1/62"),))
        again = self.stage.say(right, *both, corrects=moved)
        self.stage.say(StatementVoided(statement=again, ground="wrong-item"), *both)
        body = SiteChanged(site=OTHER_LAB, level=3)
        changed = self.stage.say(body, self.cast.second_lab.second, because="x-filing-pending")
        self.stage.say(SiteChanged(site=OTHER_LAB, level=2), self.cast.second_lab.second, corrects=changed)
        suspended = ApprovalSuspended(approval=REAGENTS, ground="incident")
        said = self.stage.say(suspended, self.cast.destination.first)
        self.stage.say(StatementVoided(statement=said, ground="trial-entry"), self.cast.destination.first)
        self.stage.say(RoleWithdrawn(party=self.cast.broker.id, role=Role.BROKER), self.cast.operator.first)

    def _today(self) -> date:
        return self.stage.clock.now().date()

    def _of(self, consignment: ConsignmentId) -> list[Vial]:
        return [vial for vial in self.vials if vial.consignment == consignment]
