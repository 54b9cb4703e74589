"""Whatever hands an item goes through: each sees it up to where it last gave it away, and never beyond."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from api.access.rights.seeing import shows, sight
from ledger.ids import Tag
from tests.spec.bench import OTHER, A
from tests.spec.looking import Looked, principal
from tests.spec.parties import LABORATORY
from tests.spec.test_seeing import AT_BENCH, EVERYBODY, THIRD, handed, taken, used
from tests.spec.world import NOON

HANDS = (LABORATORY, OTHER, THIRD)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(range(3)), max_size=5))
def test_an_item_is_seen_by_each_hand_up_to_where_it_last_gave_it_away(takers: list[int]) -> None:
    statements, holder, held = list(AT_BENCH), 0, [0]
    uses = [AT_BENCH[-1]]
    for step, taker in enumerate(takers, start=1):
        at = NOON + step * timedelta(hours=1)
        if taker != holder:
            statements += [
                handed(HANDS[holder], HANDS[taker], at=at),
                taken(HANDS[taker], at=at + timedelta(minutes=1)),
            ]
            holder = taker
        uses.append(used(HANDS[holder], at=at + timedelta(minutes=2)))
        statements.append(uses[-1])
        held.append(holder)
    record = Looked(statements, *EVERYBODY, now=NOON + timedelta(days=1))
    for index, hand in enumerate(HANDS):
        last = max((at for at, who in enumerate(held) if who == index), default=-1)
        assert [shows(principal(hand), record.event(one), record) for one in uses] == [
            at <= last for at in range(len(uses))
        ]
        assert sight(principal(hand), Tag(A), record).now is (index == holder)
