"""What is handed in line by line, and how it ends early: by Ctrl-C, by a file that cannot be read, or when told to.

However it ends, the answers to what was handed in before can still be waited for and printed.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from enum import Enum
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Placed(Protocol):
    """Something that stood on a line of a file."""

    @property
    def place(self) -> str:
        """Return ``line NUMBER of FILE``."""


P = TypeVar("P", bound=Placed)


class End(Enum):
    """Why nothing more is handed in."""

    INTERRUPTED = "Ctrl-C"
    LOST = "the ledger is unavailable"


class Feed(Generic[P]):
    """Lines for one pass, which ends early after ``stop`` or Ctrl-C.

    end: why it ended early; None while it goes on, and where the lines came to their own end.
    unread: why a file could not be read; nothing after it is handed in.
    """

    def __init__(self, lines: Iterable[P]) -> None:
        """Hand in some lines; they are read only as they are asked for."""
        self.end: End | None = None
        self.unread: OSError | None = None
        self._lines = iter(lines)
        self._last: P | None = None
        self._reading = False
        self._done = False

    def __iter__(self) -> Iterator[P]:
        """Yield the lines until they, or somebody, end it."""
        while (line := self._next()) is not None:
            self._last = line
            yield line

    def stop(self, why: End) -> None:
        """Hand in nothing more; the first reason counts, and none where all the lines were handed in."""
        if self.end is None and not self._done:
            self.end = why

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Have the first Ctrl-C end the lines, for a with block; the second one raises KeyboardInterrupt anywhere."""
        before = signal.getsignal(signal.SIGINT)
        # Whoever started us may have had Ctrl-C ignored, or may catch it; and signals belong to the main thread alone.
        if before is not signal.default_int_handler or current_thread() is not main_thread():
            yield
            return
        signal.signal(signal.SIGINT, lambda *_: self._interrupt())
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    @property
    def rest(self) -> str:
        """Say in words what was not handed in."""
        return "no line was handed in" if self._last is None else f"lines after {self._last.place} were not handed in"

    def _interrupt(self) -> None:
        again, self.end = self.end is End.INTERRUPTED, End.INTERRUPTED
        if again or self._reading:
            raise KeyboardInterrupt

    def _next(self) -> P | None:
        try:
            # In this order: Ctrl-C before the first is seen by the second, and after it interrupts the reading.
            self._reading = True
            if self.end is None:
                line = next(self._lines, None)
                self._done = line is None
                return line
        except KeyboardInterrupt:
            self.end = End.INTERRUPTED
        except OSError as error:
            self.unread, self._done = error, True
        finally:
            self._reading = False
        return None
