"""Claiming an answer: from a log to the answer in its form, with the subjects that its bundle has to hold."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ledger.domain.fold import VOIDED, initial
from ledger.domain.status import STATUS
from ledger.evidence.answer import encode_answer
from ledger.evidence.export import Answered
from ledger.store.deciding.earlier import event_of
from projections.claims.asking import follow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ledger.domain.judging import Event
    from ledger.evidence.answer import Claimed
    from ledger.ids import Tag
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Store
    from projections.claims.asking import Follows


class Recorded:
    """The events of a log up to a position; each subject is read once."""

    def __init__(self, store: Store, as_of: int) -> None:
        """Read from a store. as_of: what was recorded behind that position is left out."""
        self._store, self._as_of = store, as_of
        self._about: dict[Tag, Sequence[Event[Any]]] = {}

    def about(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that bear a tag, oldest first."""
        if tag not in self._about:
            self._about[tag] = self._read(tag)
        return self._about[tag]

    def ruling(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that count for the status of a tag, oldest first."""
        kinds = next((kinds for subject, kinds in STATUS.items() if isinstance(initial(tag), subject)), frozenset())
        return [event for event in self._read(tag, kinds | {VOIDED}) if tag in event.status]

    def _read(self, tag: Tag, kinds: Collection[str] = ()) -> list[Event[Any]]:
        recorded = self._store.about(tag, kinds=frozenset(kinds))
        return list(map(event_of, takewhile(lambda one: one.position <= self._as_of, recorded)))


def claim(store: Store, asked: Claimed, packs: RulePacks) -> tuple[Follows, Answered]:
    """Return what follows from a log, and how it is claimed in a bundle.

    asked: what is asked, as of which position; its rows and editions are not looked at.

    Raises NotFound: as ``follow``. IntegrityFailed, TooOld: an entry that it rests on cannot be read.
    """
    follows = follow(asked, Recorded(store, asked.as_of), packs)
    needs = follows.needs
    return follows, Answered(encode_answer(follows.claimed), needs.whole, needs.ruled)
