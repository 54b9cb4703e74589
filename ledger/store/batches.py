"""A queue that hands over all that has come since it was last asked, and whose door closes behind the last one.

So there is no timer: who takes from it when idle gets the one thing that came, and under load all of them at once.
"""

from __future__ import annotations

from collections import deque
from threading import Condition
from typing import TYPE_CHECKING, Generic, TypeVar

from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


class Batches(Generic[T]):
    """What waits to be taken, oldest first. Any thread may put, and one takes."""

    def __init__(self, most: int) -> None:
        """Hand over at most so many at a time."""
        self._most = most
        self._waiting: deque[T] = deque()
        self._changed = Condition()
        self._closed = False

    def put(self, things: Iterable[T]) -> None:
        """Add things that belong together: they are taken together where their number allows.

        Raises Unavailable: it is closed.
        """
        with self._changed:
            if self._closed:
                raise Unavailable("the ledger is shutting down")
            self._waiting.extend(things)
            self._changed.notify()

    def take(self) -> list[T]:
        """Wait until there is something, and return what there is; nothing once it is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            return [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]

    def close(self) -> None:
        """Take nothing more in; what waits can still be taken. Closing again does nothing."""
        with self._changed:
            self._closed = True
            self._changed.notify()
