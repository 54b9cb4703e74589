"""The runner of the views beside a service: a process of its own, started again whenever it ends.

A process and no thread, because folding must not keep the processor from judging (ADR 0049). It is the command that a
person would run, ``vialog views follow``. It ends with its standard input, so that none is left where the service is
killed.
"""

from __future__ import annotations

import logging
import sys
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from api.cli.exits import EXITS
from ledger.errors import IntegrityFailed, TooOld

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOG: Final = logging.getLogger("vialog.views")

COMMAND: Final = (sys.executable, "-m", "api.cli", "views", "follow", "--until-eof")

_FOR_GOOD: Final = {EXITS[IntegrityFailed], EXITS[TooOld]}
"""How it ends when going on would not help: an entry cannot be applied, or the log is another one."""

_LONGEST: Final = 60.0
"""Seconds between two tries at most; who ran for longer is started again after the first pause."""

_PATIENCE: Final = 10.0
"""Seconds in which it ends when told to. Killed, it leaves nothing half done: each batch is one transaction."""


class Follower:
    """Keeps the runner of the views going until it is closed; of several services' runners one follows."""

    def __init__(self, command: Sequence[str] = COMMAND, *, first_pause: float = 1.0) -> None:
        """Start it. first_pause: seconds before it is started again for the first time; later ones double."""
        self._command = command
        self._first_pause = first_pause
        self._closed = Event()
        self._starting = Lock()
        self._process: Popen[bytes] | None = None
        self.stopped = False
        """Whether it goes on no more before a person has looked; the service goes on."""
        self._thread = Thread(target=self._run, name="views", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Tell it to end, and wait until it has."""
        with self._starting:
            self._closed.set()
        if self._process is not None:
            _end(self._process)
        self._thread.join()

    def _run(self) -> None:
        pause = self._first_pause
        while not self._closed.is_set():
            begun = monotonic()
            code = self._once()
            if self._closed.is_set():
                return
            if code in _FOR_GOOD:
                self.stopped = True
                _LOG.critical("THE VIEWS GO ON NO MORE, exit code %d; recording and publishing do", code)
                return
            if monotonic() - begun > _LONGEST:
                pause = self._first_pause
            _LOG.warning("the process that follows the log ended, exit code %d; another starts in %g s", code, pause)
            self._closed.wait(pause)
            pause = min(2 * pause, _LONGEST)

    def _once(self) -> int:
        """Run it, and return its exit code; below 0 a signal's number."""
        with self._starting:
            if self._closed.is_set():
                return 0
            # In a group of its own: what is typed at the service's terminal is for the service, which tells it to end.
            self._process = Popen(self._command, stdin=PIPE, stdout=DEVNULL, process_group=0)  # noqa: S603  our own
        with self._process as process:
            return process.wait()


def _end(process: Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except TimeoutExpired:
        process.kill()
