"""Questions about what comes after entry: a small history is recorded, and the answer folded from it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.breach import Breach
from ledger.domain.approval.changes import ApprovalWithdrawn, OrderOnWithdrawal
from ledger.domain.border.executions import ReturnExecuted
from ledger.domain.border.inspection import ConsignmentHeld
from ledger.domain.border.orders import ReturnOrdered
from ledger.domain.ending.incidents import ReportedTo
from ledger.domain.states.subjects import ItemStatus
from ledger.domain.supervision.consent import ConsentWithdrawn
from ledger.domain.supervision.notices import IncidentNotified
from ledger.domain.supervision.recalls import RecallConfirmed
from ledger.domain.supervision.visits import Because, Form
from ledger.ids import CaseId, ItemId, Tag
from ledger.reference.checklists import load_checklist, numbered
from projections.questions.supervision.consents import withdrawn_consents
from projections.questions.supervision.holds import held
from projections.questions.supervision.incidents import incidents
from projections.questions.supervision.recalls import Root, descendants, recalls
from projections.questions.supervision.scores import visit_scores
from projections.questions.supervision.withdrawals import withdrawals
from tests.spec.bench import (
    APPROVAL,
    BEFORE,
    CASE,
    CUSTOMS,
    GOODS,
    LAB,
    VARIOLA,
    A,
    B,
    C,
    D,
    aliquoted,
    child,
    vials,
)
from tests.spec.owing.scenes import told as recorded
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.supervision.test_findings import DUE
from tests.spec.supervision.test_incidents import lost, spilt
from tests.spec.supervision.test_keeping import COMMITTEE
from tests.spec.supervision.test_recalls import OF_GOODS, ORDERED, POOL, pooled, recalled, used
from tests.spec.supervision.test_recalls_of_lots import lots
from tests.spec.supervision.test_supervision import POINTS, VISIT, planned, visited
from tests.spec.world import NOON, events_of, packs, said

if TYPE_CHECKING:
    from collections.abc import Sequence

LATER: Final = NOON + timedelta(hours=1)
ORDER: Final = CaseId("case:order")
MADE: Final = aliquoted(child(C, "2"), residual="7", at=BEFORE + timedelta(hours=3))
FURTHER: Final = aliquoted(child(D, "1"), residual="1", parent=C, at=LATER)


def ids(rows: Sequence[Any]) -> list[str]:
    return [row.where.item for row in rows]


# All descendants of something, with where they are (recall)


@pytest.mark.question("descendants")
@pytest.mark.parametrize(
    ("root", "found"),
    [
        pytest.param(Root(item=A), [A, C, D, POOL], id="an item"),
        pytest.param(Root(item=C), [C, D], id="an aliquot"),
        pytest.param(Root(consignment=GOODS), [A, B, C, D, POOL], id="a consignment"),
        pytest.param(Root(approval=APPROVAL), [A, B, C, D, POOL], id="an approval"),
        pytest.param(Root(item=ItemId("item:no")), [], id="nothing"),
    ],
)
def test_all_descendants_are_told_with_where_they_are(root: Root, found: list[str]) -> None:
    rows = descendants(events_of([*vials(), pooled(), MADE, FURTHER]), root)
    assert ids(rows) == found
    assert {(row.where.site, row.where.holder, row.where.status) for row in rows} <= {
        (LAB, LABORATORY.party, ItemStatus.RECEIVED)
    }


@pytest.mark.question("descendants")
@pytest.mark.parametrize(
    ("root", "found"), [(Root(lot="l 7"), [A]), (Root(donor="e" * 43), [B]), (Root(lot="L 9"), [])]
)
def test_descendants_are_found_by_lot_and_donor(root: Root, found: list[str]) -> None:
    assert ids(descendants(events_of(lots()), root)) == found


@pytest.mark.question("recalls")
def test_a_recall_tells_who_has_what_and_has_not_confirmed_and_which_mates_it_leaves_out() -> None:
    given = [*vials(), pooled(), recalled(), MADE]
    [row] = recalls(events_of(given))
    assert ids_of(row.reached) == [A, C, POOL]
    assert row.there == {LABORATORY.party: (A, C, POOL)}
    assert row.unconfirmed == {LABORATORY.party}
    assert ids_of(row.mates) == [B]
    confirmed = said(RecallConfirmed(case=CASE, items=(A, C, POOL)), LABORATORY)
    [row] = recalls(events_of([*given, confirmed]))
    assert row.open
    assert not row.unconfirmed
    assert row.confirmed == {LABORATORY.party}


def test_what_is_of_the_lot_and_not_reached_is_told() -> None:
    given = [*lots(), recalled(replace(ORDERED, lot="L 7"))]
    [row] = recalls(events_of(given))
    assert row.unnamed == ()
    [row] = recalls(events_of([*lots(), recalled(replace(ORDERED, items=(B,), lot="L 8"))]))
    assert (ids_of(row.reached), row.unnamed) == ([B], ())


def ids_of(rows: Sequence[Any]) -> list[str]:
    return [row.item for row in rows]


# Items under hold or order, and any action on them since


@pytest.mark.question("held")
def test_held_items_are_told_with_since_when_and_what_was_done_since() -> None:
    given = [*vials(), recalled(OF_GOODS, at=NOON), used(A, at=LATER)]
    events = events_of(given)
    events[-1] = replace(events[-1], breaches=(Breach("GAT-08", (Tag(A),)),))
    first, second = held(events)
    assert (first.where.item, first.grounds, first.since) == (A, (f"{CASE}/hold",), NOON)
    assert [(one.kind, one.at, one.acknowledged) for one in first.actions] == [("item.used/1", LATER, True)]
    assert (second.where.item, second.actions) == (B, ())


@pytest.mark.question("held")
def test_a_hold_of_customs_and_an_order_are_holds_and_what_is_free_is_not_told() -> None:
    assert held(events_of(vials())) == ()
    hold = said(ConsignmentHeld(consignment=GOODS, items=(A,), ground="documents"), CUSTOMS)
    order = ReturnOrdered(
        case=ORDER, consignment=GOODS, items=(B,), notice_number="N 1", ground="quantity-exceeds", due=LATER
    )
    rows = held(events_of([*vials(), hold, said(order, CUSTOMS)]))
    assert [(row.where.item, row.grounds) for row in rows] == [(A, (ORDER, f"{GOODS}/documents")), (B, (ORDER,))]


# An approval that was withdrawn: which items, where, what became of each, by when


@pytest.mark.question("withdrawn")
def test_of_a_withdrawn_approval_every_item_is_told_with_what_became_of_it() -> None:
    gone = ApprovalWithdrawn(approval=APPROVAL, ground="laboratory-differs", order=OrderOnWithdrawal.RETURN)
    order = ReturnOrdered(
        case=ORDER, consignment=GOODS, items=(A,), notice_number="N 1", ground="approval-withdrawn", due=DUE
    )
    back = ReturnExecuted(
        case=ORDER, consignment=GOODS, items=(A,), evidence="0" * 64, freed=(), export_declaration="E 1"
    )
    given = [*vials(), MADE, said(gone, CUSTOMS), said(order, CUSTOMS)]
    assert withdrawals(events_of([*vials(), MADE])) == ()
    [row] = withdrawals(events_of([*given, said(back, IMPORTER, at=LATER)]))
    assert (row.approval, row.since) == (APPROVAL, NOON)
    told_of = {one.where.item: one for one in row.items}
    assert told_of.keys() == {A, B, C}
    assert (told_of[A].order, told_of[A].due, told_of[A].ended_by, told_of[A].ended_at) == (
        ORDER,
        DUE,
        "return.executed/1",
        LATER,
    )
    assert ids(row.left) == ids(row.unordered) == [B, C]


# What includes material whose consent was withdrawn


@pytest.mark.question("withdrawn-consents")
def test_pools_and_derivatives_with_withdrawn_material_are_told() -> None:
    withdrawn = said(ConsentWithdrawn(case=CASE, items=(A,), dispose=True), COMMITTEE, at=NOON)
    given = [*vials(), pooled(), MADE, withdrawn, used(POOL, at=LATER)]
    [row] = withdrawn_consents(events_of(given))
    assert (row.case, row.at, row.dispose) == (CASE, NOON, True)
    assert [(one.where.item, one.of, one.pooled) for one in row.items] == [
        (A, (A,), False),
        (C, (A,), False),
        (POOL, (A,), True),
    ]
    assert [one.used_since for one in row.items] == [(), (), ("item.used/1",)]
    assert ids(row.left) == [A, C, POOL]


# From discovery to each report, against the limit


@pytest.mark.question("incidents")
def test_each_report_is_told_with_how_long_it_took_and_its_limit() -> None:
    report = lost(A, told=(ReportedTo.POLICE,))
    notice = IncidentNotified(case=CASE, body=ReportedTo.HEALTH_AUTHORITY, told_at=NOON + timedelta(hours=3))
    given = [*vials(agent=VARIOLA), report, said(notice, LABORATORY, at=NOON + timedelta(hours=4))]
    [row] = incidents(recorded(given), packs())
    assert (row.case, row.dangerous, row.discovered_at) == (CASE, True, NOON)
    rows = {one.body: one for one in row.notices}
    assert rows.keys() == {ReportedTo.COMPETENT_AUTHORITY, ReportedTo.HEALTH_AUTHORITY, ReportedTo.POLICE}
    own, health, police = (rows[one] for one in ReportedTo if one in rows)
    assert (own.required, own.told_at, own.late) == (True, None, None)
    assert (health.took, health.due, health.late) == (timedelta(hours=3), NOON + timedelta(hours=2), True)
    assert (police.took, police.by_report, police.late) == (timedelta(), True, False)
    assert {(one.clause, one.verified) for one in row.notices} == {("State Council Order 424 Art. 17", True)}


def test_of_what_is_not_dangerous_and_of_an_unknown_edition_no_limit_is_known() -> None:
    [row] = incidents(recorded([*vials(), spilt(A, told=(ReportedTo.CUSTOMS,))]), packs())
    assert (row.dangerous, [(one.body, one.required, one.due) for one in row.notices]) == (
        False,
        [(ReportedTo.CUSTOMS, False, None)],
    )
    [row] = incidents(events_of([*vials(agent=VARIOLA), lost(A)]), packs())
    assert (row.rules, row.dangerous) == (None, None)


# What the points of a visit come to


@pytest.mark.question("visit-scores")
@pytest.mark.parametrize(("starred", "computed"), [(True, 90), (False, 95), pytest.param(None, None, id="nobody says")])
def test_the_score_of_a_visit_is_computed_as_far_as_it_is_known(starred: bool | None, computed: int | None) -> None:
    points = (replace(POINTS[1], starred=starred), POINTS[0], POINTS[2])
    [row] = visit_scores(events_of([*planned(), visited(replace(VISIT, points=points, score=90))]))
    assert (row.given, row.computed, row.differs) == (90, computed, computed and computed == 95)
    assert row.not_done == {Because.NO_ACCESS: 1}
    assert row.results == {one.result: 1 for one in points}
    assert row.unknown == ()


def test_a_point_that_the_form_is_not_known_to_have_is_told() -> None:
    points = (replace(POINTS[0], point="B2.14"),)
    [row] = visit_scores(events_of([*planned(), visited(replace(VISIT, points=points))]))
    assert (row.unknown, row.computed) == (("B2.14",), 100)
    other = replace(VISIT, form=Form.OTHER, points=points)
    [row] = visit_scores(events_of([*planned(), visited(other)]))
    assert row.unknown == ()


def test_the_form_has_the_points_that_were_read_and_says_nothing_of_the_others() -> None:
    form = numbered(Form.AQSIQ_269_2015)
    assert (len(form), form["B2.10"].says_en) == (60, "experiment activities are recorded and traceable")
    assert {one.part for one in form.values()} == {"A1", "A2", "B1", "B2"}
    assert {one.starred for one in form.values()} == {None}
    assert {one.worth for one in load_checklist(Form.AQSIQ_269_2015) if not one.number} == {10, None}
    assert load_checklist("no-such-form") == ()
