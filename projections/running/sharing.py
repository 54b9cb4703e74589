"""Sharing the making of rows among processes: each has subjects of its own, and writes by a session of its own.

What was read stands in the memory of them all, as they are forked when it was: each decodes of it what it folds, and
nothing is handed over but how many subjects were written, and what went wrong. Each writes whole parts into tables that
nobody looks at yet. Who shares folds nothing, so that what is folded goes with the processes that did it, at once; it
says when all parts stand.
"""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack, closing, contextmanager
from itertools import chain
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import IntegrityFailed, LedgerError, TooOld, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from ledger.ids import Tag
    from projections.database.making import Making
    from projections.folding.applying import Noting

    Telling = Callable[[Iterable[Tag]], Iterator[Noting]]
    """What is to be written of some subjects, some of them at a time."""

_MOST: Final = 4
"""How many processes at most: each has a copy of what it has looked at, as Python counts its references there."""

_WORTH: Final = 2_000
"""How many events a process is worth starting for."""


def processes_for(events: int) -> int:
    """Return by how many processes the rows of so many events are best made."""
    return max(1, min(_MOST, len(os.sched_getaffinity(0)), events // _WORTH))


@contextmanager
def share(parts: Sequence[Sequence[Tag]], processes: int, telling: Telling, making: Making) -> Iterator[Iterator[int]]:
    """Have the rows of some parts of the subjects written for a with block, by so many processes.

    Who is free takes the next part. They are at work from its beginning, and have ended at its end. It is given how
    many subjects were written, as soon as they are; behind the last all are. What is worth one process alone is written
    by this one, while the block goes through that.

    Raises, from going through it, Conflict: another process makes the views. IntegrityFailed, TooOld, Unavailable: here
    or in another process.
    """
    with ExitStack() as stack:
        if processes == 1:
            yield _written(telling(chain.from_iterable(parts)), making)
            return
        waiting = stack.enter_context(_waiting(len(parts)))
        work = _Work(parts, waiting, telling, making)
        yield _written_elsewhere([stack.enter_context(_elsewhere(work)) for _ in range(processes)])


def _written(notings: Iterable[Noting], making: Making) -> Iterator[int]:
    for noting in notings:
        making.load(noting)
        yield len(noting.seen)


def _written_elsewhere(answers: Collection[Connection]) -> Iterator[int]:
    left = [*answers]
    while left:
        ready = wait(left)
        for answer in [one for one in left if one in ready]:
            if (count := _answered(answer)) is None:
                left.remove(answer)
            else:
                yield count


@contextmanager
def _waiting(count: int) -> Iterator[int]:
    """Give a pipe for a with block in which the number of each part stands: a byte, which one process alone reads.

    So there are 256 parts at the most; there are never so many (``Groups.parts``).
    """
    reading, writing = os.pipe()
    try:
        os.write(writing, bytes(range(count)))
        os.close(writing)
        yield reading
    finally:
        os.close(reading)


class _Work(NamedTuple):
    """What is shared. waiting: the pipe with the numbers of the parts that nobody has taken yet."""

    parts: Sequence[Sequence[Tag]]
    waiting: int
    telling: Telling
    making: Making

    def taken(self) -> Iterator[Tag]:
        """Yield the subjects of one part after the other, each taken when those before it are done."""
        while number := os.read(self.waiting, 1):
            yield from self.parts[number[0]]


@contextmanager
def _elsewhere(work: _Work) -> Iterator[Connection]:
    """Give what a process answers that takes part, for a with block at whose end it has ended.

    Whoever has all its answers need not wait for that: it takes a while to give back its memory.
    """
    context = get_context("fork")
    answer, answering = context.Pipe(duplex=False)
    process = context.Process(target=_write, args=(work, answering, os.getpid()), daemon=True)
    process.start()
    answering.close()
    try:
        with closing(answer):
            yield answer
    finally:
        process.kill()
        process.join()


def _write(work: _Work, answer: Connection, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts both is answered by the one that shares
    try:
        with closing(work.making.another()) as own:
            for noting in work.telling(work.taken()):
                if os.getppid() != parent:
                    # Killed: nobody takes what is written here. Until this process ends, the connection that it has
                    # from the other stays open, with the place of who follows: nobody else could follow the log.
                    return
                own.load(noting)
                answer.send(len(noting.seen))
    except (IntegrityFailed, TooOld) as error:
        answer.send(error)
    except LedgerError as error:
        answer.send(Unavailable(str(error)))
    else:
        answer.send(None)


def _answered(answer: Connection) -> int | None:
    """Wait for what a process answers next: how many subjects it has written more; None: it is done.

    Raises IntegrityFailed, TooOld, Unavailable: what it raised, or it has ended.
    """
    try:
        said: int | LedgerError | None = answer.recv()
    except EOFError:
        raise Unavailable("a process that made a share of the views has ended before it was done") from None
    if isinstance(said, LedgerError):
        raise said
    return said
