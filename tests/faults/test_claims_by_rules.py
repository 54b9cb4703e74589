"""Attacks on claimed answers that only ``vialog evidence ask`` computes: how an approval was judged, sites' shares, and
the signatures of a statement.

They rest on what no table beside the ledger tells: the verifier and the page say who computes them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.evidence.answers.checking import ELSEWHERE
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.checks.verdicts import Verdict
from projections.claims.checking import Finding
from projections.claims.table import CLAIMABLE
from tests.corpus.bundle_edits import Opened, edited, refiled
from tests.corpus.bundle_log import statement_at
from tests.corpus.bundle_story import APPROVAL, SECOND, told
from tests.corpus.claimed import saying
from tests.faults.test_claim_attacks import checked, good
from tests.journeys.test_page_answers import found, in_python, on_page, verified

if TYPE_CHECKING:
    from pathlib import Path

USED: Final = str(statement_at(told().at["used"]))
"""What two persons signed, of whom one's key was revoked later."""
BY_RULES: Final = {"judged-by": APPROVAL, "signatures": USED, "site-shares": APPROVAL}
"""By question whom it is asked about here."""


def honest(question: str) -> bytes:
    """Return a bundle with the answer that follows."""
    return good(question, BY_RULES[question])


ROWS: Final[dict[str, list[dict[str, Any]]]] = {
    name: json.loads(read_archive(honest(name))[bundle.ANSWER])["rows"] for name in BY_RULES
}


def otherwise(value: object) -> object:
    """Return what a member says, as somebody who lies would have it."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}0"
        case list():
            return [*value, "made-up"]
    return "0"


@pytest.mark.parametrize("question", BY_RULES)
def test_an_answer_that_nobody_touched_agrees_and_has_rows(question: str) -> None:
    result = checked(honest(question))
    assert (result.finding, result.exit_code) == (Finding.AGREES, 0), result.words
    assert question in CLAIMABLE
    assert ROWS[question]


@pytest.mark.parametrize(
    ("question", "member"), [(name, member) for name in BY_RULES for member in ROWS[name][0] if member != "why"]
)
def test_whatever_member_of_a_row_is_altered_it_differs_and_row_member_and_event_are_named(
    question: str, member: str
) -> None:
    data = saying(honest(question), lambda said: said["rows"][0].update({member: otherwise(said["rows"][0][member])}))
    result = checked(data)
    assert (result.finding, result.exit_code) == (Finding.DIFFERS, 4)
    assert result.words.startswith(f"row 1: {member} is claimed as ")
    assert result.words.endswith(f": event {ROWS[question][0]['why']['position']}")


@pytest.mark.parametrize("question", BY_RULES)
def test_a_row_left_out_or_told_twice_differs(question: str) -> None:
    left_out = checked(saying(honest(question), lambda said: said["rows"].pop()))
    twice = checked(saying(honest(question), lambda said: said["rows"].append(said["rows"][0])))
    assert [one.finding for one in (left_out, twice)] == [Finding.DIFFERS] * 2
    assert "is left out: event" in left_out.words
    assert "does not follow: event" in twice.words


@pytest.mark.parametrize("question", BY_RULES)
def test_whichever_event_is_left_out_of_the_bundle_nothing_agrees(question: str) -> None:
    for listed in Opened(honest(question)).manifest.entries:
        result = checked(edited(honest(question), lambda one, at=listed.position: one.withhold(at)))  # type: ignore[misc]
        assert (result.finding, result.exit_code) == (Finding.NOT_CHECKED, 4), listed


@pytest.mark.parametrize("question", BY_RULES)
def test_a_bundle_that_does_not_prove_all_that_it_rests_on_leaves_it_not_checked(question: str) -> None:
    other = good("whereabouts", SECOND)
    result = checked(refiled(other, {bundle.ANSWER: read_archive(honest(question))[bundle.ANSWER]}))
    assert (result.finding, result.exit_code) == (Finding.NOT_CHECKED, 5), result.words
    missing = f"no statement {USED} is here" if question == "signatures" else f"rests on all events of {APPROVAL}"
    assert missing in result.words


def test_the_verifier_and_the_page_say_who_computes_it(tmp_path: Path) -> None:
    reports = on_page(tmp_path, [honest(one) for one in BY_RULES])
    for question, report in zip(BY_RULES, reports, strict=True):
        own = verified(honest(question))
        assert in_python(own) == [(Verdict.NOT_CHECKED, None, ELSEWHERE.format(question=question))]
        assert (report["exit"], found(report)) == (own.exit_code, in_python(own))
        assert own.exit_code == 5


def test_shares_of_sites_tell_what_is_in_transit_and_in_use_as_they_always_did() -> None:
    assert {"in_transit", "in_use"} <= ROWS["site-shares"][0].keys()
