"""What holds of every supervision and every recall, whatever is stated in whatever order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.domain.judging import Event, World
from ledger.domain.states.subjects import CaseStatus
from ledger.domain.states.supervision import SETTLED
from ledger.domain.supervision.findings import UnitAnswer
from ledger.domain.work.holds import not_held
from ledger.errors import Refused
from ledger.ids import ItemId, Tag
from ledger.statement.catalogue import KINDS
from tests.spec.bench import APPROVAL, BEFORE, CUSTOMS, GOODS, A, B, aliquoted, child, vials
from tests.spec.supervision.test_findings import (
    AGAIN,
    CONFIRMED,
    CORRECTED,
    DROPPED,
    RAISED,
    REJECTED,
    UPHELD,
    VERIFIED,
)
from tests.spec.supervision.test_measures import CLOSED
from tests.spec.supervision.test_recalls import LIFTED, OF_APPROVAL, OF_GOODS, ORDERED, recalled, used
from tests.spec.supervision.test_supervision import CASE, REFERENCE, UNIT, planned
from tests.spec.world import NOON, events_of, rules_at, said, world_at, world_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.judging import Signed

BODIES: Final = (
    RAISED,
    replace(RAISED, finding=2),
    CONFIRMED,
    replace(CONFIRMED, answer=UnitAnswer.OBJECTED),
    UPHELD,
    DROPPED,
    replace(CORRECTED, corrected_on=date(2026, 9, 1)),
    replace(CORRECTED, finding=2),
    VERIFIED,
    replace(VERIFIED, finding=2),
    REJECTED,
    AGAIN,
    CLOSED,
)
SPEAKERS: Final = ((CUSTOMS,), (UNIT,), (UNIT, CUSTOMS), (CUSTOMS, UNIT))
ACTS: Final = st.lists(st.tuples(st.sampled_from(BODIES), st.sampled_from(SPEAKERS)), max_size=12)


def by(body: Body, signers: tuple[Any, ...]) -> Signed[Any]:
    """Return a statement; what the unit alone says of a decision, it says from its document."""
    alone = signers == (UNIT,) and "reference" in body.__struct_fields__
    return said(replace(body, reference=REFERENCE) if alone else body, *signers)


@given(ACTS)
def test_a_finding_is_never_settled_by_its_unit_and_a_case_never_closed_over_one(
    acts: list[tuple[Body, tuple[Any, ...]]],
) -> None:
    subjects = dict(world_of(events_of(planned()), NOON).subjects)
    for position, (body, signers) in enumerate(acts, start=100):
        statement = by(body, signers)
        kind, before = KINDS[statement.kind], subjects[Tag(CASE)]
        try:
            list(kind.judge(World(subjects=subjects, now=NOON, size=position), statement, rules_at(NOON)))
        except Refused:
            continue
        event = Event(position, NOON, frozenset({Tag(CASE)}), statement)
        case: Any = kind.evolve(before, event)
        settled = {number for number, one in case.detail.findings.items() if one.status in SETTLED}
        was: Any = before
        newly = settled - {number for number, one in was.detail.findings.items() if one.status in SETTLED}
        assert not newly or UNIT.party not in statement.parties
        if case.status is CaseStatus.CLOSED:
            assert settled == set(case.detail.findings)
        subjects[Tag(CASE)] = case


ROOTS: Final = st.sampled_from([ORDERED, OF_GOODS, OF_APPROVAL])
TREES: Final = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), min_size=1, max_size=6)
"""Aliquotings in turn: from which of the items that there are then, and into how many."""


def grown(tree: list[tuple[int, int]]) -> tuple[list[Signed[Any]], dict[ItemId, ItemId]]:
    """Return aliquotings, one a minute, and the parent of each child."""
    amounts: dict[ItemId, int] = {A: 1000, B: 1000}
    acts, parents = [], dict[ItemId, ItemId]()
    for step, (number, count) in enumerate(tree, start=1):
        parent = list(amounts)[number % len(amounts)]
        each = amounts[parent] // (count + 1)
        children = tuple(ItemId(f"item:c{step}-{one}") for one in range(count))
        amounts[parent] -= each * count
        act = aliquoted(
            *(child(one, f"{each / 100:.2f}") for one in children),
            residual=f"{amounts[parent] / 100:.2f}",
            parent=parent,
            at=BEFORE + timedelta(minutes=step),
        )
        acts.append(act)
        amounts |= dict.fromkeys(children, each)
        parents |= dict.fromkeys(children, parent)
    return acts, parents


def of(item: ItemId, parents: dict[ItemId, ItemId]) -> ItemId:
    """Return the vial that an item was made from."""
    return of(parents[item], parents) if item in parents else item


@given(ROOTS, TREES, st.integers(0, 6))
def test_no_descendant_escapes_a_recall_whether_it_is_made_before_or_after(
    root: Any,  # noqa: ANN401  a body
    tree: list[tuple[int, int]],
    after: int,
) -> None:
    acts, parents = grown(tree)
    order = recalled(root, at=BEFORE + timedelta(minutes=after, seconds=30))
    history = sorted([*acts, order], key=lambda one: one.occurred_at)
    items = (A, B, *parents)
    assert held(history, items) == {one for one in items if root is not ORDERED or of(one, parents) == A}
    assert held([order, *acts], items) == held([*acts, order], items) == held(history, items)


def held(history: list[Signed[Any]], items: Iterable[ItemId]) -> set[ItemId]:
    """Return the items of which a use at noon would be told to be of a held one."""
    world = world_at(events_of([*vials(), *history]), NOON, NOON)
    return {one for one in items if list(not_held(world, used(one), [one]))}


@given(ROOTS, st.booleans())
def test_what_was_let_go_is_held_no_more(root: Any, made_first: bool) -> None:  # noqa: ANN401  a body
    made, _ = grown([(0, 2)])
    ends = {ORDERED: LIFTED, OF_GOODS: replace(LIFTED, items=(), consignment=GOODS)}
    end = said(ends.get(root, replace(LIFTED, items=(), approval=APPROVAL)), CUSTOMS, at=NOON - timedelta(minutes=1))
    order = recalled(root, at=BEFORE + timedelta(hours=1) if made_first else BEFORE)
    history = [*made, order, end] if made_first else [order, *made, end]
    assert held(history[:-1], [ItemId("item:c1-0")]) == {ItemId("item:c1-0")}
    assert held(history, [ItemId("item:c1-0")]) == set()
