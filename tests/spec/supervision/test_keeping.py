"""Legal holds, retention and withdrawn consent: LEG, RET, CNS, and GAT-16."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import DisposalApproved, DisposalRequested, Method
from ledger.domain.law.rules import Retained
from ledger.domain.states.subjects import CaseStatus
from ledger.domain.supervision.consent import ConsentWithdrawn
from ledger.domain.supervision.keeping import HoldReason, LegalHoldLifted, LegalHoldPlaced, RetentionSet
from ledger.ids import CaseId, ItemId
from tests.spec.bench import (
    APPROVAL,
    CASE,
    CUSTOMS,
    GOODS,
    LAB,
    NOBODYS,
    OTHER,
    THIRD_PERSON,
    A,
    B,
    C,
    aliquoted,
    child,
    vials,
)
from tests.spec.parties import IMPORTER, LABORATORY, SECOND_PERSON
from tests.spec.supervision.test_recalls import DONOR, EARLIER, LATER, POOL, pooled, used
from tests.spec.supervision.test_recalls_of_lots import lots
from tests.spec.world import NOON, breaches, grounds, judged, refused, said, signer, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signed

DISPOSAL: Final = CaseId("case:disposal")
COMMITTEE: Final = signer("party:committee", Role.ETHICS_COMMITTEE)
PLACED: Final = LegalHoldPlaced(case=CASE, ground=HoldReason.INVESTIGATION, items=(A,))
LIFTED: Final = LegalHoldLifted(case=CASE, items=(A,))
RETENTION: Final = RetentionSet(
    record=Retained.CUSTOMS_PAPERS, since=date(2026, 8, 30), until=date(2029, 8, 30), consignment=GOODS
)
WITHDRAWN: Final = ConsentWithdrawn(case=CASE, items=(A,))


def requested(item: ItemId = A) -> Signed[Any]:
    body = DisposalRequested(case=DISPOSAL, items=(item,), ground="expired", method=Method.CHEMICAL)
    return said(body, LABORATORY)


@pytest.mark.rule("GAT-16")
@pytest.mark.parametrize(
    "root",
    [
        pytest.param(PLACED, id="an item"),
        pytest.param(replace(PLACED, items=(), consignment=GOODS), id="a consignment"),
        pytest.param(replace(PLACED, items=(), approval=APPROVAL), id="an approval"),
    ],
)
def test_what_a_legal_hold_keeps_is_used_but_not_disposed_of(root: LegalHoldPlaced) -> None:
    placed = said(root, CUSTOMS, at=EARLIER)
    assert judged(vials(), placed) == []
    made = aliquoted(child(C, "2"), residual="8", at=EARLIER + timedelta(minutes=1))
    given = [*vials(), placed, made]
    assert judged(given, used(C)) == []
    assert judged(given, requested(C)) == ["GAT-16"]
    approving = said(DisposalApproved(case=DISPOSAL, items=(A,)), THIRD_PERSON)
    assert judged([*given, requested()], approving) == ["GAT-16"]
    body = ItemDestroyed(
        laboratory=LAB,
        items=(Destroyed(item=A),),
        method=Method.CHEMICAL,
        case=DISPOSAL,
        indicator=Indicator.PASSED,
        evidence="0" * 64,
    )
    assert judged([*given, requested(), approving], said(body, LABORATORY, SECOND_PERSON)) == ["GAT-16"]


@pytest.mark.rule("LEG-01", "LEG-02", "LEG-03", "HLD-04")
def test_a_legal_hold_is_lifted_by_who_placed_it() -> None:
    given = [*vials(), said(PLACED, LABORATORY, at=EARLIER)]
    lifted = said(LIFTED, LABORATORY)
    assert judged(given, lifted) == []
    assert judged(given, said(LIFTED, CUSTOMS)) == []
    assert state_of([*given, lifted], CASE).status is CaseStatus.CLOSED
    assert judged([*given, lifted], requested()) == []
    assert refused(given, said(LIFTED, OTHER)) == "LEG-03"
    assert refused([*given, lifted], said(LIFTED, LABORATORY)) == "LEG-03"
    assert refused(given, said(replace(LIFTED, items=(B,)), LABORATORY)) == "HLD-04"
    assert refused(given, said(PLACED, LABORATORY)) == "LEG-01"
    assert refused(vials(), said(PLACED, OTHER)) == "LEG-02"


@pytest.mark.rule("RET-02")
@pytest.mark.parametrize(
    ("record", "until", "broken"),
    [
        pytest.param(Retained.CUSTOMS_PAPERS, date(2029, 8, 30), [], id="three years"),
        pytest.param(Retained.CUSTOMS_PAPERS, date(2029, 8, 29), ["RET-02"], id="a day less"),
        pytest.param(Retained.HIGH_PATHOGENIC_FILES, date(2030, 1, 1), ["RET-02"], id="less than twenty years"),
    ],
)
def test_retention_is_set_no_shorter_than_the_law_asks(record: Retained, until: date, broken: list[str]) -> None:
    found = breaches(vials(), said(replace(RETENTION, record=record, until=until), IMPORTER))
    assert [one.rule for one in found] == broken
    assert all(grounds(one)[1] for one in found)


@pytest.mark.rule("RET-01", "LEG-02", "CON-22")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(RETENTION, until=RETENTION.since), "RET-01", id="for no time"),
        pytest.param(replace(RETENTION, since=date(2026, 9, 2)), "CON-22", id="from a day to come"),
        pytest.param(replace(RETENTION, items=(A,)), "HLD-01", id="two subjects"),
    ],
)
def test_a_retention_is_refused(body: RetentionSet, rule: str) -> None:
    assert refused(vials(), said(body, IMPORTER)) == rule
    assert refused(vials(), said(RETENTION, OTHER)) == "LEG-02"


@pytest.mark.parametrize(("dispose", "broken"), [(False, ["GAT-08"]), (True, [])])
def test_what_consent_is_withdrawn_for_is_used_no_more_and_destroyed_where_asked(
    dispose: bool, broken: list[str]
) -> None:
    withdrawn = said(replace(WITHDRAWN, dispose=dispose), COMMITTEE, at=NOON)
    given = [*vials(), pooled(), withdrawn]
    assert judged([*vials(), pooled()], withdrawn) == []
    for item in (A, POOL):
        assert judged(given, used(item, at=LATER)) == ["GAT-08"]
    assert judged(given, used(B, at=LATER)) == []
    approving = said(DisposalApproved(case=DISPOSAL, items=(POOL,)), THIRD_PERSON)
    body = ItemDestroyed(
        laboratory=LAB,
        items=(Destroyed(item=POOL),),
        method=Method.CHEMICAL,
        case=DISPOSAL,
        indicator=Indicator.PASSED,
        evidence="0" * 64,
    )
    done = said(body, LABORATORY, SECOND_PERSON, at=LATER)
    assert judged([*given, requested(POOL), approving], done) == broken


@pytest.mark.rule("CNS-01", "CNS-02", "HLD-02", "HLD-03")
def test_consent_is_withdrawn_by_who_may_say_so_for_items_of_the_donor() -> None:
    of_donor = replace(WITHDRAWN, donor=DONOR)
    assert judged(lots(), said(of_donor, LABORATORY)) == []
    assert refused(lots(), said(replace(of_donor, items=(B,)), LABORATORY)) == "HLD-03"
    assert refused(vials(), said(replace(WITHDRAWN, items=(NOBODYS,)), COMMITTEE)) == "HLD-02"
    assert refused(vials(), said(WITHDRAWN, OTHER)) == "CNS-02"
    given = [*vials(), said(WITHDRAWN, COMMITTEE)]
    assert refused(given, replace(said(WITHDRAWN, COMMITTEE), occurred_at=LATER)) == "CNS-01"
