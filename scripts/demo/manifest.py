"""The importer's manifest: an XLSX workbook, as an importer would hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.styles import Font

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scripts.demo.cast import Vial

HEADERS: Final = ("Consignment", "Approval", "Line", "Item", "Label", "Quantity", "Unit", "Lot")


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
            (vial.consignment, vial.approval, vial.line, vial.item, vial.label, vial.value, vial.unit, vial.lot)
        )
    book.save(path)
