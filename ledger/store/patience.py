"""Waiting, never in silence and never for ever: said once after some seconds, and given up after some more."""

from __future__ import annotations

import logging
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from ledger.errors import Unavailable

if TYPE_CHECKING:
    from threading import Event

LOG: Final = logging.getLogger("vialog.database")
"""Where it is said. Unless a program says otherwise, Python writes it to stderr, as it is."""

SAID_AFTER: Final = 3.0
"""Seconds after which whoever watches begins to wonder."""

_PAUSE: Final = 0.02


class Patience:
    """Waits for one thing, a little at a time."""

    def __init__(self, what: str, within: float, given_up: Event | None = None) -> None:
        """Begin to wait.

        what: what for, in words that go on from "waiting for". within: seconds.
        given_up: set from another thread, it ends the waiting.
        """
        self._given_up = given_up
        self._what = what
        self._began = monotonic()
        self._within = within
        self._said = False

    def check(self) -> None:
        """Say what is waited for once it is time to. Raises Unavailable: it has been too long, or was given up."""
        if self._given_up is not None and self._given_up.is_set():
            raise Unavailable(f"no longer waiting for {self._what}")
        waited = monotonic() - self._began
        if waited > self._within:
            raise Unavailable(f"waited {self._within:.0f} seconds in vain for {self._what}")
        if waited > SAID_AFTER and not self._said:
            self._said = True
            LOG.warning("waiting for %s", self._what)

    def pause(self) -> None:
        """Check, and wait a little."""
        self.check()
        sleep(_PAUSE)
