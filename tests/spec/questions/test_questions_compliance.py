"""The file of an enterprise: a small history is recorded, and what belongs into the file is folded from it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import pytest
from msgspec.structs import replace

from ledger.breach import Breach
from ledger.domain.approval.changes import ApprovalSuspended
from ledger.domain.assessment.capability import CreditRated
from ledger.domain.supervision.conclusions import SupervisionClosed
from ledger.ids import CaseId, Tag
from projections.questions.supervision.compliance import Sort, compliance
from projections.questions.supervision.supervisions import next_visits
from tests.spec.bench import APPROVAL, CUSTOMS, OTHER, A
from tests.spec.owing.scenes import told
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.supervision.test_findings import PAPER, RAISED
from tests.spec.supervision.test_findings import told as found
from tests.spec.supervision.test_measures import CLOSED
from tests.spec.supervision.test_recalls import used
from tests.spec.supervision.test_supervision import CASE, PLAN, VISIT, planned, visited
from tests.spec.world import NOON, packs, said

PERIOD: Final = (NOON, NOON + timedelta(days=200))
SUSPENDED: Final = said(ApprovalSuspended(approval=APPROVAL, ground="laboratory-differs"), CUSTOMS, at=NOON)
RATED: Final = CreditRated(party=LABORATORY.party, scheme="aqsiq", level="B", from_on=date(2026, 9, 1))
SECOND: Final = CaseId("case:second")


@pytest.mark.question("compliance-file")
def test_the_file_tells_findings_measures_ratings_and_breaches_with_their_documents() -> None:
    work = used(A, at=NOON + timedelta(days=1))
    given = [*found(RAISED), said(RATED, CUSTOMS, at=NOON), work, used(A, at=NOON + timedelta(days=2))]
    events = told(given)
    events[-2] = replace(events[-2], breaches=(Breach("GAT-06", (Tag(A),)),))
    answer = compliance(events, LABORATORY.party, PERIOD, packs(), {len(given) - 1: bytes(32)})
    rows = {(one.kind, one.sort): one for one in answer.rows}
    assert ("credit.rated/1", Sort.RATED) in rows
    assert rows["finding.raised/1", Sort.SUPERVISED].documents == PAPER
    broke = rows["item.used/1", Sort.BREACH]
    assert (broke.statement, broke.breaches[0].rule, broke.leaf) == (work.id, "GAT-06", "00" * 32)
    assert [one.at for one in answer.rows] == sorted(one.at for one in answer.rows)
    assert rows["finding.raised/1", Sort.SUPERVISED].leaf is None


def test_of_another_enterprise_and_another_time_nothing_is_in_it() -> None:
    events = told([*found(RAISED), SUSPENDED])
    assert compliance(events, OTHER.party, PERIOD, packs()).rows == ()
    assert [one.sort for one in compliance(events, IMPORTER.party, PERIOD, packs()).rows] == [Sort.MEASURE]
    before = (NOON - timedelta(days=900), NOON - timedelta(days=800))
    assert compliance(events, LABORATORY.party, before, packs()).rows == ()


def test_what_was_done_late_or_not_at_all_is_in_it() -> None:
    events = told(found(RAISED))
    answer = compliance(events, LABORATORY.party, PERIOD, packs())
    assert [one.duty.id for one in answer.missed] == ["correct-finding"]
    assert answer.late == ()
    assert compliance(events, LABORATORY.party, (NOON, NOON + timedelta(days=2)), packs()).missed == ()


@pytest.mark.question("next-visits")
def test_the_visit_that_was_named_at_the_closing_is_told_until_it_is_made() -> None:
    closed = said(SupervisionClosed(case=CASE, conclusion=CLOSED.conclusion, next_on=date(2027, 3, 1)), CUSTOMS)
    given = [*planned(), visited(), closed]
    [row] = next_visits(told(given), packs(), NOON)
    assert (row.unit, row.case, row.by, row.overdue) == (LABORATORY.party, CASE, CUSTOMS.party, False)
    [row] = next_visits(told(given), packs(), row.due + timedelta(seconds=1))
    assert row.overdue
    planned_again = said(replace(PLAN, case=SECOND), CUSTOMS, at=NOON + timedelta(days=9))
    made = replace(visited(replace(VISIT, case=SECOND)), occurred_at=NOON + timedelta(days=10))
    assert next_visits(told([*given, planned_again, made]), packs(), NOON + timedelta(days=11)) == ()
