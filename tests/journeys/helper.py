"""``vialog sign`` as a process at a terminal of its own, for tests: what it says is read there, and answered there."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from tests.waiting import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CHECKOUT = Path(__file__).parents[2]


class Terminal:
    """The terminal at which a helper runs."""

    def __init__(self, master: int, process: subprocess.Popen[str]) -> None:
        """Take the terminal's other end, and the process."""
        self._master, self.process = master, process
        self._unread = ""

    def until(self, words: str) -> str:
        """Wait until something is said there, and return what was said up to it since the last time."""
        end = monotonic() + LONG
        while words not in self._unread:
            ready, _, _ = select.select([self._master], [], [], max(0.0, end - monotonic()))
            assert ready, f"it did not say {words!r}, but {self._unread!r}"
            try:
                self._unread += os.read(self._master, 65_536).decode(errors="replace")
            except OSError:
                raise AssertionError(f"it ended with {self._unread!r}") from None
        before, _, self._unread = self._unread.partition(words)
        return before + words

    def type(self, text: str) -> None:
        """Type something."""
        os.write(self._master, text.encode())


@contextmanager
def alone() -> Iterator[None]:
    """Let no other test of this machine run a helper meanwhile: its port is fixed."""
    with (Path(tempfile.gettempdir()) / f"vialog-test-signer.{os.getuid()}").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


@contextmanager
def helper(*arguments: object, environ: Mapping[str, str | None]) -> Iterator[Terminal]:
    """Run ``vialog sign`` with some arguments for a with block, alone on this machine: its port is fixed."""
    given = {name: value for name, value in {**os.environ, **environ}.items() if value is not None}
    command = ["setsid", "--ctty", sys.executable, "-m", "api.cli", "sign", *map(str, arguments)]
    with alone():
        master, slave = pty.openpty()
        with subprocess.Popen(
            command, cwd=_CHECKOUT, env=given, stdin=slave, stderr=slave, stdout=subprocess.PIPE, text=True
        ) as process:
            os.close(slave)
            try:
                yield Terminal(master, process)
            finally:
                process.kill()
                os.close(master)
