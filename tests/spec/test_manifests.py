"""Manifests and layouts as files: headers, rows and whether a layout fits its kind and its manifest."""

from __future__ import annotations

import re
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import pytest
from openpyxl import Workbook

from api.manifests.dimensions import dimension_of
from api.manifests.layout import BUILT_IN, Layout
from api.manifests.mapping import Written, read_layout
from api.manifests.reading.grid import MOST_ROWS, Row, Sheet
from api.manifests.reading.sheets import read_sheet
from api.manifests.statements import Plan, plan_import
from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.border.listing import ItemListed
from ledger.errors import Malformed
from ledger.reference.units import Dimension, load_units
from tests.spec.workbooks import book_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MANY: Final = 4 * 2**20
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
MANUAL: Final = Path(__file__).parents[2] / "docs" / "manifests.md"
SHEET = Sheet(("Tube",), (Row(2, ("T-1",)),))


def _sheet(folder: Path, text: str, header: int = 1) -> Sheet:
    path = folder / "manifest.csv"
    path.write_text(text, encoding="utf-8")
    return read_sheet(path, header=header)


def _built_in(folder: Path, *rows: str) -> Plan:
    """Return what the built-in layout makes of some rows of one line, without consignment, approval and line."""
    lines = [f"consignment:C1,approval:A1,1,{row}" for row in rows]
    sheet = _sheet(folder, "\n".join(["Consignment,Approval,Line,Label,Quantity,Unit", *lines, ""]))
    return plan_import("m.csv", sheet, BUILT_IN, load_units())


def _said(plan: Plan) -> list[str]:
    return [str(problem) for problem in plan.problems]


def _imported(plan: Plan) -> list[int]:
    return [line for planned in plan.statements for line in planned.lines]


def _layout(folder: Path, text: str) -> Layout:
    path = folder / "layout.toml"
    path.write_text(text, encoding="utf-8")
    return read_layout(path)


def test_the_header_may_stand_below_other_lines(tmp_path: Path) -> None:
    assert _sheet(tmp_path, "List of 2026\nTube,Unit\nT-1,vial\n", header=2) == Sheet(
        ("Tube", "Unit"), (Row(3, ("T-1", "vial")),), header=2
    )


@pytest.mark.rule("IMP-01")
def test_a_cell_has_at_most_1000_characters(tmp_path: Path) -> None:
    assert _sheet(tmp_path, f"Tube\n{'x' * 1_000}\n").rows == (Row(2, ("x" * 1_000,)),)
    with pytest.raises(Malformed, match=r"IMP-01: manifest\.csv line 2"):
        _sheet(tmp_path, f"Tube\n{'x' * 1_001}\n")


