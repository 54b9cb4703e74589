"""What becomes of an approval: APR-20 to APR-27."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.approval.changes import (
    AmendedLine,
    ApprovalAmended,
    ApprovalResumed,
    ApprovalSiteAdded,
    ApprovalSuspended,
    ApprovalWithdrawn,
    OrderOnWithdrawal,
)
from ledger.domain.approval.conversions import ApprovalConversionStated
from ledger.domain.bodies.vocabulary import Body, Reference
from ledger.domain.judging import Signed
from ledger.domain.states.border import ApprovalStatus
from ledger.domain.window import is_valid
from ledger.ids import ApprovalId, SiteId
from tests.spec.crossing import (
    ANNEX,
    APPROVAL,
    DECLARATION,
    LAB,
    OFFICER,
    RIVAL,
    amount,
    approved,
    declared,
    declared_on_line,
    listed,
)
from tests.spec.parties import IMPORTER
from tests.spec.world import NOON, corrected, judged, refused, said, state_of

AMENDMENT = ApprovalAmended(approval=APPROVAL, effective_on=date(2026, 9, 1))
SUSPENSION = ApprovalSuspended(approval=APPROVAL, ground="investigation")
RESUMPTION = ApprovalResumed(approval=APPROVAL)
WITHDRAWAL = ApprovalWithdrawn(approval=APPROVAL, ground="laboratory-differs", order=OrderOnWithdrawal.RETURN)
ADDED = ApprovalSiteAdded(approval=APPROVAL, site=ANNEX, from_on=date(2026, 9, 1))
CONVERSION = ApprovalConversionStated(approval=APPROVAL, line=2, unit="tube", factor="0.5")
REFERENCE = Reference(document="N-7", issued_by="Customs", digest="0" * 64)


def amended_to(value: str, unit: str = "vial", line: int = 1) -> ApprovalAmended:
    return replace(AMENDMENT, lines=(AmendedLine(line=line, quantity=amount(value, unit)),))


def test_an_amendment_changes_what_it_names_and_nothing_else() -> None:
    amendment = said(replace(amended_to("12"), valid_to=date(2027, 1, 31), purposes=("testing",)), OFFICER)
    assert judged(approved(), amendment) == []
    approval = state_of([*approved(), amendment], APPROVAL)
    assert (approval.valid_to, approval.purposes, approval.sites) == (date(2027, 1, 31), {"testing"}, {LAB})
    assert {number: str(line.approved) for number, line in approval.lines.items()} == {1: "12 vial", 2: "5 mL"}


def test_an_approval_is_suspended_resumed_and_withdrawn() -> None:
    given = approved()
    for body, status in (
        (SUSPENSION, ApprovalStatus.SUSPENDED),
        (RESUMPTION, ApprovalStatus.GRANTED),
        (WITHDRAWAL, ApprovalStatus.WITHDRAWN),
    ):
        assert judged(given, said(body, OFFICER)) == []
        given.append(said(body, OFFICER))
        assert state_of(given, APPROVAL).status is status


def test_a_site_is_added() -> None:
    assert judged(approved(), said(ADDED, OFFICER)) == []
    assert state_of([*approved(), said(ADDED, OFFICER)], APPROVAL).sites == {LAB, ANNEX}


def test_the_applicant_records_by_reference_and_states_conversions() -> None:
    assert judged(approved(), said(replace(SUSPENSION, reference=REFERENCE), IMPORTER)) == []
    assert judged(approved(), said(CONVERSION, IMPORTER)) == []


@pytest.mark.rule("APR-20")
@pytest.mark.parametrize("body", [AMENDMENT, SUSPENSION, RESUMPTION, WITHDRAWAL, ADDED, CONVERSION])
def test_an_approval_that_is_unknown_or_withdrawn_does_not_change(body: Body) -> None:
    assert refused([*approved(), said(WITHDRAWAL, OFFICER)], said(body, OFFICER)) == "APR-20"
    unknown = replace(body, approval=ApprovalId("approval:none"))
    assert refused(approved(), said(unknown, OFFICER)) == "APR-20"


@pytest.mark.rule("APR-03")
@pytest.mark.parametrize("body", [AMENDMENT, SUSPENSION, WITHDRAWAL, ADDED, CONVERSION])
def test_another_party_says_nothing_of_an_approval(body: Body) -> None:
    assert refused(approved(), said(body, RIVAL)) == "APR-03"


@pytest.mark.rule("APR-04", "APR-21", "APR-22", "BAL-01")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(AMENDMENT, valid_to=date(2026, 8, 14)), "APR-04", id="ends before it begins"),
        pytest.param(amended_to("12", "tube"), "APR-21", id="another unit"),
        pytest.param(replace(AMENDMENT, lines=amended_to("12").lines * 2), "APR-21", id="a line twice"),
        pytest.param(amended_to("2"), "APR-22", id="less than is reserved"),
        pytest.param(amended_to("12", line=9), "BAL-01", id="no such line"),
    ],
)
def test_an_amendment_that_contradicts_the_record_is_refused(body: ApprovalAmended, rule: str) -> None:
    assert refused(declared(), said(body, OFFICER)) == rule
    assert judged(declared(), said(amended_to("3"), OFFICER)) == []


@pytest.mark.rule("APR-10")
def test_a_last_day_that_is_amended_holds_from_the_day_of_the_amendment() -> None:
    """Neither does a longer validity make an earlier day right, nor a shorter one make it wrong."""
    last = state_of(approved(), APPROVAL).valid_to
    days = [last + timedelta(days=number) for number in (-1, 0, 5, 20, 60, 61)]
    longer = replace(AMENDMENT, effective_on=days[2] + timedelta(days=1), valid_to=days[4])
    state = state_of([*approved(), said(longer, OFFICER)], APPROVAL)
    assert state.valid_to == days[4]
    assert [is_valid(state, day) for day in days] == [True, True, False, True, True, False]
    shorter = replace(AMENDMENT, effective_on=days[1], valid_to=days[0])
    state = state_of([*approved(), said(shorter, OFFICER)], APPROVAL)
    assert [is_valid(state, day) for day in days[:3]] == [True, False, False]


def test_an_amendment_draws_no_validity_out_beyond_the_grades_term() -> None:
    assert judged(approved(), said(replace(AMENDMENT, valid_to=date(2027, 2, 16)), OFFICER)) == ["APR-10"]


@pytest.mark.rule("APR-23")
def test_only_a_granted_approval_is_suspended_and_only_a_suspended_one_resumed() -> None:
    assert refused([*approved(), said(SUSPENSION, OFFICER)], said(SUSPENSION, OFFICER)) == "APR-23"
    assert refused(approved(), said(RESUMPTION, OFFICER)) == "APR-23"


@pytest.mark.rule("APR-06", "APR-25")
@pytest.mark.parametrize(("site", "rule"), [(SiteId("site:nowhere"), "APR-06"), (LAB, "APR-25")])
def test_a_site_is_registered_and_added_once(site: SiteId, rule: str) -> None:
    assert refused(approved(), said(replace(ADDED, site=site), OFFICER)) == rule


@pytest.mark.rule("APR-26", "BAL-01", "UNI-01")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(CONVERSION, unit="mL"), "APR-26", id="of the approved unit"),
        pytest.param(replace(CONVERSION, unit="uL"), "APR-26", id="of the approved dimension"),
        pytest.param(replace(CONVERSION, factor="0"), "APR-26", id="by nothing"),
        pytest.param(replace(CONVERSION, line=9), "BAL-01", id="no such line"),
        pytest.param(replace(CONVERSION, unit="thimble"), "UNI-01", id="no such unit"),
    ],
)
def test_a_conversion_that_says_nothing_is_refused(body: ApprovalConversionStated, rule: str) -> None:
    assert refused(approved(), said(body, IMPORTER)) == rule


def counted_in_tubes(conversion: Signed[Any]) -> list[Signed[Any]]:
    lines = (declared_on_line(1, "3"), declared_on_line(2, "3", "tube"))
    return [*listed(), conversion, said(replace(DECLARATION, lines=lines), IMPORTER)]


@pytest.mark.rule("APR-27")
def test_a_factor_stands_once_something_was_counted_by_it() -> None:
    conversion = said(CONVERSION, IMPORTER)
    restated = said(replace(CONVERSION, factor="0.25"), IMPORTER)
    assert judged([*listed(), conversion], restated) == []
    assert refused(counted_in_tubes(conversion), restated) == "APR-27"


@pytest.mark.rule("APR-27")
def test_a_used_factor_is_not_changed_by_a_correction_either() -> None:
    conversion = said(CONVERSION, IMPORTER)
    correction = corrected(conversion, replace(CONVERSION, factor="2"))
    assert refused(counted_in_tubes(conversion), correction) == "APR-27"


@pytest.mark.rule("BAL-04")
def test_an_amendment_may_be_in_another_unit_of_the_lines_dimension() -> None:
    body = amended_to("12000", "uL", line=2)
    assert judged(approved(), said(body, OFFICER)) == []
    assert str(state_of([*approved(), said(body, OFFICER)], APPROVAL).lines[2].approved) == "12 mL"
    assert refused(approved(), said(amended_to("0.0000001", "uL", line=2), OFFICER)) == "BAL-04"


@pytest.mark.rule("APR-27")
def test_a_factor_stated_of_one_unit_holds_for_its_whole_dimension() -> None:
    stated = said(replace(CONVERSION, unit="mg", factor="0.002"), IMPORTER)
    lines = (declared_on_line(1, "3"), declared_on_line(2, "1.5", "g"))
    given = [*listed(), stated, said(replace(DECLARATION, lines=lines), IMPORTER)]
    assert state_of(given, APPROVAL).lines[2].reserved_total == 3
    assert refused(given, said(replace(CONVERSION, unit="kg", factor="1"), IMPORTER)) == "APR-27"


@pytest.mark.rule("CON-22")
@pytest.mark.parametrize(
    "body", [replace(AMENDMENT, effective_on=date(2026, 9, 2)), replace(ADDED, from_on=date(2026, 9, 2))]
)
def test_a_change_is_recorded_when_its_day_has_come(body: Body) -> None:
    assert refused(approved(), said(body, OFFICER)) == "CON-22"
    assert judged(approved(), said(body, OFFICER, at=NOON + timedelta(days=1))) == []


def test_an_amount_in_another_unit_counts_by_the_signed_factor() -> None:
    line = state_of(counted_in_tubes(said(CONVERSION, IMPORTER)), APPROVAL).lines[2]
    assert (str(line.reserved_total), str(line.remaining)) == ("1.5", "3.5 mL")


def test_a_suspension_holds_from_the_day_on_which_it_occurred() -> None:
    late = said(SUSPENSION, OFFICER, at=NOON + timedelta(days=3))
    history = state_of([*approved(), late], APPROVAL).history
    assert history == ((NOON, ApprovalStatus.GRANTED), (NOON + timedelta(days=3), ApprovalStatus.SUSPENDED))
