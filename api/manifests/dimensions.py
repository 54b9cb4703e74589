"""What units measure, for the one question whether the rows of a manifest measure alike. Converts nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ledger.reference.units import Dimension, load_units

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Amount


_WORDS: Final = {
    Dimension.COUNT: ("a count", "counts"),
    Dimension.VOLUME: ("a volume", "volumes"),
    Dimension.MASS: ("a mass", "masses"),
    Dimension.SUBSTANCE: ("an amount of substance", "amounts of substance"),
    Dimension.ACTIVITY: ("an activity", "activities"),
}
"""How people are told of one amount, and of many."""


def dimension_of(unit: str) -> Dimension:
    """Return what a permitted unit measures, as the table of units says."""
    return load_units().by_code[unit].dimension


def of_another_dimension(amount: Amount, others: list[Amount], *, alone: bool) -> str:
    """Say in what an amount differs from others of the same line; alone: no further row differs from them."""
    (own, _), (usual, many) = _WORDS[dimension_of(amount.unit)], _WORDS[dimension_of(others[0].unit)]
    units = ", ".join(unit for unit, _ in Counter(other.unit for other in others).most_common())
    said = f"{amount.quantity} is {own}"
    if len(others) == 1:
        return f"{said}; another row of this consignment, approval and line is {usual} ({units})"
    rows = "the other rows" if alone else "other rows"
    return f"{said}; {rows} of this consignment, approval and line are {many} ({units})"
