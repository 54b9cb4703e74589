"""One act, one command: said as options, told in words, signed and recorded; and what is wrong is told all at once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.bench import Bench, Ran, Who
    from tests.journeys.conftest import Port

TUBES = ["HC-1", "HC-2", "HC-3"]


@pytest.fixture(scope="module")
def bench_of(port: Port) -> Port:
    """The port's laboratory with three tubes listed, released and received by ``vialog record`` alone."""
    bench, who = port
    (bench.place / "list.csv").write_text(
        "label,quantity,lot\n" + "".join(f"{label},1 mL,L-1\n" for label in TUBES), encoding="utf-8"
    )
    listing = _insisted(
        bench, who, "item.listed", "--consignment", "C1", "--approval", "A-1", "--line", 1,
        "--from", bench.place / "list.csv",
    )  # fmt: skip
    assert listing.code == 0, listing.stderr
    return port


def _record(bench: Bench, who: Who, *arguments: object) -> Ran:
    return bench.record(*arguments, by=who, role=who.role)


def _insisted(bench: Bench, who: Who, *arguments: object) -> Ran:
    """Record an act in spite of its breaches, as the first answer says how."""
    ran = _record(bench, who, *arguments)
    if ran.code != 6:
        return ran
    said = next(line for line in ran.stderr.splitlines() if line.startswith("To record it as it is: "))
    return _record(bench, who, *arguments, *said.replace("REASON", "as-printed").split(": ", 1)[1].split())


def test_a_list_becomes_one_statement_with_ids_made_for_what_is_new(bench_of: Port) -> None:
    bench, _ = bench_of
    items = bench.done("list", "items", "--text", "HC-", "--json").objects
    assert [(one["label"], one["quantity"]) for one in items] == [(label, "1 mL") for label in TUBES]


def test_an_act_is_told_in_words_and_judged_before_anything_is_recorded(bench_of: Port) -> None:
    bench, who = bench_of
    size = bench.done("log", "verify", "--json").objects[0]["size"]
    ran = _record(bench, who, "label", "--item", "hc-1", "--label", "HC-1a", "--dry-run")
    assert ran.code == 0, ran.stderr
    assert "HC-1" in ran.stderr
    assert "performed it: p-1 of importer, as applicant" in ran.stderr
    assert ran.stderr.endswith("It can be recorded. Nothing was recorded.\n")
    assert bench.done("log", "verify", "--json").objects[0]["size"] == size


def test_what_stands_behind_an_element_is_said_of_it_and_what_stands_before_of_all(bench_of: Port) -> None:
    bench, who = bench_of
    ran = _insisted(
        bench, who, "receive", "--consignment", "C1", "--laboratory", "Lab", "--documents", "match",
        "--condition", "intact", "--item", "HC-1", "--item", "HC-2", "--item", "HC-3",
        "--condition", "missing",
    )  # fmt: skip
    assert ran.code == 0, ran.stderr
    items = bench.done("list", "items", "--text", "HC-", "--json").objects
    assert [one["status"] for one in items] == ["received", "received", "missing"]
    (consignment,) = bench.done("list", "consignments", "--json").objects
    assert [consignment[count] for count in ("items", "received", "missing")] == [3, 2, 1]
    (bench.place / "places.csv").write_text("item,place\nHC-1,F1/A1\nHC-2,F1/A2\n", encoding="utf-8")
    stored = _insisted(bench, who, "store", "--site", "Lab", "--from", bench.place / "places.csv")
    assert stored.code == 0, stored.stderr
    used = _insisted(
        bench, replace(who, role="laboratory"), "use", "--item", "HC-1", "--quantity", "0.25 mL", "--laboratory", "Lab",
        "--project", "p-7", "--purpose", "research", "--activity", "noninfectious",
    )  # fmt: skip
    assert used.code == 0, used.stderr
    (left,) = bench.done("list", "items", "--text", "HC-1", "--json").objects
    assert (left["quantity"], left["place"]) == ("0.75 mL", "F1/A1")


