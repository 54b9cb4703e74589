"""Keeping views up with a log for as long as a process runs: one process follows, the others wait for its place."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from ledger.errors import Conflict, NotFound, Unavailable
from projections.database.tables import Tables
from projections.running.following import Following
from projections.running.rebuilding import rebuild

if TYPE_CHECKING:
    from threading import Event

    from projections.database.session import Session
    from projections.running.log import Log

_LOG: Final = logging.getLogger("vialog.views")
_POLL: Final = 1.0
"""How often, in seconds, it is looked whether to stop, and whether the place of the follower is free."""


class Keeping:
    """Follows a log until told to stop; makes the views anew where there are none of this version."""

    def __init__(self, log: Log, session: Session) -> None:
        """Do nothing yet. session: this one's alone; with it goes the place of the follower."""
        self._log = log
        self._session = session
        self._tables = Tables(session)
        self._following = Following(log, self._tables)
        self._told = ""

    def run(self, stop: Event) -> None:
        """Follow until told to stop.

        Raises IntegrityFailed, TooOld: an event cannot be applied, or the log is another one than a checkpoint says;
        the views stay where they are and say so.
        """
        elected, position = False, -1
        while not stop.is_set():
            try:
                if not elected or self._session.lost:
                    elected, position = self._elected(), -1
                if elected:
                    position = self._go_on(position)
                else:
                    self._say("another process follows the log; waiting for its place")
                    stop.wait(_POLL)
            except Conflict:
                position = -1
            except Unavailable as error:
                self._say(f"not followed: {error}")
                stop.wait(_POLL)

    def _elected(self) -> bool:
        if not self._tables.elected():
            return False
        self._tables.resume()
        self._say("this process follows the log")
        return True

    def _go_on(self, position: int) -> int:
        if position >= 0:
            self._log.store.wait(position, _POLL)
        try:
            now = self._following.once()
        except NotFound:
            self._say("the views are made from the first entry")
            made = rebuild(self._log, self._session, lambda _, __: None)
            self._say(f"the views are made up to position {made.position}")
            return -1
        if now != position:
            _LOG.info("applied up to position %d", now)
        return now

    def _say(self, what: str) -> None:
        """Log what changes: what lasts is not told of every second."""
        if what != self._told:
            _LOG.info("%s", what)
        self._told = what
