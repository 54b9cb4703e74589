"""Cases that one sees without having opened them: a recall by what one has of it, an application by acting in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.domain.approval.approvals import Direction
from ledger.domain.assessment.applications import ApplicationAccepted, ApplicationSubmitted
from ledger.domain.bodies.products import FiledPaper, Paper, Product
from ledger.domain.bodies.vocabulary import Amount, Department, Packaging, Role
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.domain.registry.authorities import AuthorityAssigned
from ledger.domain.registry.parties import RoleGranted, SiteRegistered
from ledger.domain.supervision.recalls import RecallAsked, RecallConfirmed, RecallGround, RecallOrdered
from ledger.domain.work.derive import ItemAliquoted
from ledger.domain.work.making import Child
from ledger.ids import CaseId, ItemId, SiteId
from tests.authors import OPERATOR, admissions, author, made, opening
from tests.http.test_asking import collected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.ids import PartyId
    from ledger.service import Submission

MAKER: Final = author("party:lab-1", Role.LABORATORY)
HOLDER: Final = author("party:lab-2", Role.LABORATORY)
"""Who has an aliquot of what is recalled."""
STRANGER: Final = author("party:lab-3", Role.LABORATORY)
APPLICANT: Final = author("party:lab-1", Role.APPLICANT)
ACTED: Final = author("party:customs-1", Role.CUSTOMS)
"""Who accepted an application."""
IDLE: Final = author("party:customs-2", Role.CUSTOMS)

RECALL: Final = CaseId("case:recall")
APPLICATION: Final = CaseId("case:application")


def story() -> Iterator[Submission]:
    """Yield all statements, in their order."""
    yield opening()
    yield from admissions(MAKER, HOLDER, STRANGER, ACTED, IDLE)
    yield made(RoleGranted(party=MAKER.party, role=Role.APPLICANT), OPERATOR)
    for one, district in ((ACTED, "nanjing"), (IDLE, "wuxi")):
        yield made(AuthorityAssigned(party=one.party, department=Department.CUSTOMS, district=district), OPERATOR)
    yield from _recalled()
    yield from _applied()


def _recalled() -> Iterator[Submission]:
    """Yield that an aliquot is given away, that what it was made of is recalled, and that each says what it has."""
    parent, child, site = ItemId("item:root"), ItemId("item:aliquot"), SiteId("site:lab-1")
    yield made(SiteRegistered(site=site, party=MAKER.party, name="lab-1", use="laboratory", level=2), MAKER)
    yield made(collected("lab-1", (parent, "R-1")), MAKER)
    four, six, none = (Amount(value=value, unit="mL") for value in ("4", "6", "0"))
    children = (Child(item=child, label="R-1.1", quantity=four),)
    yield made(ItemAliquoted(parent=parent, laboratory=site, children=children, residual=six, loss=none), MAKER)
    yield made(_handed(child, HOLDER.party), MAKER)
    yield made(CustodyAccepted(items=(child,), count=1, packaging=Packaging.INTACT), HOLDER)
    order = RecallOrdered(case=RECALL, ground=RecallGround.QUALITY, asked=RecallAsked.HOLD, items=(parent,))
    yield made(order, MAKER)
    yield made(RecallConfirmed(case=RECALL, items=(parent,)), MAKER)
    yield made(RecallConfirmed(case=RECALL, items=(child,)), HOLDER)


def _handed(item: ItemId, to: PartyId) -> CustodyHandedOver:
    return CustodyHandedOver(items=(item,), receiver=to, count=1, packaging=Packaging.INTACT)


def _applied() -> Iterator[Submission]:
    """Yield an application that an authority accepts, which no district tells of."""
    applied = ApplicationSubmitted(
        case=APPLICATION,
        applicant=APPLICANT.party,
        direction=Direction.IMPORT,
        products=(Product(line=1, name_en="vials", quantity=Amount(value="10", unit="mL")),),
        papers=(FiledPaper(paper=Paper.APPLICATION_FORM, digest="0" * 64),),
        laboratory=SiteId("site:lab-1"),
    )
    yield made(applied, APPLICANT)
    yield made(ApplicationAccepted(case=APPLICATION, number="N-1"), ACTED)
