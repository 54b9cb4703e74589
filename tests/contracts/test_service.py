"""What the ledger checks before a statement reaches the committer, and what it keeps beside it."""

from __future__ import annotations

from contextlib import closing
from threading import Event
from typing import TYPE_CHECKING, Final, cast

import pytest

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.domain.registry.parties import RoleGranted
from ledger.errors import Malformed, NotTrusted, Refused, Unavailable
from ledger.ids import ItemId, key_tag
from ledger.service import Submission
from ledger.statement.entries.entry import parse_entry
from ledger.statement.form.disclosure import digest_of, make_disclosure, read_disclosure
from ledger.store.memory import MemoryStore
from ledger.verification.log import verify_log
from tests.authors import OPERATOR, author
from tests.imports import (
    LABORATORY,
    PACKS,
    WITNESS,
    TestClock,
    answer_of,
    enrolled,
    grant,
    handed_in,
    open_ledger,
    opening,
    record_all,
    registration,
    state,
    to_the_bench,
    together,
    told,
    use,
    used,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.ids import Tag
    from ledger.service import Ledger
    from ledger.statement.authoring import Author, Made
    from ledger.store.port import Recorded, Store

_LONG: Final = 30.0  # seconds: a test that needs them has failed
A: Final = ItemId("item:A")
NEWCOMER: Final = author("party:newcomer", Role.CARRIER)


@pytest.fixture
def ledger(store: Store, clock: TestClock) -> Iterator[Ledger]:
    """A ledger with a vial of 10 mL at the laboratory's bench."""
    with closing(open_ledger(store, clock)) as ledger:
        record_all(ledger, to_the_bench(A))
        yield ledger


def revocation(who: Author) -> Made:
    """Return the revocation of an author's key by the operator."""
    return state(KeyRevoked(key=key_tag(who.signer.thumbprint), ground="lost"), OPERATOR)


# Who speaks, and to which log


@pytest.mark.rule("GEN-11")
def test_a_statement_for_another_log_is_refused(ledger: Ledger) -> None:
    before = ledger.store.head()
    elsewhere = handed_in(state(used(A, "1"), LABORATORY, log="ledger.example/log2"))
    for hand_in in (ledger.record, ledger.check):
        with pytest.raises(Refused, match=r"GEN-11.*ledger\.example/log2"):
            hand_in(elsewhere)
    assert ledger.store.head() == before


@pytest.mark.rule("GEN-11")
def test_a_log_is_not_opened_by_the_opening_of_another(store: Store) -> None:
    with closing(open_ledger(store)) as ledger, pytest.raises(Refused, match="GEN-11"):
        ledger.record(handed_in(opening(log="ledger.example/log2")))


def test_an_unknown_key_is_not_trusted_and_one_that_is_enrolled_later_is(ledger: Ledger) -> None:
    statement = handed_in(state(used(A, "1"), LABORATORY))
    unknown = handed_in(state(RoleGranted(party=NEWCOMER.party, role=Role.BROKER), NEWCOMER))
    with pytest.raises(NotTrusted, match="KEY-16"):
        ledger.record(unknown)
    record_all(ledger, [registration(NEWCOMER), grant(NEWCOMER), state(enrolled(NEWCOMER), OPERATOR, NEWCOMER)])
    with pytest.raises(Refused, match="GEN-07"):
        ledger.record(unknown)
    assert told(ledger.record(statement)) == "recorded"


def test_a_statement_waits_for_the_enrolment_of_its_key_that_was_handed_in_before(
    ledger: Ledger, clock: TestClock
) -> None:
    admitted = [registration(NEWCOMER), grant(NEWCOMER), state(enrolled(NEWCOMER), OPERATOR, NEWCOMER)]
    by_it = state(RoleGranted(party=NEWCOMER.party, role=Role.BROKER), NEWCOMER)
    with clock.held() as asked:
        first = ledger.submit(handed_in(use(A, "1")))
        assert asked.wait(_LONG)  # the committer is busy: nothing of what follows is decided yet
        waiting = [ledger.submit(handed_in(one)) for one in (*admitted, by_it, use(A, "1"))]
        assert not waiting[3].done()
    assert [told(answer_of(one)) for one in (first, *waiting)] == [
        *["recorded"] * 4,
        "GEN-07",
        "recorded",
    ]


def test_an_unknown_key_is_told_at_once_while_others_are_being_recorded(ledger: Ledger, clock: TestClock) -> None:
    with clock.held() as asked:
        busy = ledger.submit(handed_in(use(A, "1")))
        assert asked.wait(_LONG)
        stranger = ledger.submit(handed_in(state(used(A, "1"), NEWCOMER)))
        assert told(answer_of(stranger)) == "KEY-16"
        assert not busy.done()
    assert told(answer_of(busy)) == "recorded"


def test_what_cannot_even_be_looked_at_is_told_to_its_caller_alone(ledger: Ledger) -> None:
    with pytest.raises(TypeError):
        ledger.record(Submission(cast("bytes", 7)))
    assert told(ledger.record(handed_in(use(A, "1")))) == "recorded"


def test_a_key_does_not_vouch_for_another_statement_than_its_enrolment(ledger: Ledger) -> None:
    record_all(ledger, [registration(NEWCOMER), grant(NEWCOMER)])
    alone = handed_in(state(enrolled(NEWCOMER), NEWCOMER))
    with pytest.raises(Refused, match="ENR-03"):
        ledger.record(alone)
    with pytest.raises(NotTrusted, match="KEY-16"):
        ledger.record(handed_in(state(enrolled(LABORATORY), NEWCOMER)))
    with pytest.raises(NotTrusted, match="KEY-16"):
        ledger.record(handed_in(state(RoleGranted(party=NEWCOMER.party, role=Role.BROKER), NEWCOMER)))


def test_a_signature_that_does_not_verify_changes_nothing(ledger: Ledger) -> None:
    before = ledger.store.head()
    one, other = use(A, "1"), use(A, "1")
    forged = one.envelope[: one.envelope.index(b'"sig"')] + other.envelope[other.envelope.index(b'"sig"') :]
    with pytest.raises(NotTrusted, match="KEY-15"):
        ledger.record(Submission(forged))
    assert ledger.store.head() == before


@pytest.mark.rule("GEN-04")
def test_a_revocation_is_not_raced(ledger: Ledger, clock: TestClock) -> None:
    statements = [use(A, "1"), revocation(LABORATORY), use(A, "1"), revocation(LABORATORY), use(A, "1")]
    answers = together(ledger, clock, *map(handed_in, statements))
    assert [told(one) for one in answers] == ["recorded", "recorded", "GEN-04", "ENR-07", "GEN-04"]
    assert told(answer_of(ledger.submit(handed_in(use(A, "1"))))) == "GEN-04"
    # What it signed before stands, and handing it in again still finds it.
    assert told(ledger.record(handed_in(statements[0]))) == "repeated"


@pytest.mark.rule("GEN-04")
def test_a_revoked_witness_is_refused_too(ledger: Ledger, clock: TestClock) -> None:
    both = state(used(A, "1"), LABORATORY, WITNESS)
    answers = together(ledger, clock, handed_in(revocation(WITNESS)), handed_in(both), handed_in(use(A, "1")))
    assert [told(one) for one in answers] == ["recorded", "GEN-04", "recorded"]


# What travels beside an envelope


def test_a_disclosure_that_the_statement_does_not_commit_to_is_malformed(ledger: Ledger) -> None:
    before = ledger.store.head()
    noted = state(used(A, "1"), LABORATORY, disclose={"note": "a drop spilt"})
    wrong = make_disclosure("note", "nothing spilt").text
    twice = noted.disclosures[0]
    for disclosures, rule in (((wrong,), "STM-63"), ((twice, twice), "STM-64"), (("~",), "STM-60")):
        with pytest.raises(Malformed, match=rf"{rule}: disclosures\[\d\]"):
            ledger.record(Submission(noted.envelope, disclosures))
    with pytest.raises(Malformed, match="STM-63"):
        ledger.record(Submission(use(A, "1").envelope, (wrong,)))
    assert ledger.store.head() == before


def test_disclosures_are_kept_and_can_be_erased_without_breaking_anything(ledger: Ledger) -> None:
    noted = state(used(A, "1"), LABORATORY, disclose={"note": "a drop spilt", "name": "Zhang San"})
    ledger.record(handed_in(noted))
    kept = ledger.store.disclosures(noted.id)
    assert {read_disclosure(text).name: read_disclosure(text).value for text in kept} == {
        "note": "a drop spilt",
        "name": "Zhang San",
    }
    entries = [event.entry for event in ledger.store.read()]
    assert not any(b"Zhang" in parse_entry(entry).data or b"drop" in parse_entry(entry).data for entry in entries)
    assert ledger.store.erase([digest_of(kept[0])]) == 1
    assert ledger.store.disclosures(noted.id) == kept[1:]
    assert [event.entry for event in ledger.store.read()] == entries
    assert told(ledger.record(handed_in(noted))) == "repeated"
    assert ledger.store.disclosures(noted.id) == kept[1:]  # what is erased does not come back
    record_all(ledger, [use(A, "1")])
    assert not any(one.difference for one in verify_log(ledger.store.read(), ledger.store.origin, PACKS))


def test_withheld_disclosures_are_no_fault(ledger: Ledger) -> None:
    noted = state(used(A, "1"), LABORATORY, disclose={"note": "a drop spilt"})
    assert told(ledger.record(Submission(noted.envelope))) == "recorded"
    assert ledger.store.disclosures(noted.id) == []


# Many at once


def test_many_are_answered_in_their_order_however_many_they_are(ledger: Ledger) -> None:
    good, broken = use(A, "0.01"), Submission(b"{}")
    many = [handed_in(use(A, "99")) if number % 3 else broken for number in range(300)]
    answers = list(ledger.record_many([*many, handed_in(good)]))
    assert [told(one) for one in answers] == ["PRT-02" if number % 3 else "STM-16" for number in range(300)] + [
        "recorded"
    ]


class _Silent(MemoryStore):
    """A store that gives no answer about any key, once all is handed in."""

    asked = 0

    def __init__(self, handed_in: Event) -> None:
        super().__init__("ledger.example/log1")
        self._handed_in = handed_in

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        self.asked += 1
        self._handed_in.wait(_LONG)
        raise Unavailable("silent")


def test_a_store_that_is_silent_is_not_asked_again_for_each_statement_that_waits() -> None:
    handed_in = Event()
    store = _Silent(handed_in)
    with closing(open_ledger(store)) as ledger:
        waiting = [ledger.submit(Submission(registration(LABORATORY).envelope)) for _ in range(20)]
        handed_in.set()
        assert all(isinstance(one.exception(_LONG), Unavailable) for one in waiting)
    assert store.asked <= 2
