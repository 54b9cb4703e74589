"""What a mapping can state of a supplier's manifest, so that nobody edits the file: how its cells are read, which rows
are none, where its header is, and which one file it is for."""

from __future__ import annotations

from hashlib import sha256
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from api.manifests.mapping import read_layout
from api.manifests.reading.sheets import read_manifest
from api.manifests.statements import Plan, plan_import
from ledger.errors import Malformed
from ledger.ids import IdType, Tag
from ledger.reference.units import load_units
from tests.spec.manifests.workbooks import book_of, items_of, said

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

HEAD = """
kind = "item.listed/1"
rows = "items"
[constants]
consignment = "consignment:C1"
approval = "approval:A1"
line = 1
[fresh]
item = "item"
"""
STORED = 'kind = "item.stored/1"\nrows = "items"\n[constants]\nsite = "site:lab"\n'


def planned(folder: Path, manifest: str | bytes, mapping: str, *, top: str = "", head: str = HEAD) -> Plan:
    """Return what a CSV comes to under a mapping. top: the keys that stand above all tables."""
    (folder / "m.csv").write_bytes(manifest if isinstance(manifest, bytes) else manifest.encode())
    (folder / "m.toml").write_text(f"{top}\n{head}\n{mapping}\n", encoding="utf-8")
    return of_file(folder, "m.csv")


def of_file(folder: Path, name: str) -> Plan:
    """Return what a file comes to under the mapping that stands beside it."""
    layout = read_layout(folder / "m.toml")
    read = read_manifest(folder / name, layout.encoding)
    layout.check_for(name, read.digest)
    return plan_import(name, read.sheet(layout.sheet, layout.where), layout, load_units())


def in_a_book(
    folder: Path, rows: Sequence[list[Any]], mapping: str, arrange: Callable[[Worksheet], object] = id
) -> Plan:
    """Return what a workbook comes to under a mapping."""
    book_of(folder, rows, arrange)
    (folder / "m.toml").write_text(mapping, encoding="utf-8")
    return of_file(folder, "m.xlsx")


def listed(label: str, value: str, unit: str = "uL") -> dict[str, Any]:
    """Return a row as a statement lists it."""
    return {"label": label, "quantity": {"value": value, "unit": unit}}


def test_an_amount_and_its_unit_stand_in_one_cell(tmp_path: Path) -> None:
    plan = planned(
        tmp_path, "管号,体积\nA-1,500 uL\nA-2,500uL\nA-3,1.5 mL\nA-4,\n", '[columns]\n"管号"="label"\n"体积"="quantity"'
    )
    assert items_of(plan) == [listed("A-1", "500"), listed("A-2", "500"), listed("A-3", "1.5", "mL"), {"label": "A-4"}]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        pytest.param("500 μL", '"μL" is not a permitted unit; did you mean uL?', id="another spelling of the unit"),
        pytest.param("500", "quantity.unit: is empty or missing", id="no unit"),
        pytest.param("2x500 uL", '"2x500 uL" must be an amount with its unit, such as 500 uL', id="a product"),
        pytest.param('"1,5 mL"', '"1,5" has a comma; write 1.5', id="a comma"),
        pytest.param("about 5 mL", '"about 5 mL" must be an amount with its unit, such as 500 uL', id="words"),
    ],
)
def test_what_is_no_amount_with_a_unit_is_a_problem(tmp_path: Path, cell: str, problem: str) -> None:
    plan = planned(tmp_path, f"管号,体积\nA-1,{cell}\n", '[columns]\n"管号"="label"\n"体积"="quantity"')
    assert [one.partition(": ")[2] for one in said(plan)] == [problem]


def test_what_a_cell_holds_stands_for_what_a_mapping_says(tmp_path: Path) -> None:
    mapping = (
        '[columns]\n"No"="label"\n"Vol"="quantity"\n"Lot"="lot"\n[values."Vol"]\n"ΜL"="uL"\n[values."Lot"]\n"无"=""\n'
    )
    plan = planned(tmp_path, "No,Vol,Lot\nA-1,500 μl,无\nA-2,20 µL,B7\n", mapping)
    assert items_of(plan) == [listed("A-1", "500"), listed("A-2", "20") | {"lot": "B7"}]


def test_a_constant_of_the_rows_fills_what_no_column_says(tmp_path: Path) -> None:
    mapping = '[columns]\n"No"="label"\n"体积(μL)"="quantity.value"\n[row_constants]\n"quantity.unit"="uL"\nlot="B7"\n'
    plan = planned(tmp_path, "No,体积(μL)\nA-1,500\nA-2,\n", mapping)
    assert items_of(plan) == [listed("A-1", "500") | {"lot": "B7"}, {"label": "A-2", "lot": "B7"}]


