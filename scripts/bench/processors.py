"""How much of the processors something has used, whatever else was at work on them."""

from __future__ import annotations

import os
from pathlib import Path
from time import process_time
from typing import Final

_PROCESSES: Final = Path("/proc")
_TICK: Final = 1 / os.sysconf("SC_CLK_TCK")
_PARENT: Final = 1
_USED: Final = slice(11, 13)
_BY_CHILDREN: Final = slice(13, 15)


def used(server: int) -> float:
    """Return the processor seconds that this process and a server have used so far, to a hundredth.

    server: the number of its first process. What that one started counts, whether it lives or has ended. proc(5).
    """
    lives = {int(one.name): _status(one) for one in _PROCESSES.glob("[0-9]*")}
    own = [status for pid, status in lives.items() if status and (pid == server or int(status[_PARENT]) == server)]
    ticks = [*lives[server][_BY_CHILDREN], *(tick for status in own for tick in status[_USED])]
    return process_time() + _TICK * sum(map(int, ticks))


def _status(process: Path) -> list[str]:
    """Return what the system tells of a process, from its state on; nothing of one that has just ended."""
    try:
        return (process / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
