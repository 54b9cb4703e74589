"""A publisher in a thread of its own: a round whenever something is new, with a pause between two rounds.

Stops for good when the log contradicts itself or somebody's checkpoint, and says so; what only does not answer is tried
again.
"""

from __future__ import annotations

import logging
from threading import Condition, Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol

from ledger.errors import Halted, IntegrityFailed, LedgerError, Unavailable

if TYPE_CHECKING:
    from ledger.publisher.publisher import Publisher
    from ledger.store.database.publication import Publication, Published
    from ledger.store.port import Store

_LOG: Final = logging.getLogger("vialog.publisher")
_HALTED: Final = "the publisher has stopped over a contradiction, and a person must look; the service's log says why"
_POLL: Final = 0.5
"""How often, in seconds, it is looked whether to stop, and whether another process has published."""


class Publishing(Protocol):
    """What whoever serves a log knows of its publisher, wherever that runs. The members as ``RunningPublisher``."""

    every: float
    stopped_by: BaseException | None

    @property
    def witness_problems(self) -> dict[str, str]:
        """Return what is wrong with witnesses, by name."""
        ...

    @property
    def behind(self) -> float:
        """Return for how many seconds the newest entries have had no checkpoint."""
        ...

    def wait_for(self, position: int, timeout: float) -> Published | None:
        """Wait until a checkpoint covers a position, and return the newest; None when the time is up."""
        ...

    def let_go(self) -> None:
        """Let nobody wait any longer."""
        ...


class PublishedElsewhere:
    """A log that is read here and published by another process: its checkpoints are looked for, and none is made."""

    def __init__(self, publication: Publication) -> None:
        """Look when somebody waits."""
        self._publication = publication
        self._let_go = Event()
        self.every = _POLL
        self.stopped_by: BaseException | None = None
        self.witness_problems: dict[str, str] = {}
        self.behind = 0.0

    def wait_for(self, position: int, timeout: float) -> Published | None:
        """Wait until a checkpoint covers a position, and return the newest; None when the time is up.

        timeout: seconds. Raises Unavailable.
        """
        until = monotonic() + timeout
        while True:
            published = self._publication.newest()
            if published is not None and published.checkpoint.size >= position:
                return published
            if (left := until - monotonic()) <= 0 or self._let_go.wait(min(left, _POLL)):
                return None

    def let_go(self) -> None:
        """Let nobody wait any longer."""
        self._let_go.set()


class RunningPublisher:
    """Publishes until it is closed."""

    def __init__(self, publisher: Publisher, store: Store, publication: Publication, *, every: float) -> None:
        """Start the thread.

        every: seconds from the start of one round to the start of the next; a checkpoint is at most this much older
            than the newest entry, and what a round takes.
        """
        self._publisher = publisher
        self._store = store
        self._publication = publication
        self.every = every
        self._changed = Condition()
        self._closed = Event()
        self._let_go = Event()
        self._behind_since: float | None = None
        self.stopped_by: BaseException | None = None
        """What stopped it for good; None while it runs."""
        self._problems: dict[str, str] = {}
        self._failure = ""
        self._thread = Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    @property
    def witness_problems(self) -> dict[str, str]:
        """Return what is wrong with witnesses, by name."""
        return self._publisher.witnesses.problems

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
                self._changed.wait(min(left, _POLL))

    @property
    def behind(self) -> float:
        """Return for how many seconds the newest entries have had no checkpoint; 0 while all have one."""
        return 0.0 if (since := self._behind_since) is None else monotonic() - since

    def let_go(self) -> None:
        """Let nobody wait any longer: those who do are told that there is no checkpoint yet."""
        self._let_go.set()
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Finish the round that is going on, then stop."""
        self._closed.set()
        self._thread.join()
        self.let_go()

    def _run(self) -> None:
        size = 0
        while not self._closed.is_set():
            started = monotonic()
            try:
                if (head := self._store.wait(size, _POLL)) <= size:
                    self._behind_since = None
                    continue  # a period begins with a checkpoint, not with a look that found nothing new
                started = monotonic()
                self._behind_since = self._behind_since or started
                size = self._round() or self._publication.size()
                if head <= size:
                    self._behind_since = None
            except (LedgerError, OSError) as error:
                if not isinstance(error, Unavailable | OSError):
                    self._stop(error)
                    return
                self._say_failure(str(error))
            except Exception as bug:
                self._stop(bug)
                raise
            self._closed.wait(max(0.0, started + self.every - monotonic()))

    def _round(self) -> int | None:
        published = self._publisher.publish_once()
        self._failure = ""
        self._say_problems()
        if published is None:
            return None
        _LOG.info("published a checkpoint of %d entries", published.checkpoint.size)
        with self._changed:
            self._changed.notify_all()
        return published.checkpoint.size

    def _say_failure(self, failure: str) -> None:
        """Log why there is no checkpoint when it changes: what lasts is not told of every second."""
        if failure != self._failure:
            _LOG.warning("no checkpoint this time: %s", failure)
        self._failure = failure

    def _say_problems(self) -> None:
        """Log what is wrong with witnesses when it changes: a witness that is down is not told of every second."""
        problems = self.witness_problems
        for name, problem in problems.items():
            if self._problems.get(name) != problem:
                _LOG.warning("witness %s %s", name, problem)
        for name in self._problems.keys() - problems.keys():
            _LOG.info("witness %s cosigns again", name)
        self._problems = problems

    def _stop(self, error: BaseException) -> None:
        self.stopped_by = error
        if isinstance(error, IntegrityFailed | Halted):
            # What contradicts a checkpoint is not built upon: nothing more takes a place that was promised.
            # Said to anybody who hands something in: the reason, with its paths, is for the log.
            self._publisher.permit.halt(_HALTED)
        _LOG.critical("THE PUBLISHER HAS STOPPED, and nothing more is signed: %s", error)
        with self._changed:
            self._changed.notify_all()
