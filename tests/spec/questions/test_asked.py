"""Questions asked of the demo's record: from a subject's own events as from the whole log, then as known then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.domain.law.rules import Confidence
from ledger.ids import Tag, type_of
from ledger.rulepacks.load import load_packs
from ledger.store.deciding.earlier import event_of
from projections.asked.answering import answer, position_at, read
from projections.asked.question import Asked, Holds, Question, Reads, Row
from projections.asked.table import QUESTIONS
from tests.story import story_log

if TYPE_CHECKING:
    from ledger.store.memory import MemoryStore

AT: Final = datetime(2026, 12, 1, tzinfo=UTC)
ASKED: Final = Asked((), load_packs(), "CN", AT, hours=24, days=90, first=date(2025, 1, 1), last=date(2036, 12, 31))
EVERY: Final = pytest.mark.parametrize("name", QUESTIONS)


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return story_log()


@pytest.fixture(scope="module")
def subjects(store: MemoryStore) -> dict[str, list[Tag]]:
    """What the record tells of, by types; a statement by its id."""
    events = [event_of(one) for one in store.read()]
    found: dict[str, list[Tag]] = {"statement": [Tag(one.said.id) for one in events]}
    for tag in sorted({tag for event in events for tag in event.tags}):
        found.setdefault(type_of(tag), []).append(tag)
    return found


def of(question: Question, subjects: dict[str, list[Tag]]) -> Asked:
    """Return what is asked, about the first subject that the question takes."""
    about = [one for one in question.parameters if one.holds is Holds.SUBJECT]
    return replace(ASKED, subject=subjects[str(about[0].of)][0]) if about else ASKED


def rows(store: MemoryStore, question: Question, asked: Asked) -> tuple[Row, ...]:
    return question.answer(read(store, question, asked, store.head()))


@EVERY
def test_a_row_rests_on_what_its_question_says_and_names_the_event_that_put_it_there(
    name: str, store: MemoryStore, subjects: dict[str, list[Tag]]
) -> None:
    question = QUESTIONS[name]
    known = {one.position: one.recorded for one in store.read()}
    for row in rows(store, question, of(question, subjects)):
        assert isinstance(row, question.row)
        assert question.rests is None or row.why.rests in {None, *question.rests}
        assert row.why.position is None or row.why.position in known
        assert (row.why.position is None) == (row.why.at is None)


@EVERY
def test_nothing_is_answered_of_an_empty_record(name: str) -> None:
    question = QUESTIONS[name]
    asked = replace(ASKED, subject=Tag("item:nobody")) if question.about else ASKED
    assert question.answer(asked) == ()


@pytest.mark.parametrize("name", [name for name, one in QUESTIONS.items() if one.reads is Reads.LINEAGE])
def test_what_is_read_of_a_subject_answers_as_the_whole_log_does(
    name: str, store: MemoryStore, subjects: dict[str, list[Tag]]
) -> None:
    question = QUESTIONS[name]
    whole = read(store, replace(question, reads=Reads.LOG), ASKED, store.head())
    for subject in subjects[question.about[0]][::7]:
        asked = replace(ASKED, subject=subject)
        assert rows(store, question, asked) == question.answer(replace(whole, subject=subject)), subject


def test_an_answer_says_what_it_leans_on_that_nobody_read_in_the_legal_text(store: MemoryStore) -> None:
    question = QUESTIONS["late-declarations"]
    found = answer(question, read(store, question, ASKED, store.head()), store.head())
    assert [one.rests for one in found.unverified] == ["declare-at-destination"]
    assert all(one.confidence is not Confidence.V for one in found.unverified)
    assert found.rules == ("cn-281/2026-08-01",)


def test_what_was_corrected_later_is_not_known_before(store: MemoryStore) -> None:
    corrections = QUESTIONS["corrections"]
    (row,) = corrections.answer(read(store, corrections, ASKED, store.head()))
    position = row.why.position or 0
    assert corrections.answer(read(store, corrections, ASKED, position - 1)) == ()


def test_a_balance_as_it_was_counts_what_had_happened_and_no_more(store: MemoryStore) -> None:
    question = QUESTIONS["balance"]
    asked = replace(ASKED, subject=Tag("approval:GX-2026-0164"))
    earlier = replace(asked, until=datetime(2026, 8, 9, tzinfo=UTC))
    now, then = (balance_of(store, question, one) for one in (asked, earlier))
    assert (then["used"], then["on_hand"]) == ("0", then["listed"])
    assert now["used"] != "0"


def balance_of(store: MemoryStore, question: Question, asked: Asked) -> dict[str, Any]:
    first = rows(store, question, asked)[0]
    return {name: getattr(first, name) for name in ("used", "on_hand", "listed")}


def test_the_position_of_an_instant_is_the_last_that_was_recorded_by_then(store: MemoryStore) -> None:
    entries = list(store.read())
    for one in entries[::50]:
        expected = max(other.position for other in entries if other.recorded <= one.recorded)
        assert position_at(store, one.recorded) == expected
    assert position_at(store, entries[0].recorded - timedelta(seconds=1)) == 0
    assert position_at(store, entries[-1].recorded + timedelta(days=1)) == entries[-1].position
