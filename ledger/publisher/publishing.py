"""What a service knows of its publisher, wherever that works: how far it is, what is wrong, and waiting for it."""

from __future__ import annotations

from threading import Condition, Event
from time import monotonic
from typing import TYPE_CHECKING, Final

from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.store.database.publication import Publication, Published

POLL: Final = 0.5
"""How often, in seconds, it is looked whether to stop, and whether another process has published."""


class Publishing:
    """How a publisher stands. Whoever runs it writes that down here, and threads wait here for its checkpoints."""

    def __init__(self, publication: Publication, every: float) -> None:
        """Know of nothing yet.

        every: seconds from the start of one round to the start of the next; a checkpoint is at most this much older
            than the newest entry, and what a round takes.
        """
        self._publication = publication
        self.every: Final = every
        self._changed = Condition()
        self._let_go = Event()
        self._behind_since: float | None = None
        self.stopped_by: BaseException | None = None
        """What stopped it for good; None while it runs."""
        self.witness_problems: Mapping[str, str] = {}
        """What is wrong with witnesses, by name."""

    def wait_for(self, position: int, timeout: float) -> Published | None:
        """Wait until a checkpoint covers a position, and return the newest; None when the time is up.

        timeout: seconds. Raises Unavailable: the publisher has stopped, or the database does not answer.
        """
        until = monotonic() + timeout
        while True:
            published = self._publication.newest()
            if published is not None and published.checkpoint.size >= position:
                return published
            if self.stopped_by is not None:
                raise Unavailable(f"no checkpoints are published any more: {self.stopped_by}")
            if (left := until - monotonic()) <= 0 or self._let_go.is_set():
                return None
            with self._changed:
                self._changed.wait(min(left, POLL))

    @property
    def behind(self) -> float:
        """Return for how many seconds the newest entries have had no checkpoint; 0 while all have one."""
        return 0.0 if (since := self._behind_since) is None else monotonic() - since

    def let_go(self) -> None:
        """Let nobody wait any longer: those who do are told that there is no checkpoint yet."""
        self._let_go.set()
        self.wake()

    def wake(self) -> None:
        """Let those who wait look again."""
        with self._changed:
            self._changed.notify_all()

    def note(self, *, late: bool) -> bool:
        """Note whether there are entries without a checkpoint, and say whether that is new; since then it counts."""
        if late is self.late:
            return False
        self._behind_since = monotonic() if late else None
        return True

    @property
    def late(self) -> bool:
        """Return whether there are entries without a checkpoint."""
        return self._behind_since is not None
