"""Reading events of the log for answers: fast, from bytes that are those of their leaf hash.

Their form was checked when they were recorded and is not checked again; an entry that was changed since is not that of
its leaf hash, and stops whoever reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.errors import IntegrityFailed
from ledger.statement.entries.entry import leaf_of
from ledger.store.deciding.earlier import event_of

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from ledger.store.port import Recorded

_LATELY: Final = 5_000
"""How many events are kept at most for whoever asks for them again."""


class Once:
    """Reads events, each once however often it comes: one that names a hundred items is asked for by each of them."""

    def __init__(self) -> None:
        """Have read nothing yet."""
        self._read: dict[bytes, Event[Any]] = {}

    def read(self, recorded: Recorded) -> tuple[Event[Any], bytes]:
        """Return the event of an entry with the hash of its bytes, for whoever compares that with what is noted.

        Raises IntegrityFailed, TooOld: as ``event_at``.
        """
        leaf = leaf_of(recorded.entry)
        return self._event(recorded, leaf), leaf

    def checked(self, recorded: Recorded) -> Event[Any]:
        """Return an event as ``read_checked`` does. Raises IntegrityFailed, TooOld."""
        check_leaf(recorded)
        return self._event(recorded, recorded.leaf)

    def _event(self, recorded: Recorded, leaf: bytes) -> Event[Any]:
        event = self._read.get(leaf)
        if event is None or (event.position, event.said.kind) != (recorded.position, recorded.kind):
            if len(self._read) >= _LATELY:
                self._read.clear()
            event = self._read[leaf] = event_at(recorded)
        return event


def read_checked(recorded: Recorded) -> Event[Any]:
    """Return the event of a stored statement, once its bytes are those of its leaf hash.

    Raises IntegrityFailed: they are not, or it cannot be read. TooOld: this program does not know its kind or its form.
    """
    check_leaf(recorded)
    return event_at(recorded)


def check_leaf(recorded: Recorded) -> None:
    """Check that an entry's bytes are those of its leaf hash. Raises IntegrityFailed."""
    if leaf_of(recorded.entry) != recorded.leaf:
        raise IntegrityFailed(
            f"position {recorded.position}, {recorded.kind}: the stored entry is not the one of its leaf hash"
        )


def event_at(recorded: Recorded) -> Event[Any]:
    """Read an event whose bytes are those of its leaf hash: fast, and closely where that is not enough.

    Raises IntegrityFailed: it is not one that this ledger recorded. TooOld: this program does not know what it says.
    """
    return event_of(recorded, vouched=True)
