"""A queue that hands over all that has come since it was last asked, and whose door closes behind the last one.

So there is no timer: who takes from it when idle gets the one thing that came, and under load all of them at once. It
has so much room and no more: who brings more waits, and memory does not grow with what is brought.
"""

from __future__ import annotations

from collections import deque
from threading import Condition, Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


class Batches(Generic[T]):
    """What waits to be taken, oldest first. Any thread may put, and one takes."""

    def __init__(self, most: int, room: int) -> None:
        """Hand over at most ``most`` at a time, and let in no more while ``room`` wait."""
        self._most = most
        self._room = room
        self._waiting: deque[T] = deque()
        self._closed = False
        lock = Lock()
        self._come, self._gone = Condition(lock), Condition(lock)

    def put(self, things: Iterable[T]) -> None:
        """Add things that belong together: they are taken together where their number allows. Waits for room.

        Raises Unavailable: it is closed.
        """
        with self._gone:
            while len(self._waiting) >= self._room and not self._closed:
                self._gone.wait()
            if self._closed:
                raise Unavailable("the ledger is shutting down")
            self._add(things)

    def offer(self, things: Iterable[T]) -> bool:
        """Add things as ``put`` does if there is room now, and say whether there was. Raises as it does."""
        with self._gone:
            if self._closed:
                raise Unavailable("the ledger is shutting down")
            if len(self._waiting) >= self._room:
                return False
            self._add(things)
            return True

    def take(self) -> list[T]:
        """Wait until there is something, and return what there is; nothing once it is closed and empty."""
        with self._come:
            self._come.wait_for(lambda: self._closed or self._waiting)
            taken = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            self._gone.notify_all()
            return taken

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def close(self) -> None:
        """Take nothing more in; what waits can still be taken. Closing again does nothing."""
        with self._come:
            self._closed = True
            self._come.notify_all()
            self._gone.notify_all()

    def _add(self, things: Iterable[T]) -> None:
        if not self._waiting:  # otherwise whoever takes is awake already, and finds these too
            self._come.notify()
        self._waiting.extend(things)
