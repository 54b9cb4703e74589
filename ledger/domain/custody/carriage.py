"""Carriage: how items are packed, how warm they got, and what was decided after an excursion.

Judges packing and temperatures by what the statements say; it measures nothing and knows no device.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ledger.domain.bodies.conditions import Celsius, UnNumber, celsius
from ledger.domain.bodies.vocabulary import Body, Code, ConsignmentRef, Instant, Items
from ledger.domain.codes import Packing, Refrigerant
from ledger.domain.connection import check_connected
from ledger.domain.custody.chain import Seals, check_of, keepers, named_for
from ledger.domain.dating import check_past, clock_tolerance, there_since
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.subjects import EXCURSION, Item
from ledger.domain.work import contents
from ledger.domain.work.checks import check_known
from ledger.domain.work.gates import about
from ledger.domain.work.permitted import carried

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.ids import ItemId, PartyId

_STRENGTH: Final = {"2814": 2, "2900": 2, "p620": 2, "pi620": 2, "3373": 1, "p650": 1, "pi650": 1}
"""How well UN numbers and packing instructions protect: category A, then B; anything else does not count."""


# Bodies


class Decision(StrEnum):
    """What becomes of items after an excursion of temperature."""

    USE = "use"
    QUARANTINE = "quarantine"
    DISCARD = "discard"


class ShipmentPacked(Body, frozen=True):
    """Items are packed, or sealed anew after an inspection; every later hand-over is compared with these seals.

    un_number: left out of goods that are not dangerous.
    refrigerant: left out where none is used.
    """

    items: Items
    packing_instruction: Packing
    seals: Seals
    consignment: ConsignmentRef | None = None
    un_number: UnNumber | None = None
    refrigerant: Refrigerant | None = None


class TemperatureRecorded(Body, frozen=True):
    """A logger's lowest and highest temperature between two instants, beside items; both ends are included.

    low, high: the range agreed for the items; what is left out is not agreed, and cannot be left.
    """

    items: Items
    device: Code
    start: Instant
    end: Instant
    minimum: Celsius
    maximum: Celsius
    consignment: ConsignmentRef | None = None
    low: Celsius | None = None
    high: Celsius | None = None


class ExcursionDispositioned(Body, frozen=True):
    """What is decided about items after an excursion: to use them, to quarantine them first, or to discard them."""

    items: Items
    decision: Decision


# Rules

OF_CONSIGNMENT = Rule("CAR-01", "Packed and measured items came in with the consignment that is named.", Answer.REFUSAL)
CONNECTED = Rule(
    "CAR-02",
    "Packing and temperatures are stated by who has the items or is named by their consignment.",
    Answer.REFUSAL,
)
RANGE = Rule(
    "CAR-03", "A record of temperatures ends after it starts, and no minimum is above its maximum.", Answer.REFUSAL
)
EXCURSION_OPEN = Rule(
    "CAR-04", "A decision after an excursion needs an excursion that is not cleared yet.", Answer.REFUSAL
)
DECIDER = Rule("CAR-05", "After an excursion the keeper, the consignee or the applicant decides.", Answer.REFUSAL)
PACKING = Rule(
    "CAR-06",
    "Items are packed at least as safely as the pathogen catalogue asks for the state of their material.",
    Answer.BREACH,
    "国卫科教发〔2023〕24号, catalogue, notes on transport",
    Confidence.V,
    ("conditional", "un_number"),
)
TEMPERATURE = Rule(
    "CAR-07",
    "Items stay within the range of temperature agreed for them.",
    Answer.BREACH,
    "Order 160 Art. 18",
    Confidence.M,
    ("high", "low", "maximum", "minimum"),
)
MEASURED_SINCE = Rule(
    "CAR-08",
    "A record of temperatures starts no earlier than its items were made, or their consignment announced.",
    Answer.BREACH,
    parameters=("since",),
)

RULES = (OF_CONSIGNMENT, CONNECTED, RANGE, EXCURSION_OPEN, DECIDER, PACKING, TEMPERATURE, MEASURED_SINCE)

# Judges


def judge_shipment_packed(world: World, said: Signed[ShipmentPacked], rules: RulePack) -> Iterator[Breach]:
    """Judge a packing. Raises Refused: GAT-01, CAR-01, CAR-02. Returns CAR-06, CAR-09.

    Only packing that is weaker than asked is a breach. Of items whose agents or material nobody stated, and of agents
    or material that the catalogue does not send as dangerous goods, nothing is asked.
    """
    _check_subjects(world, said)
    packed = min(_STRENGTH.get(said.body.un_number or "", 0), _STRENGTH.get(said.body.packing_instruction, 0))
    for item in said.body.items:
        asked = _asked(world, item, rules)
        if asked is not None and _STRENGTH[asked] > packed:
            yield PACKING.breach((item,), un_number=asked, conditional=_condition(world, item, rules))
    yield from carried(world, said, said.body.items, rules)


def judge_temperature_recorded(world: World, said: Signed[TemperatureRecorded], rules: RulePack) -> Iterator[Breach]:
    """Judge a record of temperatures.

    Raises Refused: GAT-01, CAR-01, CAR-02, CAR-03, CON-22. Returns CAR-07, CAR-08.
    """
    body = said.body
    _check_subjects(world, said)
    if body.end < body.start:
        raise RANGE.refuse("the record ends before it starts")
    check_past("end", body.end, said, rules, clock_tolerance(rules))
    for least, most in ((body.minimum, body.maximum), (body.low, body.high)):
        if least is not None and most is not None and celsius(least) > celsius(most):
            raise RANGE.refuse(f"{least} °C is above {most} °C")
    if left_range(body):
        yield TEMPERATURE.breach(
            body.items,
            minimum=celsius(body.minimum),
            maximum=celsius(body.maximum),
            low=None if body.low is None else celsius(body.low),
            high=None if body.high is None else celsius(body.high),
        )
    # A logger whose battery was out begins in 1970: what it covers is not this carriage.
    early = [item for item in body.items if body.start < there_since(world, item)]
    yield from about(MEASURED_SINCE, early, since=body.start)


def judge_excursion_dispositioned(
    world: World, said: Signed[ExcursionDispositioned], rules: RulePack
) -> Iterator[Breach]:
    """Judge a decision after an excursion. Raises Refused: GAT-01, CAR-04, CAR-05."""
    check_known(world, said.body.items)
    for item in said.body.items:
        if world.item(item).excursion_at is None:
            raise EXCURSION_OPEN.refuse(f"{item} has no excursion that is not cleared")
        check_connected(said, _deciders(world, item), DECIDER, item)
    yield from ()


def _check_subjects(world: World, said: Signed[ShipmentPacked] | Signed[TemperatureRecorded]) -> None:
    check_known(world, said.body.items)
    check_of(OF_CONSIGNMENT, world, said.body.items, said.body.consignment)
    for item in said.body.items:
        check_connected(said, keepers(world, item) | named_for(world, item), CONNECTED, item)


def _deciders(world: World, item: ItemId) -> frozenset[PartyId | None]:
    consignments = world.consignments_of([item])
    named_by = {party for one in consignments for party in (one.applicant, one.consignee)}
    return keepers(world, item) | named_by


def _asked(world: World, item: ItemId, rules: RulePack) -> str | None:
    """Return the strictest UN number that the catalogue asks for an item; None where it does not say."""
    rows = [rules.agents.find(agent) for agent in contents.agents_of(world, item)]
    states = [state for state in contents.states_of(world, item) if state is not None]
    numbers = (row.un_number_of(state) for row in rows if row is not None for state in states)
    return max(
        (number for number in numbers if number in _STRENGTH), key=lambda number: _STRENGTH[number], default=None
    )


def _condition(world: World, item: ItemId, rules: RulePack) -> str:
    """Say whether what the catalogue asks for an item depends on the strain."""
    rows = [rules.agents.find(agent) for agent in contents.agents_of(world, item)]
    return "yes" if any(row is not None and row.conditional for row in rows) else "no"


def left_range(body: TemperatureRecorded) -> bool:
    """Say whether a record tells that the agreed range was left."""
    too_cold = body.low is not None and celsius(body.minimum) < celsius(body.low)
    return too_cold or (body.high is not None and celsius(body.maximum) > celsius(body.high))


# Effects


def item_packed(item: Item, event: Event[ShipmentPacked]) -> Item:
    """Return the item with the seals of its package."""
    if item.id not in event.said.body.items:
        return item
    return replace(item, seals=frozenset(event.said.body.seals))


def item_measured(item: Item, event: Event[TemperatureRecorded]) -> Item:
    """Return the item with its excursion, if the agreed range was left; a later good record clears nothing."""
    body = event.said.body
    if item.id not in body.items or not left_range(body):
        return item
    # When in the recorded time it was, the record does not say: the earliest instant is the careful one.
    return replace(item, excursion_at=min(body.start, item.excursion_at or body.start))


def item_dispositioned(item: Item, event: Event[ExcursionDispositioned]) -> Item:
    """Return the item cleared for use, quarantined on hold, or still unfit: without a hold to bar disposal."""
    if item.id not in event.said.body.items:
        return item
    since = item.excursion_at or event.said.occurred_at
    match event.said.body.decision:
        case Decision.USE:
            return replace(item, excursion_at=None, holds=item.holds - {EXCURSION})
        case Decision.QUARANTINE:
            return replace(item, excursion_at=since, holds=item.holds | {EXCURSION})
        case Decision.DISCARD:
            return replace(item, excursion_at=since, holds=item.holds - {EXCURSION})
