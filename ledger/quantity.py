"""Amounts: exact decimals with a unit, never a float.

An amount is written ``{"value": "1.50", "unit": "mL"}``. The value has at most 18 digits before the point and 9
after it, no sign, no exponent and no leading zero. Units of one dimension are powers of ten of each other by their
definition (SI brochure, 9th edition, table 7), so 500 uL are 0.5 mL and add up exactly. Amounts of different dimensions
never do: how many millilitres a vial holds is a fact that somebody signs, not arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

DECIMAL_PATTERN: Final = r"^(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?$"
UNIT_PATTERN: Final = "^[A-Za-z]{1,16}$"
_DECIMAL = re.compile(DECIMAL_PATTERN.removesuffix("$") + r"\Z")

POWERS: Final[Mapping[str, tuple[str, int]]] = MappingProxyType(
    {
        "L": ("L", 0),
        "mL": ("L", -3),
        "uL": ("L", -6),
        "kg": ("kg", 0),
        "g": ("kg", -3),
        "mg": ("kg", -6),
        "ug": ("kg", -9),
        "ng": ("kg", -12),
        "mol": ("mol", 0),
        "mmol": ("mol", -3),
        "umol": ("mol", -6),
        "nmol": ("mol", -9),
        "pmol": ("mol", -12),
    }
)
"""By unit the base unit of its dimension, and which power of ten of it the unit is. Every other unit stands alone."""

# A product of three written values, or of two in the smallest and the largest unit: nothing is ever rounded.
EXACT: Final = Context(prec=120)


class UnitMismatch(ValueError):
    """Two amounts of different dimensions were to be compared or added."""


def base_of(unit: str) -> str:
    """Return the base unit of a unit's dimension; of a unit that stands alone, itself."""
    return POWERS.get(unit, (unit, 0))[0]


def alike(unit: str, other: str) -> bool:
    """Say whether two units are of one dimension, so that amounts in them add up."""
    return unit == other or base_of(unit) == base_of(other)


def parse_decimal(text: str) -> Decimal:
    """Read a written value.

    Raises ValueError: not of the one form.
    """
    if _DECIMAL.match(text) is None:
        raise ValueError('a value is a plain decimal such as "1.50": no sign, no exponent, no leading zero')
    return Decimal(text)


def format_decimal(value: Decimal) -> str:
    """Write a value without an exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_ratio(value: Fraction | None) -> str | None:
    """Write a number as a decimal, or as a fraction where no decimal of 28 digits is exact; None of one not known."""
    if value is None:
        return None
    near = Decimal(value.numerator) / Decimal(value.denominator)
    return format_decimal(near) if near == value else str(value)


def is_written(value: Decimal) -> bool:
    """Say whether a value has the digits that a written amount may have."""
    return _DECIMAL.match(format_decimal(value)) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """An amount of something: an exact value in a unit of the reference table.

    Two are equal if they are as much as each other: 500 uL is 0.5 mL.
    """

    value: Decimal
    unit: str

    def into(self, unit: str) -> Quantity:
        """Return the same amount in another unit of its dimension, exactly; raises UnitMismatch."""
        if unit == self.unit:
            return self
        if not alike(self.unit, unit):
            raise UnitMismatch(f"{self} is no amount in {unit}")
        steps = POWERS.get(self.unit, (self.unit, 0))[1] - POWERS.get(unit, (unit, 0))[1]
        return Quantity(EXACT.scaleb(self.value, steps), unit)

    @property
    def in_base(self) -> Decimal:
        """Return how much it is in the base unit of its dimension, exactly."""
        power = POWERS.get(self.unit, (self.unit, 0))[1]
        return EXACT.scaleb(self.value, power) if power else self.value

    def __add__(self, other: Quantity) -> Quantity:
        """Add an amount of the same dimension, in this one's unit; raises UnitMismatch."""
        return Quantity(EXACT.add(self.value, other.into(self.unit).value), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        """Take away an amount of the same dimension; the result may be negative. Raises UnitMismatch."""
        return Quantity(EXACT.subtract(self.value, other.into(self.unit).value), self.unit)

    def __gt__(self, other: Quantity) -> bool:
        """Say whether this is more than an amount of the same dimension; raises UnitMismatch."""
        return self.value > other.into(self.unit).value

    def __eq__(self, other: object) -> bool:
        """Say whether this is as much as another amount; of another dimension it never is."""
        if not isinstance(other, Quantity):
            return NotImplemented
        return alike(self.unit, other.unit) and self.value == other.into(self.unit).value

    def __hash__(self) -> int:
        """Return what equal amounts share."""
        return hash((base_of(self.unit), self.in_base))

    def __str__(self) -> str:
        """Write the amount for people: ``1.5 mL``."""
        return f"{format_decimal(self.value)} {self.unit}"
