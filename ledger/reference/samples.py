"""What samples are and how they are kept: one dated table of types, with their codes elsewhere, and of conditions.

``sample-types.csv`` and ``storage-conditions.csv`` are the table ``samples-2026``. The codes in it point to the first
element of SPREC (versions 2.0 and 3.0: where processing decides between several, all of them stand), to HL7 v2 table
0487, which FHIR names for ``Specimen.type``, to SNOMED CT and to MIABIS. They were read in public copies and mappings,
none in the standard's own publication (V2), or are from memory (M); where no code was found, none stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused
from ledger.nearest import nearest, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RULES: Final = {
    "SMP-01": "A sample type is one of the table.",
    "SMP-02": "A storage condition is one of the table.",
}


@dataclass(frozen=True, slots=True)
class SampleType:
    """One type of sample.

    sprec: first elements of the code that it may have; v2_0487, snomed, miabis: "" for none that was found.
    confidence: of the least certain of its codes, V2 or M.
    """

    code: str
    name_en: str
    name_zh: str
    sprec: tuple[str, ...]
    v2_0487: str
    snomed: str
    miabis: str
    confidence: str


@dataclass(frozen=True, slots=True)
class StorageCondition:
    """One way in which samples are kept.

    low, high: the range in degrees Celsius, as it is commonly understood; None where the condition has none.
    miabis: "" for none that was found. confidence: of range and code.
    """

    code: str
    name_en: str
    name_zh: str
    low: Decimal | None
    high: Decimal | None
    miabis: str
    confidence: str

    def warmer_than(self, other: StorageCondition) -> bool:
        """Say whether the warmest of this one is warmer than that of another; of an unknown range it is not known."""
        return self.high is not None and other.high is not None and self.high > other.high


@dataclass(frozen=True, slots=True)
class Samples:
    """The table, by codes."""

    types: Mapping[str, SampleType]
    conditions: Mapping[str, StorageCondition]

    def check_type(self, code: str) -> None:
        """Check that a type is in the table. Raises Refused: SMP-01."""
        if code not in self.types:
            raise Refused("SMP-01", f'"{code}" is no sample type of the table{_meant(code, self.types)}')

    def check_condition(self, code: str) -> None:
        """Check that a storage condition is in the table. Raises Refused: SMP-02."""
        if code not in self.conditions:
            raise Refused("SMP-02", f'"{code}" is no storage condition of the table{_meant(code, self.conditions)}')

    def is_warmer(self, code: str, than: str) -> bool:
        """Say whether one condition is warmer than another; of what the table does not have it is not known."""
        one, other = self.conditions.get(code), self.conditions.get(than)
        return one is not None and other is not None and one.warmer_than(other)


def _meant(code: str, rows: Mapping[str, object]) -> str:
    return f"; {suggestion(nearest(code, rows), list(rows))}"


def read_samples(types: Iterable[Mapping[str, str]], conditions: Iterable[Mapping[str, str]]) -> Samples:
    """Make the table of its rows, each by the names of its columns. Raises KeyError, ValueError: it is none."""
    all_types, all_conditions = map(_type, types), map(_condition, conditions)
    return Samples(
        MappingProxyType({one.code: one for one in all_types}),
        MappingProxyType({one.code: one for one in all_conditions}),
    )


def _type(row: Mapping[str, str]) -> SampleType:
    return SampleType(
        code=row["code"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        sprec=tuple(row["sprec"].split()),
        v2_0487=row["v2_0487"],
        snomed=row["snomed"],
        miabis=row["miabis"],
        confidence=row["confidence"],
    )


def _condition(row: Mapping[str, str]) -> StorageCondition:
    return StorageCondition(
        code=row["code"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        low=_degrees(row["low"]),
        high=_degrees(row["high"]),
        miabis=row["miabis"],
        confidence=row["confidence"],
    )


def _degrees(text: str) -> Decimal | None:
    if not text:
        return None
    if not text.removeprefix("-").isdecimal():
        raise ValueError(f'"{text}" is no whole number of degrees')
    return Decimal(text)
