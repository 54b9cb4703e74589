"""The ledger as its callers know it: hand in a signed statement, get its answer.

Holds no private key, knows no HTTP and no views; console, command line and HTTP call these same functions. What
becomes of a statement is said by two threads, one behind the other: the intake verifies it, the committer judges and
records it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.clock import Clock, SystemClock
from ledger.errors import IntegrityFailed, LedgerError, Unavailable
from ledger.intake import Intake, Submission
from ledger.store.deciding.committer import Committer, Deciding, Outcome, Work
from ledger.store.deciding.permit import Permit
from ledger.store.deciding.together import decide_together
from ledger.store.deciding.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from datetime import datetime

    from ledger.domain.law.rules import RulePack
    from ledger.rulepacks.load import RulePacks
    from ledger.store.deciding.committer import Verified
    from ledger.store.port import Store
    from ledger.store.tag_rows import TagRows

__all__ = ["Ledger", "Submission"]

_WINDOW: Final = 256
_READS: Final = "this service only reads; nothing is recorded or judged here"


class Ledger:
    """One log, open for recording."""

    def __init__(
        self,
        store: Store,
        packs: RulePacks,
        *,
        jurisdiction: str = "CN",
        clock: Clock | None = None,
        permit: Permit | None = None,
        rows: TagRows | None = None,
    ) -> None:
        """Open a log over a store.

        jurisdiction: whose rule packs judge; the pack is the one in force when a statement is recorded.
        clock: tells the time of recording; the machine's if left out.
        permit: says whether anything may be recorded, and the time in the clock's place; the clock alone if left out.
        rows: holds the rows of tags against the log; they are believed if left out, as those of a store in memory are.
        """
        self._rows = rows
        self.store = store
        self.packs = packs
        self.jurisdiction: Final = jurisdiction
        self.permit: Final = permit or Permit(clock or SystemClock())
        self._committer = Committer(store, self._deciding())
        self._intake = Intake(store, self._committer)

    def record(self, submission: Submission) -> Outcome:
        """Verify, judge and record a statement, and wait until it is durable.

        Raises Malformed, NotTrusted, Refused, NeedsAcknowledgement, Conflict, Unavailable or Halted; see
        ``ledger.errors``.
        """
        return self.submit(submission).result()

    def check(self, submission: Submission) -> Outcome:
        """Verify and judge a statement as ``record`` would, and record nothing; raises the same."""
        return self.submit(submission, record=False).result()

    def judge(self, payload: bytes) -> Outcome:
        """Judge what somebody is about to sign as if it were signed and handed in now, and record nothing.

        payload: as ``build_payload`` wrote it. It is told what the record says of it, so whoever calls this lets nobody
        ask but those whom the payload names: with a signature of theirs ``check`` would tell them the same.

        Raises as ``check``, but for signatures.
        """
        return self._intake.judge(payload).result()

    def submit(self, submission: Submission, *, record: bool = True) -> Future[Outcome]:
        """Hand a statement in and return the answer to come, which raises what ``record`` does.

        record: False to judge without recording.

        Statements are decided in the order in which they are handed in. One may rest on those before it, also on a key
        that one of them enrols.

        Raises Unavailable: the ledger is closed.
        """
        return self._intake.submit(submission, record=record)

    def offer(self, submission: Submission) -> Future[Outcome] | None:
        """Hand a statement in as ``submit`` does, if there is room for it now; None: there is none. Never waits.

        Raises Unavailable: the ledger is closed.
        """
        return self._intake.offer(submission)

    def record_many(self, submissions: Iterable[Submission | LedgerError]) -> Iterator[Outcome | LedgerError]:
        """Record statements in their order and yield each one's answer in the same order, errors as values.

        submissions: one that could not be read is its error, and is answered with it in its turn.
        """
        for known in self.record_as_known(submissions):
            yield from known

    def record_as_known(self, submissions: Iterable[Submission | LedgerError]) -> Iterator[list[Outcome | LedgerError]]:
        """Record statements as ``record_many`` does, and yield together the answers that are known together.

        Each is yielded as soon as it and all before it are known: what one commit decided mostly comes at once.
        """
        waiting: deque[Future[Outcome] | LedgerError] = deque()
        for submission in submissions:
            if len(waiting) == _WINDOW:
                yield _known_first(waiting)
            waiting.append(submission if isinstance(submission, LedgerError) else self.submit(submission))
        while waiting:
            yield _known_first(waiting)

    def record_together(self, submissions: Iterable[Submission], *, record: bool = True) -> list[Outcome | LedgerError]:
        """Record statements in their order if none of them is wrong, otherwise none; return each one's answer.

        record: False to record none in any case.

        One may rest on those before it, but not on a key that one of them enrols. Where none is recorded, the outcomes
        have no event, except of what was recorded before.

        Raises Unavailable, Halted, IntegrityFailed: then nothing is known to be recorded, and handing in again is safe.
        """
        verified = [self._verified(one) for one in submissions]
        good = [one for one in verified if not isinstance(one, LedgerError)]
        record = record and len(good) == len(verified)
        decided = iter(decide_together(self.store, self._deciding(), good, record=record))
        answers = [one if isinstance(one, LedgerError) else next(decided) for one in verified]
        return [_known(answer) for answer in answers]

    def rules_at(self, instant: datetime) -> RulePack:
        """Return the pack that judges what is recorded at an instant. Raises Refused RUL-01: there is none."""
        return self.packs.at_instant(self.jurisdiction, instant)

    @property
    def waiting(self) -> int:
        """Return how many statements wait to be verified or decided in this process."""
        return self._intake.waiting + self._committer.waiting

    @property
    def work(self) -> Work:
        """Return what was decided in this process, statements that belong together left out."""
        return self._committer.work

    def close(self) -> None:
        """Answer what is queued, then close the store."""
        self._intake.close()
        self.store.close()

    def _deciding(self) -> Deciding:
        return Deciding(_Rules(self.packs, self.jurisdiction), self.permit, Worlds(), self._rows)

    def _verified(self, submission: Submission) -> Verified | LedgerError:
        try:
            return self._intake.verify(submission)
        except (Unavailable, IntegrityFailed):
            raise  # it is the store that failed
        except LedgerError as error:
            return error


class ReadLedger(Ledger):
    """A log that is only read, such as that of a standby: nothing decides here, and what is handed in is refused."""

    def __init__(self, store: Store, packs: RulePacks, jurisdiction: str) -> None:
        """Read a store. No thread is started. packs, jurisdiction: as ``Ledger``."""
        self.store = store
        self.packs = packs
        self.jurisdiction = jurisdiction  # type: ignore[misc]  # set once, here
        self.permit = Permit(SystemClock())  # type: ignore[misc]  # which is never asked

    def judge(self, payload: bytes) -> Outcome:  # noqa: ARG002  as Ledger has it
        """Raise Unavailable: judging takes the head's lock, which a standby has not."""
        raise Unavailable(_READS)

    def submit(self, submission: Submission, *, record: bool = True) -> Future[Outcome]:  # noqa: ARG002  as Ledger has it
        """Raise Unavailable."""
        raise Unavailable(_READS)

    def offer(self, submission: Submission) -> Future[Outcome] | None:  # noqa: ARG002  as Ledger has it
        """Raise Unavailable."""
        raise Unavailable(_READS)

    def record_together(
        self,
        submissions: Iterable[Submission],  # noqa: ARG002  as Ledger has it
        *,
        record: bool = True,  # noqa: ARG002  as Ledger has it
    ) -> list[Outcome | LedgerError]:
        """Raise Unavailable."""
        raise Unavailable(_READS)

    @property
    def waiting(self) -> int:
        """Return 0: nothing waits."""
        return 0

    @property
    def work(self) -> Work:
        """Return that nothing was decided."""
        return Work()

    def close(self) -> None:
        """Close the store."""
        self.store.close()


