"""Bookings: what each event changed of what came in under an approval line. Their sums are its mass balance.

A share of an item that was pooled may be a third, which no decimal is: amounts are whole numbers over whole numbers,
and their sums are exact.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.quantity import base_of
from projections.booking import bookings
from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.states.subjects import Item
    from projections.views.view import Row, Step


def rows(step: Step) -> Iterator[Row]:
    """Yield what an event changed of an item, for each approval line that the item has a share in."""
    item: Item = step.after
    for booked in bookings(step.event.said.kind, step.before, item):
        for (approval, line), share in step.descent(item.id).shares.items():
            amount = booked.amount if share == 1 else share * Fraction(booked.amount)
            numerator, denominator = amount.as_integer_ratio()
            yield (
                item.id,
                step.event.position,
                approval,
                line,
                booked.flow.value,
                booked.unit,
                base_of(booked.unit),
                Decimal(numerator),
                Decimal(denominator),
            )


BOOKINGS = View(
    name="booking",
    of="item",
    columns=("item", "position", "approval", "line", "flow", "unit", "base", "numerator", "denominator"),
    key=5,
    steps=rows,
)
