"""Signals that ask a command to end: it ends in order, gives back what it uses, and its exit code says which it was.

The default would be to end on the spot, with the database server and other processes left behind.
"""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""Those that end a process where nobody catches them, beside Ctrl-C, of which Python makes KeyboardInterrupt."""


def code_of(number: int) -> int:
    """Return the exit code of what a signal has ended, as shells count."""
    return 128 + number


def end_in_order(number: int, _: FrameType | None) -> NoReturn:
    """End the command from wherever it is: what it has opened is closed on the way out. Asked again, it goes on so."""
    for one in _ENDING:
        signal.signal(one, signal.SIG_IGN)
    sys.exit(code_of(number))


def end_at_once(number: int, frame: FrameType | None) -> NoReturn:
    """Do with a signal what is done with it where no command says otherwise."""
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    end_in_order(number, frame)


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Have every signal that would end the process on the spot end it in order, for a with block.

    One that whoever started us has had ignored (nohup) stays so.
    """
    if current_thread() is not main_thread():
        yield
        return
    mine = [one for one in _ENDING if signal.getsignal(one) is signal.SIG_DFL]
    for one in mine:
        signal.signal(one, end_in_order)
    try:
        yield
    finally:
        for one in mine:
            signal.signal(one, signal.SIG_DFL)
