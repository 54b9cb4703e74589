"""The importer's manifest: an XLSX workbook, as an importer would hold it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.styles import Font

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scripts.demo.cast import Vial

HEADERS: Final = (
    *("Consignment", "Approval", "Line", "Item", "Label", "Quantity", "Unit", "Lot"),
    *("Type", "Collected on", "Donor", "Donor origin", "Storage", "Thaws"),
)

_NOTHING: Final = (None,) * 3


def _sample(vial: Vial) -> tuple[str | int | date | None, ...]:
    """Return what is in a vial; two of plasma are of each donor, nobody knows how often a reagent was thawed."""
    number = int(vial.label.partition("-")[2])
    match vial.label[:2]:
        case "PL":
            return "plasma-edta", date(2026, 5, 4), f"D-{(number + 1) // 2:02d}", "SE", "minus-80", 0
        case "KT":
            return "reagent", *_NOTHING, "2-8", None
        case _:
            return "antibody", *_NOTHING, "minus-80", None


def write_manifest(path: Path, vials: Sequence[Vial]) -> None:
    """Write a manifest with a row for each vial."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError("a new workbook has a sheet")
    sheet.title = "Manifest"
    sheet.append(HEADERS)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for vial in vials:
        sheet.append(
            (
                *(vial.consignment, vial.approval, vial.line, vial.item, vial.label, vial.value, vial.unit, vial.lot),
                *_sample(vial),
            )
        )
    book.save(path)
