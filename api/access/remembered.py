"""Subjects that were folded before, for all requests of a process: rights are read from them as from the log itself.

What a subject went through follows from the entries of its own kinds that bear its tag, and from nothing else. So it is
kept until there is a later one, and whoever asks at a position first has all entries up to there looked at.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from ledger.ids import type_of
from ledger.statement.entries.entry import parse_known
from projections.own_kinds import ASKED_KINDS

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.ids import Tag
    from ledger.store.port import Store

    Steps = tuple[tuple[Event[Any], Subject, Subject], ...]

    _Which = tuple[Tag, bool]

_MOST_STEPS: Final = 30_000
"""Steps that are kept in all: some kilobytes each."""

_LONGEST_TAIL: Final = 2_000
"""Entries that are looked at for their tags; behind more of them everything is forgotten."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A subject, read. events: all that were read of it, oldest first. steps: those that count and change it."""

    events: tuple[Event[Any], ...]
    steps: Steps

    @property
    def size(self) -> int:
        """Return what it counts for among what is kept."""
        return max(len(self.events), len(self.steps)) + 1


class Remembered:
    """Some subjects, as the log has them up to a position. Any thread uses it."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._lock = Lock()
        self._position = 0
        self._kept: OrderedDict[_Which, tuple[int, Folded]] = OrderedDict()
        self._steps = 0

    def go_on(self, store: Store, position: int) -> None:
        """Forget the subjects that entries up to a position changed, which were not looked at yet."""
        with self._lock:
            behind = position - self._position
            if behind <= 0:
                return
            if behind > _LONGEST_TAIL:
                self._kept.clear()
                self._steps = 0
            elif self._kept:
                for one in store.read(self._position, behind):
                    for tag in parse_known(one.entry).tags:
                        self._forget((tag, True))
                        if one.kind in ASKED_KINDS.get(type_of(tag), ()):
                            self._forget((tag, False))
            self._position = position

    def get(self, tag: Tag, position: int, *, whole: bool = False) -> Folded | None:
        """Return a subject up to a position; None: they are not known, or only as of a later one.

        whole: by all its kinds, and not only by those that rights and duties ask for.
        """
        with self._lock:
            if (found := self._kept.get((tag, whole))) is None or found[0] > position:
                return None
            self._kept.move_to_end((tag, whole))
            return found[1]

    def keep(self, tag: Tag, position: int, found: Folded, *, whole: bool = False) -> None:
        """Keep a subject as it is at a position, if nothing later was looked at meanwhile."""
        with self._lock:
            if position != self._position or (tag, whole) in self._kept:
                return
            self._kept[tag, whole] = (position, found)
            self._steps += found.size
            while self._steps > _MOST_STEPS:
                self._forget(next(iter(self._kept)))

    def _forget(self, which: _Which) -> None:
        if (found := self._kept.pop(which, None)) is not None:
            self._steps -= found[1].size
