"""Mass balance: whatever happens, it closes; what is missing or lost is just what is so at the end."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.border.listing import ListedItem
from ledger.domain.codes import Cause
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver, CustodyRefused
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.custody.stock import ItemCheckedOut, ItemReturned
from ledger.domain.ending.incidents import IncidentClosed, Loss, LossReported
from ledger.domain.work.derive import ItemPooled
from ledger.domain.work.making import Child
from ledger.domain.work.portions import Portion
from ledger.domain.work.use import ItemUsed
from ledger.ids import CaseId, ItemId, Tag
from ledger.reference.activities import Activity
from projections.balance import mass_balance, per_base
from projections.booking import OUT, Flow, bookings, first_bookings
from tests.balanced import naive_balances, naive_parts
from tests.properties.test_answers_by_table import When, compare, judged_story
from tests.spec.crossing import ANNOUNCEMENT, APPROVAL, BROKER, CARRIER, CONSIGNMENT, LAB, TUBE_LIST, amount, approved
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import NOON, events_of, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.judging import Event, Signed
    from projections.balance import Bookings, LineBalance

    Sums = Mapping[tuple[str, int], Mapping[str, Fraction]]

TUBES: Final = (ItemId("item:t-1"), ItemId("item:t-2"))
CASE: Final = CaseId("case:lost")
LISTED: Final = replace(
    TUBE_LIST, items=tuple(ListedItem(item=one, label=one[5:], quantity=amount("1.5", "mL")) for one in TUBES)
)

tubes = st.sampled_from(TUBES)
volumes = st.sampled_from(["0.1", "0.7", "1.5", "1.500000001"]).map(lambda value: amount(value, "mL"))
instants = st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours))


def received(item: ItemId, condition: Condition, volume: Any) -> Body:  # noqa: ANN401  an amount or none
    line = ReceivedItem(item=item, condition=condition, quantity=volume)
    return ItemReceived(consignment=CONSIGNMENT, laboratory=LAB, items=(line,), documents=Documents.MATCH)


def used(item: ItemId, volume: Any) -> Body:  # noqa: ANN401  an amount or none
    return ItemUsed(
        item=item, laboratory=LAB, project="p1", purpose="research", activity=Activity.UNCULTURED, quantity=volume
    )


def pooled(first: Any, second: Any) -> Body:  # noqa: ANN401  amounts
    inputs = (Portion(item=TUBES[0], quantity=first), Portion(item=TUBES[1], quantity=second))
    pool = Child(item=ItemId("item:pool"), quantity=amount("0.3", "mL"))
    return ItemPooled(inputs=inputs, laboratory=LAB, output=pool, loss=amount("0", "mL"))


anything = st.sampled_from([*TUBES, ItemId("item:pool")])
bodies = st.one_of(
    st.builds(received, tubes, st.just(Condition.MISSING), st.none()),
    st.builds(received, tubes, st.just(Condition.INTACT), st.none() | volumes),
    st.builds(lambda item: LossReported(case=CASE, items=(item,), loss=Loss.LOST, discovered_at=NOON), anything),
    st.builds(lambda item: IncidentClosed(case=CASE, cause=Cause("other"), items=(item,), found=(item,)), anything),
    st.builds(lambda item: CustodyAccepted(items=(item,), count=1, packaging=Packaging.INTACT), tubes),
    st.builds(lambda item: CustodyHandedOver((item,), CARRIER.party, 1, Packaging.INTACT), anything),
    st.builds(lambda item: CustodyRefused((item,), "count-differs"), anything),
    st.builds(lambda item: ItemCheckedOut(site=LAB, items=(item,), project="p1"), anything),
    st.builds(lambda item: ItemReturned(site=LAB, items=(Placed(item=item, place="A1"),)), anything),
    st.builds(used, anything, st.none() | volumes),
    st.builds(pooled, volumes, volumes),
)
"""What happens to two tubes, allowed or not."""


@st.composite
def travels(draw: st.DrawFn) -> list[Event[Any]]:
    """Draw what happens to two tubes that came in under one line, told in any order, and corrected."""
    told: list[Signed[Any]] = [*approved(), said(ANNOUNCEMENT, BROKER), said(LISTED, IMPORTER)]
    for body in draw(st.lists(bodies, min_size=1, max_size=8)):
        by = CARRIER if isinstance(body, CustodyAccepted) else LABORATORY
        told.append(said(body, by, at=draw(instants)))
        if draw(st.integers(0, 5)) == 0:
            last = told[-1]
            told.append(replace(said(body, by, at=draw(instants)), corrects=last.id))
    return events_of(told)


stories = st.integers(0, 1_000_000).map(lambda number: judged_story(number)[0])
"""Statements of every kind about a few items, as their form allows and no rule would."""

histories = st.one_of(travels(), stories)


def summed(rows: Sequence[LineBalance]) -> Sums:
    """Return by line, in base units, what was booked by what and what is on hand; whatever an item is measured in."""
    sums: dict[tuple[str, int], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for row in rows:
        line = sums[row.approval, row.line]
        line["on hand"] += row.on_hand / per_base(row.unit)
        for flow in Flow:
            line[flow] += row.flows[flow] / per_base(row.unit)
    return sums


def bodies_of(events: Sequence[Event[Any]]) -> dict[int, Any]:
    """Return the bodies of events as they are written."""
    return {one.position: msgspec.json.decode(msgspec.json.encode(one.said.body)) for one in events}


def balanced(events: Sequence[Event[Any]], books: Bookings) -> Sums:
    sums = summed(mass_balance(events, books))
    for line in sums.values():
        assert line[Flow.LISTED] == line["on hand"] + sum(line[flow] for flow in OUT)
    return sums


@settings(max_examples=200, deadline=None)
@given(events=histories)
def test_a_line_closes_to_the_last_decimal_by_either_form(events: list[Event[Any]]) -> None:
    by_first, by_second = balanced(events, first_bookings), balanced(events, bookings)
    assert {key: line["on hand"] for key, line in by_first.items()} == {
        key: line["on hand"] for key, line in by_second.items()
    }


@settings(max_examples=200, deadline=None)
@given(events=histories)
def test_what_is_missing_or_lost_is_what_is_so_at_the_end(events: list[Event[Any]]) -> None:
    due: dict[tuple[str, int, str], Fraction] = defaultdict(Fraction)
    for (approval, number, _), flows in naive_balances(events).items():
        for flow, held in flows.items():
            due[approval, number, flow] += held
    found = {(*key, flow.value): line[flow] for key, line in summed(mass_balance(events)).items() for flow in Flow}
    assert {key: held for key, held in found.items() if held} == {key: held for key, held in due.items() if held}


@settings(max_examples=200, deadline=None)
@given(events=histories)
def test_what_is_on_hand_is_at_rest_in_transit_or_in_use(events: list[Event[Any]]) -> None:
    due: dict[tuple[str, int], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for (approval, number, _), parts in naive_parts(events).items():
        for how, there in parts.items():
            due[approval, number][how] += there
    for row in mass_balance(events):
        line, base = due[row.approval, row.line], per_base(row.unit)
        line["in-transit"] -= row.in_transit / base
        line["in-use"] -= row.in_use / base
        line["at-rest"] -= (row.on_hand - row.in_transit - row.in_use) / base
    assert not any(left for line in due.values() for left in line.values())


@settings(max_examples=100, deadline=None)
@given(events=travels(), form=st.sampled_from([None, 1, 2]))
def test_the_table_of_effects_says_the_same_by_any_form(events: list[Event[Any]], form: int | None) -> None:
    when = When(events[-1].recorded, events[-1].position)
    assert compare(events, bodies_of(events), "balance", Tag(APPROVAL), when, earlier=form) == 1
