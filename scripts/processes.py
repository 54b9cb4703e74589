"""Processes as the system tells of them: who is whose child, and how much memory each holds."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def children(parent: int, called: str) -> list[int]:
    """Return the children of a process whose command has something in it, a pattern of pgrep(1)."""
    said = subprocess.run(["pgrep", "-P", str(parent), "-f", called], capture_output=True, check=False)
    return [int(pid) for pid in said.stdout.split()]


def publisher_of(service: int) -> list[int]:
    """Return the process that publishes beside a service; none while another one is started."""
    return children(service, "beside_service")


def resident(process: int) -> int:
    """Return the bytes of memory that a process holds (proc(5), statm)."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
