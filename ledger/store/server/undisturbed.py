"""What must not be cut short: a signal that means stop is kept until it is done."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""The signals with which somebody asks a process to end."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let no signal that means stop cut a with block short; the first that came is raised again at its end.

    For what takes some seconds at most: meanwhile only SIGKILL ends the process. In the main thread alone, as signals
    are; other threads are not disturbed by any.
    """
    if current_thread() is not main_thread():
        yield
        return
    came: list[int] = []
    heard = [one for one in STOPPING if signal.getsignal(one) not in {signal.SIG_IGN, None}]
    before = {one: signal.signal(one, lambda number, _: came.append(number)) for one in heard}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        if came:
            signal.raise_signal(came[0])