@pytest.mark.parametrize(
    ("top", "cell", "value"),
    [
        pytest.param('one_spelling = ["Vol"]', "５００", "500", id="full-width digits"),
        pytest.param('decimal_comma = ["Vol"]', '"1.234,5"', "1234.5", id="a decimal comma"),
        pytest.param('decimal_comma = ["Vol"]\none_spelling = ["Vol"]', "１，５", "1.5", id="both"),
    ],
)
def test_amounts_are_read_as_a_mapping_states(tmp_path: Path, top: str, cell: str, value: str) -> None:
    mapping = '[columns]\n"No"="label"\n"Vol"="quantity.value"\n[row_constants]\n"quantity.unit"="uL"\n'
    assert items_of(planned(tmp_path, f"No,Vol\nA-1,{cell}\n", mapping, top=top)) == [listed("A-1", value)]


def test_labels_are_read_in_one_spelling_where_a_mapping_says_so(tmp_path: Path) -> None:
    cells = "ＨＣ－０００１\nHC\u00a00002\nHC\u20130003\n"
    plan = planned(tmp_path, f"No\n{cells}", '[columns]\n"No"="label"', top='one_spelling = ["No"]')
    assert [one["label"] for one in items_of(plan)] == ["HC-0001", "HC 0002", "HC-0003"]


@pytest.mark.parametrize(
    ("order", "cell"),
    [
        ("year-month-day", "2026/3/1"),
        ("year-month-day", "2026年3月1日"),
        ("year-month-day", "20260301"),
        ("day-month-year", "01.03.2026"),
        ("day-month-year", "1-Mar-2026"),
        ("month-day-year", "3/1/2026"),
    ],
)
def test_dates_are_read_in_the_order_that_a_mapping_states(tmp_path: Path, order: str, cell: str) -> None:
    head = 'kind = "approval.site-added/1"\n[constants]\napproval = "approval:A1"\n'
    mapping = f'[columns]\n"S"="site"\n"日期"="from_on"\n[dates]\n"日期"="{order}"\n'
    plan = planned(tmp_path, f"S,日期\nsite:S1,{cell}\n", mapping, head=head)
    assert [one.body["from_on"] for one in plan.statements] == ["2026-03-01"], said(plan)


def test_a_day_that_is_none_is_a_problem(tmp_path: Path) -> None:
    head = 'kind = "approval.site-added/1"\n[constants]\napproval = "approval:A1"\n'
    mapping = '[columns]\n"S"="site"\n"日期"="from_on"\n[dates]\n"日期"="day-month-year"\n'
    plan = planned(tmp_path, "S,日期\nsite:S1,3/13/2026\n", mapping, head=head)
    assert said(plan) == ['line 2, column "日期": "3/13/2026" must be a date such as "2026-09-01"']


def test_a_place_is_joined_of_several_columns(tmp_path: Path) -> None:
    manifest = "管号,冰箱,盒,孔\nitem:T-1,F2,1,A1\nitem:T-2,F2,,A2\nitem:T-3,,,\nitem:T-4,F 2,1,A1\n"
    mapping = '[columns]\n"管号"="item"\n[joined]\nplace=["冰箱","盒","孔"]\n'
    plan = planned(tmp_path, manifest, mapping, head=STORED, top='header = "find"')
    assert [one.body["items"] for one in plan.statements] == [[{"item": "item:T-1", "place": "F2/1/A1"}]]
    assert plan.unused == ()
    incomplete, missing, odd = said(plan)
    assert incomplete == "line 3: place: is joined of several columns, of which some are empty"
    assert missing == "line 4: place: is empty or missing"
    assert odd.startswith('line 5: place: "F 2/1/A1" must be ')


@pytest.mark.rule("IMP-06")
def test_a_column_that_is_joined_has_to_be_there(tmp_path: Path) -> None:
    mapping = '[columns]\n"管号"="item"\n[joined]\nplace=["冰箱","盒"]\n'
    with pytest.raises(Malformed, match=r'IMP-06: m\.csv: has no column "盒"'):
        planned(tmp_path, "管号,冰箱\nitem:T-1,F2\n", mapping, head=STORED)


def test_rows_are_passed_over_by_rule_and_named(tmp_path: Path) -> None:
    manifest = "序号,管号\n1,A-1\n,小 计：1\n序号,管号\n2,Total-2\n合计,\nTotal 2,\n备注：-80°C,\n"
    mapping = (
        '[columns]\n"管号"="label"\n[pass_over]\nheaders=true\nbegins=["小计","合计","Total","备注"]\n'
        '[pass_over.columns]\n"管号"=["小计"]\n'
    )
    plan = planned(tmp_path, manifest, mapping)
    assert [one["label"] for one in items_of(plan)] == ["A-1", "Total-2"]
    assert plan.passed == [
        (3, "小计"),
        (4, "the header once more"),
        (6, "合计"),
        (7, "Total"),
        (8, "备注"),
    ]


