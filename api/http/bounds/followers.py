"""Those who follow a log: so many at a time, woken together as it grows, and let go at once when the service stops.

One thread waits for the log, however many follow it. None of these holds a thread while nothing is new, and what is new
is read for a few of them at a time. Here is known who follows and when to look, and nothing of what may be told.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from anyio import CapacityLimiter, move_on_after

from ledger.errors import LedgerError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Set

    from api.access.principal import Principal

MOST: Final = 256
MOST_EACH: Final = 8
"""Of one person, with all that person's programs."""

_AT_A_TIME: Final = 4
_LOOK: Final = 1.0
"""Seconds after which it is looked for sessions and tokens that have ended: these are in no log."""


@dataclass(eq=False, slots=True)
class Following:
    """One who follows. ended: the service stops, or who follows has signed out."""

    who: Principal
    ended: bool = False

    def goes_on(self) -> bool:
        """Say whether there is more to tell."""
        return not self.ended


class Followers:
    """All who follow one log; everything but the thread that waits for the log belongs to the event loop."""

    def __init__(
        self, wait: Callable[[int, float], int], signed_in: Callable[[Collection[str]], Set[str]], most: int = MOST
    ) -> None:
        """Let nobody follow yet.

        wait: as ``Store.wait``. signed_in: which of some sessions and tokens, by their names, have not ended.
        """
        self._wait = wait
        self._signed_in = signed_in
        self._most = most
        self._following: set[Following] = set()
        self._changed: asyncio.Event | None = None
        self._thread: Thread | None = None
        self._closed = Event()
        self._limiter: CapacityLimiter | None = None

    @property
    def limiter(self) -> CapacityLimiter:
        """Return what bounds for how many it is read at a time."""
        if self._limiter is None:
            self._limiter = CapacityLimiter(_AT_A_TIME)
        return self._limiter

    @contextmanager
    def place(self, who: Principal) -> Iterator[Following]:
        """Let somebody follow, for a with block. Raises Unavailable: too many do."""
        persons = Counter((one.who.party, one.who.person) for one in self._following)
        if self._closed.is_set() or len(self._following) >= self._most:
            raise Unavailable("too many follow this log now; asking again is safe")
        if persons[who.party, who.person] >= MOST_EACH:
            raise Unavailable("you follow this log too often at a time; asking again is safe")
        self._start()
        self._following.add(one := Following(who))
        try:
            yield one
        finally:
            self._following.discard(one)

    def change(self) -> asyncio.Event:
        """Return what is set by the next change; taken before one looks, none is missed."""
        if self._changed is None:
            self._changed = asyncio.Event()
        return self._changed

    @staticmethod
    async def until(change: asyncio.Event, within: float) -> bool:
        """Wait for a change, so many seconds at most, and say whether there was one."""
        with move_on_after(within):
            await change.wait()
        return change.is_set()

    def close(self) -> None:
        """Let all go now, and nobody in any more."""
        self._closed.set()
        self._end(self._following)

    def _end(self, those: Collection[Following]) -> None:
        for one in those:
            one.ended = True
        self._wake()

    def _wake(self) -> None:
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    def _start(self) -> None:
        if self._thread is None:
            loop = asyncio.get_running_loop()
            self._thread = Thread(target=self._watch, args=(loop,), name="feed", daemon=True)
            self._thread.start()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for the log until this is closed, and tell the loop what changed."""
        head, looked = 0, monotonic()
        while not self._closed.is_set():
            # The database is away: what follows cannot be read either, and the next turn asks again.
            with suppress(LedgerError):
                before, head = head, self._wait(head, _LOOK)
                if head > before:
                    self._tell(loop, frozenset())  # first: what is new waits for nobody's session
                if monotonic() - looked >= _LOOK:
                    looked = monotonic()
                    names = {one.who.proof for one in tuple(self._following)}
                    if gone := names - self._signed_in(names):
                        self._tell(loop, gone)
                continue
            self._closed.wait(_LOOK)

    def _tell(self, loop: asyncio.AbstractEventLoop, gone: Set[str]) -> None:
        """Have the loop wake all, and end those whose sessions and tokens are gone."""
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(self._look, gone)

    def _look(self, gone: Set[str]) -> None:
        self._end([one for one in self._following if one.who.proof in gone])
