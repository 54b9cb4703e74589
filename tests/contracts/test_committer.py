"""What the committer answers, on every store: alone or in a batch, each statement gets its own answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from itertools import chain
from threading import Thread
from typing import TYPE_CHECKING, Final, cast

import pytest

from ledger.domain.keys import LogOpened
from ledger.domain.vocabulary import Role
from ledger.errors import Conflict, LedgerError, Malformed, NeedsAcknowledgement, Refused, Unavailable
from ledger.ids import ItemId, SiteId, Tag
from ledger.rulepacks.load import RulePacks
from ledger.service import Ledger, Submission
from ledger.statement.binary import encode_base64
from ledger.statement.keys import Algorithm
from ledger.statement.reading import key_tag
from ledger.store.judgement import Bench, judge
from ledger.store.worlds import Worlds
from tests.authors import START, author, seeded
from tests.contracts.records import append, positions, record
from tests.imports import (
    IMPORTER,
    LABORATORY,
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
    under,
    use,
    used,
    voiding,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from datetime import datetime

    from ledger.quantity import Quantity
    from ledger.statement.authoring import Made
    from ledger.store.committer import Outcome
    from ledger.store.port import LockedLog, Recorded, Store

_LONG: Final = 30.0  # seconds: a test that needs them has failed
A: Final = ItemId("item:A")
B: Final = ItemId("item:B")
C: Final = ItemId("item:C")
ANNEX: Final = SiteId("site:annex")
NEWCOMER: Final = author("party:newcomer", Role.LABORATORY)
UNAPPROVED: Final = "GAT-15"
"""The breach that a use for another purpose than the approved one is."""


@pytest.fixture
def clock() -> TestClock:
    """The ledger's clock."""
    return TestClock()


@pytest.fixture
def ledger(store: Store, clock: TestClock) -> Iterator[Ledger]:
    """A ledger with three vials of 10 mL at the laboratory's bench."""
    with closing(open_ledger(store, clock)) as ledger:
        record_all(ledger, to_the_bench(A, B, C))
        yield ledger


def left(ledger: Ledger, item: ItemId) -> str:
    """Return how much is left in a vial, folded from the log."""
    worlds = Worlds()
    with ledger.store.locked() as log:
        worlds.load(log, [Tag(item)])
        return str(worlds.world(START).item(item).quantity)


def misuse(item: ItemId, value: str, *, acknowledged: bool = False) -> Made:
    """Return a use for a purpose that is not approved."""
    body = used(item, value, purpose="curiosity")
    return state(body, LABORATORY, acknowledges={UNAPPROVED: "ordered"} if acknowledged else None)


@cache
def too_large() -> Made:
    """Return a use that just fits into an envelope, and with the ledger's header not into an entry."""
    for digests in range(965, 0, -1):
        with suppress(Malformed):
            return state(used(A, "1"), LABORATORY, disclose={str(number): 0 for number in range(digests)})
    raise AssertionError


def recorded(ledger: Ledger, said: Submission) -> str:
    """Hand a statement in, and return what came of it in a word."""
    try:
        return told(ledger.record(said))
    except LedgerError as error:
        return told(error)


@contextmanager
def beside(ledger: Ledger) -> Iterator[Ledger]:
    """Yield another ledger over the same store, as another process has one."""
    other = open_ledger(ledger.store)
    yield other
    other._intake.close()


# The same again


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
    own = record(kind="state.published/1")
    append(ledger.store, own)
    with pytest.raises(Conflict, match=own.statement):
        ledger.record(handed_in(under(own.statement, use(A, "1"), LABORATORY)))


# Neighbours


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


# Judging without recording, and breaches


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
    assert [breach.rule for breach in ledger.record(said).breaches] == [UNAPPROVED]


# Corrections and voidings


def test_a_correction_counts_for_what_follows_in_its_batch(ledger: Ledger, clock: TestClock) -> None:
    wrong = use(A, "1")
    right = use(A, "9", corrects=wrong)
    answers = together(ledger, clock, *map(handed_in, (wrong, use(A, "1"), right, use(A, "1"), use(B, "1"))))
    assert [told(one) for one in answers] == ["recorded", "recorded", "recorded", "GAT-03", "recorded"]
    assert (left(ledger, A), left(ledger, B)) == ("0 mL", "9 mL")


def test_a_voiding_counts_for_what_follows_in_its_batch(ledger: Ledger, clock: TestClock) -> None:
    wrong = use(A, "10")
    answers = together(ledger, clock, *map(handed_in, (wrong, use(A, "4"), voiding(wrong), use(A, "4"), use(A, "7"))))
    assert [told(one) for one in answers] == ["recorded", "GAT-03", "recorded", "recorded", "PRT-02"]
    assert left(ledger, A) == "6 mL"


