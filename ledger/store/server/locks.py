"""Locks on files: held by processes, dropped by the kernel when their last holder ends, however it ends.

The files stay empty. Nothing here waits.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def open_lock(path: Path) -> int:
    """Return a descriptor to lock, of a file that is the owner's alone: a stranger must not hold it either."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def take_if_free(path: Path) -> int | None:
    """Return a descriptor that holds a file locked for itself alone, or None when anybody holds it."""
    lock = open_lock(path)
    if not try_lock(lock):
        os.close(lock)
        return None
    return lock


def try_lock(lock: int) -> bool:
    """Lock what a descriptor is open for, for its holder alone, and say whether nobody else holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
