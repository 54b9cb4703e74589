"""What happens in the small log of the corpus: an import of two vials, a use, an aliquot, a lost key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from ledger.breach import Breach
from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.bodies.vocabulary import Amount, Packaging, Role, WriteOff
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.custody.custody import CustodyHandedOver
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.ending.incidents import Loss, LossReported
from ledger.domain.registry.keys import KeyEnrolled, KeyRevoked, LogOpened
from ledger.domain.registry.parties import PartyRegistered, RoleGranted, SiteRegistered
from ledger.domain.work.derive import ItemAliquoted
from ledger.domain.work.making import Child
from ledger.domain.work.use import ItemUsed
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, SiteId, Tag, key_tag
from ledger.meaning import Meaning
from ledger.reference.activities import Activity
from ledger.statement.text.binary import encode_base64
from tests.corpus.bundle_log import START, Saying, SmallLog, SteadyEs256, author, disclosure, meaning

if TYPE_CHECKING:
    from ledger.evidence.gathering.frame import Frame
    from ledger.statement.authoring import Author

OPERATOR: Final = author("operator", Role.OPERATOR)
CUSTOMS: Final = author("customs", Role.CUSTOMS)
IMPORTER: Final = author("importer", Role.APPLICANT)
SCIENTIST: Final = author("laboratory", Role.LABORATORY)
TECHNICIAN: Final = author("laboratory", Role.LABORATORY, "p-2", SteadyEs256("party:laboratory/p-2"))
ADMITTED: Final = (CUSTOMS, IMPORTER, SCIENTIST, TECHNICIAN)
STRANGER: Final = author("laboratory", Role.LABORATORY, "p-9")
"""Whoever has a key that nobody enrolled."""

LAB: Final = SiteId("site:lab")
APPROVAL: Final = ApprovalId("approval:GX-1")
GOODS: Final = ConsignmentId("consignment:AWB-1")
FIRST: Final = ItemId("item:first")
SECOND: Final = ItemId("item:second")
CHILD: Final = ItemId("item:child")
LINEAGE: Final = (APPROVAL, GOODS)
NOTE: Final = disclosure("note", "解冻 twice, by mistake")
OTHER_NOTE: Final = disclosure("note", "of nobody")
BREACHES: Final = (Breach("GAT-15", (Tag(APPROVAL), Tag(FIRST)), (("approval", APPROVAL), ("purpose", "research"))),)


@dataclass(slots=True)
class Story:
    """The log at its end, and where in it things stand.

    early: the first checkpoint, before the goods were used; frame: the newest.
    """

    log: SmallLog
    early: Frame
    frame: Frame
    at: dict[str, int] = field(default_factory=dict)


def ml(value: str) -> Amount:
    """Return an amount in mL."""
    return Amount(value=value, unit="mL")


def opening(who: Author) -> LogOpened:
    """Return the opening of a log with somebody's key."""
    key = who.signer
    return LogOpened(
        party=who.party,
        name="Operator",
        key=key_tag(key.thumbprint),
        spki=encode_base64(key.spki),
        alg=key.alg,
        person=who.person,
    )


def enrolment(who: Author, *, key: str | None = None, spki: bytes | None = None) -> KeyEnrolled:
    """Return the enrolment of somebody's key. key, spki: other than theirs."""
    signer = who.signer
    return KeyEnrolled(
        key=key_tag(key or signer.thumbprint),
        spki=encode_base64(spki or signer.spki),
        alg=signer.alg,
        party=who.party,
        person=who.person,
    )


def revocation(who: Author) -> KeyRevoked:
    """Return the revocation of somebody's key."""
    return KeyRevoked(key=key_tag(who.signer.thumbprint), ground="lost")


def use(item: ItemId, value: str = "0.1") -> ItemUsed:
    """Return a use of some of an item."""
    return ItemUsed(
        item=item, laboratory=LAB, project="p1", purpose="research", activity=Activity.UNCULTURED, quantity=ml(value)
    )