@pytest.mark.rule("COR-01")
@pytest.mark.parametrize("apart", [False, True])
def test_what_is_corrected_or_voided_is_not_so_again(ledger: Ledger, clock: TestClock, *, apart: bool) -> None:
    first, second = use(A, "1"), use(B, "1")
    right = use(A, "2", corrects=first)
    better = use(A, "3", corrects=right)
    statements = [
        *(first, second, right, use(A, "4", corrects=first), voiding(first), better, voiding(right)),
        *(voiding(second), voiding(second), use(B, "5", corrects=second)),
    ]
    if apart:
        answers = [answer_of(ledger.submit(handed_in(one))) for one in statements]
    else:
        answers = together(ledger, clock, *map(handed_in, statements))
    told_to = ["recorded"] * 3 + ["COR-01"] * 2 + ["recorded", "COR-01", "recorded", "COR-01", "COR-01"]
    assert [told(one) for one in answers] == told_to
    assert (left(ledger, A), left(ledger, B)) == ("7 mL", "10 mL")


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
    broken = RulePacks(tuple(replace(pack, units=BrokenUnits()) for pack in PACKS.packs))
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


# Times, sizes, the end


def test_recorded_times_never_go_back_when_the_clock_does(ledger: Ledger, clock: TestClock) -> None:
    times = []
    for step in (10, -3600, 5, 0, 20):
        clock.time = START + timedelta(seconds=step)
        recorded = ledger.record(handed_in(use(A, "0.1"))).event
        assert recorded
        times.append((recorded.recorded - START).total_seconds())
    assert times == [10, 10, 10, 10, 20]


def test_a_ledger_opened_anew_goes_on_where_the_other_ended(ledger: Ledger) -> None:
    with beside(ledger) as other:
        for value, told_to in (("4", "recorded"), ("4", "recorded"), ("4", "PRT-02")):
            assert told(answer_of(other.submit(handed_in(use(A, value))))) == told_to
        assert told(answer_of(ledger.submit(handed_in(use(A, "4"))))) == "PRT-02"
        assert told(answer_of(ledger.submit(handed_in(use(A, "2"))))) == "recorded"


def test_closing_answers_what_is_queued_and_takes_nothing_more(ledger: Ledger, clock: TestClock) -> None:
    with clock.held() as asked:
        waiting = [ledger.submit(handed_in(use(A, "0.1")))]
        assert asked.wait(_LONG)
        waiting += [ledger.submit(handed_in(use(A, "0.1"))) for _ in range(10)]
        closing_it = Thread(target=ledger._intake.close)
        closing_it.start()
    closing_it.join(_LONG)
    assert [told(one.result(0)) for one in waiting] == ["recorded"] * 11
    with pytest.raises(Unavailable, match="shutting down"):
        ledger.submit(handed_in(use(A, "0.1")))
    ledger._intake.close()


def test_no_caller_is_left_waiting_by_a_closing_at_the_same_time(store: Store) -> None:
    ledger = open_ledger(store)
    said = handed_in(opening())

    def hand_in_until_closed(_: int) -> list[Future[Outcome]]:
        waiting: list[Future[Outcome]] = []
        with suppress(Unavailable):
            while True:
                waiting.append(ledger.submit(said))
        return waiting

    with ThreadPoolExecutor(4) as callers:
        handed = [callers.submit(hand_in_until_closed, number) for number in range(4)]
        ledger.record(said)
        ledger._intake.close()
        assert all(one.done() for caller in handed for one in caller.result(_LONG))


def test_a_caller_that_goes_away_stops_nobody(ledger: Ledger, clock: TestClock) -> None:
    with clock.held():
        gone, other = ledger.submit(handed_in(use(A, "1"))), ledger.submit(handed_in(use(A, "1")))
        gone.cancel()
    assert told(answer_of(other)) == "recorded"
    assert told(ledger.record(handed_in(use(A, "1")))) == "recorded"


# Who asks for much work


class CountingLog:
    """A log under its lock that notes what is read of it for a rewriting."""

    def __init__(self, log: LockedLog) -> None:
        """Stand before a log."""
        self._log = log
        self.asked: list[Tag] = []

    def __getattr__(self, name: str) -> object:
        """Do all else as the log does."""
        return getattr(self._log, name)

    def concerning(self, wanted: Mapping[Tag, Collection[str]]) -> Sequence[Recorded]:
        """Note the tags."""
        self.asked += wanted
        return self._log.concerning(wanted)


@pytest.mark.rule("COR-02", "COR-03")
def test_nothing_of_what_is_corrected_is_folded_for_those_who_may_not(store: Store, ledger: Ledger) -> None:
    target = use(A, "1")
    record_all(ledger, [target])
    stranger = author("party:nobody", Role.OPERATOR)
    first = opening(stranger)
    body = LogOpened(
        party=stranger.party,
        name="X",
        key=key_tag(stranger.signer.thumbprint),
        spki=encode_base64(stranger.signer.spki),
        alg=stranger.signer.alg,
        person=stranger.person,
    )
    opened_again = state(body, stranger, corrects=target.id, reason="misread")
    foreign = voiding(target, IMPORTER)
    for made, rule in ((first, "ENR-01"), (opened_again, "COR-03"), (foreign, "COR-02")):
        verified = ledger._intake.verify(handed_in(made))
        with store.locked() as log:
            counting, worlds = CountingLog(log), Worlds()
            worlds.catch_up(log)
            bench = Bench(cast("LockedLog", counting), worlds, PACKS.at_instant("CN", START), START)
            with pytest.raises(Refused, match=rule):
                judge(bench, verified.said, verified.named)
        assert not {tag for tag in counting.asked if tag.startswith(("site:", "approval:", "consignment:"))}
        assert rule == "COR-02" or Tag(A) not in counting.asked
