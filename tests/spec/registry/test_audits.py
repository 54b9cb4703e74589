"""Audits: who lets an auditor see what, and what follows from it: AUD."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from api.access.rights.seeing import opens, shows, sight
from ledger.domain.bodies.vocabulary import Department, Role
from ledger.domain.registry.audits import AuditEnded, AuditGranted
from ledger.domain.registry.parties import SiteChanged
from ledger.domain.states.subjects import CaseStatus
from ledger.ids import CaseId, ItemId, PartyId, Tag
from tests.spec.bench import APPROVAL, BEFORE, CUSTOMS, GOODS, LAB, OTHER, A, B
from tests.spec.looking import Looked, assigned, principal
from tests.spec.parties import IMPORTER, LABORATORY, registered
from tests.spec.test_seeing import AT_BENCH, EVERYBODY, GONE, HEALTH, HOUR, USED, USED_THERE, voided
from tests.spec.world import NOON, judged, refused, said, signer, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed

AUDITOR = signer("party:auditor", Role.ASSESSMENT_BODY)
CASE = CaseId("case:audit-1")
PARTIES = [registered(one) for one in ("party:auditor", "party:laboratory", "party:other")]


def granted(*by: Signatory, case: CaseId = CASE, **members: Any) -> Signed[Any]:  # noqa: ANN401  members of the body
    body = AuditGranted(case=case, auditor=AUDITOR.party, until=NOON + timedelta(days=30))
    return said(replace(body, **members), *(by or (LABORATORY,)), at=NOON + HOUR)


def ended(by: Signatory, case: CaseId = CASE) -> Signed[Any]:
    return said(AuditEnded(case=case), by, at=NOON + 2 * HOUR)


def looked(*given: Signed[Any], days: float = 1) -> Looked:
    return Looked(given, *EVERYBODY, AUDITOR, now=NOON + timedelta(days=days))


def sees(record: Looked, tag: str) -> bool:
    return bool(sight(principal(AUDITOR), Tag(tag), record).windows)


def test_a_party_lets_an_auditor_see_what_is_its_own() -> None:
    assert judged([*PARTIES, *AT_BENCH], granted()) == []
    record = looked(*AT_BENCH, granted())
    assert sees(record, A)
    assert shows(principal(AUDITOR), record.event(USED), record)
    assert not sees(looked(*AT_BENCH), A)


@pytest.mark.rule("AUD-01", "AUD-02", "AUD-03", "AUD-04", "AUD-05")
@pytest.mark.parametrize(
    ("given", "when", "rule"),
    [
        pytest.param([granted()], granted(), "AUD-01", id="a case that there is"),
        pytest.param([], granted(auditor=PartyId("party:nobody")), "AUD-02", id="a stranger as auditor"),
        pytest.param([], granted(auditor=LABORATORY.party), "AUD-02", id="itself"),
        pytest.param([], granted(items=(ItemId("item:none"),)), "AUD-03", id="what is not on record"),
        pytest.param([], granted(until=NOON), "AUD-04", id="over before it begins"),
        pytest.param([], granted(start=NOON, end=NOON - HOUR), "AUD-04", id="a period that ends before it begins"),
        pytest.param([], granted(party=OTHER.party), "AUD-05", id="what is another party's"),
        pytest.param([], granted(CUSTOMS), "AUD-05", id="all that an authority supervises"),
    ],
)
def test_an_audit_is_refused(given: list[Signed[Any]], when: Signed[Any], rule: str) -> None:
    assert refused([*PARTIES, *AT_BENCH, *given], when) == rule


@pytest.mark.rule("AUD-06")
def test_an_audit_is_ended_once_by_who_granted_it_or_by_its_auditor() -> None:
    given = [*PARTIES, granted()]
    assert judged(given, ended(LABORATORY)) == judged(given, ended(AUDITOR)) == []
    assert refused(given, ended(OTHER)) == "AUD-06"
    assert refused([*given, ended(AUDITOR)], ended(LABORATORY)) == "AUD-06"
    assert refused(PARTIES, ended(LABORATORY)) == "AUD-06"
    assert state_of([*given, ended(AUDITOR)], CASE).status is CaseStatus.CLOSED


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(looked(*AT_BENCH, granted()), True, id="open"),
        pytest.param(looked(*AT_BENCH, granted(), ended(LABORATORY)), False, id="ended"),
        pytest.param(looked(*AT_BENCH, granted(), days=31), False, id="over"),
        pytest.param(
            looked(*AT_BENCH, grant := granted(), voided(grant, LABORATORY, NOON + 2 * HOUR)), False, id="voided"
        ),
        pytest.param(
            looked(*AT_BENCH, grant := granted(), replace(granted(auditor=OTHER.party), corrects=grant.id)),
            False,
            id="corrected to another auditor",
        ),
        pytest.param(looked(*AT_BENCH, granted(items=(B,))), False, id="of another item"),
        pytest.param(looked(*AT_BENCH, granted(items=(A,))), True, id="of this item"),
        pytest.param(looked(*AT_BENCH, granted(approvals=(APPROVAL,))), True, id="of its approval"),
        pytest.param(looked(*AT_BENCH, granted(consignments=(GOODS,))), True, id="of its consignment"),
        pytest.param(looked(*AT_BENCH, granted(OTHER)), False, id="by a party that never had it"),
        pytest.param(looked(*AT_BENCH, granted(OTHER, items=(A,))), False, id="by a party that may not see it"),
    ],
)
def test_an_auditor_sees_what_an_open_audit_names_and_its_party_may_see(record: Looked, expected: bool) -> None:
    assert sees(record, A) is expected
    assert shows(principal(AUDITOR), record.event(USED), record) is expected


def test_what_a_party_has_handed_over_its_auditor_sees_up_to_there() -> None:
    record = looked(*GONE, granted())
    assert shows(principal(AUDITOR), record.event(USED), record)
    assert not shows(principal(AUDITOR), record.event(USED_THERE), record)
    assert not sight(principal(AUDITOR), Tag(A), record).now


def test_a_period_shows_the_acts_in_it_alone() -> None:
    record = looked(*GONE, granted(OTHER, start=NOON + 2 * HOUR, end=NOON + 4 * HOUR))
    assert shows(principal(AUDITOR), record.event(USED_THERE), record)
    assert not shows(principal(AUDITOR), record.event(USED), record)
    found = sight(principal(AUDITOR), Tag(A), record)
    assert (found.whole, found.now) == (False, False)


def test_an_auditor_does_not_pass_on_what_it_sees() -> None:
    onward = granted(AUDITOR, case=CaseId("case:audit-2"), auditor=OTHER.party)
    record = looked(*AT_BENCH, granted(), onward)
    assert not sight(principal(OTHER), Tag(A), record)


def test_an_authority_lets_see_what_it_supervises_of_one_party_or_of_what_it_names() -> None:
    here = said(SiteChanged(site=LAB, district="nanjing"), LABORATORY, at=BEFORE)
    of_nanjing = assigned(HEALTH, "nanjing", Department.HEALTH)
    of_wuxi = assigned(HEALTH, "wuxi", Department.HEALTH)
    for grant in (granted(HEALTH, party=LABORATORY.party), granted(HEALTH, items=(A,))):
        assert judged([*PARTIES, *AT_BENCH, here], grant) == []
        assert sees(looked(*AT_BENCH, here, of_nanjing, grant), A)
        assert not sees(looked(*AT_BENCH, here, of_wuxi, grant), A)
    assert not sees(looked(*AT_BENCH, here, of_nanjing, granted(HEALTH, party=IMPORTER.party, items=(B,))), A)


def test_disclosures_are_read_where_their_own_party_lets_them_be_read() -> None:
    for grant, expected in ((granted(), False), (granted(disclosures=True), True)):
        record = looked(*AT_BENCH, grant)
        assert opens(principal(AUDITOR), record.event(USED), record) is expected
    here = said(SiteChanged(site=LAB, district="nanjing"), LABORATORY, at=BEFORE)
    by_authority = granted(HEALTH, party=LABORATORY.party, disclosures=True)
    record = looked(*AT_BENCH, here, assigned(HEALTH, "nanjing", Department.HEALTH), by_authority)
    assert shows(principal(AUDITOR), record.event(USED), record)
    assert not opens(principal(AUDITOR), record.event(USED), record)


def test_both_sides_see_the_audit_itself() -> None:
    grant = granted()
    record = looked(*AT_BENCH, grant)
    assert sight(principal(AUDITOR), Tag(CASE), record).whole
    assert sight(principal(LABORATORY), Tag(CASE), record).whole
    assert not sight(principal(OTHER), Tag(CASE), record)