def begun(log: SmallLog | None = None) -> tuple[SmallLog, dict[str, int]]:
    """Return a log, a new one unless given, in which the goods are announced and listed, and where things stand."""
    log, at = log or SmallLog(), dict[str, int]()
    at["opened"] = log.say(opening(OPERATOR), OPERATOR)
    for party, role in dict.fromkeys((one.party, one.role) for one in ADMITTED):
        name = party.partition(":")[2]
        log.say(PartyRegistered(party=party, name=name, country="CN", business="research"), OPERATOR)
        log.say(RoleGranted(party=party, role=role), OPERATOR)
    for one in ADMITTED:
        at[f"enrolled {one.party} {one.person}"] = log.say(enrolment(one), OPERATOR, meaning(one, Meaning.ENROLLED))
    log.say(SiteRegistered(site=LAB, party=SCIENTIST.party, name="Lab", use="laboratory", level=2), SCIENTIST)
    line = ApprovedLine(line=1, name_en="vials", name_zh="样品", quantity=Amount(value="10", unit="vial"))
    approval = ApprovalGranted(
        approval=APPROVAL,
        number="GX 1",
        direction=Direction.IMPORT,
        applicant=IMPORTER.party,
        issued_on=date(2026, 8, 15),
        valid_from=date(2026, 8, 15),
        valid_to=date(2026, 11, 14),
        write_off=WriteOff.BATCH,
        follow_up=False,
        lines=(line,),
        sites=(LAB,),
    )
    at["approval"] = log.say(approval, CUSTOMS)
    amount = LineQuantity(approval=APPROVAL, line=1, quantity=Amount(value="2", unit="vial"))
    goods = ConsignmentAnnounced(
        consignment=GOODS,
        applicant=IMPORTER.party,
        consignee=SCIENTIST.party,
        consignor_country="SE",
        destination=LAB,
        route=Route.IMPORT,
        lines=(amount,),
    )
    at["announced"] = log.say(goods, IMPORTER)
    vials = tuple(ListedItem(item=one, label=one[5:], quantity=ml("1")) for one in (FIRST, SECOND))
    at["listed"] = log.say(ItemListed(consignment=GOODS, approval=APPROVAL, line=1, items=vials), IMPORTER)
    return log, at


def told() -> Story:
    """Return the whole story, published twice."""
    log, at = begun()
    early = log.publish()
    saying = Saying(tags=LINEAGE, acknowledges={"GAT-15": "urgent"}, breaches=BREACHES, disclose=[NOTE])
    at["used"] = log.say(use(FIRST), SCIENTIST, TECHNICIAN, saying=saying)
    aliquots = ItemAliquoted(
        parent=FIRST,
        laboratory=LAB,
        children=(Child(item=CHILD, label="c", quantity=ml("0.4")),),
        residual=ml("0.5"),
        loss=ml("0"),
    )
    at["aliquoted"] = log.say(aliquots, TECHNICIAN, saying=Saying(tags=LINEAGE))
    at["child used"] = log.say(use(CHILD), TECHNICIAN, saying=Saying(tags=LINEAGE))
    at["revoked"] = log.say(revocation(TECHNICIAN), SCIENTIST)
    return Story(log, early, log.publish(), at)


def lost() -> Story:
    """Return the log in which one of two vials does not arrive and is reported lost, and the other is handed on."""
    log, at = begun()
    early, saying = log.publish(), Saying(tags=LINEAGE)
    lines = (
        ReceivedItem(item=FIRST, condition=Condition.MISSING),
        ReceivedItem(item=SECOND, condition=Condition.INTACT),
    )
    receipt = ItemReceived(consignment=GOODS, laboratory=LAB, items=lines, documents=Documents.MATCH)
    at["missing"] = log.say(receipt, SCIENTIST, saying=saying)
    loss = LossReported(case=CaseId("case:lost"), items=(FIRST,), loss=Loss.LOST, discovered_at=START)
    at["lost"] = log.say(loss, IMPORTER, saying=saying)
    offered = CustodyHandedOver(items=(SECOND,), receiver=IMPORTER.party, count=1, packaging=Packaging.INTACT)
    at["offered"] = log.say(offered, SCIENTIST, saying=saying)
    return Story(log, early, log.publish(), at)


def key_of(who: Author) -> Tag:
    """Return the tag of somebody's key."""
    return Tag(key_tag(who.signer.thumbprint))


def trust() -> bytes:
    """Return the trust file of a verifier that trusts the operator to enrol."""
    return f"root {OPERATOR.signer.thumbprint}\n".encode()


def trust_in_customs() -> bytes:
    """Return the trust file of a verifier that knows the customs' key and nobody else's."""
    return f"# from their letterhead\nkey {CUSTOMS.party} {CUSTOMS.signer.thumbprint}\n".encode()
