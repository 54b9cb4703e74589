"""What many subjects are called is read in one go, and is what it is where each is asked about alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.telling.labels import Labels
from ledger.ids import Tag
from ledger.statement.catalogue import KINDS
from ledger.store.memory import MemoryStore
from projections.questions.record import Record
from projections.source import Source
from tests.recorded.record import LOGS, ORIGIN
from tests.recorded.storing import put

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ledger.store.port import Recorded


class Counting(MemoryStore):
    """A log that counts how often it is asked about subjects."""

    looks = 0

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        """Yield the events of a subject, and count it."""
        self.looks += 1
        return super().about(tag, after, kinds)

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        """Yield the events of some subjects, and count it once."""
        self.looks += 1
        return super().about_any(wanted, after)


@pytest.fixture(scope="module")
def store() -> Counting:
    """A log with names of all sorts."""
    store = Counting(ORIGIN)
    put(store, max(LOGS.glob("*.xz")))
    return store


def test_however_many_are_asked_about_the_log_is_asked_once(store: Counting) -> None:
    names = Source(store).names
    tags = [str(tag) for tag in Record(Source(store).events(KINDS)).of_type("item")]
    tags += [f"item:NEW-{number}" for number in range(500)]
    store.looks = 0
    found = Labels(lambda: store).of_all(tags)
    assert store.looks == 1
    assert found == {tag: name for tag in sorted(tags) if (name := names.called(Tag(tag))) is not None}
    assert len(found) > 100
