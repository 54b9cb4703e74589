"""Subjects that a process remembers: whatever is recorded, they are what is read of them anew."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from api.access.record import AtHead
from api.access.remembered import Remembered
from ledger.ids import type_of
from ledger.statement.entries.entry import parse_known
from ledger.store.memory import MemoryStore
from projections.own_kinds import ASKED_KINDS
from tests.authors import START
from tests.imports import open_ledger, record_all, to_the_bench
from tests.properties.test_views import hand_in
from tests.properties.test_worlds import ITEMS, Said
from tests.servers import ORIGIN

if TYPE_CHECKING:
    from ledger.ids import Tag

_STATES: Final = frozenset(ASKED_KINDS)


def subjects(store: MemoryStore) -> set[Tag]:
    """Return the tags of a log that have states."""
    return {tag for one in store.read() for tag in parse_known(one.entry).tags if type_of(tag) in _STATES}


def read(record: AtHead, store: MemoryStore) -> dict[Tag, object]:
    """Return of each subject of a log what a record reads of it."""
    return {tag: (record.told(tag), record.steps(tag), record.whole(tag)) for tag in subjects(store)}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_is_remembered_is_what_is_read_anew_by_who_reads_at_an_earlier_position_too(data: st.DataObject) -> None:
    store, remembered, said = MemoryStore(ORIGIN), Remembered(), Said()
    with closing(open_ledger(store)) as ledger:
        record_all(ledger, to_the_bench(*ITEMS))
        for _ in range(data.draw(st.integers(2, 12))):
            early = AtHead(store, START, remembered)
            before = read(AtHead(store, START), store)
            for _ in range(data.draw(st.integers(1, 3))):
                hand_in(data, ledger, said)
            assert read(AtHead(store, START, remembered), store) == read(AtHead(store, START), store)
            assert {tag: one for tag, one in read(early, store).items() if tag in before} == before