@dataclass(frozen=True, slots=True)
class _Rules:
    """The editions that decide in one jurisdiction."""

    packs: RulePacks
    jurisdiction: str

    def at(self, instant: datetime) -> RulePack:
        """Return the pack in force at an instant. Raises Refused RUL-01: there is none."""
        return self.packs.at_instant(self.jurisdiction, instant)

    def has(self, name: str) -> bool:
        """Say whether an edition is here, by the name that entries give it."""
        return self.packs.by_name(name) is not None


def _known(answer: Outcome | Exception) -> Outcome | LedgerError:
    """Return an answer that a caller can act on; a bug in a rule crashes."""
    if isinstance(answer, Outcome | LedgerError):
        return answer
    raise answer


def _known_first(waiting: deque[Future[Outcome] | LedgerError]) -> list[Outcome | LedgerError]:
    """Take the first answer, once it is known, and those behind it that are known by then."""
    known = [_answer(waiting.popleft())]
    while waiting and (isinstance(waiting[0], LedgerError) or waiting[0].done()):
        known.append(_answer(waiting.popleft()))
    return known


def _answer(waiting: Future[Outcome] | LedgerError) -> Outcome | LedgerError:
    if isinstance(waiting, LedgerError):
        return waiting
    try:
        return waiting.result()
    except LedgerError as error:
        return error
