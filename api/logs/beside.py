"""A process beside a service, started again whenever it ends. It ends with its standard input: with the service."""

from __future__ import annotations

from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LONGEST: Final = 60.0
"""Seconds between two tries at most; who ran for longer is started again after the first pause."""

_PATIENCE: Final = 10.0
"""Seconds in which it ends when told to. Killed, it leaves nothing half done: what it writes are transactions."""


class Beside:
    """Keeps a process going until it is closed."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        ended: Callable[[int, float], bool],
        *,
        heard: Callable[[bytes], None] | None = None,
        told: bytes = b"",
        first_pause: float = 1.0,
    ) -> None:
        """Start it.

        name: of the thread that waits for it.
        ended: called each time it has ended and was not told to, with its exit code, below 0 a signal's number, and the
            seconds until it is started again; returns whether it is.
        heard: called with each line that it writes to standard output; None: nobody reads that.
        told: what it reads first of standard input. No argument and no variable, it is seen by nobody else.
        first_pause: seconds before it is started again for the first time; later ones double.
        """
        self._command = command
        self._ended = ended
        self._heard = heard
        self._told = told
        self._first_pause = first_pause
        self._closed = Event()
        self._starting = Lock()
        self._process: Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name=name, daemon=True)
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
            if monotonic() - begun > _LONGEST:
                pause = self._first_pause
            if self._closed.is_set() or not self._ended(code, pause):
                return
            self._closed.wait(pause)
            pause = min(2 * pause, _LONGEST)

    def _once(self) -> int:
        """Run it, and return its exit code."""
        with self._starting:
            if self._closed.is_set():
                return 0
            # In a group of its own: what is typed at the service's terminal is for the service, which tells it to end.
            out = DEVNULL if self._heard is None else PIPE
            self._process = Popen(self._command, stdin=PIPE, stdout=out, process_group=0)  # noqa: S603  our own
        with self._process as process:
            if process.stdin is not None and self._told:
                try:
                    process.stdin.write(self._told)
                    process.stdin.flush()
                except BrokenPipeError:
                    pass  # it has ended already; its exit code says why
            for line in process.stdout or ():
                if self._heard is not None:
                    self._heard(line)
            return process.wait()


def _end(process: Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except TimeoutExpired:
        process.kill()
