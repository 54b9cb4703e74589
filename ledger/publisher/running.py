"""A publisher in a thread of its own: a round whenever something is new, with a pause between two rounds.

Stops for good when the log contradicts itself or somebody's checkpoint, and says so; what only does not answer is tried
again.
"""

from __future__ import annotations

import logging
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from ledger.errors import Halted, IntegrityFailed, LedgerError, Unavailable
from ledger.publisher.publishing import POLL, Publishing

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.publisher.publisher import Publisher
    from ledger.store.database.publication import Publication
    from ledger.store.port import Store

_LOG: Final = logging.getLogger("vialog.publisher")
HALTED: Final = "the publisher has stopped over a contradiction, and a person must look; the service's log says why"
"""Said to anybody who hands something in then: the reason, with its paths, is for the log."""


class RunningPublisher(Publishing):
    """Publishes until it is closed."""

    def __init__(
        self,
        publisher: Publisher,
        store: Store,
        publication: Publication,
        *,
        every: float,
        told: Callable[[Publishing], None] = lambda _: None,
    ) -> None:
        """Start the thread.

        every: as of Publishing. told: called in the thread when something of how it stands has changed.
        """
        super().__init__(publication, every)
        self._publisher = publisher
        self._store = store
        self._told = told
        self._closed = Event()
        self._failure = ""
        self.witness_problems = publisher.witnesses.problems
        self._thread = Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

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
                if (head := self._store.wait(size, POLL)) <= size:
                    self._note(late=False)
                    continue  # a period begins with a checkpoint, not with a look that found nothing new
                started = monotonic()
                self._note(late=True)
                size = self._round() or self._publication.size()
                self._note(late=size < head)
            except (LedgerError, OSError) as error:
                if not isinstance(error, Unavailable | OSError):
                    self._stop(error)
                    return
                self._say_problems()
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
        self._tell()
        return published.checkpoint.size

    def _note(self, *, late: bool) -> None:
        if self.note(late=late):
            self._told(self)

    def _say_failure(self, failure: str) -> None:
        """Log why there is no checkpoint when it changes: what lasts is not told of every second."""
        if failure != self._failure:
            _LOG.warning("no checkpoint this time: %s", failure)
        self._failure = failure

    def _say_problems(self) -> None:
        """Log what is wrong with witnesses when it changes: a witness that is down is not told of every second."""
        problems, known = self._publisher.witnesses.problems, self.witness_problems
        if problems == known:
            return
        for name, problem in problems.items():
            if known.get(name) != problem:
                _LOG.warning("witness %s %s", name, problem)
        for name in known.keys() - problems.keys():
            _LOG.info("witness %s cosigns again", name)
        self.witness_problems = problems
        self._tell()

    def _stop(self, error: BaseException) -> None:
        self.stopped_by = error
        if isinstance(error, IntegrityFailed | Halted):
            # What contradicts a checkpoint is not built upon: nothing more takes a place that was promised.
            self._publisher.permit.halt(HALTED)
        _LOG.critical("THE PUBLISHER HAS STOPPED, and nothing more is signed: %s", error)
        self._tell()

    def _tell(self) -> None:
        self.wake()
        self._told(self)
