"""A process that records statements on a log in PostgreSQL: one answer on stdout for each envelope on stdin.

    python -m tests.writer CONNINFO

It says "ready" first. An envelope comes as a line of base64, an answer goes as a line: what became of it, in a word,
and its position if it is in the log.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import LedgerError, Unavailable
from ledger.service import Submission
from ledger.store.database.postgres import PostgresStore
from tests.imports import open_ledger, told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.service import Ledger
    from ledger.statement.authoring import Made
    from ledger.store.deciding.committer import Outcome


class Writer:
    """Such a process, as its parent sees it."""

    def __init__(self, conninfo: str) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.writer", conninfo],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            text=True,
        )

    def answer(self) -> str:
        """Wait for its next answer and return it; empty when it has ended."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def hand(self, statements: Iterable[Made]) -> None:
        """Hand it statements, without waiting for the answers."""
        assert self.process.stdin
        self.process.stdin.writelines(f"{base64.b64encode(one.envelope).decode()}\n" for one in statements)
        self.process.stdin.flush()

    def leave(self) -> list[str]:
        """Let it answer all that it has and end; return the answers not read yet."""
        said, _ = self.process.communicate()
        assert self.process.returncode == 0
        return said.splitlines()

    def kill(self) -> list[str]:
        """End it as a crash would; return the answers that it still gave."""
        self.process.kill()
        said, _ = self.process.communicate()
        return said.splitlines()


def main() -> None:
    """Record what stdin brings."""
    with closing(open_ledger(PostgresStore(sys.argv[1]))) as ledger:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for line in sys.stdin:
            answer = _answer(ledger, base64.b64decode(line))
            position = answer.event.position if not isinstance(answer, LedgerError) and answer.event else ""
            sys.stdout.write(f"{told(answer)} {position}".strip() + "\n")
            sys.stdout.flush()


def _answer(ledger: Ledger, envelope: bytes) -> Outcome | LedgerError:
    """Return what becomes of a statement; sent again where the others kept the head for too long."""
    while True:
        try:
            return ledger.record(Submission(envelope))
        except Unavailable as error:
            if "lock timeout" not in str(error):
                return error
        except LedgerError as error:
            return error


if __name__ == "__main__":
    main()
