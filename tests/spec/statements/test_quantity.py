"""Amounts: units of one dimension are converted by their definition, exactly; all others stand alone."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from ledger.quantity import POWERS, Quantity, UnitMismatch, alike, base_of
from ledger.reference.units import Dimension, load_units


def amount(value: str, unit: str) -> Quantity:
    return Quantity(Decimal(value), unit)


@pytest.mark.parametrize(
    ("value", "unit", "into", "is_"),
    [
        ("500", "uL", "mL", "0.5"),
        ("1.50", "mL", "uL", "1500"),
        ("2", "L", "mL", "2000"),
        ("0.000000001", "ng", "kg", "0.000000000000000000001"),
        ("999999999999999999.999999999", "kg", "ng", "999999999999999999999999999000"),
        ("25", "nmol", "umol", "0.025"),
        ("7", "vial", "vial", "7"),
    ],
)
def test_an_amount_is_converted_inside_its_dimension(value: str, unit: str, into: str, is_: str) -> None:
    converted = amount(value, unit).into(into)
    assert (converted.value, converted.unit) == (Decimal(is_), into)


@pytest.mark.parametrize(("unit", "other"), [("mL", "mg"), ("vial", "mL"), ("vial", "tube"), ("IU", "U"), ("mol", "g")])
def test_amounts_of_different_dimensions_never_mix(unit: str, other: str) -> None:
    one, another = amount("1", unit), amount("1", other)
    assert not alike(unit, other)
    assert one != another
    for act in (lambda: one + another, lambda: one - another, lambda: one > another, lambda: one.into(other)):
        with pytest.raises(UnitMismatch):
            act()


def test_a_sum_is_in_the_unit_of_its_first_amount() -> None:
    assert str(amount("1.5", "mL") + amount("250", "uL")) == "1.75 mL"
    assert str(amount("250", "uL") - amount("0.05", "mL")) == "200 uL"
    assert amount("501", "uL") > amount("0.5", "mL")


def test_the_table_and_the_powers_agree_on_what_is_one_dimension() -> None:
    by_dimension = defaultdict(set)
    for unit in load_units().by_code.values():
        by_dimension[unit.dimension].add(base_of(unit.code))
    assert [len(by_dimension[one]) for one in (Dimension.VOLUME, Dimension.MASS, Dimension.SUBSTANCE)] == [1, 1, 1]
    assert not by_dimension[Dimension.COUNT] & set(POWERS)
    assert set(POWERS) <= set(load_units().by_code)
