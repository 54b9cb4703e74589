"""A mapping is proposed for a manifest as suppliers send them: what is sure is in it, what is not is named with why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from openpyxl import Workbook

from api.manifests.mapping import layout_of
from api.manifests.proposing.proposal import Proposal, propose
from api.manifests.proposing.words import said_by
from api.manifests.proposing.written import written
from api.manifests.reading.sheets import read_manifest, recognised
from api.manifests.statements import Plan, plan_import
from ledger.errors import Malformed
from ledger.reference.units import load_units
from ledger.statement.catalogue import KINDS
from tests.spec.manifests.workbooks import book_of, items_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

SAID: Final = {"consignment": "consignment:C1", "approval": "approval:A1", "line": "1"}


def in_csv(
    folder: Path, text: str, kind: str = "item.listed/1", encoding: str = "utf-8", rows: str | None = None
) -> Proposal:
    """Return what is proposed for a CSV."""
    path = folder / "m.csv"
    path.write_bytes(text.encode(encoding))
    return propose(recognised(path), KINDS[kind], SAID if kind == "item.listed/1" else {}, load_units(), rows=rows)


def in_a_book(folder: Path, rows: Sequence[list[Any]], arrange: Callable[[Worksheet], object] = id) -> Proposal:
    """Return what is proposed for a workbook."""
    return propose(recognised(book_of(folder, rows, arrange)), KINDS["item.listed/1"], SAID, load_units())


def imported(folder: Path, found: Proposal) -> Plan:
    """Return what the manifest comes to under the mapping as it is written, unchanged."""
    layout = layout_of("m.toml", written(found, "m.toml").encode())
    assert layout == found.layout
    name = found.manifest.name
    return plan_import(
        name, read_manifest(folder / name, layout.encoding).sheet(layout.sheet, layout.where), layout, load_units()
    )


def members(found: Proposal) -> dict[str, str]:
    """Return the columns that are sure, with their members."""
    return {one.column.shown: one.path for one in found.choices}


def uncertain(found: Proposal) -> dict[str, list[str]]:
    """Return the columns that are not, with the members that they may be."""
    said: dict[str, list[str]] = {}
    for one in found.candidates:
        said.setdefault(one.column.shown, []).append(one.path)
    return said


PACKING: Final[list[list[Any]]] = [
    ["海港医院样本装箱单", None, None, None, None, None],
    ["发货日期：2026-03-01", None, None, "共1箱", None, None],
    [],
    ["序号", "管号", "体积(μL)", "批号", "操作人", "备注"],
    [1, "HC-0001", 500, "B7", "张", None],
    [2, "HC-0002", "５００", None, "张", "溶血"],
    ["小 计", None, 1000, None, None, None],
    ["序号", "管号", "体积(μL)", "批号", "操作人", "备注"],
    [3, "HC-0003", 800, "B8", "李", None],
    ["合计", None, 1800, None, None, None],
    [],
    ["备注：-80℃保存"],
    ["制表人：张三", None, "审核人：李四"],
]


def test_a_packing_list_is_read_as_it_is(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:F1")
        sheet.merge_cells("D5:D6")

    found = in_a_book(tmp_path, PACKING, merge)
    assert (found.header, found.doubts, found.needed) == (4, [], [])
    assert members(found) == {"管号": "label", "体积(μL)": "quantity.value", "批号": "lot"}
    plan = imported(tmp_path, found)
    assert plan.problems == []
    assert items_of(plan) == [
        {"label": "HC-0001", "quantity": {"value": "500", "unit": "uL"}, "lot": "B7"},
        {"label": "HC-0002", "quantity": {"value": "500", "unit": "uL"}, "lot": "B7"},
        {"label": "HC-0003", "quantity": {"value": "800", "unit": "uL"}, "lot": "B8"},
    ]
    assert [line for line, _ in plan.passed] == [7, 8, 10, 12, 13]


def test_a_list_in_gbk_with_semicolons_is_read_as_it_is(tmp_path: Path) -> None:
    text = "样本清单\n管号;数量;单位\nHC-1;1,5;毫升\nHC-2;2;毫升\n合计;3,5;\n"
    found = in_csv(tmp_path, text, encoding="gbk")
    assert (found.layout.encoding, found.header) == ("gb18030", 2)
    assert items_of(imported(tmp_path, found)) == [
        {"label": "HC-1", "quantity": {"value": "1.5", "unit": "mL"}},
        {"label": "HC-2", "quantity": {"value": "2", "unit": "mL"}},
    ]


@pytest.mark.parametrize(
    ("header", "member", "unit"),
    [
        ("体积(μL)", "quantity.value", "uL"),
        ("体积（单位：毫升）", "quantity.value", "mL"),
        ("Volume [uL]", "quantity.value", "uL"),
        ("Vol. uL", "quantity.value", "uL"),
        ("数量/支", "quantity.value", "vial"),
        ("样本编号 Sample ID", "label", None),
        ("管 号*", "label", None),
        ("Tube_No.", "label", None),
        ("冻存管编号（Cryovial ID）", "label", None),
        ("批号", "lot", None),
        ("计量单位", "quantity.unit", None),
        ("冻存位置", "place", None),
    ],
)
def test_a_header_says_what_it_is_in_either_language(header: str, member: str, unit: str | None) -> None:
    said = said_by(header)
    assert (min(said.ranks, key=lambda one: said.ranks[one]), said.unit) == (member, unit)


def test_of_two_columns_that_say_the_same_none_is_taken(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "管号,标签,体积(mL)\nA-1,L-1,5\nA-2,L-2,5\n")
    assert members(found) == {"体积(mL)": "quantity.value"}
    assert uncertain(found) == {"管号": ["label"], "标签": ["label"]}
    assert found.of_rows == ["label"]
    assert '# "管号" = "label"   # column A; A-1; A-2; "标签" says the same' in written(found, "m.toml")


def test_a_column_that_says_it_less_surely_is_named_beside_the_one_that_is_taken(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "样本编号,管号,数量(支),体积(mL)\nS-1,A-1,1,5\n")
    assert members(found) == {"管号": "label", "体积(mL)": "quantity.value"}
    assert uncertain(found) == {"样本编号": ["label"], "数量(支)": ["quantity.value"]}
    assert '"样本编号" may be it too' in written(found, "m.toml")


def test_a_header_that_only_has_a_word_of_it_is_uncertain(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "供方血清管号甲,体积(mL)\nA-1,5\n")
    assert (members(found), uncertain(found)) == ({"体积(mL)": "quantity.value"}, {"供方血清管号甲": ["label"]})


def test_a_column_whose_cells_are_something_else_is_not_taken(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "管号,体积(mL)\nA-1,good\nA-2,fair\nA-3,5\n")
    assert (members(found), uncertain(found)) == ({"管号": "label"}, {"体积(mL)": ["quantity.value"]})


def test_amounts_with_their_units_are_taken_apart(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "Tube No.,Quantity\nA-1,500 μL\nA-2,500ul\nA-3,1.5 mL\nA-4,N/A\n")
    assert members(found) == {"Tube No.": "label", "Quantity": "quantity"}
    plan = imported(tmp_path, found)
    assert [one.get("quantity") for one in items_of(plan)] == [
        {"value": "500", "unit": "uL"},
        {"value": "500", "unit": "uL"},
        {"value": "1.5", "unit": "mL"},
        None,
    ]


def test_an_amount_whose_unit_nothing_says_is_needed(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "管号,体积\nA-1,5\n")
    assert found.of_rows == ["quantity.unit"]
    assert '# "quantity.unit" = …   # each row needs it' in written(found, "m.toml")


@pytest.mark.parametrize(
    ("cells", "doubt"),
    [
        (["1,500", "2,000"], '"1,500" may be 1.500 or 1500: under decimal_comma it is the former'),
        (["1,5", "2,000"], None),
    ],
)
def test_a_comma_that_may_be_either_is_a_doubt(tmp_path: Path, cells: list[str], doubt: str | None) -> None:
    text = "".join(f'A-{number},"{cell}"\n' for number, cell in enumerate(cells))
    found = in_csv(tmp_path, f"管号,体积(uL)\n{text}A-8,5\nA-9,6\nA-7,7\n")
    (volume,) = [one for one in found.choices if one.path == "quantity.value"]
    assert volume.doubts == ([] if doubt is None else [doubt])
    assert volume.look.spelling.decimal_comma is (doubt is None)


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["2026/3/1", "2026/3/13"], "year-month-day"),
        (["1/3/2026", "13/3/2026"], "day-month-year"),
        (["1/3/2026", "2/4/2026"], None),
        (["2026-03-01"], None),
    ],
)
def test_dates_that_may_be_either_are_a_doubt(tmp_path: Path, days: list[str], order: str | None) -> None:
    rows = "".join(f"site:S{number},{day}\n" for number, day in enumerate(days))
    text = f"场所,from on\n{rows}"
    path = tmp_path / "m.csv"
    path.write_text(text, encoding="utf-8")
    found = propose(recognised(path), KINDS["approval.site-added/1"], {}, load_units())
    assert members(found).get("场所") == "site"
    said = [one for one in found.choices if one.path == "from_on"]
    if order is not None:
        assert str(said[0].look.spelling.dates) == order


def test_labels_in_another_spelling_are_to_be_looked_at(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "管号\nＨＣ－１\nHC-2\n")
    assert found.choices[0].doubts == ['"ＨＣ－１" is taken for "HC-1": look at what is printed']
    assert [one["label"] for one in items_of(imported(tmp_path, found))] == ["HC-1", "HC-2"]


def test_a_row_that_begins_like_a_sum_and_is_goods_is_kept(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "管号,体积(mL)\nTotal RNA A,5\nTotal RNA B,5\nTotal,10\n")
    assert found.leaving.lines == []
    assert found.leaving.doubts == ['line 3 begins with "total", and looks like goods: no row is passed over by it']


def test_a_text_with_nothing_beside_it_is_a_doubt(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "管号,体积(mL)\nA-1,5\n样本已核对无误,\n")
    assert found.leaving.doubtful == {"样本已核对无误": [3]}
    assert [one.line for one in imported(tmp_path, found).problems] == []
    assert "# line 3: " in written(found, "m.toml")


def test_hidden_rows_are_a_doubt(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True

    found = in_a_book(tmp_path, [["管号", "体积(mL)"], ["A-1", 5], ["A-2", 5]], hide)
    assert found.leaving.doubts == ["line 3 is hidden, 1 in all: with hidden = true they are passed over"]
    assert [one.line for one in imported(tmp_path, found).problems] == [3]


def test_the_sheet_with_the_table_is_found_and_named(tmp_path: Path) -> None:
    book = Workbook()
    cover = book.worksheets[0]
    cover.append(["Read me"])
    cover.append(["This list has", "two sheets"])
    table = book.create_sheet("明细")
    for row in (["管号", "体积(mL)"], ["A-1", 5]):
        table.append(row)
    book.save(tmp_path / "m.xlsx")
    found = propose(recognised(tmp_path / "m.xlsx"), KINDS["item.listed/1"], SAID, load_units())
    assert (found.layout.sheet, found.doubts) == ("明细", [])
    assert len(items_of(imported(tmp_path, found))) == 1


def test_columns_without_a_name_of_their_own_stand_in_nobodys_way(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "管号,备注,,备注\nA-1,x,y,z\n")
    assert found.layout.ignored == {"column b", "column c", "column d"}
    assert items_of(imported(tmp_path, found)) == [{"label": "A-1"}]


def test_samples_are_described_in_their_own_words(tmp_path: Path) -> None:
    header = "管号,样本类型,采集日期,保存条件,受试者编号\n"
    found = in_csv(tmp_path, f"{header}A-1,血清,2026年3月1日,－80℃,P-7\nA-2,EDTA plasma,2026/3/2,干冰,P-8\n")
    assert members(found)["受试者编号"] == "donor"
    assert "P-7" not in written(found, "m.toml")
    rows = [{name: one for name, one in row.items() if name != "donor"} for row in items_of(imported(tmp_path, found))]
    assert rows == [
        {"label": "A-1", "type": "serum", "collected_on": "2026-03-01", "storage": "minus-80"},
        {"label": "A-2", "type": "plasma-edta", "collected_on": "2026-03-02", "storage": "dry-ice"},
    ]


def test_a_sample_type_that_no_table_has_is_left_to_people(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "管号,样本类型\nA-1,血清\nA-2,肝穿\nA-3,血清\n")
    (kind,) = [one for one in found.choices if one.path == "type"]
    assert kind.look.unknown == ["肝穿"]
    assert '# "肝穿" = …   # one of whole-blood' in written(found, "m.toml")


def test_what_receives_or_stores_is_found_by_its_label(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "管号,冻存位置\nitem:T-1,F1/A1\n", kind="item.stored/1")
    assert members(found) == {"管号": "item", "冻存位置": "place"}
    assert (found.needed, found.layout.fresh) == (["site"], {})


def test_columns_that_may_be_a_place_together_are_named_together(tmp_path: Path) -> None:
    found = in_csv(tmp_path, "管号,冰箱,盒号,孔\nitem:T-1,F1,B1,A1\n", kind="item.stored/1")
    assert (members(found), found.of_rows) == ({"管号": "item"}, ["place"])
    assert '# place = ["冰箱", "盒号", "孔"]   # if the place is these together' in written(found, "m.toml")


def test_codes_are_translated_where_they_are_known(tmp_path: Path) -> None:
    text = "管号,样本状态\nitem:T-1,intact\nitem:T-2,Damaged\nitem:T-3,粉色\n"
    found = in_csv(tmp_path, text, kind="item.received/1")
    (condition,) = [one for one in found.choices if one.path == "condition"]
    assert (condition.look.meant, condition.look.unknown) == ({"Damaged": "damaged"}, ["粉色"])
    assert '# "粉色" = …   # one of ' in written(found, "m.toml")


@pytest.mark.rule("IMP-03")
def test_what_has_no_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"IMP-03: .*none of its first lines looks like a header"):
        in_csv(tmp_path, "1,2\n3,4\n")


@pytest.mark.rule("IMP-05")
def test_of_a_kind_with_several_lists_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"IMP-05: rows: item\.derived/1 has several lists, inputs, outputs: name one"):
        in_csv(tmp_path, "管号,体积\nA-1,5\n", kind="item.derived/1")
    found = in_csv(tmp_path, "管号,体积(mL)\nA-1,5\n", kind="item.derived/1", rows="outputs")
    assert members(found)["管号"] == "label"
