"""How much a manifest may hold, and where its header stands: IMP-01 to IMP-04."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from openpyxl import Workbook

from api.manifests.reading.grid import MOST_ROWS, Row, Sheet
from api.manifests.reading.sheets import read_sheet
from ledger.errors import Malformed
from tests.spec.manifests.workbooks import book_of
from tests.spec.manifests.written_manifests import sheet_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MANY: Final = 4 * 2**20


def test_the_header_may_stand_below_other_lines(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, "List of 2026\nTube,Unit\nT-1,vial\n", header=2) == Sheet(
        ("Tube", "Unit"), (Row(3, ("T-1", "vial")),), header=2
    )


@pytest.mark.rule("IMP-01")
def test_a_cell_has_at_most_1000_characters(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, f"Tube\n{'x' * 1_000}\n").rows == (Row(2, ("x" * 1_000,)),)
    with pytest.raises(Malformed, match=r"IMP-01: manifest\.csv line 2"):
        sheet_of(tmp_path, f"Tube\n{'x' * 1_001}\n")


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
        sheet_of(tmp_path, text)


@pytest.mark.rule("IMP-01")
def test_a_row_of_csv_has_at_most_131072_characters(tmp_path: Path) -> None:
    assert len(sheet_of(tmp_path, "Tube" + "," * (131_072 - 5) + "\nT-1").headers) == 1
    with pytest.raises(Malformed, match=r"IMP-01: manifest\.csv line 2: more than 131072 characters in a row"):
        sheet_of(tmp_path, "Tube\n" + '"\n",' * 40_000)


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
        sheet_of(tmp_path, text)


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
        sheet_of(tmp_path, text, header)


@pytest.mark.rule("IMP-04")
def test_a_manifest_has_at_most_100000_rows(tmp_path: Path) -> None:
    full = "Tube\n" + "T\n" * MOST_ROWS
    assert len(sheet_of(tmp_path, full).rows) == MOST_ROWS
    with pytest.raises(Malformed, match="IMP-04"):
        sheet_of(tmp_path, full + "T\n")


@pytest.mark.rule("IMP-04")
def test_blank_rows_are_not_counted(tmp_path: Path) -> None:
    def formatted_far_below(sheet: Worksheet) -> None:
        sheet.cell(500_000, 1).number_format = "0.00"

    path = book_of(tmp_path, (["Tube"], ["T-1"], ["T-2"]), formatted_far_below)
    assert read_sheet(path).rows == (Row(2, ("T-1",)), Row(3, ("T-2",)))
    assert sheet_of(tmp_path, "Tube\nT-1\n" + "\n" * MOST_ROWS + "T-2\n").rows[1] == Row(MOST_ROWS + 3, ("T-2",))


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
        sheet_of(tmp_path, "Tube\nT-1\n" + "\n" * 2**20)


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
