"""A store that can be lost at any step of a batch, as a store is whose server or connection fails."""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING

from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence, Set
    from datetime import datetime

    from ledger.ids import StatementId, Tag
    from ledger.store.port import LockedLog, Record, Recorded, Store


class Step(Enum):
    """Where a batch can be lost."""

    LOCK = "the head is not locked"
    IDS = "the ids are not read"
    BOUNDARY = "the boundary is not read"
    FORWARD = "what others appended is not read"
    APPEND = "nothing is appended"
    APPENDED = "it is appended, and then lost"
    COMMIT = "it is not committed"
    ANSWER = "it is committed, and the answer is lost"


class FailingStore:
    """A store over another one, which it keeps the contract of until it is told to fail."""

    def __init__(self, store: Store) -> None:
        """Fail nothing yet."""
        self._store = store
        self._failing: Step | None = None
        self._batches = 0

    def fail_at(self, step: Step, batches: int = 1) -> None:
        """Be lost once, at the first time that a step comes after so many batches more."""
        self._failing, self._batches = step, batches

    @contextmanager
    def locked(self) -> Iterator[LockedLog]:
        """Take the head's lock; see the port."""
        self._batches -= 1
        self.pass_by(Step.LOCK)
        with self._store.locked() as log:
            yield _FailingLog(log, self)
            self.pass_by(Step.COMMIT)
        self.pass_by(Step.ANSWER)

    def pass_by(self, step: Step) -> None:
        """Raise Unavailable at the step that is to fail, once."""
        if step is self._failing and self._batches < 0:
            self._failing = None
            raise Unavailable(step.value)

    @property
    def origin(self) -> str:
        """Return the log's name."""
        return self._store.origin

    def head(self) -> int:
        """Return the position of the last committed event."""
        return self._store.head()

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Yield committed events after a position."""
        return self._store.read(after, limit)

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        """Yield the committed events that bear a tag."""
        return self._store.about(tag, after, kinds)

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        """Yield the committed events that bear one of some tags."""
        return self._store.about_any(wanted, after)

    def find(self, statement: StatementId) -> Recorded | None:
        """Return the event of a statement."""
        return self._store.find(statement)

    def find_any(self, statements: Collection[StatementId]) -> Iterator[Recorded]:
        """Yield the events of some statements."""
        return self._store.find_any(statements)

    def disclosures(self, statement: StatementId) -> Sequence[str]:
        """Return the disclosures kept beside a statement."""
        return self._store.disclosures(statement)

    def disclose(self, statement: StatementId, disclosed: Sequence[str]) -> None:
        """Keep disclosures beside a recorded statement."""
        self._store.disclose(statement, disclosed)

    def erase(self, digests: Collection[str]) -> int:
        """Erase disclosures by their digests."""
        return self._store.erase(digests)

    def wait(self, after: int, timeout: float) -> int:
        """Wait until the head is past a position."""
        return self._store.wait(after, timeout)

    def close(self) -> None:
        """Give back what the store holds."""
        self._store.close()


class _FailingLog:
    def __init__(self, log: LockedLog, store: FailingStore) -> None:
        self._log = log
        self._store = store

    @property
    def head(self) -> int:
        return self._log.head

    @property
    def recorded(self) -> datetime | None:
        return self._log.recorded

    def kinds(self) -> Set[str]:
        return self._log.kinds()

    @property
    def clock(self) -> datetime | None:
        return self._log.clock

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        self._store.pass_by(Step.FORWARD)
        return self._log.since(position, limit)

    def concerning(self, wanted: Mapping[Tag, Collection[str]]) -> Sequence[Recorded]:
        self._store.pass_by(Step.BOUNDARY)
        return self._log.concerning(wanted)

    def named(self, statements: Collection[StatementId]) -> Mapping[StatementId, Recorded]:
        self._store.pass_by(Step.IDS)
        return self._log.named(statements)

    def append(self, records: Sequence[Record], recorded: datetime) -> Sequence[Recorded]:
        self._store.pass_by(Step.APPEND)
        appended = self._log.append(records, recorded)
        self._store.pass_by(Step.APPENDED)
        return appended
