"""The index in memory and the index in pages are one index, whatever happens to whatever tags."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.tlog.index import EMPTY
from ledger.tlog.pages import MemoryPages, extend_index
from ledger.tlog.whole_index import WholeIndex

if TYPE_CHECKING:
    from collections.abc import Collection

Batches = list[list["Collection[str]"]]

TAGS = st.frozensets(st.integers(1, 60).map(lambda number: f"item:{number}"), max_size=4)


@settings(deadline=None)
@given(batches=st.lists(st.lists(TAGS, max_size=12), max_size=8))
def test_roots_and_pages_are_those_that_a_publisher_keeps(batches: Batches) -> None:
    stored, root, kept = MemoryPages(), EMPTY, dict[str, bytes]()
    whole, position, seen = WholeIndex(), 0, set[str]()
    for batch in batches:
        events = []
        for tags in batch:
            position += 1
            leaf = hashlib.sha256(b"%d" % position).digest()
            events.append((position, leaf, tags))
            whole.add(position, leaf, tags)
            seen.update(tags)
        grown = extend_index(root, stored, events)
        stored.write(grown.pages)
        kept |= grown.pages
        root = grown.root
        assert whole.root() == root
        assert whole.names == len(seen)
        assert dict(whole.pages()) == (kept if seen else {})
