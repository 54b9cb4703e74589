"""What is handed in line by line, and how it ends early: by a signal, by a file that cannot be read, or when told to.

However it ends, the answers to what was handed in before can still be waited for and printed.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from enum import Enum
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from api.cli.record.incoming.lines import Pause
from api.cli.signals import code_of, end_at_once, end_in_order
from ledger.store.server.undisturbed import STOPPING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType


class Placed(Protocol):
    """Something that stood on a line of a file."""

    @property
    def place(self) -> str:
        """Return ``line NUMBER of FILE``."""


P = TypeVar("P", bound=Placed)


class End(Enum):
    """Why nothing more is handed in."""

    INTERRUPTED = "Ctrl-C, or another signal that ends the command"
    LOST = "the ledger is unavailable"


class Feed(Generic[P]):
    """Lines for one pass, which ends early after ``stop`` or a signal.

    end: why it ended early; None while it goes on, and where the lines came to their own end.
    unread: why a file could not be read; nothing after it is handed in.
    code: what a command exits with that a signal has ended.
    """

    def __init__(self, lines: Iterable[P | Pause]) -> None:
        """Hand in some lines; they are read only as they are asked for."""
        self.end: End | None = None
        self.unread: OSError | None = None
        self.code = 0
        self._lines = iter(lines)
        self._last: P | None = None
        self._reading = False
        self._done = False

    def __iter__(self) -> Iterator[P | Pause]:
        """Yield the lines, and the pauses between them, until they, or somebody, end it."""
        while (line := self._next()) is not None:
            self._last = self._last if isinstance(line, Pause) else line
            yield line

    def stop(self, why: End) -> None:
        """Hand in nothing more; the first reason counts, and none where all the lines were handed in."""
        if self.end is None and not self._done:
            self.end = why

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Have the first signal end the lines, for a with block; the second one ends the command as it always does."""
        # Whoever started us may have had one ignored, or may catch it; and signals belong to the main thread alone.
        usual = (signal.default_int_handler, end_in_order)
        before = {one: handler for one in STOPPING if (handler := signal.getsignal(one)) in usual}
        if current_thread() is not main_thread():
            before.clear()
        for one in before:
            signal.signal(one, self._interrupt)
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    @property
    def rest(self) -> str:
        """Say in words what was not handed in."""
        return "no line was handed in" if self._last is None else f"lines after {self._last.place} were not handed in"

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.end is End.INTERRUPTED:
            end_at_once(number, frame)
        self.end, self.code = End.INTERRUPTED, code_of(number)
        if self._reading:
            raise KeyboardInterrupt

    def _next(self) -> P | Pause | None:
        try:
            # In this order: a signal before the first is seen by the second, and after it interrupts the reading.
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
