"""What is handed in again: the same statement gets its first answer, other bytes under its id are a conflict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ledger.errors import Conflict
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.statement.signing.keys import Algorithm
from tests.authors import seeded
from tests.contracts.records import append, record
from tests.contracts.vials import A, B, C, left
from tests.imports import (
    LABORATORY,
    TestClock,
    enrolment,
    handed_in,
    record_all,
    state,
    together,
    told,
    under,
    use,
    used,
    voiding,
)

if TYPE_CHECKING:
    from ledger.service import Ledger


def test_the_same_bytes_again_get_the_first_answer(ledger: Ledger) -> None:
    said = handed_in(use(A, "1"))
    first, again = ledger.record(said), ledger.record(said)
    assert first.event is not None
    assert first.event == again.event
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.rules, again.breaches) == (first.rules, first.breaches)
    assert ledger.store.head() == first.event.position
    assert left(ledger, A) == "9 mL"


def test_the_same_statement_signed_once_more_gets_the_first_answer(ledger: Ledger) -> None:
    hardware = replace(LABORATORY, signer=seeded("hardware", Algorithm.ES256), person="p-3")
    record_all(ledger, [enrolment(hardware)])
    first = state(used(A, "1"), hardware)
    again = under(first.id, first, hardware)
    assert first.envelope != again.envelope  # ECDSA signs with a random number each time
    assert told(ledger.record(handed_in(first))) == "recorded"
    outcome = ledger.record(handed_in(again))
    assert outcome.repeated
    assert outcome.event == ledger.store.find(first.id)


def test_other_bytes_under_the_same_id_are_a_conflict(ledger: Ledger) -> None:
    first = use(A, "1")
    ledger.record(handed_in(first))
    for other in (use(A, "2"), voiding(first)):
        with pytest.raises(Conflict, match=first.id):
            ledger.record(handed_in(under(first.id, other, LABORATORY)))
    assert left(ledger, A) == "9 mL"


def test_repetitions_and_conflicts_are_found_within_one_batch(ledger: Ledger, clock: TestClock) -> None:
    first, refused = use(A, "1"), use(B, "11")
    other, possible = under(first.id, use(A, "2"), LABORATORY), under(refused.id, use(B, "1"), LABORATORY)
    handed = map(handed_in, (first, use(C, "1"), first, other, first, refused, refused, possible, refused))
    answers = [told(one) for one in together(ledger, clock, *handed)]
    assert answers[:5] == ["recorded", "recorded", "repeated", "Conflict", "repeated"]
    assert answers[5:] == ["PRT-02", "PRT-02", "recorded", "Conflict"]
    assert (left(ledger, A), left(ledger, B)) == ("9 mL", "9 mL")


def test_a_statement_cannot_take_the_id_of_what_the_ledger_itself_appended(ledger: Ledger) -> None:
    own = record(kind=STATE_KIND)
    append(ledger.store, own)
    with pytest.raises(Conflict, match=own.statement):
        ledger.record(handed_in(under(own.statement, use(A, "1"), LABORATORY)))
