"""Manifests: values below no column, errors of a spreadsheet, and what the manual says of them: IMP-08, IMP-09."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec
import pytest
from openpyxl import Workbook

from api.manifests.layout import BUILT_IN
from api.manifests.mapping import Written
from api.manifests.reading.sheets import read_sheet
from api.manifests.statements import plan_import
from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.border.listing import ItemListed
from ledger.reference.units import load_units
from tests.spec.manifests.written_manifests import LAYOUT, built_in, imported, layout_of, said_of, sheet_of

MANUAL: Final = Path(__file__).parents[3] / "docs" / "manifests.md"


@pytest.mark.rule("IMP-08")
@pytest.mark.parametrize(
    ("row", "letter"),
    [
        pytest.param("Serum, frozen,1,vial", "G", id="a comma without quotes"),
        pytest.param("T-1,1,vial,,,x", "I", id="further on"),
    ],
)
def test_a_value_that_the_header_does_not_name_is_a_problem_of_its_row(tmp_path: Path, row: str, letter: str) -> None:
    plan = built_in(tmp_path, "T-0,1,vial,,", row)
    assert said_of(plan) == [f"m.csv line 3: has a value in column {letter}, which the header does not name"]
    assert imported(plan) == [2]


@pytest.mark.rule("IMP-08")
def test_a_value_below_a_blank_in_the_header_is_a_problem_of_its_row(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "Note,,Tube\nx,,T-1\nx,y,T-2\n")
    plan = plan_import("m.csv", sheet, layout_of(tmp_path, LAYOUT), load_units())
    assert said_of(plan) == ["m.csv line 3: has a value in column B, which the header does not name, or names twice"]
    assert imported(plan) == [2]


@pytest.mark.rule("IMP-09")
@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#NUM!", "Err:502"])
def test_an_error_of_a_spreadsheet_is_never_a_label(tmp_path: Path, error: str) -> None:
    plan = built_in(tmp_path, f"{error},1,vial", "#1,1,vial")
    assert said_of(plan) == [f'm.csv line 2, column "Label": {error} is an error of the spreadsheet, not a value']
    assert imported(plan) == [3]


@pytest.mark.rule("IMP-09")
def test_an_error_in_a_workbook_is_a_problem_of_its_cell(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Tube"], ["#REF!"], ["T-1"]):
        book.worksheets[0].append(row)
    assert book.worksheets[0]["A2"].data_type == "e"
    book.save(tmp_path / "book.xlsx")
    plan = plan_import("book.xlsx", read_sheet(tmp_path / "book.xlsx"), layout_of(tmp_path, LAYOUT), load_units())
    assert said_of(plan) == ['book.xlsx line 2, column "Tube": #REF! is an error of the spreadsheet, not a value']


def _examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", MANUAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_manuals_mapping_reads_the_manuals_manifest(tmp_path: Path) -> None:
    (mapping, _), (_, manifest) = _examples("toml"), _examples("csv")
    layout = layout_of(tmp_path, mapping)
    plan = plan_import("m.csv", sheet_of(tmp_path, manifest, layout.header or 1), layout, load_units())
    assert (said_of(plan), plan.unused) == ([], ("Remark",))
    assert [planned.lines for planned in plan.statements] == [(4, 5), (6,)]
    body = msgspec.convert(plan.statements[1].body, ItemListed)
    assert (body.consignment, body.approval, body.line) == ("consignment:2026-41", "approval:2026-7", 2)
    assert [(item.label, item.quantity, item.lot) for item in body.items] == [("HC-0003", Amount("1", "vial"), "B8")]


def test_the_manuals_plain_manifest_needs_no_mapping(tmp_path: Path) -> None:
    plan = plan_import("m.csv", sheet_of(tmp_path, _examples("csv")[0]), BUILT_IN, load_units())
    assert (said_of(plan), imported(plan), plan.unused) == ([], [2, 3], ())


def test_the_manual_names_every_key_column_and_unit() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    columns = [*BUILT_IN.shared, *BUILT_IN.columns]
    assert [name for name in Written.__struct_fields__ if not re.search(rf"`\[?{name}\]?`", text)] == []
    assert [name for name in columns if f"| `{name}` |" not in text] == []
    assert load_units().by_code.keys() - set(re.findall(r"\w+", text)) == set()
