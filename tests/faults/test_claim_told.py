"""What was asked is told with every checked answer: nobody is answered another question than the one that they read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.cli.ask.answering.checked import checked_object, print_checked
from api.cli.ask.answering.claims import wanting
from api.settings import Settings
from ledger.evidence.bundle.answer import OF_STATEMENTS
from projections.asked.table import QUESTIONS
from projections.claims.checking import Finding
from projections.claims.table import CLAIMABLE
from tests.corpus.bundle_log import statement_at
from tests.corpus.bundle_story import APPROVAL, FIRST, told
from tests.corpus.claimed import NOW, claimed, saying
from tests.faults.test_claim_attacks import checked, good, lost_good

if TYPE_CHECKING:
    from projections.claims.checking import Checked

mine: Final = partial(wanting, "descendants", APPROVAL, narrowed={}, until=None, as_of=None, now=NOW, jurisdiction="CN")
"""What a verifier asks who names the question and the subject."""


def made(question: str = "descendants", **members: object) -> bytes:
    story = told()
    return claimed(story.log.store, story.frame, question, APPROVAL, **members)


def said(found: Checked, capsys: pytest.CaptureFixture[str], clock: datetime = NOW) -> str:
    capsys.readouterr()
    print_checked(found, 20, Settings(data=Path("none")), clock)
    return " ".join(capsys.readouterr().out.split())


def test_what_an_answer_is_narrowed_by_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    found = checked(made(parameters={"lot": "NOSUCHLOT"}))
    assert found.finding is Finding.AGREES
    value = checked_object(found, NOW)
    assert (value["parameters"], value["jurisdiction"], value["rows"]) == ({"lot": "NOSUCHLOT"}, "CN", [])
    assert "the lot NOSUCHLOT of its maker" in said(found, capsys)


def test_who_names_a_question_asks_it_whole() -> None:
    found = checked(made(parameters={"lot": "NOSUCHLOT"}), mine())
    assert (found.finding, found.words) == (
        Finding.DIFFERS,
        "it answers another question: its parameters is lot NOSUCHLOT",
    )
    assert found.follows is not None
    assert found.follows.claimed.rows


def test_who_narrows_a_question_likewise_gets_that_answer() -> None:
    assert checked(made(parameters={"lot": "L-9"}), mine(narrowed={"lot": "L-9"})).finding is Finding.AGREES


@pytest.mark.parametrize(
    ("members", "words"),
    [({"as_of": 20}, "its as_of is 20"), ({"until": NOW}, "its at is 2026-09-20T00:00:00.000000Z")],
)
def test_who_names_a_question_asks_by_all_that_is_proven(members: dict[str, Any], words: str) -> None:
    found = checked(made(**members), mine())
    assert (found.finding, found.words) == (Finding.DIFFERS, f"it answers another question: {words}")


def test_an_answer_agrees_with_whoever_asks_the_same_later(capsys: pytest.CaptureFixture[str]) -> None:
    found = checked(made(), mine(now=NOW + timedelta(days=2)))
    assert found.finding is Finding.AGREES
    assert "The claimed answer tells terms as of 2026-09-20" in said(found, capsys, NOW + timedelta(days=2))


def test_a_balance_of_the_earlier_form_is_told_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert "of an earlier form" in said(checked(lost_good(earlier=1)), capsys)
    assert "of an earlier form" not in said(checked(lost_good()), capsys)


def listed_since(earlier: int | None) -> bytes:
    """Return a bundle that claims where a vial was before it was listed."""
    story = told()
    before = story.at["listed"] - 1
    return claimed(story.log.store, story.frame, "whereabouts", FIRST, as_of=before, earlier=earlier)


@pytest.mark.parametrize(("earlier", "told"), [(1, True), (None, False)])
def test_where_an_item_was_is_told_to_name_nothing_by_the_earlier_form(
    earlier: int | None, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    found = said(checked(listed_since(earlier)), capsys)
    assert ("does not name what told it since" in found) is told
    assert "in transit" not in found
    assert ("no. 15" in found) is (earlier is None)


def test_the_subject_and_the_question_are_told_of_every_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert APPROVAL in said(checked(made()), capsys)
    unchecked = checked(saying(good(), lambda value: value.update(subject="item:other")))
    assert unchecked.finding is Finding.NOT_CHECKED
    told_of_it = said(unchecked, capsys)
    assert "What was made of an item, a consignment" in told_of_it
    assert "item:other" in told_of_it


def test_a_bundle_about_another_subject_is_remarked_on(capsys: pytest.CaptureFixture[str]) -> None:
    found = checked(saying(good("descendants", APPROVAL), lambda value: value.update(subject=FIRST, rows=[])))
    value = checked_object(found, NOW)
    assert (value["about"], value["bundle_about"]) == (FIRST, APPROVAL)
    assert f"The bundle is about {APPROVAL}, and the answer about {FIRST}." in said(found, capsys)


def test_what_is_not_shown_begins_behind_the_position_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    found = checked(made("balance", as_of=5))
    text = said(found, capsys)
    assert "What was recorded after position 5." in text
    assert "proves the record up to position 21" in text
    assert f"{found.later} of its events are later, and left out" in text
    assert found.last is not None
    assert found.last[0] <= 5 < found.later
    assert f"Position {found.last[0]} was recorded at" in text


def test_what_tells_where_an_item_is_now_is_neither_left_out_nor_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    found = checked(listed_since(None))
    text = said(found, capsys)
    before, size = told().at["listed"] - 1, found.size
    assert "left out" not in text
    assert f"{found.later} of its events are later, and count only for what is told as known now" in text
    assert f"What was recorded after position {before}, but for what is told otherwise up to position {size}." in text
    whole = said(checked(good("whereabouts", FIRST)), capsys)
    assert f"What was recorded after position {size}. " in whole


def test_terms_that_are_told_as_of_another_day_are_remarked_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert checked_object(checked(made()), NOW + timedelta(hours=23))["remarks"] == []
    assert "by the clock here it is" in said(checked(made()), capsys, NOW + timedelta(hours=25))
    early = checked(made(now=datetime(2026, 8, 1, tzinfo=UTC)))
    assert "before the last event that counts was recorded" in said(early, capsys)


@pytest.mark.parametrize("given", [{"hours": 5}, {"lot": "x"}, {"first": "2026-01-01"}])
def test_what_a_question_does_not_take_is_refused(given: dict[str, object]) -> None:
    found = checked(saying(good("balance"), lambda value: value.update(parameters=given)))
    assert found.finding is Finding.NOT_CHECKED
    assert found.words == f"EVD-23: $.parameters.{next(iter(given))}: is not what balance is narrowed by"


@pytest.mark.parametrize("question", [name for name in CLAIMABLE if not QUESTIONS[name].at])
def test_what_was_at_a_time_is_no_answer_to_a_question_that_is_asked_of_the_record(question: str) -> None:
    subject = statement_at(told().at["used"]) if question in OF_STATEMENTS else APPROVAL
    honest = good(question, subject)
    assert checked(honest).finding is Finding.AGREES
    found = checked(saying(honest, lambda value: value.update(at="2020-01-01T00:00:00.000000Z")))
    assert (found.finding, found.follows) == (Finding.NOT_CHECKED, None)
    assert found.words == f"EVD-23: $.at: is not what {question} is narrowed by"
