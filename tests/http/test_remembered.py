"""What a process remembers of subjects is what the log says of them, at every position, whatever is recorded later."""

from __future__ import annotations

from typing import Final

from api.access.record import AtHead
from api.access.remembered import Remembered
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.ids import Tag, key_tag
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.store.deciding.permit import Permit
from ledger.store.memory import MemoryStore
from tests.authors import OPERATOR, ORIGIN, START, SteppingClock, admissions, author, made, opening

LAB: Final = author("party:lab-1", Role.LABORATORY)
KEY: Final = Tag(key_tag(LAB.signer.thumbprint))


def begun() -> tuple[Ledger, MemoryStore]:
    store = MemoryStore(ORIGIN)
    ledger = Ledger(store, load_packs(), permit=Permit(SteppingClock()))
    for one in (opening(), *admissions(LAB)):
        ledger.record(one)
    return ledger, store


def test_a_subject_is_folded_once_and_anew_when_an_entry_bears_its_tag() -> None:
    ledger, store = begun()
    remembered = Remembered()
    first = AtHead(store, START, remembered)
    steps = first.steps(KEY)
    assert AtHead(store, START, remembered).steps(KEY) is steps
    ledger.record(made(KeyRevoked(key=key_tag(LAB.signer.thumbprint), ground="lost"), OPERATOR))
    assert not first.world.key(key_tag(LAB.signer.thumbprint)).revoked  # it reads as of where it began
    assert AtHead(store, START, remembered).world.key(key_tag(LAB.signer.thumbprint)).revoked


def test_who_reads_as_of_an_earlier_position_is_not_told_what_came_later() -> None:
    ledger, store = begun()
    remembered = Remembered()
    early = AtHead(store, START, remembered)
    ledger.record(made(KeyRevoked(key=key_tag(LAB.signer.thumbprint), ground="lost"), OPERATOR))
    late = AtHead(store, START, remembered)
    assert late.world.key(key_tag(LAB.signer.thumbprint)).revoked
    assert not early.world.key(key_tag(LAB.signer.thumbprint)).revoked
    assert AtHead(store, START, remembered).world.key(key_tag(LAB.signer.thumbprint)).revoked


def test_what_was_read_before_an_entry_came_is_not_kept_behind_it() -> None:
    ledger, store = begun()
    remembered = Remembered()
    early = AtHead(store, START, remembered)
    ledger.record(made(KeyRevoked(key=key_tag(LAB.signer.thumbprint), ground="lost"), OPERATOR))
    remembered.go_on(store, store.head())
    assert len(early.steps(KEY)) == 1
    assert len(AtHead(store, START, remembered).steps(KEY)) == 2


def test_a_subject_that_is_remembered_goes_on_with_what_is_recorded_of_it_and_is_not_read_again() -> None:
    ledger, store = begun()
    remembered = Remembered()
    before = AtHead(store, START, remembered).steps(KEY)
    ledger.record(made(KeyRevoked(key=key_tag(LAB.signer.thumbprint), ground="lost"), OPERATOR))
    after = AtHead(store, START, remembered).steps(KEY)
    assert [event is kept for (event, *_), (kept, *_) in zip(before, after, strict=False)] == [True]
    assert len(after) == 2
