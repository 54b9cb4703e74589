"""Workbooks as other programs write them and as people leave them: which sheet, which rows, and what cannot be seen."""

from __future__ import annotations

import datetime
import zipfile
from typing import TYPE_CHECKING, Final

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from api.manifests.layout import BUILT_IN
from api.manifests.mapping import read_layout
from api.manifests.reading.sheets import read_sheet
from api.manifests.statements import plan_import
from ledger.errors import Malformed
from ledger.reference.units import load_units
from tests.spec.manifests.workbooks import GOODS, HEADERS, SHEET, changed, labels, planned, said, values, written

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

TRANSITIONAL: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS: Final = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
ALONE: Final = "unmerge the cells and write the value into each of them"


def refused(path: Path, sheet: str | None = None) -> str:
    with pytest.raises(Malformed) as caught:
        read_sheet(path, sheet)
    return str(caught.value)


def repacked(path: Path, name: str, parts: dict[str, bytes]) -> Path:
    """Return a copy of a workbook with some parts in the place of its own."""
    copy = path.with_name(name)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for one in {*old.namelist(), *parts}:
            new.writestr(one, parts[one] if one in parts else old.read(one))
    return copy


def book(folder: Path, sheets: dict[str, bool]) -> Path:
    """Write a workbook with sheets by name, empty or with one container labelled as the sheet."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, filled in sheets.items():
        sheet = made.create_sheet(name)
        for row in (HEADERS, (*GOODS, name, 1, "vial")) if filled else ():
            sheet.append(row)
    made.save(folder / "m.xlsx")
    return folder / "m.xlsx"


@pytest.mark.rule("IMP-11")
def test_merged_cells_are_named_in_each_row_that_they_cover(tmp_path: Path) -> None:
    rows = (("HC-1", 1, "vial"), ("HC-2", 1, "vial"), ("HC-3", 1, "vial"), ("HC-4", 1, "vial"))
    plan = planned(written(tmp_path, *rows, arrange=lambda sheet: sheet.merge_cells("A2:A4")))
    assert said(plan) == [f'line {line}, column "Consignment": is merged with the cell A2: {ALONE}' for line in (3, 4)]
    assert labels(plan) == ["HC-1", "HC-4"]


@pytest.mark.rule("IMP-11")
def test_merged_cells_above_the_header_and_beside_the_columns_do_not_matter(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    for row in (["A list"], HEADERS, (*GOODS, "HC-1", 1, "vial", None, "a note"), (*GOODS, "HC-2", 1, "vial")):
        sheet.append(row)
    sheet.cell(2, 8).value = "Remark"
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("H3:H4")
    made.save(tmp_path / "m.xlsx")
    plan = plan_import("m.xlsx", read_sheet(tmp_path / "m.xlsx", header=2), BUILT_IN, load_units())
    assert (said(plan), labels(plan)) == ([], ["HC-1", "HC-2"])


@pytest.mark.rule("IMP-13")
def test_rows_that_a_filter_hides_are_named(tmp_path: Path) -> None:
    rows = (("HC-1", 1, "vial"), ("HC-2", 1, "vial"))
    plan = planned(written(tmp_path, *rows, arrange=lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True)))
    assert said(plan) == ["line 3: is hidden in the spreadsheet: show all rows, or delete it"]
    assert labels(plan) == ["HC-1"]


@pytest.mark.rule("IMP-13")
def test_a_column_that_is_hidden_is_named_if_it_is_imported(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        for column in "GH":
            sheet.column_dimensions[column].hidden = True

    path = written(tmp_path, ("HC-1", 1, "vial", "B7"), arrange=hide)
    hidden_column = "the column is hidden in the spreadsheet: show it, or delete it"
    assert said(planned(path)) == [f'line 1, column "Lot": {hidden_column}']


@pytest.mark.rule("IMP-02")
def test_the_first_sheet_that_people_see_and_that_holds_anything_is_read(tmp_path: Path) -> None:
    path = book(tmp_path, {"Hidden": True, "Empty": False, "Tubes": True, "More": True})
    plan = planned(hidden(path, "Hidden"))
    assert (labels(plan), plan.others) == (["Tubes"], ("Hidden", "Empty", "More"))


def hidden(path: Path, name: str) -> Path:
    """Return a copy of a workbook with a sheet hidden."""
    with zipfile.ZipFile(path) as old:
        data = old.read("xl/workbook.xml")
    before = f'name="{name}"'.encode()
    start = data.index(before)
    end = data.index(b"/>", start)
    changed_sheet = data[start:end].replace(b'state="visible"', b'state="hidden"')
    return repacked(path, "hidden.xlsx", {"xl/workbook.xml": data[:start] + changed_sheet + data[end:]})


@pytest.mark.rule("IMP-02")
def test_a_chart_in_front_is_passed_over(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    for row in (HEADERS, (*GOODS, "HC-1", 1, "vial")):
        sheet.append(row)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=5, min_row=1, max_row=2), titles_from_data=True)
    made.create_chartsheet("Chart", 0).add_chart(chart)
    made.save(tmp_path / "m.xlsx")
    plan = planned(tmp_path / "m.xlsx")
    assert (labels(plan), plan.others) == (["HC-1"], ("Chart",))
    assert refused(tmp_path / "m.xlsx", "Chart") == 'IMP-02: m.xlsx: its sheet "Chart" is a chart, and holds no rows'


@pytest.mark.rule("IMP-02")
def test_a_workbook_without_a_cell_says_so_of_each_sheet(tmp_path: Path) -> None:
    path = hidden(book(tmp_path, {"One": False, "Two": True}), "Two")
    assert refused(path) == (
        'IMP-02: hidden.xlsx: has no sheet that people see and that holds a cell: "One" is empty, "Two" is hidden'
    )


@pytest.mark.rule("IMP-02")
def test_a_sheet_that_is_not_there_is_told_which_ones_are(tmp_path: Path) -> None:
    path = book(tmp_path, {"One": True, "Two": True})
    assert refused(path, "Tubes") == 'IMP-02: m.xlsx: has no sheet "Tubes", but: One, Two'


@pytest.mark.rule("IMP-03")
def test_a_sheet_that_has_no_header_names_the_others(tmp_path: Path) -> None:
    with pytest.raises(Malformed) as caught:
        read_sheet(book(tmp_path, {"Read me": True, "Tubes": True}), header=9)
    assert str(caught.value).endswith('to name the columns; this is the sheet "Read me", others are: Tubes')


def test_strict_open_xml_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, ("HC-1", 1.5, "mL", datetime.date(2026, 3, 1)))
    with zipfile.ZipFile(path) as old:
        parts = {
            name: old.read(name).replace(TRANSITIONAL, STRICT).replace(RELATIONS, STRICT_RELATIONS)
            for name in old.namelist()
        }
    strict = repacked(path, "strict.xlsx", parts)
    assert [problem.partition(", which")[0] for problem in said(planned(strict))] == [
        'line 2, column "Lot": is the date 2026-03-01'
    ]


@pytest.mark.parametrize("since", [1900, 1904])
def test_dates_are_read_whatever_year_a_workbook_counts_from(tmp_path: Path, since: int) -> None:
    made = Workbook()
    if since == 1904:
        made.epoch = datetime.datetime(1904, 1, 1)  # noqa: DTZ001
    for row in (("Site", "Level to"), ("site:S1", datetime.date(2026, 2, 28))):
        made.worksheets[0].append(row)
    made.save(tmp_path / "m.xlsx")
    (tmp_path / "layout.toml").write_text(
        'kind = "site.changed/1"\ncolumns = {"Site" = "site", "Level to" = "certificate_to"}\n'
        "constants = {active = true}\n"
    )
    plan = plan_import("m.xlsx", read_sheet(tmp_path / "m.xlsx"), read_layout(tmp_path / "layout.toml"), load_units())
    assert said(plan) == []
    assert plan.statements[0].body["certificate_to"] == "2026-02-28"


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(b"<is><t>HC-</t></is>", id="plain"),
        pytest.param(b"<is><r><rPr><b/></rPr><t>HC</t></r><r><t>-</t></r></is>", id="rich"),
        pytest.param('<is><t>HC-</t><rPh sb="0" eb="1"><t>エイチ</t></rPh><phoneticPr/></is>'.encode(), id="phonetic"),
        pytest.param(b'<is><t xml:space="preserve"> HC- </t></is>', id="spaces"),
        pytest.param(b"<is><t>HC_x002D_</t></is>", id="escaped"),
    ],
)
def test_a_text_is_read_however_it_is_stored(tmp_path: Path, cell: bytes) -> None:
    inline = b'<c r="D2" t="inlineStr">' + cell + b"</c>"
    assert labels(planned(with_label(written(tmp_path, ("LABEL", 1, "vial")), inline, b""))) == ["HC-"]
    text = cell.replace(b"<is>", b"<si>").replace(b"</is>", b"</si>")
    shared = b'<c r="D2" t="s"><v>1</v></c>'
    assert labels(planned(with_label(written(tmp_path, ("LABEL", 1, "vial")), shared, text))) == ["HC-"]


def with_label(path: Path, cell: bytes, text: bytes) -> Path:
    """Return a copy of a workbook with another cell D2; text: the second of its shared texts."""
    with zipfile.ZipFile(path) as old:
        sheet, relations = old.read(SHEET), old.read("xl/_rels/workbook.xml.rels")
    place = sheet.index(b'<c r="D2"')
    end = sheet.index(b"</c>", place) + 4
    relation = b'<Relationship Id="rId99" Type="' + RELATIONS + b'/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    parts = {
        SHEET: sheet[:place] + cell + sheet[end:],
        "xl/_rels/workbook.xml.rels": relations.replace(b"</Relationships>", relation + b"</Relationships>"),
        "xl/sharedStrings.xml": b'<sst xmlns="' + TRANSITIONAL + b'"><si><t>first</t></si>' + text + b"</sst>",
    }
    return repacked(path, "with.xlsx", parts)


def test_what_other_programs_leave_out_or_add_says_nothing_to_the_user(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    def arrange(sheet: Worksheet) -> None:
        sheet["D2"].comment = Comment("checked", "somebody")
        sheet.auto_filter.ref = "A1:G2"
        sheet.freeze_panes = "A2"

    path = written(tmp_path, ("HC-1", 1, "vial"), arrange=arrange)
    with zipfile.ZipFile(path) as old:
        styles, sheet = old.read("xl/styles.xml"), old.read(SHEET)
    start, end = styles.index(b"<cellStyles"), styles.index(b"</cellStyles>") + len(b"</cellStyles>")
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x/></ext></extLst></worksheet>'
    other = repacked(
        path,
        "other.xlsx",
        {"xl/styles.xml": styles[:start] + styles[end:], SHEET: sheet.replace(b"</worksheet>", extension)},
    )
    assert labels(planned(other)) == ["HC-1"]
    assert (capfd.readouterr(), len(recwarn)) == (("", ""), 0)


def test_rows_and_cells_without_their_places_follow_each_other(tmp_path: Path) -> None:
    path = written(tmp_path, ("HC-1", 1, "vial"))
    with zipfile.ZipFile(path) as old:
        sheet = old.read(SHEET)
    for line in (b"1", b"2"):
        sheet = sheet.replace(b'<row r="' + line + b'"', b"<row")
        for column in b"ABCDEFG":
            sheet = sheet.replace(b'<c r="' + bytes([column]) + line + b'"', b"<c")
    assert labels(planned(repacked(path, "bare.xlsx", {SHEET: sheet}))) == ["HC-1"]


@pytest.mark.rule("IMP-02")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"<sheetData>", b"<sheetData", id="no XML"),
        pytest.param(b"<worksheet", b"<!DOCTYPE w [<!ENTITY a 'b'>]><worksheet", id="a document type"),
        pytest.param(b'<row r="2"', b'<row r="1"', id="a row twice"),
        pytest.param(b'<row r="2"', b'<row r="-2"', id="a row below zero"),
        pytest.param(b'<row r="2"', b'<row r="99999999"', id="a row beyond all"),
        pytest.param(b'r="B2"', b'r="A2"', id="a cell twice"),
        pytest.param(b'r="B2"', b'r="2B"', id="a cell nowhere"),
        pytest.param(b"<v>1</v>", b"<v>one</v>", id="a number in words"),
        pytest.param(b"<v>1</v>", b"<v>NaN</v>", id="not a number"),
        pytest.param(b"<v>1</v>", b"<v>1e99999999</v>", id="a number beyond all"),
        pytest.param(b't="n"><v>1</v>', b't="s"><v>999999</v>', id="a text that is not there"),
        pytest.param(b't="n"><v>1</v>', b't="s"><v>-1</v>', id="a text below zero"),
        pytest.param(b't="n"', b't="zebra"', id="a sort that nobody knows"),
        pytest.param(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A:A"/></mergeCells>', id="a merge"),
    ],
)
def test_a_workbook_that_contradicts_its_form_is_damaged(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = changed(written(tmp_path, ("HC-1", 1, "vial")), {before: after})
    remedy = "open it in a spreadsheet and save it as .xlsx"
    assert (
        refused(path)
        == f"IMP-02: changed.xlsx: is not a workbook that can be read: {SHEET} is missing or damaged; {remedy}"
    )


@pytest.mark.rule("IMP-02")
def test_a_part_that_is_broken_is_damaged(tmp_path: Path) -> None:
    path = written(tmp_path, ("HC-1", 1, "vial"))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(SHEET)
    data[info.header_offset + 100 : info.header_offset + 160] = bytes(60)
    path.write_bytes(data)
    assert f"{SHEET} is missing or damaged" in refused(path)


def test_an_attribute_without_an_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = changed(written(tmp_path, ("HC-1", 1, "vial")), {b"<sheetData>": b'<sheetData x="' + b" " * 5_000_000})
    assert f"{SHEET} is missing or damaged" in refused(path)


@pytest.mark.rule("IMP-04")
def test_merged_cells_without_number_are_refused(tmp_path: Path) -> None:
    ranges = b'<mergeCell ref="A2:B3"/>' * 100_001
    after = b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"
    path = changed(written(tmp_path, ("HC-1", 1, "vial")), {b"</sheetData>": after})
    assert refused(path) == "IMP-04: changed.xlsx: has more than 100000 merged cells"


def test_a_merge_of_the_whole_sheet_costs_no_more_than_its_rows(tmp_path: Path) -> None:
    after = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    path = changed(written(tmp_path, ("HC-1", 1, "vial")), {b"</sheetData>": after})
    assert len(said(planned(path))) == len(HEADERS)


def test_numbers_in_the_header_are_names(tmp_path: Path) -> None:
    made = Workbook()
    for row in ((2026, "Tube"), ("x", "HC-1")):
        made.worksheets[0].append(row)
    made.save(tmp_path / "m.xlsx")
    assert read_sheet(tmp_path / "m.xlsx").headers == ("2026", "Tube")


def test_values_of_two_digits_are_what_they_are(tmp_path: Path) -> None:
    assert values(planned(written(tmp_path, ("HC-1", 0.1, "mL"), ("HC-2", 20, "mL")))) == ["0.1", "20"]
