"""Judging without recording, and breaches: what is told about a statement before it is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.errors import Malformed, NeedsAcknowledgement, Refused
from ledger.statement.entries.entry import parse_entry
from tests.contracts.vials import UNAPPROVED, A, misuse, too_large
from tests.imports import TestClock, answer_of, handed_in, told, use

if TYPE_CHECKING:
    from ledger.service import Ledger


def test_checking_records_nothing(ledger: Ledger, clock: TestClock) -> None:
    before = list(ledger.store.read())
    outcome = ledger.check(handed_in(use(A, "9")))
    assert (outcome.event, outcome.breaches) == (None, ())
    for wrong, rule in ((use(A, "11"), "PRT-02"), (too_large(), "ENT-01")):
        with pytest.raises((Refused, Malformed), match=rule):
            ledger.check(handed_in(wrong))
    assert list(ledger.store.read()) == before
    with clock.held():
        checked = (
            ledger.submit(handed_in(use(A, "9"))),
            ledger.submit(handed_in(use(A, "9")), record=False),
        )
    assert [told(answer_of(one)) for one in checked] == ["recorded", "PRT-02"]


def test_checking_what_is_recorded_gives_the_first_answer(ledger: Ledger) -> None:
    said = handed_in(use(A, "1"))
    first = ledger.record(said)
    assert ledger.check(said).event == first.event


def test_a_breach_is_recorded_when_it_is_acknowledged_and_given_back(ledger: Ledger) -> None:
    with pytest.raises(NeedsAcknowledgement) as needed:
        ledger.record(handed_in(misuse(A, "1")))
    assert [breach.rule for breach in needed.value.breaches] == [UNAPPROVED]
    made = misuse(A, "1", acknowledged=True)
    said = handed_in(made)
    outcome = ledger.record(said)
    assert outcome.breaches == needed.value.breaches
    assert outcome.event == ledger.store.find(made.id)
    assert outcome.event is not None
    assert parse_entry(outcome.event.entry).breaches == outcome.breaches
    assert ledger.record(said).breaches == ledger.check(said).breaches == outcome.breaches
