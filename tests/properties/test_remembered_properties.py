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


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_is_remembered_is_what_is_read_anew(data: st.DataObject) -> None:
    store, remembered, said = MemoryStore(ORIGIN), Remembered(), Said()
    with closing(open_ledger(store)) as ledger:
        record_all(ledger, to_the_bench(*ITEMS))
        for _ in range(data.draw(st.integers(2, 12))):
            known, anew = AtHead(store, START, remembered), AtHead(store, START)
            for tag in sorted(subjects(store)):
                assert known.told(tag) == anew.told(tag)
                assert known.steps(tag) == anew.steps(tag)
                assert known.whole(tag) == anew.whole(tag)
            for _ in range(data.draw(st.integers(1, 3))):
                hand_in(data, ledger, said)
