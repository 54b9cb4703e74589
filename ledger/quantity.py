"""Amounts: exact decimals with a unit, never a float.

An amount is written ``{"value": "1.50", "unit": "mL"}``. The value has at most 18 digits before the point and 9
after it, no sign, no exponent and no leading zero. Amounts of different units never add up: a conversion is a
fact that somebody signs, not arithmetic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

DECIMAL_PATTERN: Final = r"^(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?$"
UNIT_PATTERN: Final = "^[A-Za-z]{1,16}$"
_DECIMAL = re.compile(DECIMAL_PATTERN.removesuffix("$") + r"\Z")


class UnitMismatch(ValueError):
    """Two amounts of different units were to be compared or added."""


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


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of something: an exact value in a unit of the reference table."""

    value: Decimal
    unit: str

    def __add__(self, other: Quantity) -> Quantity:
        """Add an amount of the same unit; raises UnitMismatch."""
        return Quantity(self.value + self._same(other), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        """Take away an amount of the same unit; the result may be negative. Raises UnitMismatch."""
        return Quantity(self.value - self._same(other), self.unit)

    def __gt__(self, other: Quantity) -> bool:
        """Say whether this is more than an amount of the same unit; raises UnitMismatch."""
        return self.value > self._same(other)

    def __str__(self) -> str:
        """Write the amount for people: ``1.5 mL``."""
        return f"{format_decimal(self.value)} {self.unit}"

    def _same(self, other: Quantity) -> Decimal:
        if other.unit != self.unit:
            raise UnitMismatch(f"{self} and {other} are in different units")
        return other.value
