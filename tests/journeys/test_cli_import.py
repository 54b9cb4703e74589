"""Manifests: all of one or nothing, unless told otherwise; problems by line and column; hostile files refused."""

from __future__ import annotations

import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.bench import Bench, Ran, Who
    from tests.journeys.conftest import Port

HEADER = "Consignment,Approval,Line,Label,Quantity,Unit"


def manifest(labels: str, rows: int, units: dict[int, str] | None = None) -> str:
    """Return a CSV whose rows stand on lines 2, 3 …, with some units by line."""
    lines = [
        f"consignment:C1,approval:A1,1,{labels}-{line},1,{(units or {}).get(line, 'vial')}"
        for line in range(2, rows + 2)
    ]
    return "\n".join([HEADER, *lines, ""])


def written(bench: Bench, name: str, text: str, encoding: str = "utf-8") -> Path:
    """Return a file with a text in it."""
    file = bench.place / name
    file.write_text(text, encoding=encoding)
    return file


def head(bench: Bench) -> int:
    """Return the position of the log's last entry."""
    return int(bench.done("log", "show", "--limit", 1, "--json").objects[0]["position"])


def test_one_wrong_unit_in_2000_lines_is_named_and_nothing_is_imported(port: Port) -> None:
    bench, who = port
    before = head(bench)
    file = written(bench, "manifest.csv", manifest("ALL", 2000, {1500: "vails"}))
    ran = bench.run("import", file, "--key", who.key, "--role", "applicant")
    assert ran.code == 3
    assert ran.stdout == ""
    assert 'error: manifest.csv line 1500, column "Unit": "vails" is not a permitted unit' in ran.stderr
    assert head(bench) == before


def test_keep_going_imports_everything_else(port: Port) -> None:
    bench, who = port
    before = head(bench)
    file = written(bench, "most.csv", manifest("MOST", 2000, {1500: "vails"}))
    ran = bench.run("import", file, "--key", who.key, "--role", "applicant", "--keep-going", "--json")
    assert ran.code == 3
    assert [one["status"] for one in ran.objects] == ["recorded"] * 10
    entries = bench.done("log", "show", "--after", before, "--limit", 20, "--json").objects
    labels = [item["label"] for entry in entries for item in entry["payload"]["body"]["items"]]
    assert labels == [f"MOST-{line}" for line in range(2, 2002) if line != 1500]


def test_a_wrong_manifest_lists_50_problems_and_counts_the_rest(port: Port) -> None:
    bench, who = port
    file = written(bench, "wrong.csv", manifest("W", 60, dict.fromkeys(range(2, 62), "vails")))
    ran = bench.run("import", file, "--key", who.key)
    assert ran.stderr.count('column "Unit"') == 50
    assert "and 10 problems more, in lines 52 to 61" in ran.stderr


def test_a_dry_run_previews_and_records_nothing(port: Port) -> None:
    bench, _ = port
    before = head(bench)
    ran = bench.done("import", written(bench, "dry.csv", manifest("DRY", 3)), "--dry-run")
    assert "DRY-4" in ran.stdout
    assert "3 rows in 1 statement of item.listed/1; 0 problems" in ran.stdout
    assert head(bench) == before


def test_the_digest_of_the_file_stands_in_the_statements(port: Port) -> None:
    bench, who = port
    file = written(bench, "source.csv", manifest("SRC", 1))
    ran = bench.done("import", file, "--key", who.key, "--role", "applicant", "--json")
    entry = bench.done("log", "show", "--after", ran.objects[0]["position"] - 1, "--json").objects[0]
    source = sha256(file.read_bytes()).hexdigest()
    assert entry["payload"]["capture"] == {"mode": "import", "source": source}


def test_rows_that_are_passed_over_are_named(port: Port) -> None:
    bench, who = port
    text = 'kind="item.listed/1"\nrows="items"\nheader="find"\n[columns]\n"管号"="label"\n"体积"="quantity"\n'
    text += '[fresh]\nitem="item"\n[values."体积"]\n"支"="vial"\n[pass_over]\nbegins=["小计","合计"]\nheaders=true\n'
    mapping = written(bench, "passing.toml", text)
    rows = "装箱单\n序号,管号,体积\n1,PASS-1,1支\n小计,,1\n序号,管号,体积\n2,PASS-2,1支\n小计,,1\n合计,,2\n"
    fixed = [
        part for one in ("consignment=consignment:C1", "approval=approval:A1", "line=1") for part in ("--set", one)
    ]
    file = written(bench, "passing.csv", rows)
    ran = bench.done("import", file, "--mapping", mapping, *fixed, "--key", who.key, "--role", "applicant")
    assert "Passed over 4 rows: lines 4, 7 (小计); line 5 (the header once more); line 8 (合计)" in ran.stderr
    assert "Imported 2 rows in 1 statement." in ran.stderr


