"""Waiting for what comes by itself, in another thread or process, and cannot say that it has come."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LONG: Final = 60.0
"""Seconds: a test that needs them has failed, however much else the machine has to do."""

_BETWEEN: Final = 0.01  # seconds from one look to the next: what is waited for needs the processor more


def until(true: Callable[[], object], within: float = LONG) -> None:
    """Wait until something is so. within: so many seconds at most."""
    end = monotonic() + within
    while not true():
        assert monotonic() < end, "it did not come in time"
        sleep(_BETWEEN)
