"""The command ``vialog`` as a process of its own, over a log in a data directory of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.embedded_server import fresh_place
from tests.journeys.bench import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHECKOUT: Final = Path(__file__).parents[1]


@contextmanager
def embedded_bench() -> Iterator[Bench]:
    """Yield a bench whose log is open, in a data directory named data; no server runs when it is yielded."""
    with fresh_place() as place:
        bench = Bench(place, "")
        bench.environ |= {"VIALOG_DATABASE_URL": None, "VIALOG_DATA": str(place / "data")}
        bench.open()
        yield bench


@contextmanager
def running(
    bench: Bench, *arguments: str, stdin: int = subprocess.DEVNULL, stderr: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[bytes]]:
    """Yield the command, in a session of its own; it is killed where it has not ended by itself."""
    given = {name: value for name, value in bench.environ.items() if value is not None}
    with subprocess.Popen(
        [sys.executable, "-m", "api.cli", *arguments],
        cwd=_CHECKOUT,
        env={**os.environ, **given},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def child(pid: int, words: str) -> int | None:
    """Return the number of a process's child whose command has some words; None: it has none."""
    said = subprocess.run(["pgrep", "-P", str(pid), "-f", words], capture_output=True, check=False).stdout.split()
    return int(said[0]) if said else None


def lives(pid: int) -> bool:
    """Say whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
