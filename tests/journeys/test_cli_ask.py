"""``vialog ask``: questions in all formats, at two times, in two languages and 80 columns; and what is wrong."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

import openpyxl
import pytest
from rich.cells import cell_len

from ledger.words.table import Language, questions_in
from projections.asked.table import QUESTIONS
from projections.claims.table import CLAIMABLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port

LABEL = "=1+1"
"""A label that a spreadsheet would take for a formula."""


def listing(quantity: str) -> dict[str, Any]:
    """Return what is listed: two tubes, and how much is in the second one."""
    rows = [
        {"item": f"item:q-{number}", "label": label, "quantity": {"value": value, "unit": "vial"}}
        for number, label, value in ((1, LABEL, "2"), (2, "Q-2", quantity))
    ]
    return {"consignment": "consignment:C1", "approval": "approval:A1", "line": 1, "items": rows}


@pytest.fixture(scope="module")
def corrected(port: Port) -> tuple[Bench, int]:
    """The port with two tubes listed, corrected since; and the position of the first listing."""
    bench, who = port
    first = bench.insist("item.listed/1", listing("2"), who)
    again = {"corrects": first["statement"], "reason": "misread"}
    bench.state("item.listed/1", listing("3"), who, **again)
    return bench, first["position"]


BALANCE = ("ask", "balance", "--approval", "A-1")


def test_the_list_has_every_question_with_a_command_to_copy(corrected: tuple[Bench, int]) -> None:
    bench, _ = corrected
    listed = bench.done("ask", "--list", "--json").objects
    assert [one["name"] for one in listed] == list(QUESTIONS)
    (balance,) = (one for one in listed if one["name"] == "balance")
    assert balance["example"] == "vialog ask balance --approval A-1"
    for one in listed:
        assert f"vialog ask {one['name']}" in bench.done("ask", "--list").stdout


def test_a_question_is_told_by_itself_with_what_it_takes(corrected: tuple[Bench, int]) -> None:
    bench, _ = corrected
    told = bench.done("ask", "balance", "--list").stdout
    assert "takes    --approval, --at, --as-of" in told
    assert "columns  line, product, unit" in told


def test_evidence_is_offered_for_the_questions_that_can_be_claimed_and_for_no_other(
    corrected: tuple[Bench, int],
) -> None:
    bench, _ = corrected
    offered = {name for name in ("compliance-file", *CLAIMABLE) if _offers_evidence(bench, name)}
    assert offered == set(CLAIMABLE)


def _offers_evidence(bench: Bench, name: str) -> bool:
    return "--evidence FILE" in bench.done("ask", name, "--list").stdout


def test_an_answer_says_why_its_rows_are_there_and_what_it_rests_on(corrected: tuple[Bench, int]) -> None:
    bench, _ = corrected
    ran = bench.done(*BALANCE)
    told = " ".join(ran.stdout.split())
    assert "approved 5000 written off 0 listed 5 on hand 5" in told
    assert "because no. " in told
    for name in ("as known at", "checkpoint", "dates as of", "rules", "not checked"):
        assert f"\n{name}" in ran.stdout


def test_as_the_record_said_then_leaves_a_later_correction_out(corrected: tuple[Bench, int]) -> None:
    bench, position = corrected
    now, end = bench.done(*BALANCE, "--json").objects
    then, known = bench.done(*BALANCE, "--as-of", position, "--json").objects
    assert (now["listed"], then["listed"]) == ("5", "4")
    assert known["as_known_at"] == position < end["as_known_at"]
    before, _ = bench.done(*BALANCE, "--as-of", position, "--json").objects
    assert before == then


def test_both_times_are_asked_together(corrected: tuple[Bench, int]) -> None:
    bench, position = corrected
    ran = bench.done(*BALANCE, "--as-of", position, "--at", "2020-01-01", "--json")
    (end,) = ran.objects
    assert (end["rows"], end["as_known_at"]) == (0, position)
    assert end["as_it_was_at"] == end["dates_as_of"] == "2020-01-01T15:59:59.999999Z"


def test_a_label_that_looks_like_a_formula_is_guarded_in_csv_and_a_text_in_a_workbook(
    corrected: tuple[Bench, int], tmp_path: Path
) -> None:
    bench, _ = corrected
    asked = ("ask", "descendants", "--consignment", "consignment:C1")
    table = list(csv.reader(io.StringIO(bench.done(*asked, "--csv").stdout)))
    assert [row[:2] for row in table] == [["item", "item (name)"], ["item:q-1", f"'{LABEL}"], ["item:q-2", "Q-2"]]
    file = tmp_path / "answer.xlsx"
    bench.done(*asked, "--xlsx", file)
    sheet = openpyxl.load_workbook(file)["answer"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (LABEL, "s")
    refused = bench.run(*asked, "--xlsx", file)
    assert (refused.code, "it is not overwritten" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("balnce",), 8, "no question is called balnce: did you mean balance?"),
        (("balance",), 2, "balance is asked about one subject: --approval"),
        (("balance", "--item", "Q-2"), 2, "balance takes no --item; it takes --approval"),
        (("open-lines", "--item", "Q-2"), 2, "it is asked of the whole log"),
        (("ancestors", "--item", "Q-3"), 8, '--item: the log knows no item called "Q-3"; an id is written item:'),
        (("ancestors", "--item", "party:x"), 3, "STM-37"),
        (("corrections", "--at", "2026-01-01"), 2, "corrections takes no --at"),
        (("balance", "--approval", "A-1", "--at", "yesterday"), 3, "is no day such as 2026-11-29"),
        (("balance", "--approval", "A-1", "--as-of", "100000"), 8, "there is none at 100000"),
        (("balance", "--approval", "A-1", "--as-of", "soon"), 3, "STM-34: --as-of: soon is no day such as 2026-11-29"),
        (
            ("balance", "--approval", "A-1", "--at", "2026-02-30"),
            3,
            "2026-02-30 is no day such as 2026-11-29 and no time",
        ),
        (("unit-classes", "--first", "2026-01-01"), 2, "unit-classes needs --last"),
        (("unit-classes", "--first", "1.1.2026", "--last", "2026-02-01"), 2, "--first: 1.1.2026 is no day"),
        (("signatures", "--statement", "100000"), 8, "the log here has no statement 100000"),
    ],
)
def test_what_is_wrong_with_a_question_is_said(
    corrected: tuple[Bench, int], words: tuple[str, ...], code: int, said: str
) -> None:
    bench, _ = corrected
    ran = bench.run("ask", *words)
    assert (ran.code, ran.stdout) == (code, "")
    assert said in " ".join(ran.stderr.split())


FAR: Final = (
    ("late-entries", "--hours", "9007199254740991"),
    ("late-entries", "--hours", "876601"),
    ("late-entries", "--hours", "-1"),
    ("expiring", "--days", "9007199254740991"),
    ("expiring", "--days", "36526"),
    ("unit-classes", "--first", "0001-01-01", "--last", "2026-01-01"),
    ("unit-classes", "--first", "2026-01-01", "--last", "9999-12-31"),
    ("compliance-file", "--party", "party:customs", "--first", "0001-01-01", "--last", "9999-12-31"),
    ("expiring", "--at", "9999-12-31"),
    ("open-lines", "--at", "0001-01-01"),
    ("open-lines", "--at", "9999-12-31T23:59:59.999999Z"),
    ("open-lines", "--as-of", "9" * 19),
    ("open-lines", "--as-of", "9" * 5000),
    ("open-lines", "--limit", "9" * 19),
    ("signatures", "--statement", "9" * 19),
    ("signatures", "--statement", "9" * 5000),
)


@pytest.mark.parametrize("words", FAR, ids=lambda words: " ".join(words)[:60])
def test_what_is_too_far_away_is_refused_in_words(corrected: tuple[Bench, int], words: tuple[str, ...]) -> None:
    bench, _ = corrected
    ran = bench.run("ask", *words)
    assert (ran.code in {2, 3, 8}, ran.stdout) == (True, ""), ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (FAR[0], "less than or equal to 876600"),
        (FAR[4], "less than or equal to 36525"),
        (FAR[5], "--first: 0001-01-01 is not between 1900-01-01 and 2999-12-31"),
        (FAR[8], "--at: 9999-12-31 is not between 1900-01-01 and 2999-12-31"),
    ],
)
def test_a_bound_is_told(corrected: tuple[Bench, int], words: tuple[str, ...], said: str) -> None:
    bench, _ = corrected
    assert said in " ".join(bench.run("ask", *words).stderr.split())


@pytest.mark.parametrize(
    "words",
    [
        ("late-entries", "--hours", "876600"),
        ("expiring", "--days", "36525", "--at", "2999-12-31"),
        ("unit-classes", "--first", "1900-01-01", "--last", "2999-12-31"),
        ("open-lines", "--as-of", "0001-01-01"),
        ("open-lines", "--as-of", "9999-12-31"),
    ],
    ids=" ".join,
)
def test_what_is_as_far_away_as_may_be_is_answered(corrected: tuple[Bench, int], words: tuple[str, ...]) -> None:
    bench, _ = corrected
    bench.done("ask", *words)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_answer_fits_eighty_columns(
    corrected: tuple[Bench, int], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, _ = corrected
    monkeypatch.setitem(bench.environ, "COLUMNS", "80")
    monkeypatch.setitem(bench.environ, "VIALOG_LANGUAGE", language)
    answers = [bench.done("ask", "--list"), bench.done(*BALANCE), bench.done("ask", "open-lines")]
    answers += [bench.done("ask", "descendants", "--approval", "A-1"), bench.done("ask", "ancestors", "--item", "Q-2")]
    wide = [line for one in answers for line in one.stdout.splitlines() if cell_len(line) > 80]
    assert wide == []
    assert ("审批单各行项下" in answers[1].stdout) == (language == "zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_answer_is_drawn_into_a_new_file(corrected: tuple[Bench, int], tmp_path: Path, language: str) -> None:
    bench, _ = corrected
    bench.environ["VIALOG_LANGUAGE"] = language
    try:
        ran = bench.done(*BALANCE, "--svg", tmp_path / "balance.svg")
        refused = bench.run(*BALANCE, "--svg", tmp_path / "balance.svg")
    finally:
        bench.environ["VIALOG_LANGUAGE"] = "en"
    root = ElementTree.parse(tmp_path / "balance.svg").getroot()
    assert root.findtext("{http://www.w3.org/2000/svg}title") == questions_in(Language(language))["balance"]
    assert (ran.stdout, refused.code) == ("", 2)


def test_who_asks_for_a_picture_where_there_is_none_is_told_of_what_there_are_some(
    corrected: tuple[Bench, int], tmp_path: Path
) -> None:
    bench, _ = corrected
    ran = bench.run("ask", "remaining", "--svg", tmp_path / "remaining.svg")
    assert ran.code == 2
    assert "there is one of balance, owed, custody-chain" in " ".join(ran.stderr.split())
    assert not (tmp_path / "remaining.svg").exists()
