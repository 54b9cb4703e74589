"""The events that a reader is shown, as the record has read them: those of a subject once for many requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.ids import type_of
from projections.folding.past import Stored
from projections.own_kinds import ASKED_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from api.access.shown import Shown
    from ledger.domain.judging import Event
    from ledger.ids import Tag


class KeptShown:
    """Where what is owed is computed from, for one reader: as ``past.Kept`` says."""

    def __init__(self, store: Shown) -> None:
        """Read nothing yet. store: as the reader is shown it."""
        self._store = store
        self._stored = Stored(store)

    def about(self, tag: Tag, kinds: Collection[str], after: int = 0) -> Iterator[tuple[Event[Any], bytes]]:
        """Yield events, oldest first; without the hash of their entries, which is held against nothing here."""
        if ASKED_KINDS[type_of(tag)].issuperset(kinds):
            return ((event, b"") for event in self._store.told(tag, kinds) if event.position > after)
        return self._stored.about(tag, kinds, after)
