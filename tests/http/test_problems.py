"""Every answer of the ledger has a status and a title, and every error is problem+json."""

from __future__ import annotations

import pytest

from api.http.problems import STATUS, TITLES, problem_of
from ledger.breach import Breach
from ledger.errors import Conflict, LedgerError, Malformed, NeedsAcknowledgement, NotTrusted, Refused
from ledger.ids import Tag


def test_every_ledger_error_has_a_status_and_a_title() -> None:
    assert set(LedgerError.__subclasses__()) == set(STATUS) == set(TITLES)


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
