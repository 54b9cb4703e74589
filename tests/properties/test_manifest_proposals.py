"""Whatever its columns are called, and in whatever order: what is proposed gives back a manifest's own rows."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from api.manifests.mapping import layout_of
from api.manifests.proposing.proposal import Proposal, propose
from api.manifests.proposing.written import written
from api.manifests.reading.sheets import read_manifest, recognised
from api.manifests.statements import plan_import
from ledger.errors import Malformed
from ledger.reference.units import load_units
from ledger.statement.catalogue import KINDS
from tests.properties.test_manifest_properties import CSV, EDITS, edited, workbook
from tests.spec.manifests.workbooks import items_of

SAID: Final = {"consignment": "consignment:C1", "approval": "approval:A1", "line": "1"}
LABELS: Final = (
    "管号",
    "Tube No.",
    "样本管号",
    "BARCODE",
    "标签 Label",
    "冻存管编号*",
    "Vial ID",
    "样本编号",
    "Sample ID",
)
VOLUMES: Final = ("体积", "Volume", "容量 ", "Vol.", "样本量", "体积 Volume")
UNITS: Final = ("单位", "Unit", "计量单位", "UoM")
LOTS: Final = ("批号", "Lot No.", "批次号", "batch number", "批 号")
NOISE: Final = ("操作人", "备注", "序号", "Remarks", "No.", "签名", "Technician")
WRITTEN: Final = {
    "mL": ("mL", "ml", "毫升", "ML"),
    "uL": ("uL", "μL", "µL", "微升", "ul"),
    "vial": ("vial", "支", "Vials"),
}
SUMS: Final = ("合计", "小 计", "Total", "Sub-total:", "总计：")

label = st.from_regex(r"[A-Z]{2}-[0-9]{4}", fullmatch=True)
amount = st.integers(1, 9_999)


@st.composite
def manifests(draw: st.DrawFn) -> tuple[list[list[str]], list[dict[str, Any]]]:
    """Return the lines of a manifest, and the rows that it tells."""
    labels = draw(st.lists(label, min_size=2, max_size=8, unique=True))
    unit = draw(st.sampled_from(sorted(WRITTEN)))
    lots = [draw(st.sampled_from(["B7", "B8", ""])) for _ in labels]
    amounts = [str(draw(amount)) for _ in labels]
    as_written = WRITTEN[unit]
    columns: list[tuple[str, list[str]]] = [(draw(st.sampled_from(LABELS)), labels)]
    volume = draw(st.sampled_from(VOLUMES))
    match draw(st.sampled_from(["in the header", "in a column", "in the cell"])):
        case "in the header":
            named = draw(st.sampled_from(["({})", "（{}）", " [{}]", "/{}"])).format(draw(st.sampled_from(as_written)))
            columns.append((volume + named, amounts))
        case "in a column":
            columns.append((volume, amounts))
            columns.append((draw(st.sampled_from(UNITS)), [draw(st.sampled_from(as_written)) for _ in labels]))
        case _:
            space = draw(st.sampled_from(["", " "]))
            columns.append((volume, [f"{one}{space}{draw(st.sampled_from(as_written))}" for one in amounts]))
    columns.append((draw(st.sampled_from(LOTS)), lots))
    for name in draw(st.lists(st.sampled_from(NOISE), max_size=2, unique=True)):
        columns.append((name, [str(number) for number in range(1, len(labels) + 1)]))
    columns = draw(st.permutations(columns))
    header = [name for name, _ in columns]
    lines = [list(cells) for cells in zip(*(cells for _, cells in columns), strict=True)]
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(1, len(lines)))
        lines.insert(place, draw(st.sampled_from([header, [draw(st.sampled_from(SUMS))]])))
    top = draw(
        st.lists(
            st.sampled_from([["装箱单"], ["Packing list of the harbour clinic"], ["日期：2026-03-01"]]), max_size=3
        )
    )
    rows = [
        {"label": one, "quantity": {"value": value, "unit": unit}} | ({"lot": lot} if lot else {})
        for one, value, lot in zip(labels, amounts, lots, strict=True)
    ]
    return [*top, header, *lines], rows


def stored(folder: Path, lines: list[list[str]], form: str) -> Path:
    """Write a manifest as a workbook, or as CSV in an encoding."""
    if form == "xlsx":
        book = Workbook()
        for line in lines:
            book.worksheets[0].append([cell or None for cell in line])
        book.save(folder / "m.xlsx")
        return folder / "m.xlsx"
    text = StringIO()
    csv.writer(text, delimiter=";").writerows(lines)
    (folder / "m.csv").write_bytes(text.getvalue().replace("µ", "μ").encode(form))
    return folder / "m.csv"


def reads_as_chinese(lines: list[list[str]]) -> bool:
    """Say whether a text in GBK can be told from one of Europe: what is beyond ASCII is mostly Chinese words."""
    runs = re.findall(r"[^\x00-\x7f]+", "\n".join(";".join(cells) for cells in lines))
    chinese = [run for run in runs if re.fullmatch("[\u4e00-\u9fff]+", run)]
    return not runs or (len(chinese) * 2 > len(runs) and any(len(run) > 1 for run in chinese))


@settings(max_examples=150, deadline=None)
@given(manifests(), st.sampled_from(["xlsx", "utf-8", "gbk", "utf-16"]))
def test_a_manifest_gives_back_its_rows(manifest: tuple[list[list[str]], list[dict[str, Any]]], form: str) -> None:
    lines, rows = manifest
    assume(form != "gbk" or reads_as_chinese(lines))
    with TemporaryDirectory() as folder:
        path = stored(Path(folder), lines, form)
        found = propose(recognised(path), KINDS["item.listed/1"], SAID, load_units())
        layout = layout_of("m.toml", written(found, "m.toml").encode())
        sheet = read_manifest(path, layout.encoding).sheet(layout.sheet, layout.where)
        plan = plan_import("m", sheet, layout, load_units())
    assert plan.problems == []
    assert items_of(plan) == rows


def proposed(name: str, data: bytes) -> Proposal | None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            return propose(recognised(path), KINDS["item.listed/1"], SAID, load_units())
        except Malformed:
            return None


@settings(max_examples=150, deadline=None)
@given(EDITS)
def test_of_any_csv_a_mapping_is_proposed_or_it_is_malformed(edits: list[tuple[float, int, bytes]]) -> None:
    found = proposed("m.csv", edited(CSV, edits))
    if found is not None and found.choices:
        assert layout_of("m.toml", written(found, "m.toml").encode()) == found.layout


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), max_size=5), min_size=1, max_size=12))
def test_of_any_table_a_mapping_is_proposed_that_can_be_read_again(lines: list[list[str]]) -> None:
    text = StringIO()
    csv.writer(text).writerows([["管号", "体积"], *lines])
    found = proposed("m.csv", text.getvalue().encode("utf-8", "replace"))
    if found is not None:
        assert layout_of("m.toml", written(found, "m.toml").encode()) == found.layout


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_of_any_workbook_a_mapping_is_proposed_or_it_is_malformed(edits: list[tuple[float, int, bytes]]) -> None:
    proposed("m.xlsx", edited(workbook(), edits))
