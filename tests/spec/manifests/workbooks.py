"""Workbooks for tests: written by another program, then changed as other programs write them."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook

from api.manifests.layout import BUILT_IN
from api.manifests.reading.sheets import read_sheet
from api.manifests.statements import Plan, plan_import
from ledger.reference.units import load_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

HEADERS: Final = ("Consignment", "Approval", "Line", "Label", "Quantity", "Unit", "Lot")
GOODS: Final = ("consignment:C1", "approval:A1", 1)
SHEET: Final = "xl/worksheets/sheet1.xml"


def written(folder: Path, *rows: tuple[Any, ...], arrange: Callable[[Worksheet], object] = id) -> Path:
    """Write a workbook of containers: label, quantity, unit and lot, as far as given.

    arrange: what else is done to its sheet.
    """
    return book_of(folder, [HEADERS, *((*GOODS, *row) for row in rows)], arrange)


def book_of(folder: Path, rows: Iterable[Sequence[Any]], arrange: Callable[[Worksheet], object] = id) -> Path:
    """Write a workbook of some rows. arrange: what else is done to its sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    arrange(sheet)
    book.save(folder / "m.xlsx")
    return folder / "m.xlsx"


def changed(path: Path, changes: Mapping[bytes, bytes], *, part: str = SHEET) -> Path:
    """Return a copy of a workbook with some bytes of one part replaced; each must be there."""
    copy = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            for before, after in changes.items() if name == part else ():
                assert before in data
                data = data.replace(before, after)
            new.writestr(name, data)
    return copy


def planned(path: Path) -> Plan:
    """Return what a manifest with plain headers comes to."""
    return plan_import(path.name, read_sheet(path), BUILT_IN, load_units())


def csv_of(folder: Path, *rows: str, header: str = ",".join(HEADERS)) -> Path:
    """Write a CSV of containers: label, quantity, unit and lot of each."""
    path = folder / "m.csv"
    lines = [f"consignment:C1,approval:A1,1,{row}" for row in rows]
    path.write_bytes("\n".join([header, *lines, ""]).encode())
    return path


def said(plan: Plan) -> list[str]:
    """Return the problems of a plan, without the manifest's name."""
    return [str(problem).partition(" ")[2] for problem in plan.problems]


def labels(plan: Plan) -> list[Any]:
    """Return the labels of all rows that are right."""
    return [one["label"] for planned in plan.statements for one in _rows(planned.body["items"])]


def values(plan: Plan) -> list[Any]:
    """Return the values of the quantities of all rows that are right."""
    return [one["quantity"]["value"] for planned in plan.statements for one in _rows(planned.body["items"])]


def items_of(plan: Plan) -> list[Any]:
    """Return all rows that are right, without the ids that were made for them."""
    rows = [one for planned in plan.statements for one in _rows(planned.body["items"])]
    return [{name: value for name, value in row.items() if name != "item"} for row in rows]


def _rows(items: object) -> list[Any]:
    return items if isinstance(items, list) else []
