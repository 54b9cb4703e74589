"""Who may see a case that he did not open: a recall by what he has of it, an application by having acted in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.access.rights.holders import HOLDING
from api.access.rights.seeing import shows, sight
from ledger.domain.approval.approvals import Direction
from ledger.domain.assessment.applications import ApplicationAccepted, ApplicationSubmitted
from ledger.domain.assessment.risk import RiskAssessmentRequested
from ledger.domain.bodies.products import FiledPaper, Paper, Product
from ledger.domain.bodies.vocabulary import Department, Packaging, Role
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.domain.supervision.recalls import (
    RecallAsked,
    RecallConfirmed,
    RecallExtended,
    RecallGround,
    RecallLifted,
    RecallOrdered,
)
from ledger.ids import CaseId, Tag
from ledger.statement.catalogue import KINDS
from tests.spec.bench import (
    APPROVAL,
    CASE,
    CUSTOMS,
    DIGEST,
    GOODS,
    LAB,
    OTHER,
    A,
    B,
    C,
    D,
    aliquoted,
    child,
    ml,
    vials,
)
from tests.spec.looking import Looked, assigned, principal
from tests.spec.parties import IMPORTER, LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, said, signer

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.judging import Signatory, Signed

THIRD = signer("party:third", Role.LABORATORY)
ELSEWHERE = signer("party:customs-elsewhere", Role.CUSTOMS)
HEALTH = signer("party:health", Role.HEALTH_AUTHORITY)
ASSESSOR = signer("party:assessor", Role.ASSESSMENT_BODY)
EVERYBODY = (IMPORTER, LABORATORY, SECOND_PERSON, OTHER, THIRD, CUSTOMS, ELSEWHERE, HEALTH)


def hours(number: int) -> datetime:
    return NOON + timedelta(hours=number)


def given(giver: Signatory, taker: Signatory, at: int) -> list[Signed[Any]]:
    """Return that the aliquot passes from one party to another."""
    over = CustodyHandedOver(items=(C,), receiver=taker.party, count=1, packaging=Packaging.INTACT)
    taken = CustodyAccepted(items=(C,), count=1, packaging=Packaging.INTACT)
    return [said(over, giver, at=hours(at)), said(taken, taker, at=hours(at))]


ALIQUOT_GIVEN: Final = [
    *vials(),
    aliquoted(child(C, "1"), child(D, "1"), residual="8", loss="0", at=NOON),
    *given(LABORATORY, OTHER, 1),
]
"""A vial of two that came in was divided, and another laboratory has an aliquot of it."""

ROOTS: Final = {"items": (A,)}, {"consignment": GOODS}, {"approval": APPROVAL}


def ordered(at: int = 5, **root: Any) -> Signed[Any]:  # noqa: ANN401  as the body takes it
    body = RecallOrdered(case=CASE, ground=RecallGround.QUALITY, asked=RecallAsked.HOLD, **root)
    return said(body, CUSTOMS, at=hours(at))


def confirmed(who: Signatory, *items: Any) -> Signed[Any]:  # noqa: ANN401  ids of items
    return said(RecallConfirmed(case=CASE, items=items), who, at=hours(6))


def looked(*told: Signed[Any]) -> Looked:
    return Looked(told, *EVERYBODY, now=hours(10))


def seen(record: Looked, who: Signatory, *statements: Signed[Any]) -> list[bool]:
    return [shows(principal(who), record.event(one), record) for one in statements]


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: next(iter(root)))
def test_who_has_something_of_a_recall_sees_what_concerns_that_and_not_what_others_have(root: dict[str, Any]) -> None:
    order = ordered(**root)
    theirs, own = confirmed(LABORATORY, A, D), confirmed(OTHER, C)
    more = said(RecallExtended(case=CASE, asked=RecallAsked.HOLD, mates=(B,)), CUSTOMS, at=hours(7))
    lifted = said(RecallLifted(case=CASE, **root), CUSTOMS, at=hours(8))
    record = looked(*ALIQUOT_GIVEN, order, theirs, own, more, lifted)
    found = sight(principal(OTHER), Tag(CASE), record)
    assert (bool(found), found.whole) == (True, False)
    assert seen(record, OTHER, order, theirs, own, more, lifted) == [True, False, True, False, True]
    as_consignee = "consignment" in root  # whose goods they are sees the whole case of these
    assert seen(record, LABORATORY, order, theirs, own, more, lifted) == [True, True, as_consignee, True, True]


def test_what_others_have_is_not_seen_either_where_it_is_said_at_the_instant_of_what_concerns_one() -> None:
    theirs = said(RecallConfirmed(case=CASE, items=(A,)), LABORATORY, at=hours(7))
    lifted = said(RecallLifted(case=CASE, items=(A,)), CUSTOMS, at=hours(7))
    record = looked(*ALIQUOT_GIVEN, ordered(items=(A,)), theirs, lifted)
    assert seen(record, OTHER, theirs, lifted) == [False, True]


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: next(iter(root)))
def test_who_has_nothing_of_a_recall_sees_nothing_of_it(root: dict[str, Any]) -> None:
    record = looked(*ALIQUOT_GIVEN, ordered(**root))
    for who in (THIRD, HEALTH):
        assert not sight(principal(who), Tag(CASE), record)


def test_a_recall_of_another_lot_concerns_nobody_else() -> None:
    record = looked(*ALIQUOT_GIVEN, ordered(consignment=GOODS, lot="L-2"))
    assert not sight(principal(OTHER), Tag(CASE), record)


def test_who_gave_it_away_sees_a_recall_that_came_before_and_none_that_came_after() -> None:
    before, after = ordered(at=2, items=(A,)), ordered(at=4, items=(A,))
    gone = given(OTHER, THIRD, 3)
    assert sight(principal(OTHER), Tag(CASE), looked(*ALIQUOT_GIVEN, before, *gone))
    record = looked(*ALIQUOT_GIVEN, *gone, after)
    assert not sight(principal(OTHER), Tag(CASE), record)
    assert sight(principal(THIRD), Tag(CASE), record)


def test_every_kind_that_holds_or_lets_go_is_told_to_whom_it_concerns() -> None:
    holds = {kind.name for kind in KINDS.values() if kind.name.split(".")[0] in {"recall", "legal-hold", "consent"}} - {
        "recall.confirmed/1"
    }
    assert holds == HOLDING


APPLIED: Final = ApplicationSubmitted(
    case=CaseId("case:application"),
    applicant=IMPORTER.party,
    direction=Direction.IMPORT,
    products=(Product(line=1, name_en="vials", quantity=ml("10")),),
    papers=(FiledPaper(paper=Paper.APPLICATION_FORM, digest=DIGEST),),
    laboratory=LAB,
)


def test_an_authority_that_accepted_an_application_sees_its_case_wherever_it_lies() -> None:
    applied = said(APPLIED, IMPORTER, at=hours(1))
    accepted = said(ApplicationAccepted(case=APPLIED.case, number="N-1"), CUSTOMS, at=hours(2))
    places = assigned(CUSTOMS, "nanjing"), assigned(ELSEWHERE, "wuxi"), assigned(HEALTH, "nanjing", Department.HEALTH)
    record = looked(*vials(), *places, applied, accepted)
    assert sight(principal(CUSTOMS), Tag(APPLIED.case), record).whole
    assert seen(record, CUSTOMS, applied, accepted) == [True, True]
    assert not sight(principal(ELSEWHERE), Tag(APPLIED.case), record)
    assert not sight(principal(HEALTH), Tag(APPLIED.case), record), "its department looks at no applications"
    # And so does it the assessment that the application waits for, and no other.
    asked, another = (
        RiskAssessmentRequested(
            case=CaseId(f"case:assessment-{number}"),
            applicant=IMPORTER.party,
            body=ASSESSOR.party,
            products=APPLIED.products,
            papers=APPLIED.papers,
            first=False,
            application=application,
        )
        for number, application in enumerate((APPLIED.case, None))
    )
    record = looked(
        *vials(), *places, applied, accepted, *(said(one, IMPORTER, at=hours(3)) for one in (asked, another))
    )
    assert sight(principal(CUSTOMS), Tag(asked.case), record).whole
    assert not sight(principal(CUSTOMS), Tag(another.case), record)
    assert not sight(principal(ELSEWHERE), Tag(asked.case), record)
