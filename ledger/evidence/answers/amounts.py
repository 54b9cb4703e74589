"""Amounts as an answer counts with them: exact numbers with a unit, and what is left of an item."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ledger.quantity import Quantity, alike

if TYPE_CHECKING:
    from collections.abc import Mapping

    State = Mapping[str, Any]
    Amount = tuple[Fraction, str]


def into(amount: Amount, unit: str) -> Amount:
    """Return as much in another unit of the same dimension."""
    return amount[0] * Fraction(Quantity(Decimal(1), amount[1]).into(unit).value), unit


def recorded(state: State, amount: Amount) -> Amount:
    """Return an amount in the unit in which an item's is recorded, if it is of its dimension."""
    held = state["quantity"]
    return into(amount, held[1]) if held is not None and alike(held[1], amount[1]) else amount


def less(state: State, taken: Amount | None) -> State:
    """Return what is left of an item after some was taken; None: nobody measured it, and what is left is unknown."""
    held, rest = state["quantity"], None
    if taken is not None and held is not None and alike(held[1], taken[1]):
        rest = held[0] - into(taken, held[1])[0], held[1]
    is_empty = rest is not None and rest[0] <= 0
    return {"quantity": rest, "status": "depleted" if is_empty else state["status"]}
