"""A supplier's packing list on the command line: a mapping is proposed, looked at, tried and used; the file stays."""

from __future__ import annotations

import tomllib
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import pytest
from openpyxl import Workbook

from tests.journeys.test_cli_import import head

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port

SAID: Final = ("--set", "consignment=consignment:C1", "--set", "approval=approval:A1", "--set", "line=1")


def packing_list(bench: Bench, name: str, prefix: str) -> Path:
    """Write a packing list as a hospital sends it, for a consignment that is counted in vials."""
    book = Workbook()
    sheet = book.worksheets[0]
    rows: list[list[Any]] = [
        ["海港医院特殊物品装箱单", None, None, None, None],
        ["发货日期：2026-03-01", None, None, "共1箱", None],
        [],
        ["序号", "管号", "数量（支）", "批号", "备注"],
        [1, f"{prefix}-1", 1, "B7", None],
        [2, f"{prefix}-2", "１", None, "溶血"],
        ["小 计", None, 2, None, None],
        ["序号", "管号", "数量（支）", "批号", "备注"],
        [3, f"{prefix}-3", 1, "/", None],
        ["合计", None, 3, None, None],
        ["备注：-80℃保存"],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("D5:D6")
    book.save(bench.place / name)
    return bench.place / name


def test_a_packing_list_is_proposed_tried_and_imported(port: Port) -> None:
    bench, who = port
    file = packing_list(bench, "packing.xlsx", "PACK")
    digest, mapping, before = sha256(file.read_bytes()).hexdigest(), bench.place / "packing.toml", head(bench)
    ran = bench.done("import", file, "--propose", "--out", mapping, *SAID)
    assert (
        "Passed over 4 rows: line 7 (小计); line 8 (the header once more); line 10 (合计); line 11 (备注)" in ran.stderr
    )
    assert "rows that can be read so: 3; problems: 0" in ran.stderr
    assert "PACK-3" in ran.stdout
    assert tomllib.loads(mapping.read_text(encoding="utf-8"))["columns"] == {
        "管号": "label",
        "数量（支）": "quantity.value",
        "批号": "lot",
    }
    tried = bench.done("import", file, "--mapping", mapping, "--dry-run")
    assert "3 rows in 1 statement of item.listed/1; 0 problems" in tried.stdout
    assert head(bench) == before
    done = bench.done("import", file, "--mapping", mapping, "--key", who.key, "--role", "applicant", "--json")
    entry = bench.done("log", "show", "--after", done.objects[0]["position"] - 1, "--json").objects[0]
    items = entry["payload"]["body"]["items"]
    assert [(one["label"], one["quantity"], one.get("lot")) for one in items] == [
        ("PACK-1", {"value": "1", "unit": "vial"}, "B7"),
        ("PACK-2", {"value": "1", "unit": "vial"}, "B7"),
        ("PACK-3", {"value": "1", "unit": "vial"}, None),
    ]
    assert entry["payload"]["capture"]["source"] == digest == sha256(file.read_bytes()).hexdigest()


def test_a_proposal_is_told_in_chinese_to_those_who_read_it(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    bench, _ = port
    file, mapping = packing_list(bench, "zh.xlsx", "ZH"), bench.place / "zh.toml"
    monkeypatch.setitem(bench.environ, "VIALOG_LANGUAGE", "zh")
    ran = bench.done("import", file, "--propose", "--out", mapping)
    assert "列名" in ran.stdout
    assert "合并单元格适用于其所有行" in ran.stdout
    assert "表头在第4行" in ran.stderr
    assert "必填，但没有列给出：consignment、approval、line" in ran.stderr
    assert "请逐行核对" in mapping.read_text(encoding="utf-8")
    assert tomllib.loads(mapping.read_text(encoding="utf-8"))["columns"]["管号"] == "label"


def test_a_proposal_as_json_says_what_it_knows_and_what_it_does_not(port: Port) -> None:
    bench, _ = port
    file = packing_list(bench, "json.xlsx", "JSON")
    (said,) = bench.done("import", file, "--propose", "--out", bench.place / "json.toml", "--json").objects
    assert (said["kind"], said["header"], said["needed"]) == ("item.listed/1", 4, ["consignment", "approval", "line"])
    assert [(one["column"], one["member"]) for one in said["columns"]] == [
        ("A", ""),
        ("B", "label"),
        ("C", "quantity.value"),
        ("D", "lot"),
        ("E", ""),
    ]
    assert [one["line"] for one in said["passed_over"]] == [7, 8, 10, 11]
    assert len(said["rows"]) == 3


def test_what_is_not_certain_is_not_imported_before_somebody_has_looked(port: Port) -> None:
    bench, who = port
    file = bench.place / "unsure.csv"
    file.write_text("管号,标签,数量(支)\nU-1,V-1,1\n", encoding="utf-8")
    ran = bench.done("import", file, "--propose", "--out", bench.place / "unsure.toml", *SAID)
    assert 'not certain: "标签" says the same' in ran.stdout
    assert "Needed of each row, and no column certainly says it: label" in ran.stderr
    refused = bench.run(
        "import", file, "--mapping", bench.place / "unsure.toml", "--key", who.key, "--role", "applicant"
    )
    assert refused.code == 3
    assert "label must be said, and no column and no constant says it" in refused.stderr


def test_a_proposal_writes_over_no_file(port: Port) -> None:
    bench, _ = port
    file = packing_list(bench, "twice.xlsx", "TWICE")
    (bench.place / "twice.toml").write_text("mine", encoding="utf-8")
    ran = bench.run("import", file, "--propose", "--out", bench.place / "twice.toml")
    assert (ran.code, (bench.place / "twice.toml").read_text(encoding="utf-8")) == (2, "mine")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--propose", "--mapping", "m.toml"), "does not go with --propose"),
        (("--kind", "item.listed/1"), "goes with --propose alone"),
        (("--propose", "--kind", "item.lost/1"), "there is no kind item.lost/1"),
    ],
)
def test_options_that_do_not_go_together_are_named(port: Port, options: tuple[str, ...], said: str) -> None:
    bench, _ = port
    file = packing_list(bench, "options.xlsx", "OPT")
    ran = bench.run("import", file, *options, "--out", bench.place / "options.toml")
    assert ran.code in {2, 8}
    assert said in ran.stderr
