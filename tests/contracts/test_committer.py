"""What the committer answers, on every store: alone or in a batch, each statement gets its own answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

import pytest

from ledger.domain.bodies.vocabulary import Role
from ledger.errors import LedgerError
from ledger.ids import SiteId
from ledger.rulepacks.load import RulePacks
from ledger.service import Ledger, Submission
from tests.authors import author
from tests.contracts.records import positions
from tests.contracts.vials import A, B, C, left, misuse, too_large
from tests.imports import (
    PACKS,
    TestClock,
    answer_of,
    enrolled,
    enrolment,
    grant,
    handed_in,
    laboratory,
    open_ledger,
    opening,
    record_all,
    registration,
    state,
    to_the_bench,
    together,
    told,
    use,
    voiding,
)

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.quantity import Quantity
    from ledger.store.port import Store

_LONG: Final = 30.0  # seconds: a test that needs them has failed
ANNEX: Final = SiteId("site:annex")
NEWCOMER: Final = author("party:newcomer", Role.LABORATORY)


# Neighbours


def recorded(ledger: Ledger, said: Submission) -> str:
    """Hand a statement in, and return what came of it in a word."""
    try:
        return told(ledger.record(said))
    except LedgerError as error:
        return told(error)


def test_one_bad_statement_never_fails_its_neighbours(ledger: Ledger, clock: TestClock) -> None:
    told_by = {
        handed_in(use(A, "1")): "recorded",
        handed_in(use(A, "99")): "PRT-02",
        handed_in(too_large()): "ENT-01",
        handed_in(misuse(B, "1")): "NeedsAcknowledgement",
        handed_in(misuse(B, "2", acknowledged=True)): "recorded",
        handed_in(voiding(use(A, "1"))): "COR-01",
        handed_in(use(C, "3")): "recorded",
    }
    before = ledger.store.head()
    answers = together(ledger, clock, *told_by)
    assert [told(one) for one in answers] == list(told_by.values())
    assert ledger.store.head() == before + 3
    assert [left(ledger, one) for one in (A, B, C)] == ["9 mL", "8 mL", "7 mL"]


def test_callers_at_the_same_time_each_get_their_own_answer(ledger: Ledger) -> None:
    good = [handed_in(use(A, "0.1")) for _ in range(20)]
    bad = [handed_in(use(B, "99")) for _ in range(20)]
    broken = [Submission(one.envelope[:-1]) for one in good]
    with ThreadPoolExecutor(12) as callers:
        answers = list(callers.map(partial(recorded, ledger), chain(*zip(good, bad, broken, strict=True))))
    assert answers == ["recorded", "PRT-02", "STM-03"] * 20
    assert (left(ledger, A), left(ledger, B)) == ("8 mL", "10 mL")


def test_what_one_statement_uses_up_the_next_of_the_batch_does_not_find(ledger: Ledger, clock: TestClock) -> None:
    answers = together(ledger, clock, *(handed_in(use(A, "4")) for _ in range(4)))
    assert [told(one) for one in answers] == ["recorded", "recorded", "PRT-02", "PRT-02"]
    assert left(ledger, A) == "2 mL"


# The opening and newcomers


@pytest.mark.rule("GEN-01")
def test_a_log_is_opened_and_peopled_in_one_go(store: Store) -> None:
    with closing(open_ledger(store)) as ledger:
        answers = list(ledger.record_many(map(handed_in, to_the_bench(A))))
        assert [told(one) for one in answers] == ["recorded"] * len(answers)
        assert positions(store.read()) == list(range(1, len(answers) + 1))


@pytest.mark.rule("GEN-01", "ENR-01")
def test_a_log_is_opened_once_also_within_one_batch(store: Store, clock: TestClock) -> None:
    with closing(open_ledger(store, clock)) as ledger:
        with clock.held() as asked:
            early = ledger.submit(handed_in(state(enrolled(NEWCOMER), NEWCOMER)))
            assert asked.wait(_LONG)
            waiting = [ledger.submit(handed_in(one)) for one in (opening(), opening(NEWCOMER))]
        assert told(answer_of(early)) == "GEN-01"
        assert [told(answer_of(one)) for one in waiting] == ["recorded", "ENR-01"]
        assert store.head() == 1


@pytest.mark.rule("GEN-06")
def test_a_party_registered_in_the_batch_acts_in_it(ledger: Ledger, clock: TestClock) -> None:
    steps = [registration(NEWCOMER), grant(NEWCOMER), enrolment(NEWCOMER)]
    answers = together(ledger, clock, *map(handed_in, (enrolment(NEWCOMER), *steps)))
    assert [told(one) for one in answers] == ["GEN-06", "recorded", "recorded", "recorded"]
    assert told(ledger.record(handed_in(laboratory(ANNEX, NEWCOMER)))) == "recorded"


def test_a_key_enrolled_among_many_signs_behind_it(ledger: Ledger) -> None:
    party = [registration(NEWCOMER), grant(NEWCOMER), enrolment(NEWCOMER), laboratory(ANNEX, NEWCOMER)]
    answers = list(ledger.record_many(map(handed_in, [party[-1], *party, use(A, "1")])))
    assert [told(one) for one in answers] == ["KEY-16", "recorded", "recorded", "recorded", "recorded", "recorded"]


# Bugs


class BrokenUnits:
    """A table of units with a bug: it fails for amounts of seven."""

    def check(self, quantity: Quantity) -> None:
        """Accept every unit, but for the bug."""
        assert 1 / (quantity.value - 7)


class BrokenClock(TestClock):
    """A clock that fails once."""

    def now(self) -> datetime:
        """Fail at the first time."""
        self.now = super().now  # type: ignore[method-assign]  # from now on
        raise OverflowError


def test_a_bug_in_a_rule_is_told_to_its_caller_alone(store: Store, clock: TestClock) -> None:
    broken = RulePacks(tuple(replace(one, pack=replace(one.pack, units=BrokenUnits())) for one in PACKS.editions))
    with closing(Ledger(store, broken, clock=clock)) as ledger:
        record_all(ledger, to_the_bench(A))
        with clock.held():
            waiting = [ledger.submit(handed_in(use(A, value))) for value in ("1", "7", "2")]
        assert told(answer_of(waiting[0])) == "recorded"
        with pytest.raises(ZeroDivisionError):
            answer_of(waiting[1])
        assert told(answer_of(waiting[2])) == "recorded"
        assert left(ledger, A) == "7 mL"


def test_a_bug_outside_the_rules_is_told_to_the_batch_and_the_next_one_is_decided(store: Store) -> None:
    with closing(open_ledger(store, BrokenClock())) as ledger:
        with pytest.raises(OverflowError):
            ledger.record(handed_in(opening()))
        assert store.head() == 0
        assert told(ledger.record(handed_in(opening()))) == "recorded"
