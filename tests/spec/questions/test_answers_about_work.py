"""Answers as rows of cells: custody, excursions, work and an enterprise's file, each row with why it is there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.border.inspection import ConsignmentHeld
from ledger.domain.custody.carriage import ShipmentPacked
from ledger.domain.custody.receipt import Condition
from ledger.domain.ending.incidents import Loss, LossReported
from ledger.domain.law.rules import Confidence
from ledger.ids import Tag
from projections.asked.question import Asked
from projections.asked.table import QUESTIONS
from tests.spec.bench import CASE, CUSTOMS, GOODS, LAB, VARIOLA, A, B, announced, approval, received, site, vials
from tests.spec.goods import CARRIER, accepted, carried
from tests.spec.goods import A as VIAL
from tests.spec.owing.scenes import told
from tests.spec.parties import LABORATORY
from tests.spec.questions.test_questions_goods import warm
from tests.spec.questions.test_questions_of_stock import ended
from tests.spec.supervision.test_findings import RAISED
from tests.spec.supervision.test_findings import told as found
from tests.spec.supervision.test_recalls import used
from tests.spec.world import NOON, packs, said

if TYPE_CHECKING:
    from ledger.domain.judging import Signed

HOUR: Final = timedelta(hours=1)


def ask(name: str, given: list[Signed[Any]], **narrowed: Any) -> tuple[Any, ...]:  # noqa: ANN401  members
    """Return the rows that answer a question after some statements."""
    asked = Asked(tuple(told(given)), packs(), "CN", NOON + timedelta(days=90), **narrowed)
    return QUESTIONS[name].answer(asked)


def test_a_gap_in_the_chain_rests_on_its_rule_and_a_hand_over_on_its_event() -> None:
    rows = ask("custody-chain", [*carried(), accepted(LABORATORY)], subject=Tag(VIAL))
    assert [(one.taker, one.gap, one.why.rests) for one in rows] == [
        (CARRIER.party, False, None),
        (LABORATORY.party, True, "CUS-09"),
    ]
    assert all(one.why.position is not None for one in rows)


def test_an_excursion_is_told_with_what_ends_it_and_what_was_used_after_it() -> None:
    given = [*vials(), warm((A,)), used(A, at=NOON + 2 * HOUR)]
    [row] = ask("excursions", given)
    assert (row.highest, row.high, row.decision, row.why.rests, row.why.closed_by) == (
        "-20",
        "-60",
        None,
        "CAR-07",
        ("excursion.dispositioned/1",),
    )
    [use] = ask("used-after-excursion", given)
    assert (use.item, use.warmed, use.kind, use.why.rests) == (A, A, "item.used/1", "GAT-09")


def test_work_is_told_with_the_clause_that_it_leans_on() -> None:
    unreleased = [site(until=date(2030, 1, 1)), approval(), *announced(), received(), used(A, at=NOON)]
    [row] = ask("used-too-early", unreleased)
    assert (row.judged, row.signers_told, row.why.rests, row.why.confidence) == (True, False, "GAT-06", Confidence.V2)
    assert row.why.unverified
    given = [*vials(agent=VARIOLA, level=2), used(A, at=NOON)]
    [low] = ask("below-level", given)
    assert (low.items, low.level, low.required, low.why.rests) == ((A,), 2, 3, "GAT-12")
    [unknown] = ask("below-level", [*vials(), used(A, at=NOON)])
    assert (unknown.site, unknown.level, unknown.required, unknown.why.rests) == (LAB, 2, None, "GAT-12")
    assert [one.named for one in ask("places", [*vials(), used(A, at=NOON)])] == [True, True]


def test_a_use_for_another_purpose_is_told() -> None:
    use = used(A, at=NOON)
    [row] = ask("off-purpose", [*vials(), replace(use, body=replace(use.body, purpose="diagnosis"))])
    assert (row.items, row.why.rests) == ((A,), "GAT-15")


@pytest.mark.parametrize(
    ("last", "sorts"), [(date(2026, 9, 2), {"supervised"}), (date(2026, 11, 30), {"supervised", "missed"})]
)
def test_the_file_of_an_enterprise_is_narrowed_to_local_days(last: date, sorts: set[str]) -> None:
    party = Tag(LABORATORY.party)
    rows = ask(
        "compliance-file", found(RAISED), subject=party, first=date(2026, 9, 1), last=last, leaves={9: bytes(32)}
    )
    assert {one.sort for one in rows} == sorts
    assert {one.leaf for one in rows} <= {None, "00" * 32}
    assert ask("compliance-file", found(RAISED), subject=party, first=date(2025, 1, 1), last=date(2025, 1, 2)) == ()


def test_a_held_item_rests_on_what_holds_it_and_one_that_nobody_has_on_what_left_it_so() -> None:
    hold = said(ConsignmentHeld(consignment=GOODS, items=(A,), ground="documents"), CUSTOMS)
    given = [*vials(), hold, used(A, at=NOON)]
    [held] = ask("held", given)
    assert (held.why.kind, held.why.position) == ("consignment.held/1", len(given) - 1)
    assert held.done == ("item.used/1",)
    packed = said(ShipmentPacked(items=(A, B), packing_instruction="p650", seals=("S1",), consignment=GOODS), CARRIER)
    assert {one.why.kind for one in ask("nobodys", [*announced(), packed])} == {"item.listed/1"}


def test_a_line_says_what_alone_ends_that_it_does_not_close() -> None:
    missing = [*vials()[:-1], received(A, condition=Condition.MISSING), received(B)]
    [line] = ask("open-lines", missing)
    assert (line.unexplained, line.closes) == ("10", False)
    assert line.unexplained_by == (len(missing) - 1,) == (line.why.position,)
    assert line.why.kind == "item.received/1"
    assert line.why.closed_by == ("item.received/1", "loss.reported/1")
    lost = said(LossReported(case=CASE, items=(A,), loss=Loss.LOST, discovered_at=NOON), LABORATORY)
    for explained in (received(A), lost):
        assert [one.closes for one in ask("open-lines", [*missing, explained])] == [None]


def test_of_what_the_law_asks_nothing_no_term_is_told() -> None:
    [row] = ask("left-over", [*vials(), ended(A)])
    assert (row.high_pathogenic, row.days_since, row.due, row.overdue) == (False, 89, None, None)
    [row] = ask("left-over", [*vials(agent=VARIOLA), ended(A)])
    assert (row.due is None, row.overdue, row.why.rests) == (False, False, "destroy-or-deposit")
