"""Rebuilding: all events folded in memory, only final rows written, beside the views that are followed meanwhile."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Final

from ledger.errors import Conflict
from ledger.statement.quick import make_ready
from projections.database.making import Making
from projections.database.tables import Standing, Tables
from projections.folding.applying import Applying
from projections.folding.bound import Bound
from projections.folding.editions import Begun
from projections.folding.outcome import Outcome
from projections.folding.past import Stored
from projections.folding.whole import Whole
from projections.running.following import MOST
from projections.running.sharing import processes_for, share
from projections.views.catalogue import version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from ledger.ids import Tag
    from ledger.store.port import Recorded
    from projections.database.session import Session
    from projections.folding.applying import Noting
    from projections.running.log import Log

_TOLD_EVERY: Final = 1_000  # events

_READING: Final = 3
"""Of all the work, reading is one part of so many."""

_SAYING_EVERY: Final = 0.1  # seconds


@contextmanager
def whole() -> Iterator[None]:
    """Let the collector of cycles rest for a with block.

    What is read stays to the end, and what is folded is in no cycle: it would look at all of it, again and again, and
    the longer the log, the longer, and find nothing.
    """
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()


class Folding:
    """A log folded from its first entry on, in memory."""

    def __init__(self, log: Log, upto: int) -> None:
        """Begin before the first entry. upto: the last one whose time of recording says which editions have begun."""
        self._log = log
        last = next(iter(log.store.read(upto - 1, 1)), None) if upto else None
        self.editions: Final = Begun(log.packs, None if last is None else last.recorded)
        self.whole: Final = Whole()
        self.bound: Final = Bound()
        self.recorded: datetime | None = None
        self._ahead: list[Recorded] = []
        self._outcome: Outcome | None = None

    def go_on(self, limit: int | None = None, told: Callable[[int], None] = lambda _: None) -> None:
        """Take what is recorded behind the last one that was taken; what an event says is read where it is folded.

        limit: how many at most. told: positions, now and then.

        Raises IntegrityFailed, TooOld: an event cannot be applied. Unavailable.
        """
        stored = self._log.store.read(self.whole.position, limit)
        while batch := list(islice(stored, _TOLD_EVERY)):
            self.whole.take(batch)
            self._ahead += batch
            self.recorded = batch[-1].recorded
            told(self.whole.position)

    def grow(self) -> None:
        """Let the tree grow over all that was taken."""
        self.bound.take(self._ahead)
        self._ahead.clear()

    def notings(self) -> Iterator[Noting]:
        """Yield what all that was taken comes to, a part at a time. Raises IntegrityFailed, TooOld: as ``go_on``."""
        yield self.whole.stated()
        yield from self.of(chain.from_iterable(self.whole.parts(1)))

    def of(self, tags: Iterable[Tag]) -> Iterator[Noting]:
        """Yield what some subjects come to, a part at a time."""
        # It stays as long as this: a process that only makes a share ends without freeing what it read, one by one.
        self._outcome = Outcome(self.whole, self.editions)
        return self._outcome.notings(tags)

    def compare(self) -> None:
        """Compare the tree with every published checkpoint so far. Raises IntegrityFailed: the log is another one."""
        self.bound.compare(self._log.checkpoints, self._log.keys)

    @property
    def standing(self) -> Standing:
        """Return where it stands, as views do that are made of it."""
        at = (self.whole.position, self.recorded, self.editions.names)
        return Standing("", version(), *at, None, self.bound)


def rebuild(log: Log, session: Session, told: Callable[[int, int], None], processes: int | None = None) -> Standing:
    """Make the views anew from the first entry, and return where they stand.

    told: how far it has come, as position and head: of all events, so many as what is done is worth.
    processes: by how many at once; None: as many as the log is worth, and there are processors.

    Raises Conflict: another process makes them, or an edition of the rules began meanwhile. IntegrityFailed, TooOld: an
    event cannot be applied, or the log is another one than a checkpoint says; the views stay as they were. Unavailable.
    """
    head, making, said = log.store.head(), Making(session), -inf

    def tell(position: int) -> None:
        nonlocal said
        if (now := monotonic()) - said < _SAYING_EVERY:  # each time it is asked for the head, and waited for
            return
        last, said = max(position, log.store.head()), now
        making.tell(position, last)
        told(position, last)

    with making.begun(head), whole():
        # Of what was read nothing is left when the collector works again: it would look at all of it.
        editions = _make(log, making, head, tell, processes or processes_for(head))
        rest = Rest(log, making.standing(), editions, Tables(session))
        while log.store.head() > rest.standing.position + MOST:
            making.write(rest.next)
        making.take_place(rest.next)
    told(rest.standing.position, rest.standing.position)
    return rest.standing


def _make(log: Log, making: Making, head: int, tell: Callable[[int], None], processes: int) -> Begun:
    """Make all rows, from the first entry up to one at the head or behind it; return by which editions."""
    folding = Folding(log, head)
    with making.preparing():
        folding.go_on(told=lambda position: tell(position // _READING))
    _check_editions(log, folding.recorded, folding.editions)
    parts = folding.whole.parts(processes)
    make_ready()
    done, due = 0, max(1, sum(map(len, parts)))
    with share(parts, processes, folding.of, making) as written:
        folding.grow()
        folding.compare()
        making.load(folding.whole.stated())
        for count in written:
            done += count
            tell(head // _READING + (head - head // _READING) * done // due)
        making.finish(folding.standing)
    return folding.editions


class Rest:
    """What was recorded while views were made anew: taken in as who follows does, where these stand."""

    def __init__(self, log: Log, standing: Standing, editions: Begun, tables: Tables) -> None:
        """Begin behind what was made. tables: that were made, in whatever transaction they are asked."""
        self._log = log
        self._editions = editions
        self._applying = Applying(Stored(log.store), tables, editions, standing.position)
        self.standing = standing

    def next(self) -> tuple[Noting, Standing, Standing] | None:
        """Return what is to be written of the next events, and where it leads; None: there are none.

        Raises Conflict: an edition of the rules began meanwhile. IntegrityFailed, TooOld, Unavailable.
        """
        self._applying.written()
        before = self.standing
        if not (batch := list(self._log.store.read(before.position, MOST))):
            return None
        self._applying.take(batch)
        before.bound.take(batch)
        _check_editions(self._log, batch[-1].recorded, self._editions)
        before.bound.compare(self._log.checkpoints, self._log.keys)
        self.standing = replace(before, position=self._applying.position, recorded=batch[-1].recorded)
        return self._applying.noting(), before, self.standing


def _check_editions(log: Log, recorded: datetime | None, editions: Begun) -> None:
    """Check that editions are still those that had begun. Raises Conflict: another has begun meanwhile."""
    if Begun(log.packs, recorded).names != editions.names:
        raise Conflict("an edition of the rules has begun since the views began to be made anew: run it again")