@pytest.mark.rule("DRF-05")
def test_everything_that_is_wrong_is_told_at_once(bench_of: Port) -> None:
    bench, who = bench_of
    ran = _record(
        bench,
        replace(who, role="laboratory"),
        "use",
        "--item",
        "HC-99",
        "--quantity",
        "2",
        "--colour",
        "red",
        "--laboratory",
        "Lab",
    )
    assert ran.code == 3
    lines = ran.stderr.splitlines()
    assert lines[0] == "error: DRF-05: item.used/1: is not said as it has to be:"
    told = "\n".join(lines)
    for part in (
        "--colour: is no member of item.used/1; what is: --item, --",
        '--quantity: "2" has no unit: write it behind the number, such as "0.5 mL"',
        '--item: the log knows no item called "HC-99"',
        "--activity is missing: one of ",
        "--project is missing: ",
        "--purpose is missing: ",
    ):
        assert part in told


def test_what_an_option_says_of_one_goes_before_what_its_row_says(bench_of: Port) -> None:
    bench, who = bench_of
    file = bench.place / "all.csv"
    listed = bench.done("list", "items", "--text", "HC-", "--names")
    assert (listed.stdout, listed.stderr) == ("item\nHC-1\nHC-2\nHC-3\n", "3 of 3 shown.\n")
    file.write_text(listed.stdout, encoding="utf-8")
    ran = _record(
        bench, who, "receive", "--consignment", "C1", "--laboratory", "Lab", "--documents", "match",
        "--condition", "intact", "--from", file, "--item", "hc-2", "--condition", "missing", "--dry-run",
    )  # fmt: skip
    assert "received 2 of 3 items of consignment C1 at Lab; documents match the goods; missing: HC-2" in ran.stderr
    twice = bench.place / "twice.csv"
    twice.write_text(f"{listed.stdout}HC-1\n", encoding="utf-8")
    again = _record(
        bench, who, "receive", "--consignment", "C1", "--laboratory", "Lab", "--documents", "match",
        "--condition", "intact", "--from", twice, "--item", "HC-1", "--condition", "damaged", "--dry-run",
    )  # fmt: skip
    assert "received 4 items of consignment C1" in again.stderr  # one of two rows alike, and that is refused
    assert again.code == 5


def test_a_refusal_names_label_and_id(bench_of: Port) -> None:
    bench, who = bench_of
    ran = _record(bench, who, "label", "--item", "HC-1", "--label", "HC-2")
    assert ran.code == 5
    assert "HC-" in ran.stderr
    assert "(item:" in ran.stderr


def test_an_error_says_of_several_statements_which_it_is_about_and_of_one_nothing(bench_of: Port) -> None:
    bench, who = bench_of
    (bench.place / "labels.csv").write_text("item,label\nHC-1,HC-1a\nHC-2,HC-3\n", encoding="utf-8")
    ran = _record(bench, who, "label", "--from", bench.place / "labels.csv")
    assert (ran.code, "statement 2 of 2:\nerror: " in ran.stderr) == (5, True), ran.stderr
    ran = _record(bench, who, "label", "--item", "HC-2", "--label", "HC-3")
    assert "statement 1" not in ran.stderr
    assert "record, line" not in ran.stderr


def test_nobody_signs_unasked(bench_of: Port) -> None:
    bench, who = bench_of
    ran = bench.run("record", "label", "--item", "HC-1", "--label", "HC-1x", "--key", who.key, "--role", who.role)
    assert ran.code == 2
    assert "say --yes to sign" in ran.stderr


def test_a_member_that_is_called_as_an_option_is_set(bench_of: Port) -> None:
    bench, _ = bench_of
    granted = bench.run(
        "record", "role.granted", "--party", "importer", "--set", "role=broker", "--key", bench.operator.key, "--yes"
    )
    assert granted.code == 0, granted.stderr
    (party,) = bench.done("list", "parties", "--role", "broker", "--json").objects
    assert party["roles"] == ["applicant", "broker", "laboratory"]


def test_a_correction_takes_over_what_it_does_not_say_and_when_it_happened(bench_of: Port) -> None:
    bench, who = bench_of
    assert _record(bench, who, "label", "--item", "HC-3", "--label", "HC-3O").code == 0
    wrong = bench.done("log", "show", "--kind", "item.labelled/1", "--json").objects[-1]
    right = _record(bench, who, "label", "--corrects", wrong["position"], "--label", "HC-30", "--reason", "misread")
    assert right.code == 0, right.stderr
    told = bench.done("log", "show", "--kind", "item.labelled/1", "--json").objects[-1]["payload"]
    assert told["corrects"] == wrong["statement"]
    assert told["occurred_at"] == wrong["payload"]["occurred_at"]
    assert told["body"] == wrong["payload"]["body"] | {"label": "HC-30"}