@pytest.mark.rule("IMP-01")
@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(f"Tube\nT-1,{'x' * 1_001}\n", "line 2, column 2", id="plain"),
        pytest.param(f'Tube\n"T\n1",x\n"{"x" * 1_001}"\n', "line 4, column 1", id="below a row of two lines"),
        pytest.param(f'Tube\nT-1,"{chr(10) * 1_001}"\n', "line 2, column 2", id="line feeds"),
    ],
)
def test_a_cell_that_is_too_long_is_named_by_line_and_column(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(Malformed, match=rf"IMP-01: manifest\.csv {place}: a cell has 1001 characters"):
        _sheet(tmp_path, text)


@pytest.mark.rule("IMP-01")
def test_a_row_of_csv_has_at_most_131072_characters(tmp_path: Path) -> None:
    assert len(_sheet(tmp_path, "Tube" + "," * (131_072 - 5) + "\nT-1").headers) == 1
    with pytest.raises(Malformed, match=r"IMP-01: manifest\.csv line 2: more than 131072 characters in a row"):
        _sheet(tmp_path, "Tube\n" + '"\n",' * 40_000)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('Tube\n"' + "\n" * MANY + '"\n', id="line feeds in one cell"),
        pytest.param('Tube\n"' + '""\n' * (MANY // 3), id="quotes that never end"),
        pytest.param("Tube\n" + "," * MANY, id="columns"),
        pytest.param("Tube\n" + "x" * MANY, id="one word"),
    ],
)
def test_what_a_hostile_file_holds_is_not_multiplied_in_memory(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text(text, encoding="utf-8")
    tracemalloc.start()
    try:
        with pytest.raises(Malformed, match="IMP-01"):
            read_sheet(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4 * path.stat().st_size


@pytest.mark.rule("IMP-02")
@pytest.mark.parametrize("text", ['Tube\nT-1,"T-2\n', 'Tube\n"T-1"x\n'], ids=["never closed", "more after the quote"])
def test_quotes_that_are_not_those_of_csv_are_named_by_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(Malformed, match=r"IMP-02: manifest\.csv line 2: is not CSV"):
        _sheet(tmp_path, text)


@pytest.mark.rule("IMP-03")
@pytest.mark.parametrize(
    ("text", "header", "problem"),
    [
        pytest.param("\n", 2, "there is no such line", id="nothing"),
        pytest.param("Tube\nT-1\n", 3, "there is no such line", id="below the end"),
        pytest.param(",,\nT-1,1,2\n", 1, "names no columns", id="blank"),
        pytest.param("Tube,Unit,TUBE\n", 1, 'names the column "tube" twice', id="twice, but for case"),
    ],
)
def test_a_header_line_names_the_columns_each_once(tmp_path: Path, text: str, header: int, problem: str) -> None:
    with pytest.raises(Malformed, match=rf"IMP-03: manifest\.csv line {header}: {problem}"):
        _sheet(tmp_path, text, header)


@pytest.mark.rule("IMP-04")
def test_a_manifest_has_at_most_100000_rows(tmp_path: Path) -> None:
    full = "Tube\n" + "T\n" * MOST_ROWS
    assert len(_sheet(tmp_path, full).rows) == MOST_ROWS
    with pytest.raises(Malformed, match="IMP-04"):
        _sheet(tmp_path, full + "T\n")


@pytest.mark.rule("IMP-04")
def test_blank_rows_are_not_counted(tmp_path: Path) -> None:
    def formatted_far_below(sheet: Worksheet) -> None:
        sheet.cell(500_000, 1).number_format = "0.00"

    path = book_of(tmp_path, (["Tube"], ["T-1"], ["T-2"]), formatted_far_below)
    assert read_sheet(path).rows == (Row(2, ("T-1",)), Row(3, ("T-2",)))
    assert _sheet(tmp_path, "Tube\nT-1\n" + "\n" * MOST_ROWS + "T-2\n").rows[1] == Row(MOST_ROWS + 3, ("T-2",))


def test_rows_beyond_the_size_that_a_workbook_says_it_has_are_read(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(book_of(tmp_path, (["Tube"], ["T-1"], ["T-2"]))) as told,
        zipfile.ZipFile(tmp_path / "less.xlsx", "w") as less,
    ):
        for name in told.namelist():
            less.writestr(name, told.read(name).replace(b'ref="A1:A3"', b'ref="A1:A2"'))
    assert [row.line for row in read_sheet(tmp_path / "less.xlsx").rows] == [2, 3]


@pytest.mark.rule("IMP-04")
def test_a_manifest_has_at_most_1048576_lines(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"IMP-04: manifest\.csv line 1048577: has more than 1048576 lines"):
        _sheet(tmp_path, "Tube\nT-1\n" + "\n" * 2**20)


@pytest.mark.rule("IMP-04")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_manifest_has_at_most_256_columns(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"wide.{suffix}"
    if suffix == "csv":
        path.write_text("Tube\nT-1" + "," * 299 + "x\n", encoding="utf-8")
    else:
        book = Workbook()
        book.worksheets[0].append(["Tube"])
        book.worksheets[0].cell(2, 300).value = "x"
        book.save(path)
    with pytest.raises(Malformed, match=rf"IMP-04: wide\.{suffix} line 2: has a value in column 300"):
        read_sheet(path)


def test_a_layout_turns_rows_into_statements(tmp_path: Path) -> None:
    plan = plan_import("manifest.csv", SHEET, _layout(tmp_path, LAYOUT), load_units())
    assert plan.problems == []
    (planned,) = plan.statements
    assert (planned.body["consignment"], planned.lines) == ("consignment:C1", (2,))


@pytest.mark.rule("IMP-05")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('kind = "item.listed/1"', "kind =", id="not TOML"),
        pytest.param('kind = "item.listed/1"', "", id="no kind"),
        pytest.param("item.listed/1", "item.lost-forever/1", id="an unknown kind"),
        pytest.param('rows = "items"', 'rows = "items"\nmore = 1', id="an unknown member"),
        pytest.param('rows = "items"', 'rows = "items"\nrows_in_statement = 0', id="no rows in a statement"),
        pytest.param('rows = "items"', 'rows = "items"\nheader = 0', id="a header above the first line"),
        pytest.param('rows = "items"', f'rows = "items"\n#{"x" * 100_000}', id="too large"),
    ],
)
def test_what_is_not_a_layout_is_malformed(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(Malformed, match=r"IMP-05: layout\.toml"):
        _layout(tmp_path, LAYOUT.replace(old, new, 1))


@pytest.mark.rule("IMP-05")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param('kind = "item.listed/1"', "", "kind: is missing", id="no kind"),
        pytest.param(
            'rows = "items"',
            "more = 1",
            f"more: is not a member that belongs here; there are {', '.join(Written.__struct_fields__[:12])} and "
            f"{len(Written.__struct_fields__) - 12} more",
            id="unknown",
        ),
        pytest.param(
            'rows = "items"',
            'row = "items"',
            "row: is not a member that belongs here; did you mean rows?",
            id="misspelt",
        ),
        pytest.param('rows = "items"', 'header = "one"', 'header: must be a whole number, or "find"', id="a text"),
        pytest.param('= "label"', "= 1", "columns: must be a text, not a number", id="a column's member"),
        pytest.param(
            "line = 1",
            "line = 1.5",
            "constants: must be a text or a whole number or true or false, not a fraction",
            id="a constant",
        ),
    ],
)
def test_a_layout_is_told_what_its_members_must_be(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(Malformed) as caught:
        _layout(tmp_path, LAYOUT.replace(old, new, 1))
    assert str(caught.value) == f"IMP-05: layout.toml: {said}"


@pytest.mark.rule("IMP-05")
@pytest.mark.parametrize(
    ("old", "new", "member"),
    [
        pytest.param('"items"', '"tubes"', "rows", id="no such list"),
        pytest.param('= "label"', '= "lable"', '"tube"', id="a column's member"),
        pytest.param("line = 1", "lien = 1", "lien", id="a constant's member"),
        pytest.param("line = 1", 'line = "one"', "line", id="a constant of another type"),
    ],
)
def test_a_layout_fills_members_that_its_kind_has(tmp_path: Path, old: str, new: str, member: str) -> None:
    layout = _layout(tmp_path, LAYOUT.replace(old, new, 1))
    with pytest.raises(Malformed) as caught:
        plan_import("manifest.csv", SHEET, layout, load_units())
    assert (caught.value.rule, caught.value.member) == ("IMP-05", member)


@pytest.mark.rule("IMP-06")
def test_a_manifest_has_every_column_of_its_layout_unless_they_are_optional(tmp_path: Path) -> None:
    layout = _layout(tmp_path, LAYOUT)
    other = replace(SHEET, headers=("Vial",))
    with pytest.raises(Malformed, match=r'IMP-06: manifest\.csv: has no column "tube"'):
        plan_import("manifest.csv", other, layout, load_units())
    some = replace(SHEET, headers=("Consignment", "Approval", "Line", "Label", "Vial"))
    assert plan_import("manifest.csv", some, BUILT_IN, load_units()).unused == ("Vial",)


@pytest.mark.rule("IMP-07")
def test_a_quantity_of_another_dimension_than_most_of_its_line_is_named(tmp_path: Path) -> None:
    plan = _built_in(tmp_path, *(f"T-{line},1,{'mL' if line == 1500 else 'vial'}" for line in range(2, 2002)))
    assert _said(plan) == [
        'm.csv line 1500, column "Unit": 1 mL is a volume; '
        "the other rows of this consignment, approval and line are counts (vial)"
    ]
    assert _imported(plan) == [line for line in range(2, 2002) if line != 1500]


@pytest.mark.rule("IMP-07")
@pytest.mark.parametrize(
    ("units", "wrong", "said"),
    [
        pytest.param(("vial", "mL"), [3], "1 mL is a volume; another row of .* is a count (vial)", id="two rows"),
        pytest.param(
            ("g", "mL", "kg", "L"), [3, 5], "1 mL is a volume; other rows of .* are masses (g, kg)", id="a tie"
        ),
        pytest.param(
            ("IU", "mol", "nmol"), [2], "1 IU is an activity; the other rows of .* are amounts of substance", id="first"
        ),
        pytest.param(("vial", "g", "mL"), [3, 4], "1 g is a mass; another row of .* is a count (vial)", id="each one"),
    ],
)
def test_in_a_tie_the_later_rows_are_named(tmp_path: Path, units: tuple[str, ...], wrong: list[int], said: str) -> None:
    plan = _built_in(tmp_path, *(f"T-{place},1,{unit}" for place, unit in enumerate(units)))
    assert [problem.line for problem in plan.problems] == wrong
    assert all(part in plan.problems[0].problem for part in said.split(".*"))
    assert _imported(plan) == [line for line in range(2, len(units) + 2) if line not in wrong]


@pytest.mark.rule("IMP-07")
@pytest.mark.parametrize("units", [("mL", "uL", "L"), ("vial", "tube"), ("kg", "ng"), ("IU", "U")])
def test_different_units_of_one_dimension_are_fine(tmp_path: Path, units: tuple[str, ...]) -> None:
    plan = _built_in(tmp_path, *(f"T-{place},1,{unit}" for place, unit in enumerate(units)), "T-none,,")
    assert (_said(plan), len(_imported(plan))) == ([], len(units) + 1)


@pytest.mark.rule("IMP-07")
def test_other_lines_may_be_of_another_dimension(tmp_path: Path) -> None:
    lines = "Consignment,Approval,Line,Label,Quantity,Unit\nconsignment:C1,approval:A1,1,T-1,1,vial\n"
    sheet = _sheet(tmp_path, lines + "consignment:C1,approval:A1,2,T-2,1,mL\n")
    assert _said(plan_import("m.csv", sheet, BUILT_IN, load_units())) == []


def test_rows_that_are_not_of_one_line_may_be_of_several_dimensions(tmp_path: Path) -> None:
    text = """
kind = "stock.counted/1"
rows = "items"
shared = {"Site" = "site"}
columns = {"Item" = "item", "Found" = "counted.value", "Unit" = "counted.unit", "There" = "present"}
"""
    sheet = _sheet(tmp_path, "Site,Item,Found,Unit,There\nsite:S1,item:I1,1,vial,true\nsite:S1,item:I2,1,mL,true\n")
    plan = plan_import("m.csv", sheet, _layout(tmp_path, text), load_units())
    assert (_said(plan), _imported(plan)) == ([], [2, 3])


MEASURED: Final = {
    Dimension.VOLUME: {"L", "mL", "uL"},
    Dimension.MASS: {"kg", "g", "mg", "ug", "ng"},
    Dimension.SUBSTANCE: {"mol", "mmol", "umol", "nmol", "pmol"},
    Dimension.ACTIVITY: {"IU", "U"},
}


def test_each_unit_of_the_table_counts_or_measures() -> None:
    for unit in load_units().by_code.values():
        measured = [dimension for dimension, codes in MEASURED.items() if unit.code in codes]
        assert dimension_of(unit.code) is (measured[0] if measured else Dimension.COUNT)
        assert unit.countable == (not measured)


@pytest.mark.rule("IMP-08")
@pytest.mark.parametrize(
    ("row", "letter"),
    [
        pytest.param("Serum, frozen,1,vial", "G", id="a comma without quotes"),
        pytest.param("T-1,1,vial,,,x", "I", id="further on"),
    ],
)
def test_a_value_that_the_header_does_not_name_is_a_problem_of_its_row(tmp_path: Path, row: str, letter: str) -> None:
    plan = _built_in(tmp_path, "T-0,1,vial,,", row)
    assert _said(plan) == [f"m.csv line 3: has a value in column {letter}, which the header does not name"]
    assert _imported(plan) == [2]


@pytest.mark.rule("IMP-08")
def test_a_value_below_a_blank_in_the_header_is_a_problem_of_its_row(tmp_path: Path) -> None:
    sheet = _sheet(tmp_path, "Note,,Tube\nx,,T-1\nx,y,T-2\n")
    plan = plan_import("m.csv", sheet, _layout(tmp_path, LAYOUT), load_units())
    assert _said(plan) == ["m.csv line 3: has a value in column B, which the header does not name, or names twice"]
    assert _imported(plan) == [2]


@pytest.mark.rule("IMP-09")
@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#NUM!", "Err:502"])
def test_an_error_of_a_spreadsheet_is_never_a_label(tmp_path: Path, error: str) -> None:
    plan = _built_in(tmp_path, f"{error},1,vial", "#1,1,vial")
    assert _said(plan) == [f'm.csv line 2, column "Label": {error} is an error of the spreadsheet, not a value']
    assert _imported(plan) == [3]


@pytest.mark.rule("IMP-09")
def test_an_error_in_a_workbook_is_a_problem_of_its_cell(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Tube"], ["#REF!"], ["T-1"]):
        book.worksheets[0].append(row)
    assert book.worksheets[0]["A2"].data_type == "e"
    book.save(tmp_path / "book.xlsx")
    plan = plan_import("book.xlsx", read_sheet(tmp_path / "book.xlsx"), _layout(tmp_path, LAYOUT), load_units())
    assert _said(plan) == ['book.xlsx line 2, column "Tube": #REF! is an error of the spreadsheet, not a value']


def _examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", MANUAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_manuals_mapping_reads_the_manuals_manifest(tmp_path: Path) -> None:
    (mapping, _), (_, manifest) = _examples("toml"), _examples("csv")
    layout = _layout(tmp_path, mapping)
    plan = plan_import("m.csv", _sheet(tmp_path, manifest, layout.header or 1), layout, load_units())
    assert (_said(plan), plan.unused) == ([], ("Remark",))
    assert [planned.lines for planned in plan.statements] == [(4, 5), (6,)]
    body = msgspec.convert(plan.statements[1].body, ItemListed)
    assert (body.consignment, body.approval, body.line) == ("consignment:2026-41", "approval:2026-7", 2)
    assert [(item.label, item.quantity, item.lot) for item in body.items] == [("HC-0003", Amount("1", "vial"), "B8")]


def test_the_manuals_plain_manifest_needs_no_mapping(tmp_path: Path) -> None:
    plan = plan_import("m.csv", _sheet(tmp_path, _examples("csv")[0]), BUILT_IN, load_units())
    assert (_said(plan), _imported(plan), plan.unused) == ([], [2, 3], ())


def test_the_manual_names_every_key_column_and_unit() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    columns = [*BUILT_IN.shared, *BUILT_IN.columns]
    assert [name for name in Written.__struct_fields__ if not re.search(rf"`\[?{name}\]?`", text)] == []
    assert [name for name in columns if f"| `{name}` |" not in text] == []
    assert load_units().by_code.keys() - set(re.findall(r"\w+", text)) == set()
