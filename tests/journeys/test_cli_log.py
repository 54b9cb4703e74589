"""The log and its items, read back: everything holds, and what somebody changed behind its back does not."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port


CHECKOUT: Final = Path(__file__).parents[2]


def listed(port: Port, label: str) -> tuple[str, int]:
    """List one item of the consignment, and return its id and the position."""
    bench, who = port
    body = {
        "consignment": "consignment:C1",
        "approval": "approval:A1",
        "line": 1,
        "items": [{"item": f"item:{label}", "label": label, "quantity": {"value": "3", "unit": "vial"}}],
    }
    answer = bench.state("item.listed/1", body, who)
    return f"item:{label}", int(answer["position"])


def tamper(bench: Bench, change: str) -> None:
    """Change the log as only an administrator can, who first switches its guards off."""
    with psycopg.connect(str(bench.environ["VIALOG_DATABASE_URL"])) as connection:
        for table in ("event", "head"):
            connection.execute(f"alter table vialog.{table} disable trigger user".encode())
        connection.execute(change.encode())


def test_a_log_verifies_from_its_first_entry(port: Port) -> None:
    bench, _ = port
    (said,) = bench.done("log", "verify", "--json").objects
    (newest,) = bench.done("log", "show", "--limit", 1, "--json").objects
    assert said == {
        "log": "port.example/log1",
        "size": newest["position"],
        "last_leaf": newest["leaf"],
        "held": 0,
        "differences": 0,
        "differing": [],
        "unjudged": 0,
        "unread": 0,
        "verified": True,
    }


def test_an_item_is_shown_with_state_lineage_and_history(port: Port) -> None:
    bench, who = port
    item, position = listed(port, "V-1")
    (said,) = bench.done("item", "show", item, "--json").objects
    assert (said["item"]["status"], said["item"]["label"]) == ("expected", "V-1")
    assert said["item"]["quantity"] == {"value": "3", "unit": "vial"}
    assert [(one["position"], one["kind"], one["counts"]) for one in said["history"]] == [
        (position, "item.listed/1", True)
    ]
    text = bench.done("item", "show", item).stdout
    assert "status        expected" in text
    assert f"{position}  " in text
    assert f"{who.party.partition(':')[2]} listed 1 item of consignment C1 under approval A-1, line 1" in " ".join(
        text.split()
    )


def test_an_item_is_shown_as_known_at_a_position(port: Port) -> None:
    bench, _ = port
    item, position = listed(port, "V-2")
    assert bench.done("item", "show", item, "--at", position, "--json").objects[0]["as_known_at"] == position
    ran = bench.run("item", "show", item, "--at", position - 1)
    assert (ran.code, "says nothing about item:V-2" in ran.stderr) == (8, True)


def test_an_item_and_its_approval_are_shown_as_they_stood_at_a_time(port: Port) -> None:
    bench, _ = port
    item, position = listed(port, "V-2t")
    (entry,) = bench.done("log", "show", "--after", position - 1, "--limit", 1, "--json").objects
    listed_at = entry["payload"]["occurred_at"]
    (said,) = bench.done("item", "show", item, "--at", listed_at, "--json").objects
    assert (said["as_of"], said["as_known_at"] >= position) == (listed_at, True)
    assert [one["position"] for one in said["history"]] == [position]
    ran = bench.run("item", "show", item, "--at", "2026-07-01")
    assert (ran.code, "says of nothing that happened to item:V-2t up to 2026-07-01T15:59:59" in ran.stderr) == (
        8,
        True,
    )
    (now,) = bench.done("approval", "show", "A-1", "--json").objects
    (then,) = bench.done("approval", "show", "A-1", "--at", now["as_known_at"], "--json").objects
    assert (then, now["as_of"]) == (now, None)
    (early,) = bench.done("approval", "show", "A-1", "--at", listed_at, "--json").objects
    assert early["as_of"] == listed_at
    assert "as known at position" in bench.done("approval", "show", "A-1", "--at", listed_at).stdout
    wrong = bench.run("item", "show", item, "--at", "yesterday")
    assert (wrong.code, "STM-34: --at: yesterday is no day such as 2026-11-29" in wrong.stderr) == (3, True)


def test_a_correction_counts_from_its_position_on_and_the_log_still_verifies(port: Port) -> None:
    bench, who = port
    item, position = listed(port, "V-3")
    (first,) = bench.done("log", "show", "--after", position - 1, "--json").objects
    body = first["payload"]["body"]
    body["items"][0]["quantity"]["value"] = "4"
    more = {"corrects": first["statement"], "reason": "misread"}
    corrected = bench.state("item.listed/1", body, who, **more)["position"]
    (now,) = bench.done("item", "show", item, "--json").objects
    assert now["item"]["quantity"]["value"] == "4"
    assert [(one["position"], one["counts"]) for one in now["history"]] == [(position, False), (corrected, True)]
    (then,) = bench.done("item", "show", item, "--at", corrected - 1, "--json").objects
    assert then["item"]["quantity"]["value"] == "3"
    assert bench.done("log", "verify", "--json").objects[0]["differences"] == 0


def test_an_aliquot_shows_where_it_comes_from_and_its_parent_what_became_of_it(port: Port) -> None:
    bench, importer = port
    lab = replace(importer, role="laboratory")
    item, _ = listed(port, "V-4")
    received = {"item": item, "condition": "intact"}
    bench.insist(
        "item.received/1",
        {"consignment": "consignment:C1", "laboratory": "site:lab", "items": [received], "documents": "match"},
        lab,
    )
    child = {"item": "item:V-4-1", "label": "V-4-1", "quantity": {"value": "1", "unit": "vial"}}
    zero, two = {"value": "0", "unit": "vial"}, {"value": "2", "unit": "vial"}
    body = {"parent": item, "laboratory": "site:lab", "children": [child], "residual": two, "loss": zero}
    bench.insist("item.aliquoted/1", body, lab)
    (parent,) = bench.done("item", "show", item, "--json").objects
    assert parent["children"] == ["item:V-4-1"]
    assert [(one["party"], one["site"]) for one in parent["custody"]] == [(lab.party, "site:lab")]
    (made,) = bench.done("item", "show", "item:V-4-1", "--json").objects
    assert made["ancestors"] == [item]
    assert bench.done("log", "verify", "--json").objects[0]["differences"] == 0


def test_a_breach_is_shown_with_what_it_concerns_and_with_nothing_else(port: Port) -> None:
    bench, importer = port
    lab = replace(importer, role="laboratory")
    (here, _), (gone, _) = listed(port, "V-6"), listed(port, "V-7")
    items = [{"item": here, "condition": "intact"}, {"item": gone, "condition": "missing"}]
    body = {"consignment": "consignment:C1", "laboratory": "site:lab", "items": items, "documents": "match"}
    position = bench.insist("item.received/1", body, lab)["position"]

    def told(item: str) -> list[tuple[str, str]]:
        (said,) = bench.done("item", "show", item, "--json").objects
        (event,) = (one for one in said["history"] if one["position"] == position)
        return [(one["rule"], one["reason"]) for one in event["breaches"]]

    assert told(here) == [("GAT-06", "x-test-bench")]
    assert told(gone) == [("GAT-06", "x-test-bench"), ("RCP-05", "x-test-bench")]
    assert "RCP-05: missing (own code: x-test-bench)" in " ".join(bench.done("item", "show", gone).stdout.split())
    assert "RCP-05" not in bench.done("item", "show", here).stdout
    (entry,) = bench.done("log", "show", "--entry", position, "--json").objects
    missing = next(one for one in entry["breaches"] if one["rule"] == "RCP-05")
    assert (missing["subjects"], missing["parameters"]) == ([gone], {})


def test_an_approval_is_shown_with_the_breaches_of_its_terms(port: Port) -> None:
    bench, _ = port
    (said,) = bench.done("approval", "show", "approval:A1", "--json").objects
    assert [(one["kind"], one["rule"], one["reason"]) for one in said["breaches"]][:2] == [
        ("approval.granted/1", "APR-13", "as-printed"),
    ]
    assert "the grade is not of the table in force" in bench.done("approval", "show", "approval:A1").stdout


def test_an_approval_is_shown_with_its_lines_and_the_balance_of_its_items(port: Port) -> None:
    bench, who = port
    listed(port, "V-5")
    (said,) = bench.done("approval", "show", "approval:A1", "--json").objects
    assert (said["approval"]["status"], said["approval"]["applicant"]) == ("granted", who.party)
    assert [(one["line"], one["approved"], one["remaining"]) for one in said["lines"]] == [(1, "5000", "5000")]
    (row,) = said["balance"]
    flows = {name: Fraction(amount) for name, amount in row["flows"].items()}
    assert flows["listed"] >= 3
    assert flows.pop("listed") == Fraction(row["on_hand"]) + sum(flows.values())
    text = bench.done("approval", "show", "approval:A1").stdout
    assert "Serum" in text
    assert "on hand" in text
    assert [bench.run("approval", "show", one).code for one in (who.party, "approval:none")] == [3, 8]


@pytest.mark.parametrize(
    "arguments",
    [("log", "show", "--limit", 10**23), ("log", "show", "--after", 10**23), ("fsck", "--jobs", 99_999_999_999)],
)
def test_a_number_beyond_all_measure_is_not_how_the_command_is_written(
    port: Port, arguments: tuple[object, ...]
) -> None:
    bench, _ = port
    assert bench.run(*arguments).code == 2


def test_a_full_disk_is_told_in_its_own_words(port: Port) -> None:
    bench, _ = port
    environ = {**os.environ, **{name: value for name, value in bench.environ.items() if value is not None}}
    command = [sys.executable, "-m", "api.cli", "log", "show"]
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(command, env=environ, cwd=CHECKOUT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (2, b"error: No space left on device\n")


def test_what_is_no_item_is_malformed(port: Port) -> None:
    bench, who = port
    assert bench.run("item", "show", who.party).code == 3


def test_an_entry_changed_behind_the_ledgers_back_is_found(bench: Bench) -> None:
    bench.open()
    bench.admit("party:lab", "laboratory")
    tamper(bench, "update vialog.event set entry = set_byte(entry, 399, get_byte(entry, 399) # 1) where position = 3")
    ran = bench.run("log", "verify")
    assert ran.code == 10
    assert ran.stderr.startswith("error: position 3: ")


def test_an_entry_that_was_removed_is_found_by_doctor_and_by_verify(bench: Bench) -> None:
    bench.open()
    bench.admit("party:lab", "laboratory")
    tamper(bench, "delete from vialog.event where position = 2")
    assert bench.run("log", "verify").stderr.startswith("error: position 2: ")
    doctor = bench.run("doctor", "--json")
    found = {one["subject"]: one["level"] for one in doctor.objects}
    assert (doctor.code, found["log"], found["schema"]) == (10, "fail", "fail")


def test_a_role_that_may_change_entries_is_found_by_the_doctor(bench: Bench) -> None:
    bench.open()
    tamper(bench, "grant update on vialog.event to vialog_app")
    found = [one["found"] for one in bench.run("doctor", "--json").objects if one["subject"] == "schema"]
    assert found[0] == (
        "rights vialog.event: vialog_app: INSERT, SELECT, UPDATE; it has to be: vialog_app: INSERT, SELECT"
    )
