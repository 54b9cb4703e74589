"""``vialog list obligations``: what is due, from whom, until when, by which clause, and what closes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ledger.clock import format_time, parse_time

if TYPE_CHECKING:
    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port

TUBES = ("item:o-1", "item:o-2")
CASE = "case:order"


@pytest.fixture(scope="module")
def ordered(port: Port) -> Bench:
    """The port with a consignment whose two tubes are to be returned in three days; one of them is."""
    bench, who = port
    rows = [{"item": item, "label": item[5:], "quantity": {"value": "1", "unit": "vial"}} for item in TUBES]
    listed = {"consignment": "consignment:C1", "approval": "approval:A1", "line": 1, "items": rows}
    bench.insist("item.listed/1", listed, who)
    customs = bench.admit("party:port", "customs")
    due = format_time(datetime.now(UTC) + timedelta(days=3))
    order = {
        "case": CASE,
        "consignment": "consignment:C1",
        "items": list(TUBES),
        "notice_number": "QT-9",
        "ground": "lot-differs",
        "due": due,
    }
    bench.insist("return.ordered/1", order, customs)
    done = {"case": CASE, "consignment": "consignment:C1", "items": [TUBES[0]], "evidence": "a" * 64}
    bench.insist("return.executed/1", done, customs)
    return bench


def test_what_is_owed_is_listed_with_date_clause_and_what_closes_it(ordered: Bench) -> None:
    ran = ordered.done("list", "obligations", "--case", CASE, "--json")
    assert ran.stderr.splitlines()[0] == "1 of 1 shown."
    assert ran.stderr.splitlines()[1].startswith("Folded from the log, position ")
    (row,) = ran.objects
    told = {name: row[name] for name in ("duty", "subject", "concerns", "owed_by", "owed_to", "creditor", "state")}
    assert told == {
        "duty": "carry-out-return",
        "subject": CASE,
        "concerns": [TUBES[1]],
        "owed_by": "holder",
        "owed_to": "ordering-authority",
        "creditor": "party:port",
        "state": "due",
    }
    assert (row["closes"], row["missed"], row["clause"]) == (["return.executed/1"], "ORD-13", "Order 160 Art. 22")
    assert (row["confidence"], row["overdue"], row["calendar"]) == ("M", False, "cn-2026")


def test_it_is_told_in_words_in_both_languages(ordered: Bench) -> None:
    said = ordered.done("list", "obligations", "--case", CASE).stdout
    assert "What an authority orders to be returned leaves the country by the date of the order." in said
    assert "port (the authority that ordered it)" in said
    ordered.environ["VIALOG_LANGUAGE"] = "zh"
    try:
        chinese = ordered.done("list", "obligations", "--case", CASE).stdout
    finally:
        ordered.environ["VIALOG_LANGUAGE"] = "en"
    assert "主管机关责令退运的，应在规定日期前退运出境。" in chinese
    assert "待履行" in chinese


def test_one_that_is_met_is_asked_for_by_its_status(ordered: Bench) -> None:
    (row,) = ordered.done("list", "obligations", "--item", "o-1", "--status", "met", "--json").objects
    assert (row["state"], row["late"]) == ("met", False)
    assert row["ended_by"] > row["opened_by"]


def test_at_a_later_time_it_is_overdue_and_at_an_earlier_one_not_there(ordered: Bench) -> None:
    later = ("--at", "2040-01-01", "--json")
    found = ordered.done("list", "obligations", "--status", "overdue", "--case", CASE, *later).objects
    assert [row["concerns"] for row in found] == [[TUBES[1]]]
    earlier = format_time(parse_time(found[0]["opened_at"]) - timedelta(hours=1))
    assert ordered.done("list", "obligations", "--case", CASE, "--at", earlier, "--json").objects == []


def test_narrowed_by_a_party_it_is_what_that_owes_or_is_owed(ordered: Bench) -> None:
    rows = ordered.done("list", "obligations", "--party", "port", "--json").objects
    assert {row["duty"] for row in rows} == {"carry-out-return"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--duty", "carry-out-retrun"), "no duty is called carry-out-retrun: did you mean carry-out-return"),
        (("--at", "yesterday"), "STM-34"),
        (("--at", "2026-13-40"), "STM-34"),
        (("--at", "2026-11-29T10:00:00"), "STM-34"),
        (("--item", "none such"), "none such"),
    ],
)
def test_what_cannot_be_meant_is_told(ordered: Bench, arguments: tuple[str, str], says: str) -> None:
    ran = ordered.run("list", "obligations", *arguments, "--json")
    assert (ran.code != 0, ran.stdout) == (True, "")
    assert says in ran.stderr
