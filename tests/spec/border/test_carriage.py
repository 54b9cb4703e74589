"""Carriage: packing, temperatures and what is decided after an excursion: CAR."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from ledger.domain.bodies.conditions import Celsius
from ledger.domain.custody.carriage import Decision, ExcursionDispositioned, ShipmentPacked, TemperatureRecorded
from ledger.ids import ConsignmentId, ItemId
from ledger.reference.activities import Material
from tests.spec.goods import CARRIER, CLINIC, LATER, VARIOLA, A, B, announced, carried, delivered, in_stock
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import NOON, breaches, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed

CULTURES_ONLY = "bacterium-1"
"""Packing A for its live cultures only."""
CATEGORY_B = "virus-100"


def packed(un_number: str | None = "3373", instruction: str = "p650", by: Signatory = IMPORTER) -> Signed[Any]:
    body = ShipmentPacked(items=(A, B), packing_instruction=instruction, seals=("S1",), un_number=un_number)
    return said(body, by)


def measured(
    minimum: str = "-79",
    maximum: str = "-70",
    low: str | None = None,
    high: str | None = "-60",
    by: Signatory = CARRIER,
) -> Signed[Any]:
    body = TemperatureRecorded(
        items=(A,), device="logger-1", start=NOON, end=LATER, minimum=minimum, maximum=maximum, low=low, high=high
    )
    return said(body, by, at=LATER)


def decided(decision: Decision, by: Signatory = LABORATORY) -> Signed[Any]:
    return said(ExcursionDispositioned(items=(A,), decision=decision), by, at=LATER)


WARM = measured(maximum="-20.5")


def test_the_seals_of_a_packing_stay_with_the_items() -> None:
    assert judged(announced(), packed()) == []
    assert state_of([*announced(), packed()], A).seals == {"S1"}


@pytest.mark.rule("CAR-01")
def test_a_packing_names_the_consignment_of_its_items() -> None:
    body = ShipmentPacked(items=(A,), packing_instruction="p650", seals=(), consignment=ConsignmentId("consignment:2"))
    assert refused(announced(), said(body, IMPORTER)) == "CAR-01"


@pytest.mark.rule("CAR-02")
def test_a_stranger_packs_and_measures_nothing() -> None:
    assert refused(announced(), packed(by=CLINIC)) == "CAR-02"
    assert refused(carried(), measured(by=CLINIC)) == "CAR-02"


@pytest.mark.rule("CAR-06")
@pytest.mark.parametrize(
    ("agent", "material", "un_number", "instruction", "rules"),
    [
        pytest.param(VARIOLA, Material.UNCULTURED, "2814", "p620", [], id="category A as asked"),
        pytest.param(VARIOLA, Material.UNCULTURED, "3373", "p650", ["CAR-06"], id="category B instead of A"),
        pytest.param(VARIOLA, Material.UNCULTURED, "2814", "p650", ["CAR-06"], id="the number of A, packed as B"),
        pytest.param(VARIOLA, Material.UNCULTURED, None, "p620", ["CAR-06"], id="not declared as dangerous"),
        pytest.param(VARIOLA, Material.NONINFECTIOUS, None, "p904", [], id="harmless"),
        pytest.param(VARIOLA, None, "3373", "p650", [], id="material unknown"),
        pytest.param(CULTURES_ONLY, Material.CULTURE, "3373", "p650", ["CAR-06"], id="a culture as a specimen"),
        pytest.param(CULTURES_ONLY, Material.UNCULTURED, "3373", "p650", [], id="a specimen of a culture's row"),
        pytest.param(CULTURES_ONLY, Material.UNCULTURED, "2814", "p620", [], id="stronger than asked"),
        pytest.param(CATEGORY_B, Material.CULTURE, "3373", "pi650", [], id="category B by air"),
        pytest.param(CATEGORY_B, Material.CULTURE, "3245", "p904", ["CAR-06"], id="category B as something else"),
        pytest.param("virus-9999", Material.CULTURE, None, "p904", [], id="an agent that is not listed"),
        pytest.param(None, Material.CULTURE, None, "p904", [], id="no agent stated"),
    ],
)
def test_packing_is_no_weaker_than_agent_and_material_ask(
    agent: str | None, material: Material | None, un_number: str | None, instruction: str, rules: list[str]
) -> None:
    assert judged(announced(agent=agent, material=material), packed(un_number, instruction)) == rules


def test_a_row_that_depends_on_the_strain_says_so() -> None:
    given = announced(agent="bacterium-3", material=Material.CULTURE)
    (breach,) = breaches(given, packed(None))
    assert breach.given["conditional"] == "yes"


@pytest.mark.rule("CAR-03")
@pytest.mark.parametrize(
    "when",
    [
        pytest.param(measured(minimum="-60", maximum="-70"), id="minimum above maximum"),
        pytest.param(measured(low="8", high="2"), id="range upside down"),
        pytest.param(
            said(
                TemperatureRecorded(items=(A,), device="d", start=LATER, end=NOON, minimum="1", maximum="2"),
                CARRIER,
                at=LATER,
            ),
            id="ends before it starts",
        ),
    ],
)
def test_a_record_of_temperatures_that_contradicts_itself_is_refused(when: Signed[Any]) -> None:
    assert refused(carried(), when) == "CAR-03"


def logged(start: datetime, end: datetime) -> Signed[Any]:
    body = TemperatureRecorded(items=(A,), device="d", start=start, end=end, minimum="1", maximum="2")
    return said(body, CARRIER, at=LATER)


@pytest.mark.rule("CON-22")
def test_a_record_of_temperatures_is_told_after_it_ended() -> None:
    tolerated = LATER + timedelta(seconds=300)
    assert judged(carried(), logged(NOON, tolerated)) == []
    assert refused(carried(), logged(NOON, tolerated + timedelta(seconds=1))) == "CON-22"
    assert refused(carried(), logged(datetime(2099, 1, 1, tzinfo=UTC), datetime(2099, 1, 2, tzinfo=UTC))) == "CON-22"


@pytest.mark.rule("CAR-08")
def test_a_record_of_temperatures_that_starts_before_there_was_such_an_item_is_a_breach() -> None:
    announcement = NOON
    assert judged(carried(), logged(announcement, LATER)) == []
    assert judged(carried(), logged(announcement - timedelta(seconds=1), LATER)) == ["CAR-08"]
    assert judged(carried(), logged(datetime(1970, 1, 1, tzinfo=UTC), LATER)) == ["CAR-08"]


@pytest.mark.parametrize(
    ("degrees", "admitted"),
    [
        *((one, True) for one in ("-273.15", "-273.1", "-273.09", "-273", "-272.99", "-196", "-0.5", "0", "999.99")),
        *((one, False) for one in ("-273.16", "-273.2", "-274", "-300", "-999.99", "1000", "-01", "+4", "4.")),
    ],
)
def test_no_temperature_is_below_absolute_zero(degrees: str, admitted: bool) -> None:
    try:
        msgspec.convert(degrees, Celsius)
    except msgspec.ValidationError:
        assert not admitted
    else:
        assert admitted


@pytest.mark.rule("CAR-07")
@pytest.mark.parametrize(
    ("when", "rules"),
    [
        pytest.param(measured(), [], id="inside"),
        pytest.param(measured(maximum="-60"), [], id="on the limit"),
        pytest.param(measured(maximum="-59.99"), ["CAR-07"], id="too warm"),
        pytest.param(measured("1.9", "5", low="2", high="8"), ["CAR-07"], id="too cold"),
        pytest.param(measured("-79", "20", high=None), [], id="no range agreed"),
    ],
)
def test_an_excursion_from_the_agreed_range_is_a_breach(when: Signed[Any], rules: list[str]) -> None:
    assert judged(carried(), when) == rules
    assert (state_of([*carried(), when], A).excursion_at is not None) == bool(rules)
    assert state_of([*carried(), when], B).excursion_at is None


def test_a_good_record_does_not_clear_an_excursion() -> None:
    assert state_of([*carried(), WARM, measured()], A).excursion_at is not None


@pytest.mark.parametrize(
    ("decision", "excursion", "holds"),
    [
        (Decision.USE, False, frozenset()),
        (Decision.QUARANTINE, True, frozenset({"excursion"})),
        (Decision.DISCARD, True, frozenset()),
    ],
)
def test_after_an_excursion_items_are_cleared_held_or_discarded(
    decision: Decision, excursion: bool, holds: frozenset[str]
) -> None:
    given = [*delivered(), measured(maximum="-20", by=LABORATORY)]
    assert judged(given, decided(decision)) == []
    item = state_of([*given, decided(decision)], A)
    assert (item.excursion_at is not None, item.holds) == (excursion, holds)


def test_a_quarantine_ends_with_the_decision_to_use() -> None:
    given = [*in_stock(), WARM, decided(Decision.QUARANTINE)]
    assert judged(given, decided(Decision.USE)) == []
    item = state_of([*given, decided(Decision.USE)], A)
    assert (item.excursion_at is not None, item.holds) == (False, frozenset())


@pytest.mark.rule("CAR-04")
@pytest.mark.parametrize("given", [carried(), [*carried(), WARM, decided(Decision.USE)]])
def test_without_an_excursion_there_is_nothing_to_decide(given: list[Signed[Any]]) -> None:
    assert refused(given, decided(Decision.USE)) == "CAR-04"


@pytest.mark.rule("CAR-05")
def test_a_stranger_decides_nothing_after_an_excursion() -> None:
    assert refused([*carried(), WARM], decided(Decision.USE, by=CLINIC)) == "CAR-05"


def test_an_item_that_nobody_listed_is_refused() -> None:
    body = ExcursionDispositioned(items=(ItemId("item:x"),), decision=Decision.USE)
    assert refused(carried(), said(body, LABORATORY)) == "GAT-01"
