"""What a case looks for below what it names: the rows are the same whatever comes in or is made, earlier or later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.domain.supervision.recalls import RecallAsked, RecallExtended, RecallLifted
from ledger.ids import ApprovalId, ConsignmentId, ItemId
from projections.views.obligations import OBLIGATIONS, RESTING
from tests.properties.test_owing import check_read, drawn, due, followed, made
from tests.spec.bench import APPROVAL, GOODS, A, B, C, D, aliquoted, announced, approval, child, received, vials
from tests.spec.owing.scenes import told
from tests.spec.owing.test_obligations_kept import ORDERED, RECALL, confirmed, on
from tests.spec.world import NOON

if TYPE_CHECKING:
    from ledger.domain.judging import Signed

ROOTS: Final[tuple[dict[str, Any], ...]] = ({"items": (A,)}, {"approval": APPROVAL}, {"consignment": GOODS})
LISTED: Final = ItemId("item:late")


def ordered(root: dict[str, Any], day: int = 0) -> Signed[Any]:
    return on(day, replace(ORDERED, **({"items": ()} | root)))


def divided(item: ItemId, parent: ItemId, day: int) -> Signed[Any]:
    return aliquoted(child(item, "1"), residual="1", parent=parent, at=NOON + timedelta(days=day))


def came_in(day: int) -> list[Signed[Any]]:
    """Return another vial of the consignment, listed and received a day."""
    _, listed = announced(LISTED)
    return [replace(one, occurred_at=NOON + timedelta(days=day)) for one in (listed, received(LISTED))]


def check(statements: list[Signed[Any]]) -> None:
    """Compare what follows one by one, what is made at once, and what all events say."""
    events = told(statements)
    kept, whole = followed(events, [1] * len(events), [False] * len(events)), made(events, 1)
    assert kept.written(OBLIGATIONS) == whole.written(OBLIGATIONS) == due(events)
    assert kept.written(RESTING) == whole.written(RESTING)


@pytest.mark.parametrize("day", [-1, 0, 1])
@pytest.mark.parametrize("root", ROOTS, ids=lambda root: next(iter(root)))
def test_a_recall_rests_on_no_tube_that_is_made_after_it(root: dict[str, Any], day: int) -> None:
    check([*vials(), ordered(root), divided(C, A, day)])


@pytest.mark.parametrize("day", [-1, 0, 1])
@pytest.mark.parametrize("root", ROOTS, ids=lambda root: next(iter(root)))
def test_a_recall_rests_on_no_vial_that_is_listed_after_it(root: dict[str, Any], day: int) -> None:
    check([*vials(), ordered(root), *came_in(day)])


def test_what_a_case_names_last_is_not_looked_for_before_it_was_named() -> None:
    under, goods, item = ApprovalId("approval:other"), ConsignmentId("consignment:other"), ItemId("item:other")
    others = [approval(under), *announced(item, goods=goods, under=under)]
    check([*vials(), *others, ordered({"items": (A,)}), on(1, RecallLifted(case=RECALL, items=(A, item)))])


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_so_it_is_in_whatever_order_things_are_told(data: st.DataObject) -> None:
    more = [
        ordered(data.draw(st.sampled_from(ROOTS))),
        on(2, RecallExtended(case=RECALL, asked=RecallAsked.HOLD, items=(B,))),
        confirmed(3, *data.draw(st.sampled_from([(), (A,), (A, C), (A, B, C, D, LISTED)]))),
        divided(C, A, data.draw(st.integers(-1, 4))),
        divided(D, C, data.draw(st.integers(-1, 4))),
        *came_in(data.draw(st.integers(-1, 4))),
    ]
    check_read(data, drawn(data, vials(), [one for one in more if data.draw(st.booleans())]))
