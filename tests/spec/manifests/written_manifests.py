"""Manifests as the tests write them: as CSV, with a layout, and what comes of both."""

from __future__ import annotations

from pathlib import Path

from api.manifests.layout import BUILT_IN, Layout
from api.manifests.mapping import read_layout
from api.manifests.reading.grid import Row, Sheet
from api.manifests.reading.sheets import read_sheet
from api.manifests.statements import Plan, plan_import
from ledger.reference.units import load_units

LAYOUT = """
kind = "item.listed/1"
rows = "items"
[constants]
consignment = "consignment:C1"
approval = "approval:A1"
line = 1
[columns]
"Tube" = "label"
[fresh]
item = "item"
"""
SHEET = Sheet(("Tube",), (Row(2, ("T-1",)),))


def sheet_of(folder: Path, text: str, header: int = 1) -> Sheet:
    path = folder / "manifest.csv"
    path.write_text(text, encoding="utf-8")
    return read_sheet(path, header=header)


def built_in(folder: Path, *rows: str) -> Plan:
    """Return what the built-in layout makes of some rows of one line, without consignment, approval and line."""
    lines = [f"consignment:C1,approval:A1,1,{row}" for row in rows]
    sheet = sheet_of(folder, "\n".join(["Consignment,Approval,Line,Label,Quantity,Unit", *lines, ""]))
    return plan_import("m.csv", sheet, BUILT_IN, load_units())


def said_of(plan: Plan) -> list[str]:
    return [str(problem) for problem in plan.problems]


def imported(plan: Plan) -> list[int]:
    return [line for planned in plan.statements for line in planned.lines]


def layout_of(folder: Path, text: str) -> Layout:
    path = folder / "layout.toml"
    path.write_text(text, encoding="utf-8")
    return read_layout(path)
