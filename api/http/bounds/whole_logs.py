"""Readings of the whole log: so many at a time, and counted by why each is one.

Who comes while there are so many waits a short time for one to end: a browser that asks for a page and for its picture,
and goes on to the next page, asks for several at once, with nobody else about. How many wait is bounded too, so that a
crowd takes no thread from those who ask for little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from threading import Condition
from typing import TYPE_CHECKING, Final

from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_READINGS: Final = 2
MOST_WAITING: Final = 8
_WITHIN: Final = 5.0


class Why(StrEnum):
    """Why the whole log is read."""

    ASKED = "asked"
    """What is asked for rests on all of it, or may: a question about no one subject, evidence, an act's text."""

    NO_VIEWS = "no-views"
    """The views do not say where to look: there are none, they are too far from what is read, or all are in use."""

    TOO_FAR = "too-far"
    """A list is so narrow, or so unlike the views for its reader, that a page of it would look at too many; or the rows
    of a question may be of too many, or of whom the views do not know."""

    OTHERWISE = "otherwise"
    """What the reader is shown comes to something else than the views say."""


class WholeLogs:
    """How many read the whole log at a time: each holds as much of it as its reader may read.

    within: how many seconds somebody waits for a place. waiting: how many do now.
    """

    def __init__(self, most: int = MOST_READINGS, within: float = _WITHIN) -> None:
        """Let so many read at a time."""
        self.within = within
        self.waiting = 0
        self._most = most
        self._reading = 0
        self._changed = Condition()
        self._counted: Counter[Why] = Counter()

    @contextmanager
    def read(self, why: Why) -> Iterator[None]:
        """Let somebody read all of it, for a with block.

        Raises Unavailable: so many do, and none of them ended in time, or so many wait for that already.
        """
        with self._changed:
            self._take_place()
            self._counted[why] += 1
        try:
            yield
        finally:
            with self._changed:
                self._reading -= 1
                self._changed.notify()

    def _take_place(self) -> None:
        if self._reading >= self._most and not self._freed():
            raise Unavailable("as many read the whole log as may at a time; asking again is safe")
        self._reading += 1

    def _freed(self) -> bool:
        if self.waiting >= MOST_WAITING:
            return False
        self.waiting += 1
        try:
            return self._changed.wait_for(lambda: self._reading < self._most, self.within)
        finally:
            self.waiting -= 1

    @property
    def counted(self) -> Mapping[Why, int]:
        """Return how many there have been, by why; each reason is there."""
        with self._changed:
            return {why: self._counted[why] for why in Why}
