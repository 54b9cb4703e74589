"""Subjects that were folded before, for all requests of a process: rights are read from them as from the log itself.

What a subject went through follows from the entries that bear its tag, and from nothing else. So it is kept until a
later entry bears that tag, and whoever asks at a position first has all entries up to there looked at.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Final

from ledger.statement.entries.entry import parse_known

if TYPE_CHECKING:
    from api.access.record import Steps
    from ledger.ids import Tag
    from ledger.store.port import Store

_MOST_STEPS: Final = 30_000
"""Steps that are kept in all: some kilobytes each."""

_LONGEST_TAIL: Final = 2_000
"""Entries that are looked at for their tags; behind more of them everything is forgotten."""


class Remembered:
    """The steps of some subjects, as the log has them up to a position. Any thread uses it."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._lock = Lock()
        self._position = 0
        self._kept: OrderedDict[Tag, tuple[int, Steps]] = OrderedDict()
        self._steps = 0

    def go_on(self, store: Store, position: int) -> None:
        """Forget the subjects that entries up to a position bear, which were not looked at yet."""
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
                        self._forget(tag)
            self._position = position

    def get(self, tag: Tag, position: int) -> Steps | None:
        """Return the steps of a subject up to a position; None: they are not known, or only as of a later one."""
        with self._lock:
            if (found := self._kept.get(tag)) is None or found[0] > position:
                return None
            self._kept.move_to_end(tag)
            return found[1]

    def keep(self, tag: Tag, position: int, steps: Steps) -> None:
        """Keep the steps of a subject as they are at a position, if nothing later was looked at meanwhile."""
        with self._lock:
            if position != self._position or tag in self._kept:
                return
            self._kept[tag] = (position, steps)
            self._steps += len(steps) + 1
            while self._steps > _MOST_STEPS:
                self._forget(next(iter(self._kept)))

    def _forget(self, tag: Tag) -> None:
        if (found := self._kept.pop(tag, None)) is not None:
            self._steps -= len(found[1]) + 1
