"""Sharing the making of rows among processes: each has subjects of its own, and writes by a session of its own.

What was read stands in the memory of them all, as they are forked when it was read: nothing is handed over but what
went wrong. Each writes whole parts into tables that nobody looks at yet; who shares says when all of them stand.
"""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack, closing, contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, LedgerError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from ledger.ids import Tag
    from projections.database.making import Making
    from projections.folding.applying import Noting

    Telling = Callable[[Sequence[Tag]], Iterator[Noting]]
    """What is to be written of some subjects, a part at a time."""

_MOST: Final = 4
"""How many processes at most: each has a copy of what it has looked at, as Python counts its references there."""

_WORTH: Final = 5_000
"""How many events a process is worth starting for."""


def processes_for(events: int) -> int:
    """Return by how many processes the rows of so many events are best made."""
    return max(1, min(_MOST, len(os.sched_getaffinity(0)), events // _WORTH))


def share(shares: Sequence[Sequence[Tag]], telling: Telling, making: Making) -> Iterator[Noting]:
    """Write the rows of some shares of subjects: the first one here, and each of the others by a process of its own.

    Yields what is written here, as soon as it is; then waits for the others.

    Raises Conflict: another process makes the views. IntegrityFailed, Unavailable: here or in another process, and then
    all of them have ended.
    """
    own, *others = shares
    with ExitStack() as stack:
        answers = [stack.enter_context(_elsewhere(tags, telling, making)) for tags in others]
        for noting in telling(own):
            making.load(noting)
            yield noting
        for answer in answers:
            _check(answer)


@contextmanager
def _elsewhere(tags: Sequence[Tag], telling: Telling, making: Making) -> Iterator[Connection]:
    """Give what a process answers that writes a share, for a with block at whose end it has ended."""
    context = get_context("fork")
    answer, answering = context.Pipe(duplex=False)
    process = context.Process(target=_write, args=(tags, telling, making, answering, os.getpid()), daemon=True)
    process.start()
    answering.close()
    try:
        with closing(answer):
            yield answer
    finally:
        process.kill()
        process.join()


def _write(tags: Sequence[Tag], telling: Telling, making: Making, answer: Connection, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts both is answered by the one that shares
    try:
        with closing(making.another()) as own:
            for noting in telling(tags):
                if os.getppid() != parent:
                    # Killed: nobody takes what is written here. Until this process ends, the connection that it has
                    # from the other stays open, with the place of who follows: nobody else could follow the log.
                    return
                own.load(noting)
    except LedgerError as error:
        answer.send((isinstance(error, IntegrityFailed), str(error)))
    else:
        answer.send(None)


def _check(answer: Connection) -> None:
    """Wait for what a process answers. Raises IntegrityFailed, Unavailable: what it raised, or it has ended."""
    try:
        said = answer.recv()
    except EOFError:
        raise Unavailable("a process that made a share of the views has ended before it was done") from None
    if said is not None:
        fault, why = said
        raise IntegrityFailed(why) if fault else Unavailable(why)
