"""The units that quantities may be in.

A unit is only a word: amounts of different units never add up here, and no conversion is offered, because how many
millilitres a vial holds is a fact that somebody signs.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.quantity import Quantity

RULES: Final = {
    "UNI-01": "A quantity is in a permitted unit.",
    "UNI-02": "A quantity in a unit that is counted is a whole number.",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit.

    code: how quantities name it: Latin letters, at most 16; case matters.
    countable: there are only whole numbers of it.
    """

    code: str
    name_en: str
    name_zh: str
    countable: bool


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


def load_units() -> Units:
    """Read the table that is shipped with the package."""
    text = files("ledger.reference").joinpath("units.csv").read_text(encoding="utf-8")
    units = [
        Unit(row["code"], row["name_en"], row["name_zh"], countable=row["countable"] == "yes")
        for row in csv.DictReader(text.splitlines())
    ]
    return Units(MappingProxyType({unit.code: unit for unit in units}))