def test_a_correction_that_says_nothing_of_a_list_keeps_it(bench_of: Port) -> None:
    bench, who = bench_of
    first = bench.done("log", "show", "--kind", "consignment.announced/1", "--json").objects[0]
    said = ("--transport-document", "784-1", "--reason", "misread")
    ran = _insisted(bench, who, "consignment.announced", "--corrects", first["statement"], *said)
    assert ran.code == 0, ran.stderr
    told = bench.done("log", "show", "--kind", "consignment.announced/1", "--json").objects[-1]["payload"]["body"]
    assert told == first["payload"]["body"] | {"transport_document": "784-1"}


@pytest.mark.parametrize("wrong", ["0", "9999", "HC-1", "01990f3c-5a00-7c31-9e44-2b6f0d8a1c57"])
def test_what_is_no_statement_is_not_corrected(bench_of: Port, wrong: str) -> None:
    bench, who = bench_of
    ran = _record(bench, who, "label", "--corrects", wrong, "--label", "X-1")
    assert (ran.code, ran.stderr.count("error:")) == (8, 1), ran.stderr


def test_a_draft_is_left_for_who_signs_alone_elsewhere(bench_of: Port) -> None:
    bench, who = bench_of
    draft = bench.place / "elsewhere.json"
    said = ("record", "label", "--item", "HC-2", "--label", "HC-2a", "--with", f"{who.person}@{who.party}")
    bench.done(*said, "--role", "laboratory", "--out", draft)
    written = json.loads(draft.read_text(encoding="utf-8"))
    assert (written["signers"][0]["meaning"], "occurred_at" in written) == ("performed", False)
    ran = bench.done("statement", "sign", draft, "--key", who.key, "--out", draft.with_suffix(".signed"))
    assert "put the label HC-2a on" in ran.stderr
    assert "recorded at position" in bench.done("statement", "submit", draft.with_suffix(".signed")).stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "name a key file to sign with"),
        (("--with", "p-1@importer"), "say with --out where it goes"),
        (("--with", "p-1@importer", "--out", "draft.open"), "its name ends in .json"),
    ],
)
def test_without_a_key_it_is_a_draft_for_somebody_else(bench_of: Port, options: tuple[str, ...], said: str) -> None:
    bench, _ = bench_of
    ran = bench.run("record", "label", "--item", "HC-2", "--label", "HC-2b", *options)
    assert (ran.code, said in " ".join(ran.stderr.split())) == (2, True), ran.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("item.eaten",), "item.eaten is not a kind that this ledger knows, and none of the acts receive, "),
        (("label", "HC-1"), "HC-1 stands behind no option"),
        (("label", "--item"), "--item has no value"),
    ],
)
def test_what_is_no_act_is_told(bench_of: Port, arguments: tuple[str, ...], said: str) -> None:
    bench, who = bench_of
    assert said in _record(bench, who, *arguments).stderr


def test_a_draft_that_is_handed_in_and_a_signed_file_that_is_signed_are_told_as_what_they_are(bench_of: Port) -> None:
    bench, who = bench_of
    draft = bench.place / "draft.toml"
    draft.write_text(bench.done("statement", "new", "item.labelled/1").stdout, encoding="utf-8")
    ran = bench.run("statement", "submit", draft)
    assert ran.code == 3
    assert f"a draft, not signed yet: vialog statement sign {draft} --key KEY-FILE" in ran.stderr
    assert len(ran.stderr.splitlines()) == 2
    assert "a draft, not signed yet" in bench.run("statement", "check", draft).stderr
    written = bench.place / "draft.json"
    written.write_text(json.dumps({"kind": "item.labelled/1", "body": {}}), encoding="utf-8")
    assert "a draft, not signed yet" in bench.run("statement", "submit", written).stderr
    body: dict[str, Any] = {"item": "item:none", "label": "N"}
    signed = bench.signed("item.labelled/1", body, who)
    assert "is signed already" in bench.run("statement", "sign", signed, "--key", who.key).stderr
