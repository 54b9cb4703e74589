"""Every answer of the ledger has a status and a title, and every error is problem+json."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.http.problems import OF_REQUESTS, PROBLEMS, TYPE, problem_of
from api.http.speaking import language_of
from ledger.breach import Breach
from ledger.errors import Conflict, LedgerError, Malformed, NeedsAcknowledgement, NotTrusted, Refused
from ledger.ids import Tag
from ledger.words.table import Language, labels_in


def test_every_ledger_error_has_a_problem_of_its_own_name() -> None:
    assert set(LedgerError.__subclasses__()) == set(PROBLEMS)
    names = [one.name for one in (*PROBLEMS.values(), *OF_REQUESTS.values())]
    assert len(names) == len({*names})
    assert {one.status for one in OF_REQUESTS.values()} == set(OF_REQUESTS)


def test_every_problem_is_told_of_in_the_operators_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    names = {one.name for one in (*PROBLEMS.values(), *OF_REQUESTS.values())}
    assert {one for one in names if f"`{one}`" not in guide} == set()


def test_every_title_has_its_chinese() -> None:
    titles = {one.title for one in (*PROBLEMS.values(), *OF_REQUESTS.values())}
    assert titles - labels_in(Language.CHINESE).keys() == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("ZH-hans-CN", "zh"),
        ("en-GB, zh;q=0.9", "en"),
        ("en;q=0.1, zh;q=0.9", "zh"),
        ("fr, zh;q=0.5", "zh"),
        ("fr", "en"),
        ("zh;q=0", "en"),
        ("*", "en"),
        ("zh, *;q=0.5", "zh"),
        ("zh;q=nonsense, \x00", "en"),
        ("q=1;zh," * 1000 + "zh", "en"),
    ],
)
def test_the_language_is_the_one_that_is_wanted_most(header: str, language: str) -> None:
    assert language_of(header) == language


def test_a_problem_is_told_in_chinese_with_the_same_names() -> None:
    english, chinese = (problem_of(Refused("ITM-02", "item:a is disposed"), one) for one in Language)
    assert {"type": chinese["type"], "rule": chinese["rule"], "status": chinese["status"]} == {
        "type": f"{TYPE}refused",
        "rule": "ITM-02",
        "status": 422,
    }
    assert (english["title"], chinese["title"]) == (
        "It contradicts the record or the authority to speak",
        "与记录相矛盾，或无权作此陈述",
    )


def test_breaches_are_told_in_chinese_with_their_clause() -> None:
    error = NeedsAcknowledgement([Breach("GAT-06", (Tag("item:a"),))], "cn-281/2026-08-01")
    problem = problem_of(error, Language.CHINESE)
    assert problem["breaches"][0]["problem"] == "尚未放行"
    assert "GAT-06：尚未放行" in problem["detail"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(
            Malformed("STM-03", "$", "not JSON"),
            {"type": "urn:vialog:problem:malformed", "status": 400, "rule": "STM-03", "member": "$"},
            id="malformed",
        ),
        pytest.param(
            NotTrusted("KEY-01", "unknown"),
            {"type": "urn:vialog:problem:not-trusted", "status": 403, "rule": "KEY-01"},
            id="not trusted",
        ),
        pytest.param(
            Refused("ITM-01", "more than there is"),
            {"type": "urn:vialog:problem:refused", "status": 422, "rule": "ITM-01"},
            id="refused",
        ),
        pytest.param(
            NeedsAcknowledgement([Breach("GAT-06", (Tag("item:a"),))], "cn-281/2026-08-01"),
            {
                "type": "urn:vialog:problem:needs-acknowledgement",
                "status": 409,
                "breaches": [
                    {
                        "rule": "GAT-06",
                        "subjects": ["item:a"],
                        "parameters": {},
                        "problem": "not released",
                        "clause": "Order 160 Art. 19",
                        "verified": False,
                    }
                ],
                "rules": "cn-281/2026-08-01",
                "edition": None,
            },
            id="needs acknowledgement",
        ),
        pytest.param(Conflict("another"), {"type": "urn:vialog:problem:conflict", "status": 409}, id="conflict"),
    ],
)
def test_a_problem_names_its_answer(error: LedgerError, said: dict[str, object]) -> None:
    problem = problem_of(error)
    if not isinstance(error, NeedsAcknowledgement):
        assert problem["detail"] == str(error)
    assert {name: value for name, value in problem.items() if name not in {"detail", "title"}} == said
