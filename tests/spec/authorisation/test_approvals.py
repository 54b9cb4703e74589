"""Approvals as they are granted: APR-01 to APR-15."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.approval.approvals import ApprovalGranted
from ledger.domain.bodies.vocabulary import Grade, Reference, WriteOff
from ledger.ids import PartyId, SiteId, Tag
from ledger.quantity import Quantity
from tests.spec.crossing import APPROVAL, APPROVED, LAB, OFFICER, PARTIES, RIVAL, SINGLE, amount, approved
from tests.spec.parties import IMPORTER, registered
from tests.spec.world import breaches, grounds, judged, refused, said, state_of

REFERENCE = Reference(document="2026-0001", issued_by="Customs", digest="0" * 64)


def broken(**changes: Any) -> ApprovalGranted:  # noqa: ANN401  members of a body
    return replace(APPROVED, **changes)


@pytest.mark.parametrize("body", [APPROVED, SINGLE], ids=["batches", "single use"])
def test_an_approval_by_the_rules_breaks_none(body: ApprovalGranted) -> None:
    assert judged(PARTIES, said(body, OFFICER)) == []


def test_an_approval_has_its_lines_and_nothing_of_them_is_used() -> None:
    approval = state_of(approved(), APPROVAL)
    assert (approval.applicant, approval.grade, approval.sites) == (IMPORTER.party, Grade.B1, {LAB})
    assert {number: str(line.remaining) for number, line in approval.lines.items()} == {1: "10 vial", 2: "5 mL"}


def test_the_record_tells_an_authoritys_approval_from_a_recorded_one() -> None:
    recorded = said(broken(reference=REFERENCE), IMPORTER)
    assert judged(PARTIES, recorded) == []
    assert state_of([*PARTIES, recorded], APPROVAL).by_reference
    assert not state_of(approved(), APPROVAL).by_reference


@pytest.mark.rule("APR-01")
def test_an_approval_is_recorded_once() -> None:
    assert refused(approved(), said(APPROVED, OFFICER)) == "APR-01"


@pytest.mark.rule("APR-03")
def test_a_party_records_no_approval_of_another() -> None:
    assert refused(PARTIES, said(broken(reference=REFERENCE), RIVAL)) == "APR-03"


@pytest.mark.rule("APR-02", "APR-04", "APR-05", "APR-06", "CON-22", "UNI-01", "UNI-02")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(broken(applicant=PartyId("party:nobody")), "APR-02", id="unknown applicant"),
        pytest.param(broken(valid_to=date(2026, 8, 14)), "APR-04", id="ends before it begins"),
        pytest.param(broken(issued_on=date(2026, 9, 2)), "CON-22", id="issued tomorrow"),
        pytest.param(
            broken(valid_from=date(2026, 8, 1), valid_to=date(2026, 8, 5)), "APR-04", id="ends before it was issued"
        ),
        pytest.param(broken(lines=(*APPROVED.lines, APPROVED.lines[0])), "APR-05", id="a line twice"),
        pytest.param(broken(sites=(SiteId("site:nowhere"),)), "APR-06", id="unknown site"),
        pytest.param(broken(lines=(replace(APPROVED.lines[0], quantity=amount("1", "ml")),)), "UNI-01", id="unit"),
        pytest.param(broken(lines=(replace(APPROVED.lines[0], quantity=amount("1.5")),)), "UNI-02", id="half a vial"),
    ],
)
def test_an_approval_that_contradicts_itself_or_the_record_is_refused(body: ApprovalGranted, rule: str) -> None:
    assert refused(PARTIES, said(body, OFFICER)) == rule


@pytest.mark.rule("APR-10", "APR-11", "APR-13", "APR-14")
@pytest.mark.parametrize(
    ("body", "rules"),
    [
        pytest.param(broken(valid_to=date(2027, 2, 15)), [], id="six months to the day"),
        pytest.param(broken(valid_to=date(2027, 2, 16)), ["APR-10"], id="a day over six months"),
        pytest.param(
            broken(valid_from=date(9999, 12, 1), valid_to=date(9999, 12, 31)), [], id="the calendar's last days"
        ),
        pytest.param(replace(SINGLE, write_off=WriteOff.BATCH), ["APR-11"], id="batches for grade A1"),
        pytest.param(broken(grade=Grade.D), ["APR-13"], id="a grade that is abolished"),
        pytest.param(broken(grade=None), ["APR-13"], id="no grade"),
        pytest.param(broken(follow_up=False), ["APR-14"], id="no follow-up for grade B1"),
        pytest.param(broken(follow_up=False, grade=Grade.C2), [], id="no follow-up for grade C2"),
    ],
)
def test_an_approval_follows_its_grade(body: ApprovalGranted, rules: list[str]) -> None:
    assert judged(PARTIES, said(body, OFFICER)) == rules


def test_a_breach_carries_clause_and_mark_of_the_rule_packs_parameter() -> None:
    [breach] = breaches(PARTIES, said(broken(valid_to=date(2027, 3, 1)), OFFICER))
    assert breach.subjects == (Tag(APPROVAL),)
    assert grounds(breach) == ("Order 281 (article not read)", False)


@pytest.mark.rule("APR-12")
def test_an_individual_applies_for_no_pathogens() -> None:
    person = PartyId("party:individual")
    given = [*PARTIES, registered(person, natural_person=True)]
    harmless = replace(APPROVED, applicant=person, lines=(APPROVED.lines[1],))
    assert judged(given, said(replace(APPROVED, applicant=person), OFFICER)) == ["APR-12"]
    assert judged(given, said(harmless, OFFICER)) == []


@pytest.mark.rule("APR-15")
def test_an_agent_that_the_catalogue_does_not_list_is_for_the_committee() -> None:
    line = replace(APPROVED.lines[0], agents=("bacterium-1", "virus-999"))
    [breach] = breaches(PARTIES, said(broken(lines=(line, APPROVED.lines[1])), OFFICER))
    assert (breach.rule, breach.given) == ("APR-15", {"agents": ("virus-999",), "count": 1})


@pytest.mark.rule("PRT-04")
def test_nothing_is_not_approved() -> None:
    nothing = replace(APPROVED.lines[0], quantity=amount("0"))
    assert refused(PARTIES, said(broken(lines=(nothing,)), OFFICER)) == "PRT-04"


def test_amounts_of_an_approval_are_exact() -> None:
    exact = broken(lines=(replace(APPROVED.lines[1], line=1, quantity=amount("0.000000001", "mL")),))
    remaining = state_of(approved(exact), APPROVAL).lines[1].remaining
    assert remaining == Quantity(remaining.value, "mL")
    assert str(remaining) == "0.000000001 mL"
