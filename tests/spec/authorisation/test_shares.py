"""One approval, several sites: what is allotted to each, and what has come there: SHA."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from ledger.domain.approval.allotting import Allotment, ApprovalAllotted
from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.approval.changes import AmendedLine, ApprovalAmended
from ledger.domain.bodies.vocabulary import Amount, WriteOff
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.entry import ConsignmentDeclared, DeclaredLine
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.custody.transfer import Ground, TransferSent
from ledger.domain.judging import Signed
from ledger.domain.shares import Share, SiteShare, shares_of
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, SiteId
from tests.spec.bench import BEFORE, CUSTOMS, LAB, OTHER, site
from tests.spec.parties import IMPORTER, LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, breaches, corrected, judged, refused, said, state_of

TRIAL: Final = ApprovalId("approval:trial")
GOODS: Final = ConsignmentId("consignment:trial")
WARD: Final = SiteId("site:ward")
"""Another site of the laboratory, which the approval names too."""
STRANGE: Final = SiteId("site:strange")
"""A site of the laboratory that it does not name."""
ELSE: Final = SiteId("site:else")
VIALS: Final = tuple(ItemId(f"item:v{number}") for number in range(1, 7))
HOUR: Final = timedelta(hours=1)


def vial(value: str) -> Amount:
    return Amount(value=value, unit="vial")


def granted(*sites: SiteId) -> Signed[Any]:
    body = ApprovalGranted(
        approval=TRIAL,
        number="T 1",
        direction=Direction.IMPORT,
        applicant=IMPORTER.party,
        issued_on=date(2026, 8, 1),
        valid_from=date(2026, 8, 1),
        valid_to=date(2026, 11, 30),
        write_off=WriteOff.BATCH,
        follow_up=False,
        lines=(ApprovedLine(line=1, name_en="cells", quantity=vial("10")),),
        sites=sites or (LAB, WARD),
        purposes=("clinical-trial",),
    )
    return said(body, CUSTOMS, at=BEFORE)


def allotted(*shares: tuple[SiteId, str], line: int = 1, unit: str = "vial", by: Any = CUSTOMS) -> Signed[Any]:  # noqa: ANN401
    allotments = tuple(Allotment(line=line, site=to, quantity=Amount(value=value, unit=unit)) for to, value in shares)
    return said(ApprovalAllotted(approval=TRIAL, allotments=allotments), by, at=BEFORE + HOUR)


GIVEN: Final = [site(), site(WARD), site(STRANGE), site(ELSE, owner=OTHER), granted()]
ALLOTTED: Final = [*GIVEN, allotted((LAB, "6"), (WARD, "4"))]


def declared(destination: SiteId = LAB, count: str = "6") -> list[Signed[Any]]:
    """Return a consignment of so many vials, announced, listed and declared."""
    announced = ConsignmentAnnounced(
        consignment=GOODS,
        applicant=IMPORTER.party,
        consignee=LABORATORY.party,
        consignor_country="SE",
        destination=destination,
        route=Route.IMPORT,
        lines=(LineQuantity(approval=TRIAL, line=1, quantity=vial(count)),),
    )
    listed = tuple(ListedItem(item=one, label=one[5:], quantity=vial("1")) for one in VIALS)
    line = DeclaredLine(approval=TRIAL, line=1, quantity=vial(count))
    papers = ConsignmentDeclared(
        consignment=GOODS, declaration_number="1", port_code="2301", declared_on=date(2026, 8, 30), lines=(line,)
    )
    return [
        said(announced, IMPORTER, at=BEFORE + 2 * HOUR),
        said(ItemListed(consignment=GOODS, approval=TRIAL, line=1, items=listed), IMPORTER, at=BEFORE + 3 * HOUR),
        said(papers, IMPORTER, at=BEFORE + 4 * HOUR),
    ]


def released(count: str = "6") -> Signed[Any]:
    body = ConsignmentReleased(
        consignment=GOODS,
        items=VIALS,
        release_number="1",
        lines=(LineQuantity(approval=TRIAL, line=1, quantity=vial(count)),),
    )
    return said(body, CUSTOMS, at=BEFORE + 5 * HOUR)


def received() -> Signed[Any]:
    items = tuple(ReceivedItem(item=one, condition=Condition.INTACT) for one in VIALS)
    body = ItemReceived(consignment=GOODS, laboratory=LAB, items=items, documents=Documents.MATCH)
    return said(body, LABORATORY, SECOND_PERSON, at=BEFORE + 6 * HOUR)


def sent(
    *items: ItemId, to: SiteId = WARD, amounts: tuple[str, ...] = ("1",), case: str = "case:t", unit: str = "vial"
) -> Signed[Any]:
    shares = tuple(Share(approval=TRIAL, line=1, quantity=Amount(value=value, unit=unit)) for value in amounts)
    body = TransferSent(
        case=CaseId(case),
        items=items or VIALS[:1],
        from_site=LAB,
        to_site=to,
        receiver=LABORATORY.party,
        ground=Ground.SAME_PARTY,
        amounts=shares,
    )
    return said(body, LABORATORY, at=NOON)


THERE: Final = [*ALLOTTED, *declared(), released(), received()]


def of_sites(given: list[Signed[Any]]) -> dict[SiteId, tuple[Decimal | None, Decimal]]:
    return {one.site: (one.allotted, one.there) for one in shares_of(state_of(given, TRIAL))}


def rules_of(given: list[Signed[Any]], when: Signed[Any]) -> list[str]:
    """Return the rules about shares and sites that a statement breaks: of the others there are tests elsewhere."""
    return [rule for rule in judged(given, when) if rule.startswith("SHA")]


def test_shares_are_counted_where_goods_are_released_to_and_where_they_go() -> None:
    assert of_sites(ALLOTTED) == {LAB: (Decimal(6), Decimal(0)), WARD: (Decimal(4), Decimal(0))}
    assert of_sites(THERE) == {LAB: (Decimal(6), Decimal(6)), WARD: (Decimal(4), Decimal(0))}
    given = [*THERE, sent(*VIALS[:2], amounts=("2",))]
    assert of_sites(given) == {LAB: (Decimal(6), Decimal(4)), WARD: (Decimal(4), Decimal(2))}
    assert {one.site: one.sent for one in shares_of(state_of(given, TRIAL))} == {LAB: Decimal(2), WARD: Decimal(0)}


def test_a_later_allotment_takes_the_place_of_the_earlier_one() -> None:
    given = [*ALLOTTED, allotted((LAB, "3")), allotted((WARD, "7"))]
    assert of_sites(given) == {LAB: (Decimal(3), Decimal(0)), WARD: (Decimal(7), Decimal(0))}


@pytest.mark.rule("SHA-01")
@pytest.mark.parametrize(
    "when",
    [
        pytest.param(allotted((LAB, "1"), (LAB, "2")), id="a site twice"),
        pytest.param(allotted((LAB, "1"), unit="mL"), id="another dimension"),
    ],
)
def test_an_allotment_says_what_counts(when: Signed[Any]) -> None:
    assert refused(GIVEN, when) == "SHA-01"


def test_an_allotment_is_of_a_line_by_who_decides_to_a_registered_site() -> None:
    assert refused(GIVEN, allotted((LAB, "1"), line=2)) == "BAL-01"
    assert refused(GIVEN, allotted((LAB, "1"), by=LABORATORY)) == "APR-03"
    assert refused(GIVEN, allotted((SiteId("site:none"), "1"))) == "APR-06"


@pytest.mark.rule("SHA-02")
def test_no_more_is_allotted_than_is_approved() -> None:
    assert refused(GIVEN, allotted((LAB, "6"), (WARD, "5"))) == "SHA-02"
    assert refused(ALLOTTED, allotted((WARD, "5"))) == "SHA-02"
    lines = (AmendedLine(line=1, quantity=vial("9")),)
    amended = ApprovalAmended(approval=TRIAL, effective_on=date(2026, 8, 30), lines=lines)
    assert refused(ALLOTTED, said(amended, CUSTOMS)) == "SHA-02"


@pytest.mark.rule("SHA-03")
def test_a_site_that_is_not_on_the_approval_is_a_breach() -> None:
    (found,) = breaches(GIVEN, allotted((LAB, "5"), (STRANGE, "1")))
    assert (found.rule, found.given) == ("SHA-03", {"approval": TRIAL, "site": STRANGE})
    given = [*GIVEN, allotted((LAB, "5"), (STRANGE, "1"))]
    assert [one for one in shares_of(state_of(given, TRIAL)) if not one.named] == [
        SiteShare(1, STRANGE, Decimal(1), Decimal(0), named=False)
    ]


@pytest.mark.rule("SHA-04")
def test_a_release_beyond_the_share_of_its_site_is_a_breach() -> None:
    assert rules_of([*ALLOTTED, *declared()], released()) == []
    given = [*ALLOTTED, *declared(WARD)]
    (found,) = (one for one in breaches(given, released()) if one.rule == "SHA-04")
    assert found.given == {
        "approval": TRIAL,
        "line": 1,
        "site": WARD,
        "amount": "6 vial",
        "there": "0 vial",
        "allotted": "4 vial",
    }


def test_what_comes_to_a_site_without_a_share_is_a_breach() -> None:
    given = [*GIVEN, allotted((WARD, "4")), *declared()]
    assert rules_of(given, released()) == ["SHA-04"]


def test_a_transfer_counts_against_the_share_of_the_site_that_gets_it() -> None:
    given = [*ALLOTTED, allotted((WARD, "1")), *declared(), released(), received()]
    assert rules_of(given, sent()) == []
    assert rules_of(given, sent(*VIALS[:2], amounts=("2",))) == ["SHA-04"]
    assert rules_of([*given, sent()], sent(VIALS[1], case="case:u")) == ["SHA-04"]


@pytest.mark.rule("SHA-07")
def test_no_more_goes_on_than_has_come_to_a_site() -> None:
    """The share of a site does not fall below nothing unseen."""
    given = [*ALLOTTED, allotted((LAB, "1"), (WARD, "9")), *declared(count="2"), released("2"), received()]
    assert rules_of(given, sent(*VIALS[:2], amounts=("2",))) == []
    (found,) = (one for one in breaches(given, sent(*VIALS[:3], amounts=("3",))) if one.rule == "SHA-07")
    assert found.given == {"approval": TRIAL, "line": 1, "site": LAB, "amount": "3 vial", "there": "2 vial"}
    assert rules_of([*given, sent(*VIALS[:2], amounts=("2",))], sent(VIALS[2], case="case:u")) == ["SHA-07"]


def test_a_correction_by_which_less_than_nothing_is_left_at_a_site_is_a_breach() -> None:
    first, second = sent(), sent(VIALS[1], case="case:u")
    given = [*ALLOTTED, allotted((LAB, "1"), (WARD, "9")), *declared(count="2"), released("2"), received()]
    more = corrected(first, sent(amounts=("2",)).body)
    assert rules_of([*given, first], more) == []
    assert rules_of([*given, first, second], more) == ["SHA-07"]


def test_a_correction_by_which_a_site_gets_more_than_its_share_is_a_breach() -> None:
    """At its own place the corrected amount is within the share: what came since fills it up."""
    first = sent()
    given = [
        *ALLOTTED,
        allotted((WARD, "2")),
        *declared(),
        released(),
        received(),
        first,
        sent(VIALS[1], case="case:u"),
    ]
    more = corrected(first, sent(amounts=("2",)).body)
    (found,) = (one for one in breaches(given, more) if one.rule == "SHA-04")
    assert (found.given["there"], found.given["amount"]) == ("2 vial", "1 vial")
    assert "SHA-04" not in judged(given, corrected(first, first.body))


def test_a_transfer_to_a_site_that_the_approval_does_not_name_is_a_breach() -> None:
    assert judged(THERE, sent(to=STRANGE)) == ["GAT-11", "SHA-04"]


@pytest.mark.rule("SHA-05")
def test_what_goes_on_from_an_allotted_line_is_told_in_amounts() -> None:
    (found,) = (one for one in breaches(THERE, sent(amounts=())) if one.rule == "SHA-05")
    assert found.given == {"approval": TRIAL, "line": 1}
    assert set(found.subjects) == {VIALS[0], TRIAL}


@pytest.mark.rule("SHA-06")
@pytest.mark.parametrize(
    "when",
    [
        pytest.param(sent(amounts=("1", "1")), id="twice"),
        pytest.param(sent(unit="mL"), id="another dimension"),
        pytest.param(sent(amounts=("0",)), id="nothing"),
    ],
)
def test_amounts_that_go_along_count_on_a_line(when: Signed[Any]) -> None:
    assert refused(THERE, when) == "SHA-06"


def test_nothing_is_asked_of_a_line_that_is_not_allotted() -> None:
    given = [*GIVEN, *declared(), released(), received()]
    assert rules_of(given, sent(amounts=())) == []
    assert of_sites(given) == {LAB: (None, Decimal(6))}


def test_a_corrected_destination_counts_where_the_goods_went() -> None:
    steps = declared()
    given = [*ALLOTTED, *steps, released()]
    elsewhere = corrected(steps[0], declared(WARD)[0].body)
    assert of_sites([*given, elsewhere]) == {LAB: (Decimal(6), Decimal(0)), WARD: (Decimal(4), Decimal(6))}
