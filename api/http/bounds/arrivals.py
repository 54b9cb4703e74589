"""Answers of other threads, as the event loop gets them: those that come together in one turn of it.

``asyncio.wrap_future`` wakes the loop for each answer, which the committer gives by the hundred; here the loop is woken
for the first, and finds the others.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


class Arrivals:
    """What has come and was not handed over yet. ``of`` is for tasks of one event loop."""

    def __init__(self) -> None:
        """Expect nothing yet."""
        self._come: deque[asyncio.Future[None]] = deque()
        self._told = False

    async def of(self, answer: Future[T]) -> T:
        """Return an answer once it is there, or raise what it raises. Who no longer waits for it does not end it."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        answer.add_done_callback(partial(self._arrive, loop, waiter))
        await waiter
        return answer.result()

    def _arrive(self, loop: asyncio.AbstractEventLoop, waiter: asyncio.Future[None], _: object) -> None:
        """Note, in the thread that answers, that an answer is there."""
        self._come.append(waiter)
        if not self._told:
            self._told = True
            with suppress(RuntimeError):  # the loop is closed, and nobody waits any more
                loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        self._told = False  # before it is looked: what comes from here on is told again
        while self._come:
            if not (waiter := self._come.popleft()).done():
                waiter.set_result(None)
