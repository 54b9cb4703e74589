"""Small histories under the law of the United States: the same core, another rule pack."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.bodies.vocabulary import Amount, Packaging, Role, WriteOff
from ledger.domain.border.certification import ConsignmentCertified, Harmless
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.entry import ConsignmentDeclared, DeclaredLine
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.custody.transfer import Ground, TransferReceived, TransferSent
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import DisposalApproved, DisposalRequested, Method
from ledger.domain.registry.parties import SiteRegistered
from ledger.domain.work.use import ItemUsed
from ledger.errors import NeedsAcknowledgement, Refused
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, SiteId
from ledger.meaning import Meaning
from ledger.reference.activities import Activity
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import obligations
from ledger.store.deciding.earlier import event_of
from ledger.store.memory import MemoryStore
from scripts.demo.stage import Party, Stage, StoryClock, meaning, open_log, party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.duties.obligation import Obligation
    from ledger.statement.authoring import Author

LAB: Final = SiteId("site:lab")
OTHER_LAB: Final = SiteId("site:other-lab")
PERMIT: Final = ApprovalId("approval:p-1")
GOODS: Final = ConsignmentId("consignment:g-1")
VIAL: Final = ItemId("item:v-1")
CASE: Final = CaseId("case:1")
DIGEST: Final = "d" * 64


@dataclass(frozen=True)
class Scene:
    """A log under one jurisdiction's rules, with an importer, two laboratories, a carrier, a stranger and customs."""

    stage: Stage
    importer: Party
    lab: Party
    other: Party
    carrier: Party
    stranger: Party
    customs: Party

    def say(self, body: Body, *authors: Author) -> None:
        """Record what breaks no rule."""
        self.stage.say(body, *authors)

    def broken(self, body: Body, *authors: Author) -> list[str]:
        """Record what breaks rules, and return which."""
        with pytest.raises(NeedsAcknowledgement) as answer:
            self.stage.say(body, *authors)
        self.stage.say(body, *authors, because="authority-informed")
        return [breach.rule for breach in answer.value.breaches]

    def owed(self, duty: str) -> list[Obligation]:
        """Return the obligations of a duty."""
        events = [event_of(one) for one in self.stage.ledger.store.read() if one.kind in KINDS]
        return [one for one in obligations(events, load_packs()) if one.duty.id == duty]


@contextmanager
def under(jurisdiction: str) -> Iterator[Scene]:
    clock = StoryClock()
    with closing(
        Ledger(MemoryStore("laws.vialog/log"), load_packs(), jurisdiction=jurisdiction, clock=clock)
    ) as ledger:
        operator = party("operator", "Operator", "ledger-operator", Role.OPERATOR)
        cast = (
            party("importer", "Importer", "research", Role.APPLICANT),
            party("lab", "Laboratory", "research", Role.LABORATORY),
            party("other", "Other laboratory", "research", Role.LABORATORY),
            party("carrier", "Carrier", "carrier", Role.CARRIER),
            party("stranger", "Stranger", "carrier", Role.CARRIER),
            party("customs", "Authority", "customs", Role.CUSTOMS),
        )
        scene = Scene(Stage(ledger, clock), *cast)
        open_log(scene.stage, operator, cast)
        for site, owner in ((LAB, scene.lab), (OTHER_LAB, scene.other)):
            body = SiteRegistered(site=site, party=owner.id, name=owner.name, use="laboratory", level=2)
            scene.say(body, owner.first)
        yield scene


def permit(scene: Scene, *sites: SiteId, purposes: tuple[str, ...] = ("research",)) -> ApprovalGranted:
    """Return a permit of three months for two vials."""
    return ApprovalGranted(
        approval=PERMIT,
        number="2026-08-001",
        direction=Direction.IMPORT,
        applicant=scene.importer.id,
        issued_on=date(2026, 8, 2),
        valid_from=date(2026, 8, 2),
        valid_to=date(2026, 11, 1),
        write_off=WriteOff.BATCH,
        follow_up=False,
        lines=(ApprovedLine(line=1, name_en="tissue", quantity=Amount(value="2", unit="vial")),),
        sites=sites,
        purposes=purposes,
    )


def imported(scene: Scene) -> None:
    """Bring a vial in under the permit, as far as its release."""
    line = LineQuantity(approval=PERMIT, line=1, quantity=Amount(value="1", unit="vial"))
    announcement = ConsignmentAnnounced(
        consignment=GOODS,
        applicant=scene.importer.id,
        consignee=scene.lab.id,
        consignor_country="BR",
        destination=LAB,
        route=Route.IMPORT,
        lines=(line,),
        carriers=(scene.carrier.id,),
    )
    scene.say(announcement, scene.importer.first)
    vial = ListedItem(item=VIAL, label="V-1", quantity=Amount(value="1", unit="mL"))
    scene.say(ItemListed(consignment=GOODS, approval=PERMIT, line=1, items=(vial,)), scene.importer.first)
    declared = ConsignmentDeclared(
        consignment=GOODS,
        declaration_number="E-1",
        port_code="1",
        declared_on=date(2026, 8, 2),
        lines=(DeclaredLine(approval=PERMIT, line=1, quantity=Amount(value="1", unit="vial")),),
    )
    scene.say(declared, scene.importer.first)
    released = ConsignmentReleased(consignment=GOODS, items=(VIAL,), release_number="R-1", lines=(line,))
    scene.stage.say(released, scene.customs.first, because="x-not-inspected")


def accepted(who: Party) -> tuple[CustodyAccepted, Author]:
    return CustodyAccepted(items=(VIAL,), count=1, packaging=Packaging.INTACT), who.first


