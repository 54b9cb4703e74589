"""Subjects that were folded before, for all requests of a process: rights are read from them as from the log itself.

What a subject went through follows from the entries of its own kinds that bear its tag, and from nothing else. So it is
kept, and goes on with a later one that counts behind all before it; any other makes it forgotten. Whoever asks at a
position first has all entries up to there looked at.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from itertools import takewhile
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.fold import counts_last, initial
from ledger.errors import LedgerError
from ledger.ids import type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import parse_known
from ledger.store.columns import plainly_holds
from ledger.store.deciding.earlier import KINDS_FOR
from projections.own_kinds import ASKED_KINDS
from projections.reading import read_checked

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.ids import Tag
    from ledger.store.port import Recorded, Store

    Steps = tuple[tuple[Event[Any], Subject, Subject], ...]

    _Which = tuple[Tag, bool]
    """A subject, and whether whole."""

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

    def until(self, position: int) -> Folded:
        """Return the subject without what came after a position, since which all counted behind all before it."""
        later = sum(1 for _ in takewhile(lambda one: one.position > position, reversed(self.events)))
        if not later:
            return self
        counted = sum(1 for _ in takewhile(lambda one: one[0].position > position, reversed(self.steps)))
        return Folded(self.events[:-later], self.steps[: len(self.steps) - counted])

    def continued(self, tag: Tag, event: Event[Any], *, whole: bool) -> Folded | None:
        """Return the subject with its newest event; None where that does not count behind all others.

        whole: as it is by all its kinds, of which the last step alone is kept.
        """
        events = self.events if whole else (*self.events, event)
        if event.said.kind not in KINDS_FOR[type_of(tag)]:
            return Folded(events, self.steps)
        last, _, before = self.steps[-1] if self.steps else (None, None, initial(tag))
        if not counts_last(initial(tag), last, event, KINDS):
            return None
        step = (event, before, KINDS[event.said.kind].evolve(before, event))
        return Folded(events, (step,) if whole else (*self.steps, step))


class Remembered:
    """Some subjects, as the log has them up to a position. Any thread uses it."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._lock = Lock()
        self._position = 0
        self._kept: OrderedDict[_Which, tuple[int, Folded]] = OrderedDict()
        """By subject since which position it goes on, and what it is by now."""
        self._steps = 0

    def go_on(self, store: Store, position: int) -> None:
        """Go on with the subjects that entries up to a position are about, which were not looked at yet."""
        with self._lock:
            behind = position - self._position
            if behind <= 0:
                return
            if behind > _LONGEST_TAIL:
                self._kept.clear()
                self._steps = 0
            elif self._kept:
                for one in store.read(self._position, behind):
                    self._look_at(one)
            self._position = position

    def get(self, tag: Tag, position: int, *, whole: bool = False) -> Folded | None:
        """Return a subject up to a position; None: it is not known, or only as of a later one.

        whole: by all its kinds, and not only by those that rights and duties ask for.
        """
        with self._lock:
            if (found := self._kept.get((tag, whole))) is None or found[0] > position:
                return None
            self._kept.move_to_end((tag, whole))
            return found[1] if whole else found[1].until(position)

    def keep(self, tag: Tag, position: int, found: Folded, *, whole: bool = False) -> None:
        """Keep a subject as it is at a position, if nothing later was looked at meanwhile."""
        with self._lock:
            if position == self._position and (tag, whole) not in self._kept:
                self._keep((tag, whole), position, found)

    def _look_at(self, recorded: Recorded) -> None:
        plain = plainly_holds(recorded)  # stored as another kind, it would change nobody that it changes in truth
        for tag in parse_known(recorded.entry).tags:
            asked = not plain or recorded.kind in ASKED_KINDS.get(type_of(tag), ())
            for which in ((tag, True), (tag, False)) if asked else ((tag, True),):
                since, found = self._forget(which)
                if found is not None and (new := _continued(found, which, recorded)) is not None:
                    self._keep(which, recorded.position if which[1] else since, new)

    def _keep(self, which: _Which, since: int, found: Folded) -> None:
        self._kept[which] = (since, found)
        self._steps += found.size
        while self._steps > _MOST_STEPS:
            self._forget(next(iter(self._kept)))

    def _forget(self, which: _Which) -> tuple[int, Folded | None]:
        if (kept := self._kept.pop(which, None)) is None:
            return 0, None
        self._steps -= kept[1].size
        return kept


def _continued(found: Folded, which: _Which, recorded: Recorded) -> Folded | None:
    """Return a subject with an entry more; None where it is to be read anew, and who reads is told what is wrong."""
    try:
        event = read_checked(recorded)
    except LedgerError:
        return None
    tag, whole = which
    if not whole and event.said.kind not in ASKED_KINDS.get(type_of(tag), ()):
        return found  # by its own bytes it is of no kind that is asked for
    return found.continued(tag, event, whole=whole)
