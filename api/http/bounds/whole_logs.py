"""Readings of the whole log: so many at a time, and counted by why each is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Final

from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST: Final = 2


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
    """How many read the whole log at a time: each holds as much of it as its reader may read."""

    def __init__(self, most: int = _MOST) -> None:
        """Let so many read at a time."""
        self._free = BoundedSemaphore(most)
        self._lock = Lock()
        self._counted: Counter[Why] = Counter()

    @contextmanager
    def read(self, why: Why) -> Iterator[None]:
        """Let somebody read all of it, for a with block. Raises Unavailable: so many do already."""
        if not self._free.acquire(blocking=False):
            raise Unavailable("others read the whole log now; asking again is safe")
        try:
            with self._lock:
                self._counted[why] += 1
            yield
        finally:
            self._free.release()

    @property
    def counted(self) -> Mapping[Why, int]:
        """Return how many there have been, by why; each reason is there."""
        with self._lock:
            return {why: self._counted[why] for why in Why}
