"""The committer: one thread that judges and records, a batch at a time, under the lock of the log's head.

It takes whatever has queued while the last commit was in flight. So there is no timer when idle, and batches are large
under load. Every caller gets its own answer: one bad statement never fails its neighbours. It never verifies a
signature; the intake does that before.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from ledger.domain.fold import rewritten
from ledger.domain.judging import Event, Signed
from ledger.errors import Conflict, IntegrityFailed, Malformed, TooOld, Unavailable, unreadable
from ledger.ids import StatementId, Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import NO_RULES, Entry, check_size, parse_entry
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.reading import newer_kind, signer_tags
from ledger.store.deciding.batches import Batches
from ledger.store.deciding.judgement import Bench, judge
from ledger.store.deciding.worlds import Worlds
from ledger.store.port import Record, Recorded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.store.deciding.permit import Permit
    from ledger.store.port import LockedLog, Store
    from ledger.store.tag_rows import TagRows

MOST_IN_BATCH: Final = 256
MOST_WAITING: Final = 4 * MOST_IN_BATCH


class Verified(msgspec.Struct, frozen=True):
    """A statement whose form, signatures and disclosures are verified.

    envelope: as received; payload: the bytes that were signed.
    named: the ids in its payload.
    """

    said: Signed[Any]
    envelope: bytes
    payload: bytes
    named: frozenset[Tag]
    disclosures: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """What the ledger answers to a statement that stands in the record.

    event: None of a check, which records nothing.
    breaches: what the signers were told and acknowledged.
    repeated: the same statement was recorded before, and this is its first answer.
    next: of a check of one statement, the event that it would be.
    """

    event: Recorded | None
    rules: str
    breaches: tuple[Breach, ...]
    repeated: bool = False
    next: Event[Any] | None = None


class Pending(msgspec.Struct, frozen=True, eq=False):
    """A statement that waits for its decision; handed in twice, it waits as two.

    record: False to judge without recording.
    answer: where its caller waits. It raises Refused, NeedsAcknowledgement, Conflict (another statement has the same
        id), Malformed (the entry is too large) or Unavailable (nothing is known to be recorded; handing it in again is
        safe).
    """

    verified: Verified
    record: bool
    answer: Future[Outcome] = msgspec.field(default_factory=Future)


@dataclass(slots=True)
class Batch:
    """What one transaction has decided so far, and whom to tell once it is committed."""

    bench: Bench
    known: dict[StatementId, Recorded]
    waiting: dict[StatementId, tuple[Pending, Record]] = field(default_factory=dict)
    decided: list[tuple[Pending, Outcome | Exception]] = field(default_factory=list)

    def flush(self) -> None:
        """Append what is accepted and not yet in the log."""
        if not self.waiting:
            return
        stored = self.bench.log.append([record for _, record in self.waiting.values()], self.bench.now)
        for (pending, record), recorded in zip(self.waiting.values(), stored, strict=True):
            self.known[record.statement] = recorded
            self.decided.append((pending, Outcome(recorded, record.rules, record.breaches)))
        self.waiting.clear()

    @property
    def next_position(self) -> int:
        """Return the position that the next accepted statement gets."""
        return self.bench.log.head + len(self.waiting) + 1


class Rules(Protocol):
    """The editions of rules that decide."""

    def at(self, instant: datetime) -> RulePack:
        """Return the pack in force at an instant. Raises Refused RUL-01: there is none."""
        ...

    def has(self, name: str) -> bool:
        """Say whether an edition is here, by the name that entries give it."""
        ...


class Deciding:
    """How statements are decided, one after the other, under the lock of the head.

    worlds: the folded subjects; whoever decides keeps them between batches, and forgets them where one is undone.
    """

    def __init__(self, rules: Rules, permit: Permit, worlds: Worlds, rows: TagRows | None = None) -> None:
        """Decide by the pack that is in force at the time that a permit gives.

        rows: what is known of the rows of tags, shared by all that decide in this process; None: they are believed.
        """
        self.worlds = worlds
        self._rows = rows
        self._rules = rules
        self._permit = permit

    def open(self, log: LockedLog, pending: Sequence[Pending]) -> Batch:
        """Read what the whole batch rests on, in one query for the ids and one for each distance of links.

        Raises Halted, Unavailable: nothing may be recorded now. TooOld: the log holds what this program does not know,
        so that it must not decide what may come next.
        """
        now = self._permit.time(log)
        log = log if self._rows is None else self._rows.over(log)
        if log.head != self.worlds.upto:
            self._check_known(log)
        self.worlds.catch_up(log)
        known = dict(log.named([one.verified.said.id for one in pending]))
        tags = (one.verified.named | signer_tags(one.verified.said) for one in pending)
        self.worlds.load(log, frozenset[Tag]().union(*tags))
        return Batch(Bench(log, self.worlds, self._rules.at(now), now), known)

    def _check_known(self, log: LockedLog) -> None:
        """Check that this program knows all kinds in the log, and the edition that others judge by now.

        What else it may not know, a member or a line, it meets when it reads what a statement rests on.
        """
        for kind in sorted(log.kinds() - KINDS.keys() - {STATE_KIND}):
            raise TooOld(None, f"there stands {newer_kind(kind)}; nothing is recorded until it is upgraded")
        for recorded in log.since(max(0, log.head - 2), 2):  # of which one is no state entry
            try:
                name = parse_entry(recorded.entry).rules
            except Malformed as error:
                raise unreadable(recorded.position, error) from error
            if name != NO_RULES and not self._rules.has(name):
                found = f"position {recorded.position} was judged by the edition {name}, which it does not have"
                raise TooOld(None, f"{found}; nothing is recorded until it has (VIALOG_RULES)")

    def decide(self, batch: Batch, pending: Pending) -> None:
        """Decide one statement: an answer, or a record that waits to be appended with the batch."""
        said = pending.verified.said
        rewriting = rewritten(said) is not None
        if rewriting or said.id in batch.waiting:
            batch.flush()  # so that the log itself shows all that comes before
        try:
            answer: Outcome | Exception | None = self._answer(batch, pending)
        except (Unavailable, IntegrityFailed):
            raise  # it is the store that failed, and with it the whole batch
        except Exception as refusal:  # noqa: BLE001  or a bug in a rule: either way this caller's own answer
            answer = refusal
        if answer is not None:
            batch.decided.append((pending, answer))
        elif rewriting:
            batch.flush()  # what it rewrites is folded anew, from the log

    def _answer(self, batch: Batch, pending: Pending) -> Outcome | None:
        """Return the answer to a statement; None if it is accepted, and answered when it is recorded.

        Raises Refused, NeedsAcknowledgement, Conflict, Malformed; then nothing has changed.
        """
        verified = pending.verified
        said, bench = verified.said, batch.bench
        if (first := batch.known.get(said.id)) is not None:
            return _first_answer(first, verified)
        judged = judge(bench, said, verified.named)
        position, rules = batch.next_position, bench.rules.name
        # One too large is refused here, before it could fail its neighbours.
        check_size(Entry(position, bench.now, rules, judged.tags, verified.envelope, judged.breaches, judged.status))
        event = Event(position, bench.now, judged.tags, said, rules, judged.breaches, judged.status)
        if not pending.record:
            return Outcome(None, rules, judged.breaches, next=event)
        self.worlds.advance(event)
        record = Record(
            said.id,
            said.kind,
            judged.tags,
            rules,
            verified.envelope,
            verified.disclosures,
            judged.breaches,
            judged.status,
        )
        batch.waiting[said.id] = (pending, record)
        return None


@dataclass(slots=True)
class Work:
    """What a committer has done since it began. seconds: from taking a batch to its commit, of all together."""

    batches: int = 0
    statements: int = 0
    seconds: float = 0.0


class Committer:
    """Judges and records statements, in the order in which they were handed in."""

    def __init__(self, store: Store, deciding: Deciding) -> None:
        """Start the committer's thread; nothing else decides with what it is given."""
        self._store = store
        self._deciding = deciding
        self._queue: Batches[Pending] = Batches(MOST_IN_BATCH, MOST_WAITING)
        self.work: Final = Work()
        self._thread = Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    def hand_in(self, pending: Sequence[Pending]) -> None:
        """Queue statements, and wait for room if many are; each one's answer tells what became of it.

        Raises Unavailable: the committer is closed.
        """
        self._queue.put(pending)

    def close(self) -> None:
        """Answer what has queued, then stop. Closing again does nothing."""
        self._queue.close()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._queue.take():
            began = monotonic()
            self._commit(batch)
            self.work.batches += 1
            self.work.statements += len(batch)
            self.work.seconds += monotonic() - began

    @property
    def waiting(self) -> int:
        """Return how many statements wait to be decided."""
        return len(self._queue)

    def _commit(self, pending: Sequence[Pending]) -> None:
        try:
            with self._store.locked() as log:
                batch = self._deciding.open(log, pending)
                for one in pending:
                    self._deciding.decide(batch, one)
                batch.flush()
            # Die here: the batch is durable and nobody was told. Handing a statement in again finds its own event.
        except Exception as lost:  # noqa: BLE001  a bug is told to its callers too, and the thread outlives it
            self._deciding.worlds.forget()
            for one in pending:
                one.answer.set_exception(lost)
            return
        self._deciding.worlds.trim()
        for one, answer in batch.decided:
            if isinstance(answer, Outcome):
                one.answer.set_result(answer)
            else:
                one.answer.set_exception(answer)


def _first_answer(recorded: Recorded, verified: Verified) -> Outcome:
    """Return the answer that a statement got when it was recorded first.

    Raises Conflict: what is recorded under its id has other signed bytes.
    """
    entry = parse_entry(recorded.entry)
    if recorded.kind != verified.said.kind or parse_envelope(entry.data).payload != verified.payload:
        raise Conflict(f"another statement is recorded under the id {verified.said.id}")
    return Outcome(recorded, entry.rules, entry.breaches, repeated=True)
