"""Lines of a stream that may be a pipe with somebody at its other end: when nothing has come, that is said."""

from __future__ import annotations

import io
import select
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_CHUNK: Final = 1 << 16


class Pause(Enum):
    """What stands between two lines when the second has not come yet."""

    NOW = "nothing more can be read right now"


def read_lines(stream: BinaryIO, longest: int, most_skipped: int) -> Iterator[bytes | Pause]:
    """Yield lines with their line feeds, and a pause before each time that is spent waiting for more.

    longest: in bytes. Of a longer line so many are yielded, without a line feed, and the rest is read away.
    most_skipped: what has no line feed for so many bytes is no text; it ends there.

    Raises OSError.
    """
    held, skipped = bytearray(), 0
    while True:
        end = held.find(b"\n", 0, longest) + 1
        if end or len(held) >= longest:
            piece = bytes(held[: end or longest])
            del held[: len(piece)]
            if not skipped:
                yield piece
            skipped = 0 if end else skipped + len(piece)
            if skipped > most_skipped:
                return
            continue
        if not _has_more(stream):
            yield Pause.NOW
        if not (more := _read(stream)):
            if held and not skipped:
                yield bytes(held)
            return
        held += more


def _read(stream: BinaryIO) -> bytes:
    """Return what there is, and wait only where there is nothing; nothing at the end."""
    return stream.read1(_CHUNK) if isinstance(stream, io.BufferedReader | io.BytesIO) else stream.read(_CHUNK)


def _has_more(stream: BinaryIO) -> bool:
    """Say whether reading would not wait: also at the end, and where there is no telling."""
    try:
        return bool(select.select([stream], [], [], 0)[0])
    except (OSError, ValueError):
        return True  # no file of the operating system
