"""What holds of all use, dividing, pooling and destruction: nothing appears and nothing vanishes."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.bodies.vocabulary import Amount, Body
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import DisposalApproved, DisposalRequested, Method
from ledger.domain.fold import initial
from ledger.domain.judging import Event, World
from ledger.domain.work.derive import ItemAliquoted, ItemPooled
from ledger.domain.work.making import Child
from ledger.domain.work.portions import Portion
from ledger.domain.work.use import ItemUsed
from ledger.errors import Refused
from ledger.ids import ItemId, Tag
from ledger.quantity import Quantity, format_decimal
from ledger.reference.activities import Activity
from ledger.statement.catalogue import KINDS
from tests.spec.bench import APPROVAL, CASE, GOODS, LAB, A, B, vials
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, events_of, judged, rules_at, said, signer, world_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.domain.judging import Signed
    from ledger.domain.states.subjects import Subject

ITEMS: Final = (A, B, *(ItemId(f"item:n{number}") for number in range(5)))
"""Two vials of 10 mL, and ids that new items may take: few, so that some are proposed twice."""

# Mostly what can be accepted: items that are there, ids that are new, amounts that are small, sums that are right.
numbers = st.integers(0, 99)
"""Which item: counted among those that are there, or among the ids that are free, when its turn comes."""
amounts = st.sampled_from([Decimal(halves) / 2 for halves in (0, 1, 2, 3, 4, 5, 6, 24)])
slips = st.sampled_from([Decimal(0)] * 6 + [Decimal("0.5"), Decimal(1)])
units = st.sampled_from(["mL", "uL", "L"])
indicators = st.sampled_from([Indicator.PASSED, Indicator.FAILED])


@cache
def start() -> Mapping[Tag, Subject]:
    """Return the world of two vials at the bench, folded once."""
    return world_of(events_of(vials()), NOON).subjects


@dataclass
class Bench:
    """The record as it grows, and what it says has left the items."""

    subjects: dict[Tag, Subject] = field(default_factory=lambda: dict(start()))
    position: int = 10
    gone: Decimal = Decimal(0)
    made: list[ItemId] = field(default_factory=list)

    @property
    def world(self) -> World:
        return World(subjects=self.subjects, now=NOON, size=self.position)

    def held(self, item: ItemId) -> Decimal:
        quantity = self.world.item(item).quantity
        return Decimal(0) if quantity is None else quantity.into("mL").value

    def there(self, number: int) -> ItemId:
        """Return an item that is on record, one time in eight another id."""
        known = [item for item in ITEMS if self.world.item(item).known]
        return ITEMS[number % len(ITEMS)] if number % 8 == 7 else known[number % len(known)]

    def free(self, number: int) -> ItemId:
        """Return an id that no item bears, one time in eight, or when there is none, any id."""
        unknown = [item for item in ITEMS if not self.world.item(item).known]
        return unknown[number % len(unknown)] if unknown and number % 8 != 7 else ITEMS[number % len(ITEMS)]

    def state(self, body: Body, gone: Decimal, made: tuple[ItemId, ...] = ()) -> None:
        """Record a statement unless it is refused."""
        statement: Signed[Any] = said(body, LABORATORY, SECOND_PERSON)
        kind = KINDS[statement.kind]
        try:
            list(kind.judge(self.world, statement, rules_at(NOON)))
        except Refused:
            return
        self.position += 1
        self.gone += gone
        self.made += made
        tags = {Tag(one) for one in (*ITEMS, APPROVAL, GOODS)}
        event = Event(self.position, NOON, frozenset(tags), statement)
        for tag in tags:
            self.subjects[tag] = kind.evolve(self.subjects.get(tag) or initial(tag), event)


def volume(value: Decimal, unit: str) -> Amount:
    """Return so many mL, written in a unit of volume."""
    return Amount(value=format_decimal(Quantity(value, "mL").into(unit).value), unit=unit)


@dataclass(frozen=True)
class Use:
    number: int
    amount: Decimal
    unit: str

    def on(self, bench: Bench) -> None:
        body = ItemUsed(
            item=bench.there(self.number),
            laboratory=LAB,
            project="p",
            purpose="research",
            activity=Activity.UNCULTURED,
            quantity=volume(self.amount, self.unit),
        )
        bench.state(body, self.amount)


@dataclass(frozen=True)
class Divide:
    number: int
    shares: tuple[tuple[int, Decimal], ...]
    loss: Decimal
    slip: Decimal
    unit: str

    def on(self, bench: Bench) -> None:
        parent = bench.there(self.number)
        taken = sum((amount for _, amount in self.shares), self.loss)
        residual = max(bench.held(parent) - taken, Decimal(0)) + self.slip
        children = tuple(
            Child(item=bench.free(number), quantity=volume(amount, self.unit)) for number, amount in self.shares
        )
        body = ItemAliquoted(
            parent=parent,
            laboratory=LAB,
            children=children,
            residual=volume(residual, "mL"),
            loss=volume(self.loss, self.unit),
        )
        bench.state(body, self.loss, tuple(one.item for one in children))


@dataclass(frozen=True)
class Pool:
    inputs: tuple[tuple[int, Decimal], ...]
    number: int
    loss: Decimal
    slip: Decimal
    unit: str

    def on(self, bench: Bench) -> None:
        result = max(sum((amount for _, amount in self.inputs), self.slip) - self.loss, Decimal(0))
        output = bench.free(self.number)
        body = ItemPooled(
            inputs=tuple(
                Portion(item=bench.there(number), quantity=volume(amount, self.unit)) for number, amount in self.inputs
            ),
            laboratory=LAB,
            output=Child(item=output, quantity=volume(result, self.unit)),
            loss=volume(self.loss, "mL"),
        )
        bench.state(body, self.loss, (output,))


@dataclass(frozen=True)
class Destroy:
    number: int
    amount: Decimal | None
    indicator: Indicator
    unit: str

    def on(self, bench: Bench) -> None:
        item = bench.there(self.number)
        body = ItemDestroyed(
            laboratory=LAB,
            items=(Destroyed(item=item, quantity=None if self.amount is None else volume(self.amount, self.unit)),),
            method=Method.AUTOCLAVE,
            indicator=self.indicator,
        )
        lost = bench.held(item) if self.amount is None else self.amount
        bench.state(body, Decimal(0) if self.indicator is Indicator.FAILED else lost)


losses = st.sampled_from([Decimal(0), Decimal("0.5")])
shares = st.lists(st.tuples(numbers, amounts), min_size=1, max_size=3).map(tuple)
inputs = st.lists(st.tuples(numbers, amounts), min_size=2, max_size=3).map(tuple)
steps = st.lists(
    st.one_of(
        st.builds(Use, numbers, amounts, units),
        st.builds(Divide, numbers, shares, losses, slips, units),
        st.builds(Pool, inputs, numbers, losses, slips, units),
        st.builds(Destroy, numbers, amounts | st.none(), indicators, units),
    ),
    max_size=12,
)


@given(steps)
def test_what_is_left_used_lost_and_destroyed_is_always_what_came_in(
    sequence: list[Use | Divide | Pool | Destroy],
) -> None:
    bench = Bench()
    for step in sequence:
        step.on(bench)
        assert all(bench.held(item) >= 0 for item in ITEMS)
        assert sum((bench.held(item) for item in ITEMS), bench.gone) == 20


@given(steps)
def test_no_id_is_given_to_a_second_item(sequence: list[Use | Divide | Pool | Destroy]) -> None:
    bench = Bench()
    for step in sequence:
        step.on(bench)
    assert len(bench.made) == len(set(bench.made))


people = st.lists(st.sampled_from(["p-1", "p-2", "p-3"]), min_size=1, max_size=2, unique=True)


@given(people, people)
def test_nobody_ever_approves_what_he_or_she_asked_for(asking: list[str], approving: list[str]) -> None:
    def signers(persons: list[str]) -> list[Any]:
        return [signer(LABORATORY.party, LABORATORY.role, person=one) for one in persons]

    request = said(DisposalRequested(case=CASE, items=(A,), ground="expired", method=Method.CHEMICAL), *signers(asking))
    approval = said(DisposalApproved(case=CASE, items=(A,)), *signers(approving))
    try:
        judged([*vials(), request], approval)
    except Refused as refusal:
        assert refusal.rule == "DSP-03"
        assert set(asking) & set(approving)
    else:
        assert not set(asking) & set(approving)
