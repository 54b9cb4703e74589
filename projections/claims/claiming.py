"""Claiming an answer: from a log to the answer in its form, with the subjects that its bundle has to hold."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ledger.domain.fold import VOIDED, initial
from ledger.domain.status import STATUS
from ledger.evidence.bundle.answer import encode_answer
from ledger.evidence.export import Answered
from ledger.store.deciding.earlier import event_of
from projections.claims.asking import follow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ledger.domain.judging import Event
    from ledger.evidence.bundle.answer import Claimed
    from ledger.ids import Tag
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Readable
    from ledger.store.port import Recorded as Entry
    from projections.claims.asking import Follows


class Recorded:
    """The events of a log up to a position, and those behind it; each subject is read once, and each event."""

    def __init__(self, store: Readable, as_of: int, size: int) -> None:
        """Read from a store. as_of: what was recorded behind that position is later; behind size, it is left out."""
        self._store, self._as_of, self._size = store, as_of, size
        self._about: dict[Tag, Sequence[Event[Any]]] = {}
        self._events: dict[int, Event[Any]] = {}

    def about(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that bear a tag, oldest first."""
        if tag not in self._about:
            self._about[tag] = self._read(tag)
        return self._about[tag]

    def later(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that bear a tag behind the position, oldest first."""
        recorded = takewhile(lambda one: one.position <= self._size, self._store.about(tag))
        return [self._event(one) for one in recorded if one.position > self._as_of]

    def ruling(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that count for the status of a tag, oldest first."""
        kinds = next((kinds for subject, kinds in STATUS.items() if isinstance(initial(tag), subject)), frozenset())
        return [event for event in self._read(tag, kinds | {VOIDED}) if tag in event.status]

    def _read(self, tag: Tag, kinds: Collection[str] = ()) -> list[Event[Any]]:
        recorded = self._store.about(tag, kinds=frozenset(kinds))
        return [self._event(one) for one in takewhile(lambda one: one.position <= self._as_of, recorded)]

    def _event(self, one: Entry) -> Event[Any]:
        if one.position not in self._events:
            self._events[one.position] = event_of(one)
        return self._events[one.position]


def claim(store: Readable, asked: Claimed, size: int, packs: RulePacks) -> tuple[Follows, Answered]:
    """Return what follows from a log, and how it is claimed in a bundle.

    asked: what is asked, as of which position; its rows and editions are not looked at. size: of the checkpoint.

    Raises NotFound: as ``follow``. IntegrityFailed, TooOld: an entry that it rests on cannot be read.
    """
    follows = follow(asked, Recorded(store, asked.as_of, size), packs)
    needs = follows.needs
    return follows, Answered(encode_answer(follows.claimed), needs.whole, needs.ruled)
