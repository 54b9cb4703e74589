"""The ledger as its callers know it: hand in a signed statement, get its answer.

Holds no private key, knows no HTTP and no views; console, command line and HTTP call these same functions. What
becomes of a statement is said by two threads, one behind the other: the intake verifies it, the committer judges and
records it.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from ledger.clock import Clock, SystemClock
from ledger.errors import LedgerError
from ledger.intake import Intake, Submission
from ledger.store.committer import Committer, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Store

__all__ = ["Ledger", "Submission"]

_WINDOW: Final = 256


class Ledger:
    """One log, open for recording."""

    def __init__(self, store: Store, packs: RulePacks, *, jurisdiction: str = "CN", clock: Clock | None = None) -> None:
        """Open a log over a store.

        jurisdiction: whose rule packs judge; the pack is the one in force when a statement is recorded.
        clock: tells the time of recording; the machine's if left out.
        """
        self.store = store
        self.packs = packs
        self._committer = Committer(
            store, lambda instant: packs.at_instant(jurisdiction, instant), clock or SystemClock()
        )
        self._intake = Intake(store, self._committer)

    def record(self, submission: Submission) -> Outcome:
        """Verify, judge and record a statement, and wait until it is durable.

        Raises Malformed, NotTrusted, Refused, NeedsAcknowledgement, Conflict or Unavailable; see ``ledger.errors``.
        """
        return self.submit(submission).result()

    def check(self, submission: Submission) -> Outcome:
        """Verify and judge a statement as ``record`` would, and record nothing; raises the same."""
        return self.submit(submission, record=False).result()

    def submit(self, submission: Submission, *, record: bool = True) -> Future[Outcome]:
        """Hand a statement in and return the answer to come, which raises what ``record`` does.

        record: False to judge without recording.

        Statements are decided in the order in which they are handed in. One may rest on those before it, also on a key
        that one of them enrols.

        Raises Unavailable: the ledger is closed.
        """
        return self._intake.submit(submission, record=record)

    def record_many(self, submissions: Iterable[Submission]) -> Iterator[Outcome | LedgerError]:
        """Record statements in their order and yield each one's answer in the same order, errors as values."""
        waiting: deque[Future[Outcome]] = deque()
        for submission in submissions:
            if len(waiting) == _WINDOW:
                yield _answer(waiting.popleft())
            waiting.append(self.submit(submission))
        yield from map(_answer, waiting)

    def close(self) -> None:
        """Answer what is queued, then close the store."""
        self._intake.close()
        self.store.close()


def _answer(waiting: Future[Outcome]) -> Outcome | LedgerError:
    try:
        return waiting.result()
    except LedgerError as error:
        return error
