"""The events of the log as the record has read them: those of a subject once for many requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.ids import type_of
from projections.folding.past import Stored
from projections.own_kinds import ASKED_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from api.access.record import AtHead
    from api.access.shown import Shown
    from ledger.domain.judging import Event
    from ledger.ids import Tag
    from ledger.store.port import Readable

    Telling = Callable[[Tag, Collection[str]], Iterable[Event[Any]]]
    """The events of a subject that are of some kinds, oldest first."""


class KeptRead:
    """Where what is owed is computed from: as ``past.Kept`` says."""

    def __init__(self, store: Readable, told: Telling, upto: int) -> None:
        """Read nothing yet. told: what was read already, of kinds in ``ASKED_KINDS``. upto: the last position."""
        self._stored = Stored(store)
        self._told = told
        self._upto = upto

    def about(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[tuple[Event[Any], bytes]]:
        """Yield events, oldest first; of what was read without the hash of their entries, which nothing asks for."""
        if not all(ASKED_KINDS[type_of(tag)].issuperset(kinds) for tag, kinds in wanted.items()):
            return (one for one in self._stored.about(wanted, after) if one[0].position <= self._upto)
        told = (event for tag, kinds in wanted.items() for event in self._told(tag, kinds))
        found = {event.position: event for event in told if event.position > after}
        return ((found[position], b"") for position in sorted(found))


def kept_shown(store: Shown) -> KeptRead:
    """Return the events that a reader is shown. store: as they are shown it."""
    return KeptRead(store, store.told, store.head())


def kept_whole(store: Readable, record: AtHead) -> KeptRead:
    """Return all events up to where a record stands, whoever reads."""
    return KeptRead(
        store,
        lambda tag, kinds: (event for event in record.told(tag) if event.said.kind in kinds),
        record.position,
    )
