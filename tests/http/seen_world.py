"""A log with data that one laboratory may or may not see: its own, others', what it had, and what it was let see.

Each laboratory has an item, an incident, a permit, an approval and a consignment, named after how the first one stands
to it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.authorisation.permits import PermitRecorded, PermittedLine
from ledger.domain.bodies.vocabulary import Amount, Grade, Packaging, Reference, Role, WriteOff
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.domain.ending.incidents import Incident, IncidentReported
from ledger.domain.law.schemes import Scheme
from ledger.domain.registry.audits import AuditEnded, AuditGranted
from ledger.domain.registry.keys import KeyRevoked
from ledger.domain.registry.parties import RoleGranted, SiteRegistered
from ledger.domain.work.collection import Basis, ItemCollected, NewItem
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, PartyId, PermitId, SiteId, key_tag
from tests.authors import OPERATOR, START, admissions, author, made, opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.service import Submission
    from ledger.statement.authoring import Author

HOW: Final = ("own", "foreign", "granted", "ended", "expired", "revoked")
"""How the first laboratory stands to each: itself, a stranger, and those that granted it an audit of all."""

LABS: Final = {how: author(f"party:lab-{number}", Role.LABORATORY) for number, how in enumerate(HOW, 1)}
ASKS: Final = LABS["own"]
CUSTOMS: Final = author("party:customs", Role.CUSTOMS)
HEALTH: Final = author("party:health", Role.HEALTH_AUTHORITY)
SINCE: Final = "party:lab-4"
"""To whom the new holder of an item that the first laboratory gave away hands it on."""


def story() -> Iterator[Submission]:
    """Yield all statements, in their order."""
    yield opening()
    yield from admissions(*LABS.values(), CUSTOMS, HEALTH)
    for how, lab in LABS.items():
        yield from _had_by(lab, how)
    yield from _given_away()
    for how in ("granted", "ended", "expired", "revoked"):
        until = START + timedelta(seconds=1) if how == "expired" else START.replace(year=2027)
        yield made(AuditGranted(case=CaseId(f"case:audit-{how}"), auditor=ASKS.party, until=until), LABS[how])
    yield made(AuditEnded(case=CaseId("case:audit-ended")), LABS["ended"])
    yield made(KeyRevoked(key=key_tag(LABS["revoked"].signer.thumbprint), ground="lost"), OPERATOR)


def _had_by(lab: Author, how: str) -> Iterator[Submission]:
    site, approval, party = SiteId(f"site:{how}"), ApprovalId(f"approval:{how}"), lab.party
    yield made(RoleGranted(party=party, role=Role.APPLICANT), OPERATOR)
    yield made(SiteRegistered(site=site, party=party, name=how, use="laboratory", level=2), lab)
    yield _collected(lab, how, *(("former",) if how == "own" else ()))
    incident = IncidentReported(case=CaseId(f"case:{how}"), site=site, incident=Incident.SPILL, discovered_at=START)
    yield made(incident, lab)
    yield made(_permit(how, party), HEALTH)
    yield made(_approval(approval, site, party), CUSTOMS)
    goods = ConsignmentAnnounced(
        consignment=ConsignmentId(f"consignment:{how}"),
        applicant=party,
        consignee=party,
        consignor_country="SE",
        destination=site,
        route=Route.IMPORT,
        lines=(LineQuantity(approval=approval, line=1, quantity=Amount(value="2", unit="vial")),),
    )
    yield made(goods, replace(lab, role=Role.APPLICANT))


def _collected(lab: Author, how: str, *more: str) -> Submission:
    amount = Amount(value="10", unit="mL")
    body = ItemCollected(
        laboratory=SiteId(f"site:{how}"),
        country="CN",
        collected_by="Gulou Hospital",
        basis=Basis.ETHICS_APPROVAL,
        document=Reference(document="EC 2026/31", issued_by="Ethics Committee", digest="0" * 64),
        items=tuple(
            NewItem(item=ItemId(f"item:{one}"), label=one, quantity=amount, type="serum") for one in (how, *more)
        ),
    )
    return made(body, lab)


def _permit(how: str, party: PartyId) -> PermitRecorded:
    return PermitRecorded(
        permit=PermitId(f"permit:{how}"),
        scheme=Scheme.HGR_LICENCE,
        number=f"2026-{how}",
        holder=party,
        country="CN",
        issued_on=date(2026, 7, 1),
        valid_from=date(2026, 7, 1),
        valid_to=date(2027, 6, 30),
        lines=(PermittedLine(line=1, name_en="vials", quantity=Amount(value="10", unit="mL")),),
    )


def _approval(approval: ApprovalId, site: SiteId, party: PartyId) -> ApprovalGranted:
    return ApprovalGranted(
        approval=approval,
        number=f"A-{party[-1]}",
        direction=Direction.IMPORT,
        applicant=party,
        issued_on=date(2026, 8, 10),
        valid_from=date(2026, 8, 15),
        valid_to=date(2026, 12, 31),
        write_off=WriteOff.BATCH,
        grade=Grade.B1,
        follow_up=True,
        lines=(ApprovedLine(line=1, name_en="vials", quantity=Amount(value="10", unit="vial")),),
        sites=(site,),
        purposes=("research",),
    )


def _given_away() -> Iterator[Submission]:
    """Yield how the first laboratory gives an item to another one, and what that does with it."""
    items, taker = (ItemId("item:former"),), LABS["foreign"]
    given = CustodyHandedOver(items=items, receiver=taker.party, count=1, packaging=Packaging.INTACT)
    yield made(given, ASKS)
    yield made(CustodyAccepted(items=items, count=1, packaging=Packaging.INTACT), taker)
    on = CustodyHandedOver(items=items, receiver=PartyId(SINCE), count=1, packaging=Packaging.INTACT)
    yield made(on, taker)
