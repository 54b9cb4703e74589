"""The units that quantities may be in.

A unit is only a word: amounts of different units never add up here, and no conversion is offered, because how many
millilitres a vial holds is a fact that somebody signs.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.quantity import Quantity

RULES: Final = {
    "UNI-01": "A quantity is in a permitted unit.",
    "UNI-02": "A quantity in a unit that is counted is a whole number.",
}


class Dimension(StrEnum):
    """What a unit measures, or that it counts."""

    COUNT = "count"
    VOLUME = "volume"
    MASS = "mass"
    SUBSTANCE = "substance"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit.

    code: how quantities name it: Latin letters, at most 16; case matters.
    """

    code: str
    name_en: str
    name_zh: str
    dimension: Dimension

    @property
    def countable(self) -> bool:
        """Say whether there are only whole numbers of it."""
        return self.dimension is Dimension.COUNT


@dataclass(frozen=True, slots=True)
class Units:
    """The table of permitted units, by code."""

    by_code: Mapping[str, Unit]

    def find(self, code: str) -> Unit | None:
        """Return a unit; None if the code is not in the table."""
        return self.by_code.get(code)

    def check(self, quantity: Quantity) -> None:
        """Check that a quantity is in a permitted unit and, where units are counted, a whole number.

        Raises Refused: UNI-01 the unit is not in the table, UNI-02 the value is not whole.
        """
        unit = self.find(quantity.unit)
        if unit is None:
            raise Refused("UNI-01", f'"{quantity.unit}" is not a permitted unit')
        if unit.countable and quantity.value % 1 != 0:
            raise Refused("UNI-02", f"{quantity}: of {unit.name_en} there are only whole numbers")


def read_units(rows: Iterable[Mapping[str, str]]) -> Units:
    """Make a table of its rows, each by the names of its columns. Raises KeyError, ValueError: it is none of units."""
    units = [Unit(row["code"], row["name_en"], row["name_zh"], Dimension(row["dimension"])) for row in rows]
    return Units(MappingProxyType({unit.code: unit for unit in units}))


@cache
def load_units() -> Units:
    """Read the table that is shipped with the package, once."""
    text = files("ledger.reference").joinpath("units.csv").read_text(encoding="utf-8")
    return read_units(csv.DictReader(text.splitlines()))
