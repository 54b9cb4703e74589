"""Manifests and layouts as files: headers, rows and whether a layout fits its kind and its manifest."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from api.manifests.layout import BUILT_IN, Layout, read_layout
from api.manifests.sheets import MOST_ROWS, Row, Sheet, read_sheet
from api.manifests.statements import plan_import
from ledger.errors import Malformed
from ledger.reference.units import load_units

if TYPE_CHECKING:
    from pathlib import Path

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
SHEET = Sheet(("Tube",), (Row(2, ("T-1",)),))


def _sheet(folder: Path, text: str, header: int = 1) -> Sheet:
    path = folder / "manifest.csv"
    path.write_text(text, encoding="utf-8")
    return read_sheet(path, header=header)


def _layout(folder: Path, text: str) -> Layout:
    path = folder / "layout.toml"
    path.write_text(text, encoding="utf-8")
    return read_layout(path)


def test_the_header_may_stand_below_other_lines(tmp_path: Path) -> None:
    assert _sheet(tmp_path, "List of 2026\nTube,Unit\nT-1,vial\n", header=2) == Sheet(
        ("Tube", "Unit"), (Row(3, ("T-1", "vial")),)
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
    assert len(_sheet(tmp_path, "Tube" + "," * (131_072 - 4)).headers) == 1
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
        pytest.param("", 1, "there is no such line", id="nothing"),
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
        pytest.param('rows = "items"', "more = 1", "more: is not a member that belongs here", id="unknown"),
        pytest.param('rows = "items"', 'header = "one"', "header: must be a whole number, not a text", id="a text"),
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
    assert plan_import("manifest.csv", other, BUILT_IN, load_units()).unused == ("Vial",)
