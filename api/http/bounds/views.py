"""The views, lent to requests: each gets a session of its own for as long as it looks, or is told to read the log.

Views are never a ground of rights: they say where to look, and what is found there is read as its reader may read it.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from ledger.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.database.tables import Still, Tables

_LOG: Final = logging.getLogger("vialog.http")
GLANCE: Final = 0.3
"""Seconds that health waits for the views: what is recorded does not depend on them."""

PATIENCE: Final = 5.0
"""Seconds that the views may take to say where to look, before the log is read."""

LOOKING: Final = 4
"""Sessions in which requests look at the views: so many do at a time, and others read the log."""

_WAITS: Final = 2.0
"""Seconds that a request waits for a session before it reads the log, which takes longer, and would do so just when all
are busy."""


_BETWEEN: Final = 0.05
"""Seconds from one look at where the views stand to the next, of somebody who waits for them."""


class Views:
    """The tables of one log's views, in so many sessions as may look at them at a time."""

    def __init__(self, tables: Iterable[Tables] = ()) -> None:
        """Lend these. Without any there are no views, and whoever asks reads the log."""
        self._free: SimpleQueue[Tables] = SimpleQueue()
        self._any = False
        for one in tables:
            self._any = True
            self._free.put(one)

    @contextmanager
    def still(self) -> Iterator[Still | None]:
        """Give the views as they are at one moment, for a with block; None: there are none that can be asked now."""
        if (tables := self._lent()) is None:
            yield None
            return
        looking = tables.still()
        try:
            try:
                still = looking.__enter__()
            except LedgerError as error:
                _LOG.info("the views are not asked: %s", error)
                yield None
                return
            try:
                yield None if still.standing.stopped is not None else still
            finally:
                looking.__exit__(None, None, None)
        finally:
            self._free.put(tables)

    def until(self, position: int) -> None:
        """Wait until the views have a position, or for as long as a request waits for a session."""
        end = monotonic() + _WAITS
        while monotonic() < end:
            with self.still() as still:
                if still is None or still.standing.position >= position:
                    return
            sleep(_BETWEEN)

    def _lent(self) -> Tables | None:
        try:
            return self._free.get(timeout=_WAITS) if self._any else None
        except Empty:
            return None
