"""The events that a reader is shown, as the record has read them: those of a subject once for many requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.ids import type_of
from projections.folding.past import Stored
from projections.own_kinds import ASKED_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from api.access.record import AtHead
    from api.access.shown import Shown
    from ledger.domain.judging import Event
    from ledger.ids import Tag
    from ledger.store.port import Readable


class KeptShown:
    """Where what is owed is computed from, for one reader: as ``past.Kept`` says."""

    def __init__(self, store: Shown) -> None:
        """Read nothing yet. store: as the reader is shown it."""
        self._store = store
        self._stored = Stored(store)

    def about(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[tuple[Event[Any], bytes]]:
        """Yield events, oldest first; without the hash of their entries, which is held against nothing here."""
        if not all(ASKED_KINDS[type_of(tag)].issuperset(kinds) for tag, kinds in wanted.items()):
            return self._stored.about(wanted, after)
        told = (event for tag, kinds in wanted.items() for event in self._store.told(tag, kinds))
        found = {event.position: event for event in told if event.position > after}
        return ((found[position], b"") for position in sorted(found))


class KeptWhole:
    """The events of the log up to where a record stands, whoever reads: as ``past.Kept`` says."""

    def __init__(self, store: Readable, record: AtHead) -> None:
        """Read nothing yet."""
        self._record = record
        self._stored = Stored(store)

    def about(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[tuple[Event[Any], bytes]]:
        """Yield events, oldest first; of what the record has read without the hash of their entries."""
        if not all(ASKED_KINDS[type_of(tag)].issuperset(kinds) for tag, kinds in wanted.items()):
            return (one for one in self._stored.about(wanted, after) if one[0].position <= self._record.position)
        found = {
            event.position: event
            for tag, kinds in wanted.items()
            for event in self._record.told(tag)
            if event.position > after and event.said.kind in kinds
        }
        return ((found[position], b"") for position in sorted(found))
