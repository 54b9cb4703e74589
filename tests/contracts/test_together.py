"""Statements that belong together are all recorded, or none of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.errors import LedgerError, Unavailable
from tests.contracts.vials import A, B, left, misuse
from tests.failing_store import FailingStore, Step
from tests.imports import handed_in, open_ledger, record_all, to_the_bench, told, use

if TYPE_CHECKING:
    from ledger.service import Ledger
    from ledger.store.deciding.committer import Outcome
    from ledger.store.port import Store


def events_of(answers: list[Outcome | LedgerError]) -> list[int | None]:
    """Return the positions at which statements were recorded; None where one was not."""
    found = [None if isinstance(one, LedgerError) else one.event for one in answers]
    return [None if event is None else event.position for event in found]


def test_all_are_recorded_in_their_order_and_each_rests_on_those_before_it(ledger: Ledger) -> None:
    head = ledger.store.head()
    answers = ledger.record_together(map(handed_in, (use(A, "6"), use(B, "1"), use(A, "4"))))
    assert events_of(answers) == [head + 1, head + 2, head + 3]
    assert ledger.store.head() == head + 3
    assert left(ledger, A) == "0 mL"


def test_none_is_recorded_where_one_is_wrong_and_each_is_told_what_it_would_have_been(ledger: Ledger) -> None:
    head = ledger.store.head()
    answers = ledger.record_together(map(handed_in, (use(A, "6"), use(A, "5"), misuse(B, "1"), use(A, "4"))))
    assert events_of(answers) == [None] * 4
    assert [type(one).__name__ for one in answers] == ["Outcome", "Refused", "NeedsAcknowledgement", "Outcome"]
    assert (ledger.store.head(), left(ledger, A)) == (head, "10 mL")
    assert told(ledger.record(handed_in(use(A, "10")))) == "recorded"


def test_a_trial_records_nothing_and_answers_the_same(ledger: Ledger) -> None:
    head = ledger.store.head()
    statements = [handed_in(use(A, "6")), handed_in(use(A, "4"))]
    assert events_of(ledger.record_together(statements, record=False)) == [None, None]
    assert ledger.store.head() == head
    assert events_of(ledger.record_together(statements)) == [head + 1, head + 2]


def test_what_was_recorded_before_keeps_its_event_and_the_rest_is_added(ledger: Ledger) -> None:
    first, second = handed_in(use(A, "1")), handed_in(use(A, "2"))
    position = events_of([ledger.record(first)])
    assert events_of(ledger.record_together([first, second])) == [*position, ledger.store.head()]


def test_what_is_not_even_trusted_lets_nothing_be_recorded(ledger: Ledger) -> None:
    head = ledger.store.head()
    forged = use(A, "1")
    broken = handed_in(forged).envelope.replace(forged.envelope[20:24], b"AAAA", 1)
    answers = ledger.record_together([handed_in(use(A, "2")), type(handed_in(forged))(broken)])
    assert isinstance(answers[1], LedgerError)
    assert (events_of(answers), ledger.store.head()) == ([None, None], head)


def test_the_committer_goes_on_with_what_was_recorded_together(ledger: Ledger) -> None:
    assert told(ledger.record(handed_in(use(A, "1")))) == "recorded"
    ledger.record_together(map(handed_in, (use(A, "5"), use(A, "3"))))
    assert told_to(ledger, "2") == "PRT-02"
    assert told_to(ledger, "1") == "recorded"


def told_to(ledger: Ledger, value: str) -> str:
    """Return the answer to a use of so many mL."""
    (answer,) = ledger.record_many([handed_in(use(A, value))])
    return told(answer)


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.FORWARD])
def test_a_store_that_is_lost_keeps_all_or_nothing(store: Store, step: Step) -> None:
    failing = FailingStore(store)
    ledger = open_ledger(failing)
    record_all(ledger, to_the_bench(A))
    head = store.head()
    statements = [handed_in(use(A, value)) for value in ("6", "4")]
    failing.fail_at(step, batches=0)
    with pytest.raises(Unavailable):
        ledger.record_together(statements)
    stands = step is Step.ANSWER
    assert store.head() == head + (2 if stands else 0)
    assert events_of(ledger.record_together(statements)) == [head + 1, head + 2]
    ledger.close()
