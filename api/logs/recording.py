"""Recording, as the commands know it: at the log that is here, or at the service that the settings name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ledger.errors import LedgerError
from ledger.ids import StatementId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.service import Ledger, Submission
    from ledger.store.deciding.committer import Outcome
    from ledger.store.port import Readable


@dataclass(frozen=True, slots=True)
class Settled:
    """A statement that stands in the record.

    rules: the edition that it was judged by, as an entry names it. repeated: it was recorded before, and this is its
    first answer.
    """

    statement: StatementId
    kind: str
    position: int
    recorded: datetime
    rules: str
    breaches: tuple[Breach, ...]
    repeated: bool


class Recording(Protocol):
    """A log, open for recording."""

    @property
    def store(self) -> Readable:
        """Return the log to read."""
        ...

    def hand_in(self, submission: Submission) -> Callable[[], Settled]:
        """Hand a statement in, and return what waits for its answer, which raises as ``Ledger.record``.

        Statements are decided in the order in which they are handed in; one may rest on those before it.
        """
        ...

    def together(self, submissions: Iterable[Submission], *, record: bool = True) -> list[Settled | LedgerError | None]:
        """Record statements if none of them is wrong, otherwise none; return each one's answer.

        record: False to record none in any case. None: it could be recorded. Raises as ``Ledger.record_together``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Here:
    """The log that is here."""

    ledger: Ledger

    @property
    def store(self) -> Readable:
        """Return the log to read."""
        return self.ledger.store

    def hand_in(self, submission: Submission) -> Callable[[], Settled]:
        """Hand a statement in; as ``Recording``."""
        answer = self.ledger.submit(submission)
        return lambda: _stands(answer.result())

    def together(self, submissions: Iterable[Submission], *, record: bool = True) -> list[Settled | LedgerError | None]:
        """Record statements together; as ``Recording``."""
        answers = self.ledger.record_together(submissions, record=record)
        return [one if isinstance(one, LedgerError) else settled_of(one) for one in answers]


def settled_of(outcome: Outcome) -> Settled | None:
    """Return what an answer of the ledger says of a statement; None: it is not recorded."""
    event = outcome.event
    if event is None:
        return None
    of_event = event.statement, event.kind, event.position, event.recorded
    return Settled(*of_event, outcome.rules, outcome.breaches, outcome.repeated)


def _stands(outcome: Outcome) -> Settled:
    settled = settled_of(outcome)
    if settled is None:
        raise TypeError("a statement that was recorded has an event")
    return settled