def test_semicolons_and_a_byte_order_mark_are_read(port: Port) -> None:
    bench, who = port
    text = manifest("SEMI", 2).replace(",", ";")
    ran = bench.done("import", written(bench, "semi.csv", text, "utf-8-sig"), "--key", who.key, "--role", "applicant")
    assert "Imported 2 rows in 1 statement." in ran.stderr


def test_a_workbook_is_read_with_its_numbers_as_written(port: Port) -> None:
    bench, who = port
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Label", "Quantity", "Unit", "Remark"])
    sheet.append([1001, 0.1, "mL", "cold"])
    book.save(bench.place / "book.xlsx")
    fixed = ("consignment=consignment:C1", "approval=approval:A1", "line=1")
    sets = [part for one in fixed for part in ("--set", one)]
    ran = bench.done("import", bench.place / "book.xlsx", "--key", who.key, "--role", "applicant", *sets, "--json")
    entry = bench.done("log", "show", "--after", ran.objects[0]["position"] - 1, "--json").objects[0]
    (item,) = entry["payload"]["body"]["items"]
    assert (item["label"], item["quantity"]) == ("1001", {"value": "0.1", "unit": "mL"})


def test_a_mapping_names_columns_and_members(port: Port) -> None:
    bench, who = port
    mapping = written(
        bench,
        "mapping.toml",
        'kind = "item.listed/1"\nrows = "items"\nrows_in_statement = 2\nunique = ["label"]\n'
        '[constants]\nconsignment = "consignment:C1"\napproval = "approval:A1"\nline = 1\n'
        '[columns]\n"Röhrchen" = "label"\n[fresh]\nitem = "item"\n',
    )
    file = written(bench, "german.csv", "Röhrchen\nG-1\nG-2\nG-3\n")
    ran = bench.done("import", file, "--mapping", mapping, "--key", who.key, "--role", "applicant", "--json")
    assert len(ran.objects) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(("V-3,", "V-2,"), 'line 3, column "Label": V-2 stands on line 2 already', id="label twice"),
        pytest.param(
            ("V-2,1,", "V-2,1.5.0,"),
            'line 2, column "Quantity": "1.5.0" must be a plain decimal: no sign',
            id="not a decimal",
        ),
        pytest.param(
            ("1,vial", "1,Vials"),
            'line 2, column "Unit": "Vials" is not a permitted unit; did you mean vial?',
            id="not a unit",
        ),
        pytest.param(("V-2,1,vial", "V-2,1.5,vial"), 'line 2, column "Quantity"', id="half a vial"),
        pytest.param(
            ("A1,1,V-2", "A1,one,V-2"), 'line 2, column "Line": "one" is not a whole number', id="line in words"
        ),
        pytest.param(("V-2,", ","), 'line 2, column "Label": is empty or missing', id="no label"),
        pytest.param(
            ("consignment:C1,approval:A1,1,V-2", "consignment:C_1,approval:A1,1,V-2"),
            'line 2, column "Consignment": "consignment:C_1" must be a consignment\'s id, such as "consignment:',
            id="not an id",
        ),
        pytest.param(
            ("consignment:C1,approval:A1,1,V-2", "C-9,approval:A1,1,V-2"),
            'line 2, column "Consignment": the log knows no consignment called "C-9"',
            id="printed on nothing",
        ),
        pytest.param(("V-2", "V\u200b2"), 'line 2, column "Label"', id="invisible character"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(port: Port, change: tuple[str, str], said: str) -> None:
    bench, who = port
    ran = bench.run("import", written(bench, "m.csv", manifest("V", 2).replace(*change)), "--key", who.key)
    assert ran.code == 3
    assert said in ran.stderr


def test_a_manifest_that_the_record_contradicts_is_not_imported_at_all(port: Port) -> None:
    bench, who = port
    before = head(bench)
    text = manifest("KNOWN", 2) + manifest("UNKNOWN", 2).replace(HEADER + "\n", "").replace("C1", "C9")
    ran = bench.run("import", written(bench, "two.csv", text), "--key", who.key, "--role", "applicant")
    assert ran.code == 5
    assert "two.csv, lines 4 to 5:\nerror: CON-10:" in ran.stderr
    assert head(bench) == before


RECEIPT = (
    'kind = "item.received/1"\nrows = "items"\nunique = ["item"]\n'
    '[constants]\nconsignment = "consignment:C1"\nlaboratory = "site:lab"\ndocuments = "match"\n'
    '[columns]\n"Tube" = "item"\n"State" = "condition"\n'
)


def received(bench: Bench, who: Who, name: str, states: dict[str, str], *more: str) -> Ran:
    """List tubes, and import a manifest of their receipt: each with its state, on lines 2, 3 …"""
    vial = {"value": "1", "unit": "vial"}
    items = [{"item": f"item:{name}-{tube}", "label": f"{name}-{tube}", "quantity": vial} for tube in states]
    body = {"consignment": "consignment:C1", "approval": "approval:A1", "line": 1, "items": items}
    bench.state("item.listed/1", body, who)
    rows = [f"item:{name}-{tube},{state}" for tube, state in states.items()]
    file = written(bench, f"{name}.csv", "\n".join(["Tube,State", *rows, ""]))
    mapping = written(bench, f"{name}.toml", RECEIPT)
    return bench.run("import", file, "--mapping", mapping, "--key", who.key, "--role", "laboratory", *more)


def test_breaches_of_the_whole_statement_are_told_with_the_lines_that_they_concern(port: Port) -> None:
    bench, who = port
    states = {"1": "intact", "2": "missing", "3": "damaged", "4": "intact", "5": "missing"}
    ran = received(bench, who, "TOLD", states, "--json")
    (answer,) = ran.objects
    assert ran.code == 6
    assert {one["rule"]: one["lines"] for one in answer["breaches"]} == {
        "GAT-06": [2, 3, 4, 5, 6],
        "RCP-05": [3, 6],
        "RCP-06": [4],
    }
    assert answer["lines"] == [2, 3, 4, 5, 6]
    ran = received(bench, who, "SAID", states)
    assert "SAID.csv, lines 2 to 6:" in ran.stderr
    assert "lines 3, 6: RCP-05: missing: item:SAID-2, item:SAID-5 [WS 233-2017" in ran.stderr


def test_only_the_breaches_that_the_signed_statement_has_ask_to_be_acknowledged(port: Port) -> None:
    bench, who = port
    states = {"1": "intact", "2": "missing"}
    rules = ("GAT-06", "RCP-05")
    known = [part for rule in rules for part in ("--acknowledge", f"{rule}=x-test-bench")]
    ran = received(bench, who, "WHOLE", states, *known)
    assert ran.code == 0
    assert "lines 2 to 3: GAT-06: not released" in ran.stdout
    assert "line 3: RCP-05: missing" in ran.stdout


def test_keep_going_leaves_out_the_rows_that_a_breach_concerns(port: Port) -> None:
    bench, who = port
    states = {"1": "intact", "2": "missing", "3": "intact"}
    ran = received(bench, who, "OMIT", states, "--acknowledge", "GAT-06=x-test-bench", "--keep-going")
    assert ran.code == 6
    assert "OMIT.csv, line 3:" in ran.stderr
    assert "line 3: RCP-05: missing: item:OMIT-2" in ran.stderr
    assert "lines 2, 4: GAT-06: not released" in ran.stdout
    assert "Imported 2 of 3 rows." in ran.stderr


def test_keep_going_leaves_out_each_row_that_is_refused_and_names_its_line(port: Port) -> None:
    bench, who = port
    given = ("--key", who.key, "--role", "applicant")
    bench.done("import", written(bench, "known.csv", manifest("REF", 5)), *given)
    again = manifest("REF", 5).replace("-2,", "-NEW2,").replace("-4,", "-NEW4,").replace("-6,", "-NEW6,")
    ran = bench.run("import", written(bench, "again.csv", again), *given, "--keep-going")
    assert ran.code == 5
    assert [line for line in ran.stderr.splitlines() if line.startswith("again.csv")] == [
        "again.csv, line 3:",
        "again.csv, line 5:",
    ]
    assert ran.stderr.count("CON-12") == 2
    assert "Imported 3 of 5 rows." in ran.stderr


def test_a_preview_shows_the_manifests_lines_and_once_what_all_rows_say(port: Port) -> None:
    bench, _ = port
    ran = bench.done("import", written(bench, "lines.csv", manifest("LINES", 2)), "--dry-run")
    head, _, first, second = (line.split() for line in ran.stdout.splitlines()[:4])
    assert head[:3] == ["manifest", "line", "label"]
    assert [first[:2], second[:2]] == [["2", "LINES-2"], ["3", "LINES-3"]]
    below = [line.split() for line in ran.stdout.partition("in each of these rows")[2].splitlines()]
    for said in (["consignment", "consignment:C1"], ["approval", "approval:A1"], ["line", "1"]):
        assert said in below


@pytest.mark.rule("IMP-02")
def test_a_file_that_is_not_utf_8_is_named_with_its_line(port: Port) -> None:
    bench, who = port
    file = written(bench, "big5.csv", manifest("V", 1) + "consignment:C1,approval:A1,1,樣本,1,vial\n", "big5")
    ran = bench.run("import", file, "--key", who.key)
    assert ran.code == 3
    assert "big5.csv line 3: is not UTF-8" in ran.stderr


@pytest.mark.rule("IMP-02")
def test_a_file_as_spreadsheets_in_china_save_it_is_read_and_said_to_be_that(port: Port) -> None:
    bench, _ = port
    file = written(bench, "gbk.csv", manifest("V", 1) + "consignment:C1,approval:A1,1,样本,1,vial\n", "gbk")
    ran = bench.done("import", file, "--dry-run")
    assert "gbk.csv is not UTF-8 and is read as gb18030" in ran.stderr
    assert "样本" in ran.stdout


@pytest.mark.rule("IMP-01")
def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened(port: Port) -> None:
    bench, who = port
    bomb = bench.place / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for part in range(3):
            archive.writestr(f"xl/worksheets/sheet{part}.xml", b"\0" * (90 * 2**20))
    ran = bench.run("import", bomb, "--key", who.key)
    assert ran.code == 3
    assert "IMP-01: bomb.xlsx: unpacks to 4 parts" in ran.stderr


@pytest.mark.rule("IMP-02")
def test_what_is_not_a_workbook_is_malformed(port: Port) -> None:
    bench, who = port
    ran = bench.run("import", written(bench, "fake.xlsx", "not a zip"), "--key", who.key)
    remedy = "if it is CSV, name it .csv; or save it anew as .xlsx"
    said = f"error: IMP-02: fake.xlsx: is not a workbook, though its name says so: {remedy}\n"
    assert (ran.code, ran.stderr) == (3, said)


@pytest.mark.rule("IMP-14")
def test_a_manifest_of_nothing_is_no_success(port: Port) -> None:
    bench, who = port
    ran = bench.run("import", written(bench, "none.csv", HEADER + "\n"), "--key", who.key, "--role", "applicant")
    assert (ran.code, ran.stderr) == (3, "error: IMP-14: none.csv: no rows stand below the header in line 1\n")


def test_each_row_that_is_left_out_is_named(port: Port) -> None:
    bench, who = port
    text = manifest("LEFT", 1) + ",approval:A1,1,LEFT-3,1,vial\n" * 2
    file = written(bench, "left.csv", text.replace("LEFT-3", "LEFT-4", 1))
    ran = bench.run("import", file, "--key", who.key, "--role", "applicant", "--keep-going")
    assert ran.code == 3
    for line in (3, 4):
        assert f'left.csv line {line}, column "Consignment": is empty or missing' in ran.stderr
    assert "Imported 1 of 3 rows." in ran.stderr


def test_sheets_that_are_not_imported_are_named(port: Port) -> None:
    bench, _ = port
    book = Workbook()
    for row in (["Consignment", "Approval", "Line", "Label"], ["consignment:C1", "approval:A1", 1, "S-1"]):
        book.worksheets[0].append(row)
    book.create_sheet("Remarks")
    book.save(bench.place / "two.xlsx")
    ran = bench.done("import", bench.place / "two.xlsx", "--dry-run")
    assert "Sheets that are not imported: Remarks" in ran.stderr
