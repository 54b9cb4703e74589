"""The processes of a PostgreSQL server: which they are, what the first of them notes, and how they are made to end.

Knows one folder, the cluster's, in which they all stand. Launches nothing.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROCESSES: Final = Path("/proc")
_STATUS_LINE: Final = 7
_STOPPING: Final = "stopping"
_READY: Final = "ready"

STEPS: Final = ((signal.SIGINT, 4.0), (signal.SIGQUIT, 6.0), (signal.SIGKILL, 4.0))
"""How a server is ended, and for how many seconds each step is waited for: open transactions are rolled back; at once,
and after five seconds PostgreSQL kills those of its processes that do not hear; killed. Each keeps what is committed,
which is in the write-ahead log. The first is not always heard: one that comes while a server restarts after a crash of
one of its processes has been seen to end nothing (18.4)."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a server notes about itself in ``postmaster.pid``.

    status: starting, stopping, ready or standby; empty before it says so.
    """

    pid: int
    status: str

    @property
    def is_ready(self) -> bool:
        """Say whether the server took connections when it noted this."""
        return self.status == _READY

    @property
    def is_ending(self) -> bool:
        """Say whether the server is stopping, or is dead already."""
        return self.status == _STOPPING or not _lives(self.pid)


def read_note(cluster: Path) -> Note | None:
    """Return a server's note, where it has one with a number that a server can have."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    if pid <= 1:
        return None  # to 1 and below a signal means something else
    return Note(pid, lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else "")


def forget_stale_note(cluster: Path) -> None:
    """Remove the note of a server that crashed when its number is still, or again, somebody's.

    PostgreSQL, to be safe, refuses to start then: the number of a dead process that nobody has collected yet, or
    after a reboot that of another process of the same user. A server that somebody started by hand stands in the
    cluster's folder: its note stays, and PostgreSQL refuses.
    """
    if (note := read_note(cluster)) is not None and not _may_stand_in(note.pid, cluster):
        (cluster / "postmaster.pid").unlink()


def tell(cluster: Path, pid: int, what: signal.Signals) -> None:
    """Send a signal to the first process of a server; SIGKILL goes to all of them.

    Those that somebody has stopped (SIGSTOP) go on first: they could not end.
    """
    everybody = _processes(cluster, pid)
    for one in everybody:
        _send(one, signal.SIGCONT)
    for one in (pid, *everybody) if what is signal.SIGKILL else (pid,):
        _send(one, what)


def _send(pid: int, what: signal.Signals) -> None:
    # Killed, or even another user's number by now: the children are about to notice and end by themselves.
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, what)


def _lives(pid: int) -> bool:
    """Say whether a process lives; one that is dead and that nobody has collected yet does not."""
    if not (_PROCESSES / "self").exists():
        return _has_number(pid)
    state, _ = _state(pid)
    return state not in {"", "Z", "X"}


def _has_number(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _processes(cluster: Path, first: int) -> list[int]:
    """Return the processes of a cluster's server, as far as the system tells (macOS has no /proc).

    Those that the first one started; and, when it has died, those that stand in the cluster's folder, where somebody's
    shell may stand too.
    """
    numbers = [int(one.name) for one in _PROCESSES.glob("[0-9]*")]
    return [pid for pid in numbers if first in {pid, _state(pid)[1]} or _serves(pid, cluster)]


def _state(pid: int) -> tuple[str, int]:
    """Return the state of a process, one letter, and its parent; nothing and 0 where there is none. proc(5)."""
    try:
        said = (_PROCESSES / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return "", 0
    state, parent, *_ = said.rpartition(")")[2].split()
    return state, int(parent)


def _serves(pid: int, cluster: Path) -> bool:
    try:
        folder, program = ((_PROCESSES / str(pid) / name).readlink() for name in ("cwd", "exe"))
    except OSError:
        return False
    return folder == cluster and program.name.startswith("postgres")


def _may_stand_in(pid: int, folder: Path) -> bool:
    """Return whether a living process may have a folder as its own: True also where the system does not tell."""
    try:
        return (_PROCESSES / str(pid) / "cwd").readlink() == folder
    except (FileNotFoundError, ProcessLookupError):
        return not (_PROCESSES / "self").exists()  # dead, collected or not
    except PermissionError:
        return True
