"""What holds of all amounts in units of one dimension: conversion loses nothing, and no sum depends on the units."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from ledger.quantity import POWERS, Quantity, base_of

DIMENSIONS: Final = sorted({base for base, _ in POWERS.values()})
values = st.decimals(min_value=0, max_value=Decimal(10**18 - 1), places=9, allow_nan=False)


@st.composite
def of_one_dimension(draw: st.DrawFn, count: int) -> list[Quantity]:
    base = draw(st.sampled_from(DIMENSIONS))
    units = st.sampled_from(sorted(unit for unit in POWERS if base_of(unit) == base))
    return [Quantity(draw(values), draw(units)) for _ in range(count)]


def exact(amount: Quantity) -> Fraction:
    """Return an amount in base units, by fractions and not by the code under test."""
    return Fraction(amount.value) * Fraction(10) ** POWERS[amount.unit][1]


@given(of_one_dimension(2))
def test_a_conversion_there_and_back_is_the_same_digits(pair: list[Quantity]) -> None:
    one, other = pair
    there = one.into(other.unit)
    assert exact(there) == exact(one)
    assert there.into(one.unit).value == one.value
    assert there == one
    assert hash(there) == hash(one)


@given(of_one_dimension(3))
def test_sums_and_differences_are_exact_whatever_the_units(three: list[Quantity]) -> None:
    one, two, three_ = three
    assert exact(one + two) == exact(one) + exact(two)
    assert exact(one - two) == exact(one) - exact(two)
    assert (one + two) + three_ == three_ + (two + one)
    assert (one + two) - two == one


@given(of_one_dimension(2))
def test_amounts_are_ordered_by_how_much_they_are(pair: list[Quantity]) -> None:
    one, other = pair
    assert (one > other) is (exact(one) > exact(other))
    assert (one == other) is (exact(one) == exact(other))
