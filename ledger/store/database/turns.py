"""Taking turns: who waits longest comes next. For what must not be kept from anybody, such as the head of the log."""

from __future__ import annotations

from collections import deque
from threading import Lock

from ledger.errors import Unavailable


class Turns:
    """Lets so many threads in at a time, in the order in which they came.

    The standard library's semaphore lets who has just left in again before the one it has woken: under load the
    committer kept the publisher from the head for as long as the load lasted.
    """

    def __init__(self, most: int, within: float) -> None:
        """Let in at most so many at a time; who waits longer than so many seconds is told that it is in vain."""
        self._free = most
        self._within = within
        self._door = Lock()
        self._waiting: deque[Lock] = deque()

    def __enter__(self) -> None:
        """Wait for a turn. Raises Unavailable: it does not come in time."""
        with self._door:
            if self._free:
                self._free -= 1
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            self._wait_for(turn)
        except BaseException:  # in vain, or interrupted: the place in the queue, or the turn just come, is given up
            with self._door:
                if turn in self._waiting:
                    self._waiting.remove(turn)
                else:
                    self._pass_on()
            raise

    def _wait_for(self, turn: Lock) -> None:
        if not turn.acquire(timeout=self._within):
            raise Unavailable(f"the database is busy: nothing became free in {self._within:.0f} seconds")

    @property
    def waiting(self) -> int:
        """Return how many wait for their turn."""
        with self._door:
            return len(self._waiting)

    def __exit__(self, *_: object) -> None:
        with self._door:
            self._pass_on()

    def _pass_on(self) -> None:
        # Handed over, never free in between: nobody can come in from outside first.
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._free += 1
