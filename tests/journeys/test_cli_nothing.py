"""Commands that find nothing say what there is none of, and what to ask next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.journeys.conftest import Port


def test_a_question_that_was_asked_by_a_number_says_by_which(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    bench, _ = port
    told = bench.done("ask", "late-entries", "--hours", "876600").stdout
    assert "Nothing, as far as the record says." in told
    assert "It was asked with --hours 876600; another number may find more." in told
    assert "It was asked with" not in bench.done("ask", "nobodys").stdout
    monkeypatch.setitem(bench.environ, "VIALOG_LANGUAGE", "zh")
    assert "本次以 --hours 876600 提问" in bench.done("ask", "late-entries", "--hours", "876600").stdout


def test_no_audit_is_told_in_words(port: Port) -> None:
    bench, _ = port
    told = bench.done("auditor", "list").stdout
    assert told == "No audit is on record. `vialog auditor grant` lets an auditor see what is yours.\n"
    assert bench.done("auditor", "list", "--json").objects == []


def test_a_balance_says_of_what_its_columns_are(port: Port) -> None:
    bench, _ = port
    told = bench.done("approval", "show", "A-1").stdout
    assert "written off less listed" in " ".join(told.split())
