"""Sharing the making of rows among processes: each has subjects of its own, and writes by a session of its own.

What was read stands in the memory of them all, as they are forked when it was: each decodes of it what it folds, and
nothing is handed over but what went wrong. Each writes whole parts into tables that nobody looks at yet; who shares
says when all of them stand.
"""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack, closing, contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import IntegrityFailed, LedgerError, TooOld, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
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
def share(
    parts: Sequence[Sequence[Tag]], processes: int, telling: Telling, making: Making
) -> Iterator[Iterator[Noting]]:
    """Have the rows of some parts of the subjects written by so many processes for a with block: who is free takes one.

    The others are at work from its beginning, and have ended at its end. This one is at work while the block goes
    through what it is given, which is what is written here, as soon as it is; behind the last all have written.

    Raises, from going through it, Conflict: another process makes the views. IntegrityFailed, TooOld, Unavailable: here
    or in another process.
    """
    with ExitStack() as stack:
        waiting = stack.enter_context(_waiting(len(parts)))
        work = _Work(parts, waiting, telling, making)
        answers = [stack.enter_context(_elsewhere(work)) for _ in range(processes - 1)]
        yield _write_here(work, answers)


def _write_here(work: _Work, answers: Sequence[Connection]) -> Iterator[Noting]:
    for noting in work.telling(work.taken()):
        work.making.load(noting)
        yield noting
    for answer in answers:
        _check(answer)


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
    """Give what a process answers that takes part, for a with block at whose end it has ended."""
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
    except (IntegrityFailed, TooOld) as error:
        answer.send(error)
    except LedgerError as error:
        answer.send(Unavailable(str(error)))
    else:
        answer.send(None)


def _check(answer: Connection) -> None:
    """Wait for what a process answers. Raises IntegrityFailed, TooOld, Unavailable: what it raised, or it has ended."""
    try:
        error: LedgerError | None = answer.recv()
    except EOFError:
        raise Unavailable("a process that made a share of the views has ended before it was done") from None
    if error is not None:
        raise error
