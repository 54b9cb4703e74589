"""Statements in words at the terminal, in English and Chinese: of a file, of the log, of an item, and what is wrong."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tests.journeys.test_cli_log import listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port

TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}"
NARROW = "80"


@pytest.fixture
def chinese(port: Port) -> Iterator[Bench]:
    """Give the bench with a Chinese locale and a narrow terminal."""
    bench, _ = port
    before = dict(bench.environ)
    bench.environ.update({"VIALOG_LANGUAGE": None, "LC_ALL": "zh_CN.UTF-8", "COLUMNS": NARROW})
    yield bench
    bench.environ.clear()
    bench.environ.update(before)


def used(port: Port, label: str, **more: object) -> Path:
    """Sign a use of an item that was never received, and return the file."""
    bench, who = port
    item, _ = listed(port, label)
    body = {"item": item, "laboratory": "site:lab", "project": "p-7", "purpose": "testing", "activity": "uncultured"}
    return bench.signed("item.used/1", body, replace(who, role="laboratory"), **more)


def flat(text: str) -> str:
    """Return a text without its lines."""
    return " ".join(text.split())


def test_a_signed_file_is_shown_in_words(port: Port) -> None:
    bench, who = port
    file = used(port, "W-1", disclose={"note": "the first tube"}, occurred_at="2026-09-01T04:00:00Z")
    text = flat(bench.done("statement", "show", file).stdout)
    assert "2026-09-01 12:00 (Beijing), 04:00 UTC: " in text
    assert " used W-1 at Lab for project p-7, purpose: testing, work with uncultured material; " in text
    assert "; used up: not measured." in text
    assert f"({who.party}), person p-1, as laboratory: performed it; key:" in text
    assert "disclosed the first tube" not in text
    assert "disclosed note: the first tube" in text
    assert "not known from this file; its signatures were not checked" in text
    assert "kind item used (item.used/1)" in text


def test_lists_are_told_in_words(chinese: Bench) -> None:
    for one in ("items", "approvals", "permits", "consignments", "parties", "sites", "cases"):
        told = chinese.done("list", one).stdout
        assert "('" not in told
        assert "[" not in told
    assert "入境" in chinese.done("list", "consignments").stdout
    assert "申请人、实验室" in flat(chinese.done("list", "parties").stdout)


def test_what_an_envelope_and_what_an_entry_say_is_shown_as_well(port: Port, tmp_path: Path) -> None:
    bench, _ = port
    file = used(port, "W-2")
    envelope = tmp_path / "envelope.json"
    envelope.write_text(json.dumps(json.loads(file.read_text())["envelope"], separators=(",", ":")))
    assert "used W-2" in flat(bench.done("statement", "show", envelope).stdout)
    assert "used W-2" in flat(bench.done("statement", "show", "-", stdin=file.read_bytes()).stdout)
    _, position = listed(port, "W-3")
    entry = tmp_path / "entry"
    entry.write_text(bench.done("log", "show", "--entry", position).stdout, newline="")
    assert f"at position {position}, " in flat(bench.done("statement", "show", entry).stdout)


def test_a_recorded_statement_is_shown_by_its_position_and_by_its_id(port: Port) -> None:
    bench, _ = port
    item, _ = listed(port, "W-4")
    (said,) = bench.done("log", "show", "--tag", item, "--json").objects
    shown = bench.done("statement", "show", said["position"]).stdout
    assert shown == bench.done("statement", "show", said["statement"]).stdout
    assert "listed 1 item of consignment C1 under approval A-1, line 1, 3 vials in all: W-4 (3 vials)." in flat(shown)
    assert re.search(rf"recorded +at position {said['position']}, {TIME} \(Beijing\), ", shown)
    assert bench.run("statement", "show", 100_000).code == 8
    assert bench.run("statement", "show", "01990f3c-5a00-7c31-9e44-2b6f0d8a1c57").code == 8


def test_a_shown_statement_is_an_object_for_programs_with_both_sentences(port: Port) -> None:
    bench, _ = port
    (said,) = bench.done("statement", "show", used(port, "W-5", disclose={"note": "x"}), "--json").objects
    assert said.keys() == {"file", "statement", "kind", "payload", "sentences", "disclosed"}
    assert said["sentences"].keys() == {"en", "zh"}
    assert "使用W-5，用途：检" in said["sentences"]["zh"]
    assert said["disclosed"] == {"note": "x"}
    _, position = listed(port, "W-6")
    (entry,) = bench.done("log", "show", "--entry", position, "--json").objects
    (told,) = bench.done("statement", "show", position, "--json").objects
    assert {name: told[name] for name in entry} == entry
    assert told.keys() - entry.keys() == {"sentences", "disclosed"}


def test_what_is_no_statement_is_refused(port: Port, tmp_path: Path) -> None:
    bench, _ = port
    for written in (b"", b"{}", b"hello\n", b"vialog-entry/3\n"):
        (tmp_path / "odd").write_bytes(written)
        assert bench.run("statement", "show", tmp_path / "odd").code == 3
    assert bench.run("statement", "show", tmp_path / "nowhere").code == 2


def test_the_log_is_told_in_chinese(port: Port, chinese: Bench) -> None:
    _, position = listed(port, "W-7")
    text = chinese.done("log", "show", "--limit", 1).stdout
    assert text.startswith(f"{position:>5}  ")
    assert "列明货物C1中审批单A-1第1项的1份样品，共3支：W-7（3支）。" in text.replace("\n       ", "")
    assert "记录于" in text
    assert all(cell_len(line) <= int(NARROW) for line in text.splitlines())


def test_an_item_is_told_in_chinese(port: Port, chinese: Bench) -> None:
    item, _ = listed(port, "W-8")
    text = chinese.done("item", "show", item).stdout
    assert "状态      待到" in text or re.search("状态 +待到", text)
    assert "经过" in text
    assert all(cell_len(line) <= int(NARROW) for line in text.splitlines())
    words = set(re.findall("[A-Za-z]+", re.sub(r"\S*[-:/]\S*|[A-Z]-[0-9]+", "", text)))
    assert words <= {"Applicant", "applicant", "Lab", "UTC", "W", "C", "A", "Serum"}


def test_breaches_are_told_in_chinese(port: Port, chinese: Bench) -> None:
    _, who = port
    item, _ = listed(port, "W-9")
    body = {"consignment": "consignment:C1", "laboratory": "site:lab", "documents": "match"}
    missing = body | {"items": [{"item": item, "condition": "missing"}]}
    file = chinese.signed("item.received/1", missing, replace(who, role="laboratory"))
    told = chinese.run("statement", "check", file).stderr
    assert told.startswith("错误：将记录为违规；请逐条附理由确认，或予以改正：\n")
    assert "  GAT-06：尚未放行：item:W-9 [质检总局令第160号第十九条；未核实]\n" in told
    assert "  RCP-05：缺失：item:W-9 " in told
    assert "RCP-05：缺失：W-9（item:W-9）" in chinese.run("statement", "submit", file).stderr


def test_a_refusal_says_its_rule_in_the_readers_language_and_keeps_its_detail(port: Port, chinese: Bench) -> None:
    _, who = port
    _, position = listed(port, "W-10")
    assert position
    again = chinese.signed(
        "item.listed/1",
        {
            "consignment": "consignment:C1",
            "approval": "approval:A1",
            "line": 1,
            "items": [{"item": "item:W-10", "label": "W-10"}],
        },
        who,
    )
    told = chinese.run("statement", "submit", again).stderr
    assert "错误：CON-11：W-10（item:W-10）已列明\n" in told
    assert "  规则：一件样品只列明一次。" in told
    chinese.environ["VIALOG_LANGUAGE"] = "en"
    told = chinese.run("statement", "submit", again).stderr
    assert "error: CON-11: " in told
    assert "  rule: An item is listed once." in told


@pytest.mark.parametrize(
    ("catalogue", "search", "found"),
    [
        ("kinds", "接收样品", "item.received/1"),
        ("kinds", "ITEM RECEIVED", "item.received/1"),
        ("units", "毫升", "mL"),
        ("units", "microlitre", None),
        ("codes", "dry ice", "dry-ice"),
        ("codes", "干冰", "dry-ice"),
        ("roles", "海关", "customs"),
        ("rules", "一件样品只列明一次", "CON-11"),
        ("rules", "gat-12", "GAT-12"),
        ("agents", "猴痘", "virus-3"),
    ],
)
def test_catalogues_are_searched_in_either_language(port: Port, catalogue: str, search: str, found: str | None) -> None:
    bench, _ = port
    ran = bench.run("words", catalogue, search, "--json")
    if found is None:
        assert (ran.code, ran.stdout) == (8, "")
        return
    first = {"kinds": "kind", "units": "code", "codes": "code", "roles": "code", "rules": "rule", "agents": "agent"}
    assert found in {row[first[catalogue]] for row in ran.objects}
    assert all({"en", "zh"} <= row.keys() for row in ran.objects)
    assert found in bench.done("words", catalogue, search).stdout


@pytest.mark.parametrize("catalogue", ["kinds", "roles", "codes", "units", "rules", "agents"])
def test_a_catalogue_fits_a_narrow_terminal_in_either_language(chinese: Bench, catalogue: str) -> None:
    for language in ("en", "zh"):
        chinese.environ["VIALOG_LANGUAGE"] = language
        text = chinese.done("words", catalogue).stdout
        wide = [line for line in text.splitlines() if cell_len(line) > int(NARROW) and len(line.split()) > 2]
        assert wide == []


def test_a_check_tells_in_chinese_what_would_be_owed(port: Port, chinese: Bench) -> None:
    _, who = port
    term = {"since": "2026-09-01", "until": "2046-09-01"}
    body = {"consignment": "consignment:C1", "record": "hazardous-inventory", **term}
    told = chinese.done("statement", "check", chinese.signed("retention.set/1", body, who)).stdout
    assert (
        "\n\n将负有的义务：\n期限      至2046-09-01 23:59（北京时间，UTC 15:59）\n义务      货物的记录应保存至" in told
    )
    assert all(cell_len(line) <= int(NARROW) for line in told.splitlines())
