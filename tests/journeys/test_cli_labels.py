"""What is printed on tubes, boxes and papers finds its subject at the command line; lists show what there is."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.bench import LOG

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.bench import Bench, Ran, Who
    from tests.journeys.conftest import Port

TUBES = {"item:x-1": "HC-0001", "item:x-2": "HC-0002", "item:x-10": "HC-0010", "item:y-1": "SAME"}


@pytest.fixture(scope="module")
def shelf(port: Port) -> Port:
    """The port with four tubes listed in one consignment, one in another with a label of the first, one relabelled."""
    bench, who = port
    _list(bench, who, "consignment:C1", TUBES)
    second = {
        "consignment": "consignment:C2",
        "applicant": who.party,
        "consignee": who.party,
        "consignor_country": "DE",
        "destination": "site:lab",
        "route": "import",
        "lines": [{"approval": "approval:A1", "line": 1, "quantity": {"value": "1", "unit": "vial"}}],
        "transport_document": "784-1234 5675",
    }
    bench.insist("consignment.announced/1", second, who)
    _list(bench, who, "consignment:C2", {"item:z-1": "SAME"})
    bench.state("item.labelled/1", {"item": "item:x-2", "label": "HC-0002b"}, who)
    return port


def _list(bench: Bench, who: Who, consignment: str, tubes: dict[str, str]) -> None:
    vial = {"value": "1", "unit": "vial"}
    rows = [{"item": item, "label": label, "quantity": vial, "lot": "L-7"} for item, label in tubes.items()]
    body = {"consignment": consignment, "approval": "approval:A1", "line": 1, "items": rows}
    bench.insist("item.listed/1", body, who)


def _shown(bench: Bench, text: str) -> Any:  # noqa: ANN401  JSON
    return bench.done("item", "show", text, "--json").objects[0]["item"]["id"]


@pytest.mark.parametrize("text", ["HC-0001", "hc-0001", "ＨＣ－０００１", "HC–0001", " HC-0001 ", "x-1", "item:x-1"])
def test_a_label_finds_its_item_however_it_is_typed(shelf: Port, text: str) -> None:
    bench, _ = shelf
    assert _shown(bench, text) == "item:x-1"


def test_an_old_label_finds_its_item_and_says_that_it_is_old(shelf: Port) -> None:
    bench, _ = shelf
    ran = bench.done("item", "show", "HC-0002", "--json")
    assert ran.objects[0]["item"]["label"] == "HC-0002b"
    assert ran.stderr == '"HC-0002" is an old label of item:x-2, which bears "HC-0002b" now\n'


@pytest.mark.rule("LBL-01")
def test_a_label_on_two_items_is_listed_with_what_tells_them_apart(shelf: Port) -> None:
    bench, _ = shelf
    ran = bench.run("item", "show", "SAME")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.splitlines() == [
        'error: LBL-01: ITEM: "SAME" may mean any of 2; write the id of the one that is meant:',
        '  item:y-1  label "SAME"  (expected, consignment:C1)',
        '  item:z-1  label "SAME"  (expected, consignment:C2)',
    ]
    error = json.loads(bench.run("item", "show", "SAME", "--json").stderr)["error"]
    assert (error["answer"], error["code"]) == ("Ambiguous", 2)
    assert [one["id"] for one in error["candidates"]] == ["item:y-1", "item:z-1"]


def test_a_label_that_nothing_bears_is_not_found_and_its_like_is_named(shelf: Port) -> None:
    bench, _ = shelf
    ran = bench.run("item", "show", "HC-0011")
    assert (ran.code, ran.stdout) == (8, "")
    assert ran.stderr.startswith('error: ITEM: the log knows no item called "HC-0011"; did you mean HC-00')


def test_an_id_of_another_type_is_no_item(shelf: Port) -> None:
    bench, _ = shelf
    ran = bench.run("item", "show", "party:importer")
    assert (ran.code, ran.stderr) == (3, "error: STM-37: ITEM: party:importer is not the id of an item\n")


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (("approval", "show", "A-1"), '"id":"approval:A1"'),
        (("log", "show", "--tag", "784-1234 5675"), "consignment:C2"),
        (("log", "show", "--tag", "importer"), "party:importer"),
    ],
)
def test_numbers_of_papers_and_names_of_parties_find_theirs(shelf: Port, command: tuple[str, ...], found: str) -> None:
    bench, _ = shelf
    assert found in bench.done(*command, "--json").stdout


def test_a_draft_may_name_labels_and_signs_ids(shelf: Port) -> None:
    bench, who = shelf
    body = {"items": ["HC-0001", "same"], "consignment": "C1", "count": 2, "packaging": "intact", "receiver": "A-9"}
    refused = _signing(bench, who, "custody.handed-over/1", body)
    assert refused.code == 8
    assert 'error: $.body.receiver: the log knows no party called "A-9"' in refused.stderr
    assert _signing(bench, who, "custody.handed-over/1", body | {"receiver": "importer"}).code == 0
    said = _payload(bench.place / "labels.signed")["body"]
    assert said["items"] == ["item:x-1", "item:y-1"]
    assert (said["consignment"], said["receiver"]) == ("consignment:C1", "party:importer")


def test_a_draft_for_another_log_is_not_looked_up_in_this_one(shelf: Port) -> None:
    bench, who = shelf
    ran = _signing(bench, who, "item.labelled/1", {"item": "HC-0001", "label": "new"}, log="other.example/log")
    assert ran.code == 8
    assert f"the log here is {LOG}, and this is for other.example/log" in ran.stderr


def _signing(bench: Bench, who: Who, kind: str, body: dict[str, Any], log: str = LOG) -> Ran:
    file = bench.place / "labels.json"
    draft = {"log": log, "kind": kind, "signers": [who.signer], "body": body}
    file.write_text(json.dumps(draft, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")
    out = file.with_suffix(".signed")
    out.unlink(missing_ok=True)
    return bench.run("statement", "sign", file, "--key", who.key, "--out", out)


def _payload(signed: Path) -> Any:  # noqa: ANN401  JSON
    return json.loads(b64decode(json.loads(signed.read_text(encoding="utf-8"))["envelope"]["payload"]))


def test_columns_of_a_manifest_and_constants_may_name_labels(shelf: Port) -> None:
    bench, who = shelf
    (bench.place / "move.toml").write_text(
        'kind = "item.labelled/1"\n[columns]\n"tube" = "item"\n"new" = "label"\n', encoding="utf-8"
    )
    manifest = bench.place / "move.csv"
    manifest.write_text("tube,new\nHC-0010,HC-0010b\nSAME,S-1\nHC-99,S-2\n", encoding="utf-8")
    ran = bench.run("import", manifest, "--mapping", bench.place / "move.toml", "--dry-run")
    assert ran.code == 3
    assert 'line 3, column "tube"' in ran.stderr
    assert 'item:z-1  label "SAME"  (expected, consignment:C2)' in ran.stderr
    assert 'the log knows no item called "HC-99"' in ran.stderr
    manifest.write_text("tube,new\nHC-0010,HC-0010b\n", encoding="utf-8")
    bench.done("import", manifest, "--mapping", bench.place / "move.toml", "--key", who.key, "--role", "applicant")
    assert _shown(bench, "HC-0010b") == "item:x-10"


def test_lists_are_narrowed_counted_and_sorted_as_people_count(shelf: Port) -> None:
    bench, _ = shelf
    ran = bench.done("list", "items", "--consignment", "C1", "--text", "hc-", "--limit", "2", "--json")
    assert [one["id"] for one in ran.objects] == ["item:x-1", "item:x-2"]
    assert ran.stderr.startswith("2 of 3 shown.\nThe others: --after item:x-2\n")
    everything = bench.done("list", "items", "--approval", "A-1", "--status", "expected", "--json")
    assert [one["id"] for one in everything.objects][:3] == ["item:x-1", "item:x-2", "item:x-10"]
    assert everything.stderr.startswith("5 of 5 shown.\nFolded from the log, position ")
    (consignment,) = bench.done("list", "consignments", "--text", "784", "--json").objects
    assert (consignment["number"], consignment["status"], consignment["items"]) == ("784-1234 5675", "announced", 1)
    (approval,) = bench.done("list", "approvals", "--site", "Lab", "--json").objects
    assert (approval["number"], approval["lines"]) == ("A-1", 1)
    (site,) = bench.done("list", "sites", "--party", "importer", "--json").objects
    assert (site["name"], site["use"]) == ("Lab", "laboratory")
    assert [one["name"] for one in bench.done("list", "parties", "--role", "laboratory", "--json").objects] == [
        "importer"
    ]
    assert bench.done("list", "cases").stderr.startswith("0 of 0 shown.\n")


def test_a_list_of_80_columns_breaks_no_word_and_names_label_and_id(
    shelf: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, _ = shelf
    monkeypatch.setitem(bench.environ, "COLUMNS", "80")
    shown = bench.done("list", "items", "--text", "HC-0001").stdout
    assert max(map(len, shown.splitlines())) <= 80
    for word in ("HC-0001", "item:x-1", "consignment:C1", "A-1 (approval:A1)"):
        assert word in shown


def test_labels_are_printed_and_their_codes_find_their_items(shelf: Port, tmp_path: Path) -> None:
    bench, _ = shelf
    sheets, roll = tmp_path / "labels.pdf", tmp_path / "labels.zpl"
    ran = bench.done("labels", "print", "HC-0001", "x-2", "--pdf", str(sheets), "--zpl", str(roll), "--json")
    assert [(row["item"], row["lines"][0], row["cut"]) for row in ran.objects] == [
        ("item:x-1", "HC-0001", False),
        ("item:x-2", "HC-0002b", False),
    ]
    assert sheets.read_bytes().startswith(b"%PDF-")
    assert [f"^FD{row['code']}^FS" in roll.read_text("ascii") for row in ran.objects] == [True, True]
    assert _shown(bench, ran.objects[1]["code"].lower()) == "item:x-2"
    again = bench.run("labels", "print", "x-1", "--pdf", str(sheets))
    assert (again.code, sheets.read_bytes().startswith(b"%PDF-")) == (2, True)


def test_a_label_of_a_printer_that_has_no_room_for_all_its_text_is_told(shelf: Port, tmp_path: Path) -> None:
    bench, _ = shelf
    where = ("labels", "print", "x-1", "--size", "16x8", "--zpl")
    assert [row["cut"] for row in bench.done(*where, tmp_path / "a.zpl", "--json").objects] == [True]
    assert "of 1 labels not all text has room" in bench.done(*where, tmp_path / "b.zpl").stderr
