"""The units that quantities may be in.

The table says which units there are and how people call them. Which of them are powers of ten of each other, by
definition, says ``ledger.quantity``; how many millilitres a vial holds no table says, somebody signs it.
"""

from __future__ import annotations

import csv
import unicodedata
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


_ALSO: Final = {
    "mL": ("cc",),
    "uL": ("mcl",),
    "ug": ("mcg",),
    "g": ("gm", "gramme"),
    "piece": ("pc", "pcs", "ea", "each"),
}
"""Further ways to write a unit; only to ask whether it is meant, never to take it for said."""


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
    def names(self) -> tuple[str, ...]:
        """Return how people write it, as far as that is known."""
        return (self.code, self.name_en, self.name_zh, *_ALSO.get(self.code, ()))

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

    def like(self, written: str) -> str | None:
        """Return the code of the unit that is likely meant; None where none is.

        written: in any width and case, with a micro sign, a point or the s of a plural; or a unit's name.
        """
        key = _key(written)
        return next((one.code for one in self.by_code.values() if key in map(_key, one.names)), None)

    def unknown(self, written: str) -> str:
        """Return, for people, that a unit is none of the table, and the one that is likely meant."""
        meant = self.like(written)
        return f'"{written}" is not a permitted unit' + ("" if meant is None else f"; did you mean {meant}?")

    def check(self, quantity: Quantity) -> None:
        """Check that a quantity is in a permitted unit and, where units are counted, a whole number.

        Raises Refused: UNI-01 the unit is not in the table, UNI-02 the value is not whole.
        """
        unit = self.find(quantity.unit)
        if unit is None:
            raise Refused("UNI-01", self.unknown(quantity.unit))
        if unit.countable and quantity.value % 1 != 0:
            raise Refused("UNI-02", f"{quantity}: of {unit.name_en} there are only whole numbers")


def read_units(rows: Iterable[Mapping[str, str]]) -> Units:
    """Make a table of its rows, each by the names of its columns. Raises KeyError, ValueError: it is none of units."""
    units = [Unit(row["code"], row["name_en"], row["name_zh"], Dimension(row["dimension"])) for row in rows]
    return Units(MappingProxyType({unit.code: unit for unit in units}))


def _key(written: str) -> str:
    """Return what two ways to write a unit have in common."""
    key = unicodedata.normalize("NFKC", written).casefold().replace("μ", "u").replace("tre", "ter")
    return "".join(one for one in key if one.isalnum()).removesuffix("s")


@cache
def load_units() -> Units:
    """Read the table that is shipped with the package, once."""
    text = files("ledger.reference").joinpath("units.csv").read_text(encoding="utf-8")
    return read_units(csv.DictReader(text.splitlines()))