def handed_over(giver: Party, receiver: Party) -> tuple[CustodyHandedOver, Author, Author]:
    body = CustodyHandedOver(items=(VIAL,), receiver=receiver.id, count=1, packaging=Packaging.INTACT)
    return body, meaning(giver.first, Meaning.HANDED_OVER), meaning(receiver.first, Meaning.RECEIVED)


def received(scene: Scene) -> None:
    """Have the laboratory take the vial from the carrier, and receive it."""
    scene.say(*accepted(scene.carrier))
    body = ItemReceived(
        consignment=GOODS,
        laboratory=LAB,
        items=(ReceivedItem(item=VIAL, condition=Condition.INTACT),),
        documents=Documents.MATCH,
    )
    scene.stage.say(body, meaning(scene.lab.first, Meaning.RECEIVED), because="accepted-as-found")


def sent(scene: Scene, authorisation: str | None) -> TransferSent:
    """Return the transfer of the vial to the other laboratory."""
    return TransferSent(
        case=CASE,
        items=(VIAL,),
        from_site=LAB,
        to_site=OTHER_LAB,
        receiver=scene.other.id,
        ground=Ground.SAME_APPROVAL,
        authorisation=authorisation,
    )


def destroyed(scene: Scene, method: Method) -> tuple[Any, ...]:
    """Request and approve the destruction of the vial, and return what carries it out."""
    case = CaseId("case:end")
    scene.say(DisposalRequested(case=case, items=(VIAL,), ground="project-ended", method=method), scene.lab.first)
    scene.say(DisposalApproved(case=case, items=(VIAL,)), meaning(scene.lab.second, Meaning.APPROVED))
    body = ItemDestroyed(
        case=case,
        laboratory=LAB,
        items=(Destroyed(item=VIAL),),
        method=method,
        indicator=Indicator.PASSED,
        cycle="C-1",
        evidence=DIGEST,
    )
    return body, scene.lab.first, meaning(scene.lab.second, Meaning.WITNESSED)


def test_in_the_united_states_the_end_of_a_permit_does_not_end_the_duty_to_account() -> None:
    with under("US") as scene:
        scene.say(permit(scene), scene.customs.first)
        imported(scene)
        received(scene)
        (held,) = scene.owed("account-for-material")
        assert (held.owed.debtor, held.edition) == (scene.lab.id, "us-cdc/2021-02-05")
        assert held.basis is not None
        assert held.basis.clause == "42 CFR 71.54(d); CDC policy of 5 February 2021"
        years = scene.stage.clock.now() + timedelta(days=2000)
        assert held.state_at(years) == "open", "the permit ended on 1 November"
        scene.stage.clock.later(days=200)
        scene.say(*destroyed(scene, Method.CHEMICAL))
        (gone,) = scene.owed("account-for-material")
        assert gone.state_at(years) == "met"


@pytest.mark.rule("TRF-06")
def test_in_the_united_states_a_transfer_has_its_permit_before_it_and_is_completed_in_two_working_days() -> None:
    with under("US") as scene:
        scene.say(permit(scene), scene.customs.first)
        imported(scene)
        received(scene)
        scene.stage.clock.later(days=4)
        assert scene.broken(sent(scene, None), scene.lab.first) == ["TRF-06"]
        (open_,) = scene.owed("complete-transfer")
        assert (open_.parameter and open_.parameter.value, open_.calendar) == (2, "us-2026")
        scene.say(*handed_over(scene.lab, scene.other))
        scene.say(TransferReceived(case=CASE, items=(VIAL,), site=OTHER_LAB), scene.other.first)
        assert scene.owed("complete-transfer")[0].met is not None
        first, second = scene.owed("account-for-material")
        assert (first.met is not None, second.met, second.owed.debtor) == (True, None, scene.other.id)


def certified(scene: Scene) -> tuple[ConsignmentCertified, Author]:
    body = ConsignmentCertified(
        consignment=GOODS,
        applicant=scene.importer.id,
        consignee=scene.lab.id,
        consignor_country="BR",
        destination=LAB,
        ground=Harmless.INACTIVATED,
        statement=DIGEST,
        items=(ListedItem(item=VIAL, label="V-1", quantity=Amount(value="1", unit="mL")),),
        carriers=(scene.carrier.id,),
    )
    return body, scene.importer.first


def test_in_the_united_states_inactivated_material_comes_in_under_a_certification() -> None:
    """No permit, no write-off; it is released, received and accounted for as everything else is."""
    with under("US") as scene:
        scene.say(*certified(scene))
        scene.say(ConsignmentReleased(consignment=GOODS, items=(VIAL,), release_number="R-1"), scene.customs.first)
        received(scene)
        use = ItemUsed(
            item=VIAL, laboratory=LAB, project="p-1", purpose="research", activity=Activity.NONINFECTIOUS,
            quantity=Amount(value="0.5", unit="mL"),
        )  # fmt: skip
        scene.say(use, scene.lab.first)
        assert len(scene.owed("account-for-material")) == 1


@pytest.mark.rule("CER-02")
@pytest.mark.parametrize("jurisdiction", ["CN", "EU"])
def test_elsewhere_nothing_lets_a_certification_stand_for_a_permit(jurisdiction: str) -> None:
    with under(jurisdiction) as scene:
        assert scene.broken(*certified(scene)) == ["CER-02"]


@pytest.mark.rule("CER-01")
def test_the_importer_itself_certifies() -> None:
    with under("US") as scene:
        body, importer = certified(scene)
        with pytest.raises(Refused, match="CER-01"):
            scene.say(replace(body, applicant=scene.lab.id), importer)
