"""The clock in a thread of its own: in one of several services, which a lock of the database's elects.

Between two looks it sleeps until the next date passes, the next day begins, or something is recorded.
"""

from __future__ import annotations

import logging
from contextlib import closing
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from ledger.errors import LedgerError

if TYPE_CHECKING:
    from datetime import datetime

    from api.notices.clock import Noting
    from api.sessions.election import Election

_LOG: Final = logging.getLogger("vialog.notices")

_LOOK: Final = 1.0
"""Seconds between two looks at least, and after which it is asked again who is elected."""

_SHARE: Final = 20
"""A look that took a second is followed by so many seconds without one, where much is recorded."""

_PATIENCE: Final = 10.0
"""Seconds for which views may be behind before that is said."""


class Notifier:
    """Looks until it is closed, while it is the elected one."""

    def __init__(self, noting: Noting, election: Election) -> None:
        """Start its thread."""
        self._noting, self._election = noting, election
        self._closed = Event()
        self._lagging: float | None = None
        self._said = False
        self._thread = Thread(target=self._run, name="notices", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        until: datetime | None = None
        head = 0
        with closing(self._election):
            while not self._closed.is_set():
                try:
                    if not self._election.won():
                        until = None
                        self._closed.wait(_LOOK)
                        continue
                    known = self._noting.store.wait(head, _LOOK)
                    if until is None or known > head or self._noting.clock.now() >= until:
                        head, until = known, self._look()
                except LedgerError as error:
                    self._lags(str(error), told=False)
                    self._closed.wait(_LOOK)
                except Exception:  # noqa: BLE001  a bug: what comes after it is noted all the same
                    _LOG.exception("a look at what falls due ended in an error, and is made again")
                    self._closed.wait(_PATIENCE)

    def _look(self) -> datetime | None:
        begun = monotonic()
        looked = self._noting.look()
        self._lags(looked.lag, told=True)
        self._closed.wait(max(_LOOK, _SHARE * (monotonic() - begun)))
        return looked.until

    def _lags(self, why: str, *, told: bool) -> None:
        """Say why nothing can be noted, once it has lasted. told: whether it can be written down for those who read."""
        now = monotonic()
        if not why:
            if self._said:
                _LOG.info("what falls due is noted again")
            self._lagging, self._said = None, False
            return
        self._lagging = self._lagging or now
        if not self._said and now - self._lagging >= _PATIENCE:
            self._said = True
            _LOG.warning("nothing is noted of what falls due now: %s", why)
            if told:
                self._noting.notices.say(why, self._noting.clock.now())
