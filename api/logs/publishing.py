"""The publisher beside a service: a process of its own, because hashing and signing must not keep the doors waiting.

It tells how it stands in lines of JSON, and is told the passphrase of the log's keys through a pipe (ADR 0081).
"""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING, Final

import msgspec

from api.logs.beside import Beside
from ledger.errors import Halted
from ledger.publisher.publishing import Publishing
from ledger.publisher.running import HALTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.logs.guarding import Guard
    from ledger.store.database.publication import Publication

_LOG: Final = logging.getLogger("vialog.publisher")

COMMAND: Final = (sys.executable, "-m", "api.cli.operate.beside_service")

_SHOWN: Final = 200
"""Bytes of a line that are shown where it makes no sense."""


class Stated(msgspec.Struct):
    """What a witness stated the time to be, in POSIX seconds."""

    witness: str
    time: int


class Standing(msgspec.Struct):
    """How the publisher stands, as ``Publishing`` says. halted: it found a contradiction."""

    late: bool
    witnesses: dict[str, str]
    stopped: str | None
    halted: bool


class PublisherProcess(Publishing):
    """Keeps a publisher's process going until it is closed, and knows what it says."""

    def __init__(
        self,
        publication: Publication,
        guard: Guard,
        passphrase: str,
        *,
        every: float,
        command: Sequence[str] | None = None,
        first_pause: float = 1.0,
    ) -> None:
        """Start it.

        guard: hears what witnesses say the time is, and permits nothing more where the publisher finds a contradiction.
        passphrase: of the log's keys. every: as of Publishing. first_pause: as of Beside.
        command: that starts it; COMMAND if left out.
        """
        super().__init__(publication, every)
        self.witness_problems = guard.witnesses.problems
        self._guard = guard
        self._beside = Beside(
            "publisher",
            command or COMMAND,
            self._ended,
            heard=self._heard,
            told=json.dumps(passphrase).encode() + b"\n",
            first_pause=first_pause,
        )

    def close(self) -> None:
        """Let it finish the round that is going on, and wait until it has ended."""
        self._beside.close()
        self.let_go()

    def _heard(self, line: bytes) -> None:
        """Take in a line; one that makes no sense is passed over, as the last one of a process that died within it.

        What it would have said is said again: by the process, or by the next one, which finds it again.
        """
        try:
            said = _read(line)
        except (ValueError, TypeError, RecursionError, msgspec.ValidationError):
            _LOG.warning("the process that publishes says what makes no sense: %r", line[:_SHOWN])
            return
        if isinstance(said, Stated):
            self._guard.watch.hear(said.witness, said.time)
            return
        self.note(late=said.late)
        self.witness_problems = said.witnesses
        if said.halted:
            self._guard.permit.halt(HALTED)
        if said.stopped is not None:
            self.stopped_by = Halted(said.stopped)
        self.wake()

    def _ended(self, code: int, pause: float) -> bool:
        """Start another one, unless it had stopped for good; until that says otherwise there is no checkpoint."""
        if self.stopped_by is not None:
            return False
        self.note(late=True)
        _LOG.warning("the process that publishes ended, exit code %d; another starts in %g s", code, pause)
        return True


def _read(line: bytes) -> Stated | Standing:
    """Return what a line says. Raises ValueError, TypeError, RecursionError, msgspec.ValidationError: nothing."""
    said = json.loads(line)
    return msgspec.convert(said, Stated) if "witness" in said else msgspec.convert(said, Standing)
