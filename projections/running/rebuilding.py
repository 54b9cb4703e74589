"""Rebuilding: all events folded in memory, only final rows written, beside the views that are followed meanwhile."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from ledger.errors import Conflict
from ledger.statement.entries.state_entry import STATE_KIND
from projections.database.making import Making
from projections.database.tables import Standing, Tables
from projections.folding.applying import Applying
from projections.folding.bound import Bound
from projections.folding.editions import Begun
from projections.folding.past import Nothing, Stored
from projections.views.catalogue import version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from projections.database.session import Session
    from projections.folding.applying import Noting
    from projections.running.log import Log

_TOLD_EVERY: Final = 1_000  # events


@contextmanager
def whole() -> Iterator[None]:
    """Let what is folded within a with block be looked at by the collector of cycles afterwards alone."""
    try:
        yield
    finally:
        gc.unfreeze()


class Folding:
    """A log folded from its first entry on, in memory."""

    def __init__(self, log: Log, upto: int) -> None:
        """Begin before the first entry. upto: the last one whose time of recording says which editions have begun."""
        self._log = log
        last = next(iter(log.store.read(upto - 1, 1)), None) if upto else None
        self._editions: Final = Begun(log.packs, None if last is None else last.recorded)
        self.applying: Final = Applying(Stored(log.store), Nothing(), self._editions, capacity=None)
        self.bound: Final = Bound()
        self.recorded: datetime | None = None

    def go_on(self, limit: int | None = None, told: Callable[[int], None] = lambda _: None) -> None:
        """Take what is recorded behind the last one that was taken.

        limit: how many at most. told: positions, now and then.

        Raises IntegrityFailed, TooOld: an event cannot be applied. Unavailable.
        """
        stored = self._log.store.read(self.applying.position, limit)
        while batch := list(islice(stored, _TOLD_EVERY)):
            self.applying.take(batch)
            # What was folded stays to the end: the collector of cycles would look at all of it again and again, and the
            # longer the log, the longer. Given back when all is written (``whole``).
            gc.freeze()
            for event in batch:
                self.bound.append(event.leaf, state=event.kind == STATE_KIND)
            self.recorded = batch[-1].recorded
            told(self.applying.position)

    def check_editions(self) -> None:
        """Check that the editions are still those that had begun. Raises Conflict: another has begun meanwhile."""
        if Begun(self._log.packs, self.recorded).names != self._editions.names:
            raise Conflict("an edition of the rules has begun since the views began to be made anew: run it again")

    def compare(self) -> None:
        """Compare with every published checkpoint so far. Raises IntegrityFailed: the log is another one."""
        self.bound.compare(self._log.checkpoints, self._log.keys)

    @property
    def standing(self) -> Standing:
        """Return where it stands, as views do that are made of it."""
        at = (self.applying.position, self.recorded, self._editions.names)
        return Standing("", version(), *at, None, self.bound)


def rebuild(log: Log, session: Session, told: Callable[[int, int], None]) -> Standing:
    """Make the views anew from the first entry, and return where they stand.

    told: how far it has come, as position and head.

    Raises Conflict: another process makes them, or an edition of the rules began meanwhile. IntegrityFailed, TooOld: an
    event cannot be applied, or the log is another one than a checkpoint says; the views stay as they were. Unavailable.
    """
    head = log.store.head()
    making, folding = Making(session), Folding(log, head)

    def tell(position: int) -> None:
        last = max(position, log.store.head())
        making.tell(position, last)
        told(position, last)

    with making.begun(head), whole():
        folding.go_on(told=tell)
        folding.check_editions()
        folding.compare()
        making.load(folding.applying.noting(), folding.standing)
        made = making.standing()
        folding.applying.written(Tables(session))

        def rest() -> tuple[Noting, Standing, Standing] | None:
            folding.go_on()
            folding.check_editions()
            folding.compare()
            after = replace(folding.standing, made=made.made)
            return None if after.position == made.position else (folding.applying.noting(), made, after)

        making.take_place(rest)
    return folding.standing
