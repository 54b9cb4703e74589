"""``vialog views``: how they stand, and making, checking, following and showing them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port

ROOT: Final = Path(__file__).parents[2]
NAMES: Final = [
    *("item", "custody", "approval", "line", "booking", "consignment", "permit", "case", "site", "party", "key"),
    *("position", "excursion", "incident", "waste", "finding", "draw", "obligation", "resting", "name", "former"),
    *("correction", "breach", "lead"),
]


@pytest.fixture
def listed(port: Port) -> Bench:
    """The port with a listed tube more for each test."""
    bench, who = port
    number = bench.done("log", "show", "--limit", 1, "--json").objects[0]["position"]
    tube = {"item": f"item:v-{number}", "label": f"V-{number}", "quantity": {"value": "1", "unit": "vial"}}
    goods = {"consignment": "consignment:C1", "approval": "approval:A1", "line": 1, "items": [tube]}
    bench.insist("item.listed/1", goods, who)
    return bench


def test_views_that_are_not_made_say_so_and_what_to_do(bench: Bench) -> None:
    bench.open()
    for row in bench.done("views", "list", "--json").objects:
        assert (row["state"], row["position"], row["lag"]) == ("none", 0, 1)
    ran = bench.run("views", "show", "item")
    assert ran.code == 8
    assert "run `vialog views rebuild`" in ran.stderr


def test_views_are_made_shown_checked_and_fall_behind(listed: Bench) -> None:
    made = listed.done("views", "rebuild", "--json").objects[0]
    rows = listed.done("views", "list", "--json").objects
    assert [row["view"] for row in rows] == NAMES
    assert {(row["state"], row["position"], row["lag"]) for row in rows} == {("current", made["position"], 0)}
    (item,) = listed.done("views", "show", "item", "--after", "item:v", "--limit", 1, "--json").objects
    assert (item["status"], item["amount"], item["approvals"]) == ("expected", "1", ["approval:A1"])
    assert [row["view"] for row in listed.done("views", "check", "--json").objects] == NAMES
    listed.admit("party:later", "carrier")
    assert {row["state"] for row in listed.done("views", "list", "--json").objects} == {"behind"}
    told = listed.done("views")
    assert told.stdout.split()[:2] == ["view", "state"]


def test_a_view_that_there_is_not_is_told_with_those_that_there_are(
    listed: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = listed.run("views", "show", "itm")
    assert ran.code == 8
    assert "there is no view itm" in ran.stderr
    assert "item" in ran.stderr
    monkeypatch.setitem(listed.environ, "VIALOG_LANGUAGE", "zh")
    in_chinese = listed.run("views", "show", "itm")
    assert "没有视图itm" in in_chinese.stderr


def test_following_makes_the_views_and_goes_on_until_it_is_told_to_stop(listed: Bench) -> None:
    environment = {**os.environ, **{name: value for name, value in listed.environ.items() if value is not None}}
    following = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "views", "follow"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    with following:
        assert following.stderr is not None
        assert any("this process follows the log" in line for line in following.stderr)
        listed.admit("party:more", "carrier")
        last = listed.done("log", "show", "--limit", 1, "--json").objects[0]["position"]
        assert any(line.endswith(f"applied up to position {last}\n") for line in following.stderr)
        assert {row["state"] for row in listed.done("views", "list", "--json").objects} == {"current"}
        following.send_signal(signal.SIGTERM)
        following.stderr.read()
    assert following.returncode == 0


def test_lists_come_from_the_views_where_these_lack_nothing_and_else_from_the_log(
    listed: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded = listed.done("list", "items", "--json")
    assert folded.stderr.splitlines()[-1].startswith("Folded from the log, position ")
    made = listed.done("views", "rebuild", "--json").objects[0]
    seen = listed.done("list", "items", "--json")
    assert seen.objects == folded.objects
    said = f"From the views, position {made['position']}, lag 0; each row is folded from the log again."
    assert seen.stderr.splitlines() == [folded.stderr.splitlines()[0], said]
    for more in (
        ("items", "--text", "v-"),
        ("consignments",),
        ("sites",),
        ("cases",),
        ("approvals",),
        ("obligations",),
    ):
        assert listed.done("list", *more, "--json").stderr.splitlines()[-1] == said
    last = listed.admit("party:newest", "carrier")
    behind = listed.done("list", "items", "--json").stderr.splitlines()[-1]
    assert behind.endswith(f"; the views stand at position {made['position']}.")
    assert last.party in {one["id"] for one in listed.done("list", "parties", "--limit", 0, "--json").objects}
    monkeypatch.setitem(listed.environ, "VIALOG_LANGUAGE", "zh")
    in_chinese = listed.done("list", "items").stderr.splitlines()[-1]
    assert re.fullmatch(rf"由日志归算，截至第\d+号；视图止于第{made['position']}号。", in_chinese)


@pytest.mark.parametrize("views", [False, True], ids=["folded", "from the views"])
def test_what_is_owed_is_read_a_page_at_a_time(listed: Bench, *, views: bool) -> None:
    if views:
        listed.done("views", "rebuild")
    (one,) = listed.done("list", "obligations", "--json").objects
    place = f"{one['opened_by']}/{one['duty']}/{one['subject']}/{one['key']}"
    behind = listed.done("list", "obligations", "--after", place, "--json")
    assert behind.objects == []
    assert behind.stderr.splitlines()[0] == "0 of 1 shown."
    wrong = listed.run("list", "obligations", "--after", "yesterday")
    assert wrong.code == 8
    assert "yesterday is no obligation behind which a page begins" in wrong.stderr


@pytest.mark.parametrize("views", [False, True], ids=["folded", "from the views"])
def test_a_list_is_read_a_page_at_a_time(listed: Bench, *, views: bool) -> None:
    if views:
        listed.done("views", "rebuild")
    whole = listed.done("list", "parties", "--limit", 0, "--json").objects
    told, ran = [], listed.done("list", "parties", "--limit", 1, "--json")
    while ran.objects:
        told += ran.objects
        more = f"The others: --after {told[-1]['id']}" in ran.stderr
        assert more == (len(told) < len(whole))
        ran = listed.done("list", "parties", "--limit", 1, "--after", told[-1]["id"], "--json")
    assert told == whole
    wrong = listed.run("list", "parties", "--after", "party:nobody")
    assert (wrong.code, "party:nobody" in wrong.stderr) == (8, True)
