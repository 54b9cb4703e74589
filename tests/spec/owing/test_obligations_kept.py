"""What neither half an answer nor half an end closes: recalls, legal holds, notices, and dates that a pause kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.approval.changes import OrderOnWithdrawal
from ledger.domain.duties.obligation import State
from ledger.domain.duties.steps import Told
from ledger.domain.ending.exits import ActivityEnded
from ledger.domain.ending.incidents import ReportedTo
from ledger.domain.supervision.consent import ConsentWithdrawn
from ledger.domain.supervision.corrective import FindingVerified
from ledger.domain.supervision.keeping import HoldReason, LegalHoldLifted, LegalHoldPlaced
from ledger.domain.supervision.notices import IncidentNotified
from ledger.domain.supervision.recalls import (
    RecallAsked,
    RecallConfirmed,
    RecallExtended,
    RecallGround,
    RecallOrdered,
)
from ledger.ids import CaseId, Tag
from ledger.statement.catalogue import KINDS
from projections.asked.question import Asked
from projections.asked.supervision.cases import withdrawn_goods
from projections.asked.supervision.owed import own_obligations
from projections.questions.supervision.recalls import recalls
from tests.spec.bench import APPROVAL, CUSTOMS, GOODS, LAB, VARIOLA, A, B, C, D, aliquoted, child, vials
from tests.spec.owing import before, border, ending, supervised
from tests.spec.owing.scenes import opened_by, owed, told
from tests.spec.parties import LABORATORY
from tests.spec.world import NOON, judged, packs, said

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Signatory, Signed
    from ledger.ids import ItemId

RECALL: Final = CaseId("case:recall")
ORDERED: Final = RecallOrdered(
    case=RECALL, ground=RecallGround.QUALITY, asked=RecallAsked.HOLD, items=(A,), confirm_by=NOON + timedelta(days=20)
)
BEHIND: Final = datetime(2046, 9, 2, tzinfo=UTC)


def on(day: int, body: Body, by: Signatory = CUSTOMS) -> Signed[Any]:
    return said(body, by, at=NOON + timedelta(days=day))


def confirmed(day: int, *items: Any) -> Signed[Any]:  # noqa: ANN401  ids
    return on(day, RecallConfirmed(case=RECALL, items=items), LABORATORY)


def scene(duty: str) -> Any:  # noqa: ANN401  a scene
    return next(one for one in (*supervised.SCENES, *ending.SCENES, *border.SCENES, *before.SCENES) if one.duty == duty)


@pytest.mark.parametrize("said_of", [(), (A,)])
def test_a_confirmation_that_leaves_something_out_confirms_no_recall(said_of: tuple[Any, ...]) -> None:
    given = [*vials(), on(0, replace(ORDERED, items=(A, B)))]
    (half,) = owed([*given, confirmed(1, *said_of)], "confirm-recall")
    assert half.met is None
    (row,) = recalls(told([*given, confirmed(1, *said_of)]))
    assert row.confirmed == row.unconfirmed == {LABORATORY.party}
    (whole,) = owed([*given, confirmed(1, A), confirmed(2, B)], "confirm-recall")
    assert whole.met is not None
    assert whole.met.at == NOON + timedelta(days=2)
    (row,) = recalls(told([*given, confirmed(1, A), confirmed(2, B)]))
    assert row.unconfirmed == set()


def test_what_was_recalled_is_confirmed_in_whatever_tubes_it_is_now() -> None:
    given = [*vials(), on(0, ORDERED), aliquot_of(C, A, 24, "10")]
    (found,) = owed([*given, confirmed(2)], "confirm-recall")
    assert found.met is None
    (found,) = owed([*given, confirmed(2, C)], "confirm-recall")
    assert found.met is not None


@pytest.mark.parametrize("root", [{"approval": APPROVAL}, {"consignment": GOODS}])
def test_who_has_nothing_of_the_lot_owes_no_confirmation(root: dict[str, Any]) -> None:
    body = replace(ORDERED, items=(), lot="no such lot", **root)
    assert judged(vials(), on(0, body)) == []
    assert owed([*vials(), on(0, body)], "confirm-recall") == []


def test_what_a_recall_takes_in_later_is_confirmed_as_well() -> None:
    donor = "d" * 43
    more = RecallExtended(case=RECALL, asked=RecallAsked.HOLD, items=(B,))
    given = [*vials(), on(0, replace(ORDERED, donor=donor)), confirmed(1, A), on(2, more)]
    first, second = owed(given, "confirm-recall")
    assert (first.met is not None, second.met) == (True, None)
    assert (second.owed.concerns, second.owed.creditor) == ((Tag(B),), CUSTOMS.party)
    assert second.due == ORDERED.confirm_by
    assert all(one.met is not None for one in owed([*given, confirmed(3, B)], "confirm-recall"))


@pytest.mark.parametrize("duty", ["keep-item-records", "keep-consignment-records", "keep-approval-records"])
def test_records_are_kept_while_one_of_two_legal_holds_stands(duty: str) -> None:
    row = scene(duty)
    root = {name: getattr(row.opens.body, name) for name in ("approval", "consignment", "items")}
    other = on(2, LegalHoldPlaced(case=CaseId("case:second"), ground=HoldReason.AUDIT, **root))
    (found,) = owed([*row.opened, row.pauses, other, row.resumes], duty)
    assert found.state_at(BEHIND) is State.PAUSED
    last = on(4, LegalHoldLifted(case=CaseId("case:second"), **root))
    (found,) = owed([*row.opened, row.pauses, other, row.resumes, last], duty)
    assert found.state_at(BEHIND) is State.LAPSED


@pytest.mark.parametrize("duty", ["keep-item-records", "keep-consignment-records", "keep-approval-records"])
def test_records_are_kept_under_a_legal_hold_that_was_there_before_their_term(duty: str) -> None:
    row = scene(duty)
    (found,) = owed([*row.given, on(0, row.pauses.body), row.opens], duty)
    assert found.state_at(BEHIND) is State.PAUSED


def test_a_body_was_told_when_it_was_told_and_not_when_that_is_stated() -> None:
    """Told within the hour, and stated the next day: as rule INC-22 has it, that is in time."""
    body = IncidentNotified(case=CaseId("case:1"), body=ReportedTo.POLICE, told_at=NOON)
    given = [*ending.SCENES[0].given, ending.lost()]
    found = {one.owed.key: one for one in owed([*given, on(1, body, LABORATORY)], "report-loss")}
    police = found["police"]
    assert police.met is not None
    assert (police.met.at, police.late) == (NOON, False)


def test_what_was_corrected_in_time_is_not_late_because_it_was_verified_later() -> None:
    row = scene("correct-finding")
    corrected = row.pauses
    verified = on(40, FindingVerified(case=corrected.body.case, finding=1))
    (found,) = opened_by(row, [*row.opened, corrected, verified])
    assert (found.met is not None, found.late) == (True, False)
    late = replace(corrected.body, corrected_on=(NOON + timedelta(days=30)).date())
    for body, is_late in ((corrected.body, False), (late, True)):  # told as late, and done in time or not
        (found,) = opened_by(row, [*row.opened, on(30, body, LABORATORY), verified])
        assert (found.late, found.overdue_at(NOON + timedelta(days=35))) == (is_late, is_late)


# What is heard of others: what an item was made of, and what it came in under

WITHDRAWN: Final = ConsentWithdrawn(case=CaseId("case:consent"), items=(A,), dispose=True)


def test_what_an_order_after_a_withdrawal_leaves_out_is_owed_all_the_same_in_whatever_tubes_it_is_now() -> None:
    """A is made into C before the withdrawal, C into D after it; the order names B alone."""
    gone = scene("clear-withdrawn").opens
    order = replace(scene("carry-out-return").opens.body, items=(B,))
    returned = replace(scene("carry-out-return").closes.body, items=(B,))
    given = [*vials(), aliquot_of(C, A, -1, "10"), gone, on(1, order), aliquot_of(D, C, 48, "10"), on(3, returned)]
    found = of_items(given, "clear-withdrawn")
    assert {tag: one.state_at(BEHIND) for tag, one in found.items()} == {
        Tag(B): State.MET,
        Tag(C): State.LAPSED,
        Tag(D): State.OPEN,
    }
    assert found[Tag(D)].owed.debtor == LABORATORY.party
    rows = withdrawn_goods(Asked(tuple(told(given)), packs(), "CN", BEHIND))
    rests = {row.item: (row.order, row.why.rests) for row in rows}
    assert rests[D] == (None, "clear-withdrawn")
    assert rests[B][1] == "GAT-10"


def test_a_withdrawal_that_orders_nothing_for_the_goods_makes_nobody_owe_their_return() -> None:
    gone = scene("clear-withdrawn").opens
    kept = replace(gone, body=replace(gone.body, order=OrderOnWithdrawal.NONE))
    assert of_items([*vials(), kept], "clear-withdrawn") == {}


def aliquot_of(item: ItemId, parent: ItemId, hour: int, value: str = "1") -> Signed[Any]:
    return aliquoted(child(item, value), residual="0", parent=parent, at=NOON + timedelta(hours=hour))


def of_items(given: list[Signed[Any]], duty: str) -> dict[Tag, Obligation]:
    return {one.subject: one for one in owed(given, duty)}


def test_what_was_made_of_withdrawn_material_is_disposed_of_as_well() -> None:
    """Made before the withdrawal or after it, at one or two removes; what was used up in the making is owed no more."""
    given = [*vials(), aliquot_of(C, A, 0, "10"), on(1, WITHDRAWN, LABORATORY), aliquot_of(D, C, 48, "10")]
    found = of_items(given, "dispose-of-withdrawn")
    assert found.keys() == {C, D}  # of A nothing was left when the consent was withdrawn
    assert found[Tag(C)].opened.at == NOON + timedelta(days=1)
    assert found[Tag(D)].opened.at == NOON + timedelta(days=2)
    assert found[Tag(D)].owed.debtor == LABORATORY.party
    assert found[Tag(C)].lapsed is not None
    assert found[Tag(D)].met is found[Tag(D)].lapsed is None
    destroyed = of_items([*given, ending.destroyed(D, at=NOON + timedelta(days=3))], "dispose-of-withdrawn")
    assert destroyed[Tag(D)].met is not None


def test_what_is_left_of_an_activity_stays_owed_for_in_what_it_is_made_into() -> None:
    """The months run from the end of the activity, in whatever tubes the rest is now."""
    given = [
        *vials(agent=VARIOLA, level=4),
        aliquot_of(C, B, 0, "10"),
        on(1, ActivityEnded(site=LAB, project="p", items=(A,)), LABORATORY),
        aliquot_of(D, A, 48, "10"),
    ]
    found = of_items(given, "destroy-or-deposit")
    assert found.keys() == {A, D}
    assert found[Tag(A)].lapsed is not None
    assert (found[Tag(D)].since, found[Tag(D)].due) == (found[Tag(A)].since, found[Tag(A)].due)
    assert found[Tag(D)].opened.at == NOON + timedelta(days=2)


@pytest.mark.parametrize("root", [{"approval": APPROVAL}, {"consignment": GOODS}, {"items": (A,)}])
def test_records_of_an_item_are_kept_while_what_it_came_in_under_or_was_made_of_is(root: dict[str, Any]) -> None:
    kept = replace(scene("keep-item-records").opens.body, items=(C,))
    placed = LegalHoldPlaced(case=CaseId("case:hold"), ground=HoldReason.AUDIT, **root)
    lifted = LegalHoldLifted(case=CaseId("case:hold"), **root)
    given = [*vials(), aliquot_of(C, A, 0, "10"), on(1, kept, LABORATORY)]
    for held in ([*given, on(2, placed)], [*given[:-1], on(0, placed), given[-1]]):
        (found,) = owed(held, "keep-item-records")
        assert found.state_at(BEHIND) is State.PAUSED
        own = own_obligations(Told(told(held, "keep-item-records"), KINDS), Tag(C), packs())
        assert [one.state_at(BEHIND) for one in own if one.duty.id == "keep-item-records"] == [State.PAUSED]
        (found,) = owed([*held, on(3, lifted)], "keep-item-records")
        assert found.state_at(BEHIND) is State.LAPSED


def test_records_of_a_consignment_are_kept_while_its_approval_is() -> None:
    row = scene("keep-consignment-records")
    placed = LegalHoldPlaced(case=CaseId("case:hold"), ground=HoldReason.AUDIT, approval=APPROVAL)
    (found,) = owed([*row.opened, on(2, placed)], row.duty)
    assert found.state_at(BEHIND) is State.PAUSED


def test_a_legal_hold_on_other_goods_keeps_nothing() -> None:
    row = scene("keep-item-records")
    placed = LegalHoldPlaced(case=CaseId("case:hold"), ground=HoldReason.AUDIT, items=(B,))
    (found,) = owed([*row.opened, on(2, placed)], row.duty)
    assert found.pauses == ()


# Dates that stay, and the turn of each side


def test_the_date_of_a_rectification_stays_while_it_is_looked_at() -> None:
    """255/2024 knows 30 days and at most 60, and no clock that stands: what the rule RSK-23 asks is what is owed."""
    row = scene("rectify-nonconformity")
    given = [*row.opened, row.pauses]
    assert opened_by(row, given)[0].due == row.due
    again = replace(row.resumes, occurred_at=row.due + timedelta(days=3))
    (found, _) = opened_by(row, [*given, again])
    assert found.due == row.due
    assert [found.overdue_at(row.due + timedelta(days=day)) for day in (1, 4)] == [False, True]
