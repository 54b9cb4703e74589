"""What units measure, for the one question whether the rows of a manifest measure alike. Converts nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.domain.vocabulary import Amount


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a unit measures, in the words that people are told: one amount of it, and many."""

    one: str
    many: str


_COUNT: Final = Dimension("a count", "counts")
_VOLUME: Final = Dimension("a volume", "volumes")
_MASS: Final = Dimension("a mass", "masses")
_SUBSTANCE: Final = Dimension("an amount of substance", "amounts of substance")
_ACTIVITY: Final = Dimension("an activity", "activities")
_MEASURED: Final = {
    **dict.fromkeys(("L", "mL", "uL"), _VOLUME),
    **dict.fromkeys(("kg", "g", "mg", "ug", "ng"), _MASS),
    **dict.fromkeys(("mol", "nmol"), _SUBSTANCE),
    **dict.fromkeys(("IU", "U"), _ACTIVITY),
}


def dimension_of(unit: str) -> Dimension:
    """Return what a permitted unit measures; one that is not known to measure anything counts."""
    return _MEASURED.get(unit, _COUNT)


def of_another_dimension(amount: Amount, others: list[Amount], *, alone: bool) -> str:
    """Say in what an amount differs from others of the same line; alone: no further row differs from them."""
    own, usual = dimension_of(amount.unit), dimension_of(others[0].unit)
    units = ", ".join(unit for unit, _ in Counter(other.unit for other in others).most_common())
    said = f"{amount.quantity} is {own.one}"
    if len(others) == 1:
        return f"{said}; another row of this consignment, approval and line is {usual.one} ({units})"
    rows = "the other rows" if alone else "other rows"
    return f"{said}; {rows} of this consignment, approval and line are {usual.many} ({units})"
