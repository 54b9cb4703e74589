"""Consignments announced and their items listed: CON-01 to CON-15, BAL-01 to BAL-04."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.approval.approvals import Direction
from ledger.domain.approval.changes import ApprovalResumed, ApprovalSuspended, ApprovalWithdrawn, OrderOnWithdrawal
from ledger.domain.approval.conversions import ApprovalConversionStated
from ledger.domain.bodies.vocabulary import Body
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.states.border import ConsignmentStatus
from ledger.domain.states.subjects import ItemStatus
from ledger.ids import ApprovalId, ConsignmentId, ItemId, PartyId, SiteId
from tests.spec.crossing import (
    ANNEX,
    ANNOUNCEMENT,
    APPROVAL,
    APPROVED,
    BROKER,
    CARRIER,
    CONSIGNMENT,
    LIST,
    OFFICER,
    OTHER_CONSIGNMENT,
    RIVAL,
    TUBE,
    TUBE_LIST,
    VIALS,
    amount,
    approved,
    listed,
    on_line,
)
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import NOON, judged, refused, said, state_of


def announcing(**changes: Any) -> ConsignmentAnnounced:  # noqa: ANN401  members of a body
    return replace(ANNOUNCEMENT, **changes)


@pytest.mark.parametrize("by", [IMPORTER, BROKER], ids=["applicant", "broker"])
def test_a_consignment_is_announced_with_its_lines_and_parties(by: Any) -> None:  # noqa: ANN401  a signer
    statement = said(ANNOUNCEMENT, by)
    assert judged(approved(), statement) == []
    consignment = state_of([*approved(), statement], CONSIGNMENT)
    assert consignment.connected == {IMPORTER.party, LABORATORY.party, BROKER.party, CARRIER.party}
    assert {line: str(quantity) for line, quantity in consignment.lines.items()} == {
        (APPROVAL, 1): "3 vial",
        (APPROVAL, 2): "1.5 mL",
    }


@pytest.mark.rule("CON-01")
def test_a_consignment_is_announced_once() -> None:
    assert refused(listed(), said(ANNOUNCEMENT, BROKER)) == "CON-01"


@pytest.mark.rule("CON-02", "CON-05", "BAL-01", "BAL-02", "BAL-03", "UNI-01", "UNI-02")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(announcing(applicant=PartyId("party:nobody")), "CON-02", id="unknown applicant"),
        pytest.param(announcing(consignee=PartyId("party:nobody")), "CON-02", id="unknown consignee"),
        pytest.param(announcing(carriers=(PartyId("party:nobody"),)), "CON-02", id="unknown carrier"),
        pytest.param(announcing(broker=PartyId("party:nobody")), "CON-02", id="unknown broker"),
        pytest.param(announcing(destination=SiteId("site:nowhere")), "CON-02", id="unknown destination"),
        pytest.param(announcing(route=Route.TRANSIT), "CON-05", id="transit"),
        pytest.param(
            announcing(lines=(on_line(1, "1", approval=ApprovalId("approval:none")),)), "BAL-01", id="unknown approval"
        ),
        pytest.param(announcing(lines=(on_line(9, "1"),)), "BAL-01", id="unknown line"),
        pytest.param(announcing(lines=(on_line(1, "1"), on_line(1, "2"))), "BAL-02", id="a line twice"),
        pytest.param(announcing(lines=(on_line(2, "1", "tube"),)), "BAL-03", id="no conversion stated"),
        pytest.param(announcing(lines=(on_line(2, "1", "thimble"),)), "UNI-01", id="no such unit"),
        pytest.param(announcing(lines=(on_line(1, "1.5"),)), "UNI-02", id="half a vial"),
    ],
)
def test_an_announcement_that_contradicts_the_record_is_refused(body: ConsignmentAnnounced, rule: str) -> None:
    assert refused(approved(), said(body, IMPORTER)) == rule


@pytest.mark.rule("CON-03")
@pytest.mark.parametrize("by", [RIVAL, BROKER], ids=["another applicant", "a broker that is not named"])
def test_nobody_announces_for_another(by: Any) -> None:  # noqa: ANN401  a signer
    assert refused(approved(), said(announcing(broker=None), by)) == "CON-03"


@pytest.mark.rule("CON-04")
def test_nobody_uses_the_approval_of_another() -> None:
    assert refused(approved(), said(announcing(applicant=RIVAL.party), RIVAL)) == "CON-04"


@pytest.mark.rule("BAL-04")
def test_a_converted_amount_is_never_rounded() -> None:
    factor = ApprovalConversionStated(approval=APPROVAL, line=2, unit="mg", factor="0.000000001")
    given = [*approved(), said(factor, IMPORTER)]
    assert judged(given, said(announcing(lines=(on_line(2, "3", "mg"),)), IMPORTER)) == []
    assert judged(given, said(announcing(lines=(on_line(2, "3", "g"),)), IMPORTER)) == []
    assert refused(given, said(announcing(lines=(on_line(2, "0.5", "mg"),)), IMPORTER)) == "BAL-04"
    assert refused(given, said(announcing(lines=(on_line(2, "500", "ug"),)), IMPORTER)) == "BAL-04"


@pytest.mark.rule("BAL-04")
@pytest.mark.parametrize(
    ("value", "unit", "rule"),
    [
        pytest.param("1500", "uL", None, id="a smaller unit"),
        pytest.param("0.0015", "L", None, id="a larger unit"),
        pytest.param("0.0000001", "uL", "BAL-04", id="ten digits after the point"),
    ],
)
def test_the_units_of_the_approved_dimension_need_nobodys_signature(value: str, unit: str, rule: str | None) -> None:
    announcement = said(announcing(lines=(on_line(2, value, unit),)), IMPORTER)
    if rule is None:
        assert judged(approved(), announcement) == []
    else:
        assert refused(approved(), announcement) == rule


SUSPENDED = ApprovalSuspended(approval=APPROVAL, ground="investigation")
RESUMED = ApprovalResumed(approval=APPROVAL)
WITHDRAWN = ApprovalWithdrawn(approval=APPROVAL, ground="fraud", order=OrderOnWithdrawal.NONE)


@pytest.mark.rule("CON-06")
@pytest.mark.parametrize(
    ("changes", "days", "rules"),
    [
        pytest.param([SUSPENDED], 0, ["CON-06"], id="suspended"),
        pytest.param([SUSPENDED, RESUMED], 0, [], id="suspended and resumed"),
        pytest.param([WITHDRAWN], 0, ["CON-06"], id="withdrawn"),
        pytest.param([], 121, [], id="the last day"),
        pytest.param([], 122, ["CON-06"], id="expired"),
        pytest.param([SUSPENDED], -1, [], id="before the suspension"),
    ],
)
def test_an_approval_that_does_not_hold_is_no_ground_for_an_announcement(
    changes: list[Body], days: int, rules: list[str]
) -> None:
    given = [*approved(), *(said(change, OFFICER) for change in changes)]
    assert judged(given, said(ANNOUNCEMENT, BROKER, at=NOON + timedelta(days=days))) == rules


@pytest.mark.rule("CON-07")
def test_goods_go_to_a_place_that_the_approval_names() -> None:
    elsewhere = said(announcing(destination=ANNEX), BROKER)
    assert judged(approved(), elsewhere) == ["CON-07"]
    assert judged(approved(replace(APPROVED, sites=())), elsewhere) == []


@pytest.mark.rule("CON-08")
def test_goods_cross_in_the_approved_direction() -> None:
    leaving = said(announcing(route=Route.EXPORT), BROKER)
    assert judged(approved(), leaving) == ["CON-08"]
    assert judged(approved(replace(APPROVED, direction=Direction.EXPORT)), leaving) == []


def test_listed_items_are_expected_with_the_consignment() -> None:
    given = [*approved(), said(ANNOUNCEMENT, BROKER), said(LIST, IMPORTER)]
    assert judged(given, said(TUBE_LIST, LABORATORY)) == []
    tube = state_of(listed(), TUBE)
    assert (tube.status, tube.consignment, tube.approval, tube.line) == (
        ItemStatus.EXPECTED,
        CONSIGNMENT,
        APPROVAL,
        2,
    )
    assert (tube.label, str(tube.quantity), tube.released) == ("t-1", "1.5 mL", False)
    consignment = state_of(listed(), CONSIGNMENT)
    assert set(consignment.items) == {*VIALS, TUBE}
    assert consignment.labels["v-2"] == VIALS[1]
    assert consignment.status is ConsignmentStatus.ANNOUNCED


def test_an_unknown_quantity_stays_unknown() -> None:
    unmeasured = replace(LIST, items=(ListedItem(item=ItemId("item:x-1"), label="x-1"),))
    assert judged(listed(), said(unmeasured, IMPORTER)) == []
    assert state_of([*listed(), said(unmeasured, IMPORTER)], "item:x-1").quantity is None


def one(item: str, label: str, value: str = "1", unit: str = "vial") -> ItemListed:
    return replace(LIST, items=(ListedItem(item=ItemId(item), label=label, quantity=amount(value, unit)),))


@pytest.mark.rule("CON-10", "CON-11", "CON-12", "CON-13", "UNI-02")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(LIST, consignment=ConsignmentId("consignment:none")), "CON-10", id="unknown consignment"),
        pytest.param(one("item:v-1", "new"), "CON-11", id="an item that exists"),
        pytest.param(
            replace(LIST, items=(*one("item:n", "n").items, *one("item:n", "m").items)), "CON-11", id="an item twice"
        ),
        pytest.param(one("item:new", "v-1"), "CON-12", id="a label that exists"),
        pytest.param(one("item:new", "V-1"), "CON-12", id="a label that exists, in capitals"),
        pytest.param(
            replace(LIST, items=(*one("item:n", "n").items, *one("item:m", "n").items)), "CON-12", id="a label twice"
        ),
        pytest.param(
            replace(LIST, items=(*one("item:n", "n").items, *one("item:m", "ｎ").items)), "CON-12", id="a wide label"
        ),
        pytest.param(replace(one("item:new", "new"), line=9), "CON-13", id="a line that is not announced"),
        pytest.param(one("item:new", "new", "1.5"), "UNI-02", id="half a vial"),
    ],
)
def test_a_list_that_contradicts_the_record_is_refused(body: ItemListed, rule: str) -> None:
    assert refused(listed(), said(body, IMPORTER)) == rule


@pytest.mark.rule("CON-14")
def test_only_who_answers_for_the_goods_lists_them() -> None:
    assert refused(listed(), said(one("item:new", "new"), RIVAL)) == "CON-14"


def test_two_consignments_may_bear_the_same_label() -> None:
    other = said(announcing(consignment=OTHER_CONSIGNMENT), BROKER)
    again = replace(one("item:other", "v-1"), consignment=OTHER_CONSIGNMENT)
    assert judged([*listed(), other], said(again, IMPORTER)) == []


def more(*values: str, unit: str = "vial") -> ItemListed:
    items = tuple(
        ListedItem(item=ItemId(f"item:m-{number}"), label=f"m-{number}", quantity=amount(value, unit))
        for number, value in enumerate(values)
    )
    return replace(LIST, items=items)


@pytest.mark.rule("CON-15")
@pytest.mark.parametrize(
    ("values", "rules"), [(("1", "1", "1"), []), (("1", "1", "1", "1"), ["CON-15"]), (("50",), ["CON-15"])]
)
def test_more_listed_than_announced_is_a_breach(values: tuple[str, ...], rules: list[str]) -> None:
    given = [*approved(), said(ANNOUNCEMENT, BROKER)]
    assert judged(given, said(more(*values), IMPORTER)) == rules


@pytest.mark.rule("CON-15")
def test_what_was_listed_before_counts_and_other_lines_do_not() -> None:
    assert judged(listed(), said(more("1"), IMPORTER)) == ["CON-15"]
    two = replace(LIST, items=LIST.items[:2])
    given = [*approved(), said(ANNOUNCEMENT, BROKER), said(two, IMPORTER), said(TUBE_LIST, LABORATORY)]
    assert judged(given, said(more("1"), IMPORTER)) == []


@pytest.mark.rule("CON-15")
def test_another_unit_is_counted_by_its_signed_factor_only() -> None:
    given = [*approved(), said(ANNOUNCEMENT, BROKER)]
    assert judged(given, said(more("7", unit="mL"), IMPORTER)) == []
    factor = ApprovalConversionStated(approval=APPROVAL, line=1, unit="mL", factor="0.5")
    assert judged([*given, said(factor, OFFICER)], said(more("6", unit="mL"), IMPORTER)) == []
    assert judged([*given, said(factor, OFFICER)], said(more("7", unit="mL"), IMPORTER)) == ["CON-15"]
