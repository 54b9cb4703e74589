"""What a process was doing when it was killed: a count for each phase, in a file that outlives the process."""

from __future__ import annotations

import mmap
import struct
from contextlib import contextmanager
from enum import IntEnum
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Phase(IntEnum):
    """Where a statement can be; the names are those of docs/life-of-a-statement.md."""

    VERIFYING = 0
    QUEUED = 1
    JUDGING = 2
    APPENDING = 3
    COMMITTING = 4
    PUBLISHING = 5
    ANSWERING = 6


_COUNT: Final = struct.Struct("<i")
_SIZE: Final = _COUNT.size * len(Phase)


def of_publisher(file: Path) -> Path:
    """Return where the publisher beside a service is marked, beside the service's own file."""
    return file.with_suffix(".publisher")


def clear(file: Path) -> None:
    """Make a file of marks in which nothing is going on."""
    file.write_bytes(bytes(_SIZE))


def read(file: Path) -> frozenset[Phase]:
    """Return the phases that were going on when a file of marks was last written; several at once, as threads are."""
    data = file.read_bytes()
    return frozenset(phase for phase in Phase if _COUNT.unpack_from(data, phase * _COUNT.size)[0] > 0)


class Marks:
    """The marks of the process that writes them. Threads may share them."""

    def __init__(self, file: Path) -> None:
        """Write into a file that ``clear`` made."""
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), _SIZE)
        self._door = Lock()

    def add(self, phase: Phase, number: int) -> None:
        """Count so many more that are in a phase; fewer where the number is below zero, and never less than none."""
        with self._door:
            (before,) = _COUNT.unpack_from(self._memory, phase * _COUNT.size)
            _COUNT.pack_into(self._memory, phase * _COUNT.size, max(0, before + number))

    @contextmanager
    def during(self, phase: Phase) -> Iterator[None]:
        """Mark a phase for a with block."""
        self.add(phase, 1)
        try:
            yield
        finally:
            self.add(phase, -1)