def test_what_no_rule_names_is_not_passed_over(tmp_path: Path) -> None:
    mapping = '[columns]\n"No"="label"\n[pass_over]\nbegins=["Total"]\n'
    plan = planned(tmp_path, "No\nTotals\nTotal-1\nTotal\n", mapping)
    assert [one["label"] for one in items_of(plan)] == ["Totals", "Total-1"]


@pytest.mark.rule("IMP-14")
def test_a_manifest_all_of_whose_rows_are_passed_over_has_none(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"IMP-14: m\.csv: every row below the header is passed over"):
        planned(tmp_path, "No\nTotal\n", '[columns]\n"No"="label"\n[pass_over]\nbegins=["Total"]\n')


def test_hidden_rows_are_passed_over_only_where_a_mapping_says_so(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True

    mapping = f'{HEAD}\n[columns]\n"No"="label"\n'
    plan = in_a_book(tmp_path, [["No"], ["A-1"], ["A-2"]], mapping, hide)
    assert said(plan) == ["line 3: is hidden in the spreadsheet: show all rows, or delete it"]
    plan = in_a_book(tmp_path, [["No"], ["A-1"], ["A-2"]], f"{mapping}[pass_over]\nhidden=true\n", hide)
    assert ([one["label"] for one in items_of(plan)], plan.passed) == (["A-1"], [(3, "hidden")])


def test_a_merged_cell_holds_for_all_its_rows_where_a_mapping_says_so(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["No", "Lot"], ["A-1", "B7"], ["A-2", None], ["A-3", "B8"]]
    mapping = f'{HEAD}\n[columns]\n"No"="label"\n"Lot"="lot"\n'
    plan = in_a_book(tmp_path, rows, mapping, lambda sheet: sheet.merge_cells("B2:B3"))
    assert len(said(plan)) == 1
    plan = in_a_book(tmp_path, rows, f'merged = ["Lot"]\n{mapping}', lambda sheet: sheet.merge_cells("B2:B3"))
    assert [one["lot"] for one in items_of(plan)] == ["B7", "B7", "B8"]


def test_a_cell_merged_with_the_one_beside_it_stays_a_problem(tmp_path: Path) -> None:
    mapping = f'merged = ["Lot"]\n{HEAD}\n[columns]\n"No"="label"\n"Lot"="lot"\n'
    rows: list[list[Any]] = [["No", "Lot"], ["A-1", None]]
    plan = in_a_book(tmp_path, rows, mapping, lambda sheet: sheet.merge_cells("A2:B2"))
    assert len(said(plan)) == 1


def test_a_number_that_its_format_shows_with_a_unit_is_taken_apart(tmp_path: Path) -> None:
    def show(sheet: Worksheet) -> None:
        sheet["B2"].number_format = '0" uL"'
        sheet["B3"].number_format = '0,"k uL"'

    mapping = f'{HEAD}\n[columns]\n"No"="label"\n"Vol"="quantity"\n'
    plan = in_a_book(tmp_path, [["No", "Vol"], ["A-1", 500], ["A-2", 5000]], mapping, show)
    assert items_of(plan) == [listed("A-1", "500")]
    assert len(said(plan)) == 1


@pytest.mark.rule("IMP-03")
def test_the_header_is_the_first_line_that_names_all_columns(tmp_path: Path) -> None:
    top, mapping = 'header = "find"', '[columns]\n"管号"="label"\n"批号"="lot"'
    plan = planned(tmp_path, "装箱单\n\n管号;样本\n管号;批号\nA-1;B7\n", mapping, top=top)
    assert items_of(plan) == [{"label": "A-1", "lot": "B7"}]
    with pytest.raises(Malformed) as caught:
        planned(tmp_path, "装箱单\n管号;样本\nA-1;B7\n", mapping, top=top)
    assert caught.value.problem == 'no line names all columns of the mapping; the nearest, line 2, lacks "批号"'
    with pytest.raises(Malformed, match="none of its first 100 lines names any column"):
        planned(tmp_path, "x\n" * 200 + "管号;批号\nA-1;B7\n", mapping, top=top)


def test_the_header_of_a_workbook_is_found_too(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["装箱单"], [], ["日期", "2026"], ["管号", "批号"], ["A-1", "B7"]]
    plan = in_a_book(tmp_path, rows, f'header = "find"\n{HEAD}\n[columns]\n"管号"="label"\n"批号"="lot"\n')
    assert [(one["label"], plan.statements[0].lines) for one in items_of(plan)] == [("A-1", (5,))]


def test_a_column_without_a_name_of_its_own_is_called_by_its_letter(tmp_path: Path) -> None:
    manifest = "备注,管号,备注,\nx,A-1,B7,y\n"
    mapping = '[columns]\n"管号"="label"\n"column C"="lot"\n'
    nameless = "has a value in column A, which the header does not name, or names twice"
    assert said(planned(tmp_path, manifest, mapping))[0].endswith(nameless)
    plan = planned(tmp_path, manifest, mapping, top='ignored = ["column A", "column D"]')
    assert items_of(plan) == [{"label": "A-1", "lot": "B7"}]


@pytest.mark.rule("IMP-02")
def test_csv_is_in_the_encoding_that_a_mapping_states(tmp_path: Path) -> None:
    manifest, mapping = "管,批\nA-1,批\n", '[columns]\n"管"="label"\n"批"="lot"'
    for encoding in ("gb18030", "utf-16", "big5"):
        plan = planned(tmp_path, manifest.encode(encoding), mapping, top=f'encoding = "{encoding}"')
        assert items_of(plan) == [{"label": "A-1", "lot": "批"}]
    with pytest.raises(Malformed, match=r"IMP-02: m\.csv: is not gb18030, the encoding that its mapping states"):
        planned(tmp_path, b"\xff\xff\xff", mapping, top='encoding = "gb18030"')


@pytest.mark.rule("IMP-16")
def test_a_mapping_may_be_for_one_file_alone(tmp_path: Path) -> None:
    digest = sha256(b"No\nA-1\n").hexdigest()
    mapping, top = '[columns]\n"No"="label"', f'only_for = "{digest}"'
    assert items_of(planned(tmp_path, "No\nA-1\n", mapping, top=top)) == [{"label": "A-1"}]
    with pytest.raises(Malformed, match=rf"IMP-16: m\.csv: its SHA-256 is [0-9a-f]+, and the mapping is for {digest}"):
        planned(tmp_path, "No\nA-2\n", mapping, top=top)


@pytest.mark.rule("IMP-05")
@pytest.mark.parametrize(
    ("top", "mapping", "problem"),
    [
        pytest.param('header = "look"', "", 'header: must be a whole number, or "find"', id="another word"),
        pytest.param('only_for = "ab"', "", "only_for: is not a SHA-256, 64 lower-case hex digits", id="no digest"),
        pytest.param('merged = ["Lot"]', "", 'says how "Lot" is read, which stands in none of columns', id="no column"),
        pytest.param(
            "", '[values."No"]\n"a"="1"\n"Ａ"="2"', 'values."No": says two things of what "Ａ" looks like', id="twice"
        ),
    ],
)
def test_a_mapping_that_contradicts_itself_is_malformed(tmp_path: Path, top: str, mapping: str, problem: str) -> None:
    with pytest.raises(Malformed) as caught:
        planned(tmp_path, "No\nA-1\n", f'[columns]\n"No"="label"\n{mapping}', top=top)
    assert problem in str(caught.value)


@pytest.mark.rule("IMP-05")
def test_what_every_statement_needs_and_nothing_says_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(Malformed) as caught:
        planned(tmp_path, "No\nA-1\nA-2\n", '[columns]\n"No"="lot"')
    assert caught.value.problem == "label must be said, and no column and no constant says it"


def test_what_is_no_id_is_looked_up_where_somebody_can(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("管号,位置\nHC-1,F1/A1\nitem:T-2,F1/A2\nHC-3,F1/A3\n", encoding="utf-8")
    (tmp_path / "m.toml").write_text(f'{STORED}[columns]\n"管号"="item"\n"位置"="place"\n', encoding="utf-8")

    def find(kind: IdType, label: str, among: Collection[Tag]) -> str:
        if label == "HC-3":
            raise ValueError(f'"{label}" is on no {kind}')
        return f"{kind}:{label}"

    layout = read_layout(tmp_path / "m.toml")
    sheet = read_manifest(tmp_path / "m.csv").sheet(None, layout.where)
    plan = plan_import("m.csv", sheet, layout, load_units(), find)
    assert plan.statements[0].body["items"] == [
        {"item": "item:HC-1", "place": "F1/A1"},
        {"item": "item:T-2", "place": "F1/A2"},
    ]
    assert said(plan) == ['line 4, column "管号": "HC-3" is on no item']


def test_a_key_of_thousands_of_parts_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    for key in ("a." * 30_000 + "b = 1", '"\u2028".' * 9_000 + "b = 1", f"c = {{ {'a.' * 30_000}b = 1 }}"):
        path.write_text(f'kind = "item.listed/1"\n{key}\n', encoding="utf-8")
        begun = process_time()
        with pytest.raises(Malformed, match=r"m\.toml: has more than 50 points in line 2: break the line"):
            read_layout(path)
        assert process_time() - begun < 1  # of ten to forty that it takes to read one
