"""Keeping the embedded server up for as long as a process serves: started again whenever it is gone.

It is gone when somebody killed it, or when it could not write its log on a full disk; then it starts as soon as there
is room. What only does not answer is left alone: it may be frozen on purpose.
"""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from ledger.errors import Unavailable
from ledger.store.patience import LOG

if TYPE_CHECKING:
    from ledger.store.server.embedded import Running

_LOOK: Final = 1.0
_BETWEEN: Final = 3.0  # seconds from one attempt to the next


class Keeper:
    """Looks after a server in a thread of its own, until closed."""

    def __init__(self, running: Running) -> None:
        """Start the thread; the server is released after this is closed, not before."""
        self._running = running
        self._closed = Event()
        self._thread = Thread(target=self._run, name="postgres-keeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; an attempt that is going on is given up."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        pause = _LOOK
        while not self._closed.wait(pause):
            pause = _LOOK if self._running.runs() else self._revive()

    def _revive(self) -> float:
        """Start the server again, and return how long to wait before the next look."""
        LOG.warning("the database server is gone, and is started again")
        try:
            self._running.revive(self._closed)
        except Unavailable as error:
            LOG.warning("%s", error)
            return _BETWEEN
        LOG.warning("the database server is back")
        return _LOOK
