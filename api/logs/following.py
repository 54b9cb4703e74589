"""The runner of the views beside a service: a process of its own, started again whenever it ends.

A process and no thread, because folding must not keep the processor from judging (ADR 0049). It is the command that a
person would run, ``vialog views follow``.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Final

from api.cli.exits import EXITS
from api.logs.beside import Beside
from ledger.errors import IntegrityFailed, TooOld

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOG: Final = logging.getLogger("vialog.views")

COMMAND: Final = (sys.executable, "-m", "api.cli", "views", "follow", "--until-eof")

_FOR_GOOD: Final = {EXITS[IntegrityFailed], EXITS[TooOld]}
"""How it ends when going on would not help: an entry cannot be applied, or the log is another one."""


class Follower:
    """Keeps the runner of the views going until it is closed; of several services' runners one follows."""

    def __init__(self, command: Sequence[str] = COMMAND, *, first_pause: float = 1.0) -> None:
        """Start it. first_pause: as of Beside."""
        self.stopped = False
        """Whether it goes on no more before a person has looked; the service goes on."""
        self._beside = Beside("views", command, self._ended, first_pause=first_pause)

    def close(self) -> None:
        """Tell it to end, and wait until it has."""
        self._beside.close()

    def _ended(self, code: int, pause: float) -> bool:
        if code in _FOR_GOOD:
            self.stopped = True
            _LOG.critical("THE VIEWS GO ON NO MORE, exit code %d; recording and publishing do", code)
            return False
        _LOG.warning("the process that follows the log ended, exit code %d; another starts in %g s", code, pause)
        return True
