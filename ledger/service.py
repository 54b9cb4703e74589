"""The ledger as its callers know it: hand in a signed statement, get its answer.

Verifies form, signatures and disclosures in the caller's thread, then queues for the committer. Holds no private key,
knows no HTTP and no views; console, command line and HTTP call these same functions.
"""

from __future__ import annotations

import base64
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from ledger.clock import Clock, SystemClock
from ledger.domain.authority import ANOTHER_LOG
from ledger.errors import LedgerError, NotTrusted
from ledger.ids import Tag
from ledger.statement.disclosure import check_disclosures
from ledger.statement.enrolment import ENROLLING
from ledger.statement.envelope import parse_envelope
from ledger.statement.keys import PublicKey, admit
from ledger.statement.payload import read_payload
from ledger.statement.reading import key_tag, read_statement
from ledger.statement.statement import open_envelope
from ledger.store.committer import Committer, Outcome, Verified
from ledger.store.worlds import event_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Store

_WINDOW: Final = 256


@dataclass(frozen=True, slots=True)
class Submission:
    """A statement as it is handed in: its envelope, and the disclosures that travel beside it."""

    envelope: bytes
    disclosures: tuple[str, ...] = ()


class Ledger:
    """One log, open for recording."""

    def __init__(self, store: Store, packs: RulePacks, *, jurisdiction: str = "CN", clock: Clock | None = None) -> None:
        """Open a log over a store.

        jurisdiction: whose rule packs judge; the pack is the one in force when a statement is recorded.
        clock: tells the time of recording; the machine's if left out.
        """
        self.store = store
        self.packs = packs
        self._keys: dict[str, PublicKey] = {}
        self._committer = Committer(
            store, lambda instant: packs.at_instant(jurisdiction, instant), clock or SystemClock()
        )

    def record(self, submission: Submission) -> Outcome:
        """Verify, judge and record a statement, and wait until it is durable.

        Raises Malformed, NotTrusted, Refused, NeedsAcknowledgement, Conflict or Unavailable; see ``ledger.errors``.
        """
        return self.submit(submission).result()

    def check(self, submission: Submission) -> Outcome:
        """Verify and judge a statement as ``record`` would, and record nothing; raises the same."""
        return self._committer.submit(self.verify(submission), record=False).result()

    def submit(self, submission: Submission) -> Future[Outcome]:
        """Verify a statement here and now, and return the answer to come.

        Raises Malformed or NotTrusted; the answer raises the rest.
        """
        return self._committer.submit(self.verify(submission))

    def record_many(self, submissions: Iterable[Submission]) -> Iterator[Outcome | LedgerError]:
        """Record statements in their order and yield each one's answer in the same order, errors as values.

        A statement may rest on those before it, on a key enrolled among them too.
        """
        waiting: deque[Future[Outcome] | LedgerError] = deque()
        for submission in submissions:
            if len(waiting) == _WINDOW:
                yield _answer(waiting.popleft())
            try:
                answer: Future[Outcome] | LedgerError = self.submit(submission)
            except NotTrusted:  # its key may be enrolled by one that is still in flight
                yield from (_answer(one) for one in waiting)
                waiting.clear()
                answer = self._late(submission)
            except LedgerError as error:
                answer = error
            waiting.append(answer)
        yield from (_answer(one) for one in waiting)

    def verify(self, submission: Submission) -> Verified:
        """Verify form, signatures, kind and disclosures; the record is not asked, except for public keys.

        Raises Malformed, NotTrusted. Refused: GEN-11 the statement is for another log.
        """
        opened = open_envelope(submission.envelope, lambda thumbprint: self._find_key(thumbprint, submission.envelope))
        if opened.payload.log != self.store.origin:
            raise ANOTHER_LOG.refuse(f"it is made for {opened.payload.log}, this log is {self.store.origin}")
        check_disclosures(opened.payload.sd, submission.disclosures)
        return Verified(
            said=read_statement(opened.payload),
            envelope=opened.envelope,
            payload=opened.payload_bytes,
            named=opened.payload.tags,
            disclosures=submission.disclosures,
        )

    def close(self) -> None:
        """Answer what is queued, then close the store."""
        self._committer.close()
        self.store.close()

    def _late(self, submission: Submission) -> Future[Outcome] | LedgerError:
        try:
            return self.submit(submission)
        except LedgerError as error:
            return error

    def _find_key(self, thumbprint: str, envelope: bytes) -> PublicKey | None:
        """Return a key as the log enrolled it, or as this very statement brings it in.

        A thumbprint names one key for ever, so what is found is kept; whether it may still sign is judged later.
        """
        found = self._keys.get(thumbprint) or self._enrolled(thumbprint)
        if found is not None:
            self._keys[thumbprint] = found
            return found
        return _brought_in(thumbprint, envelope)

    def _enrolled(self, thumbprint: str) -> PublicKey | None:
        for recorded in islice(self.store.about(Tag(key_tag(thumbprint)), kinds=ENROLLING), 1):
            body = event_of(recorded).said.body
            return admit(base64.b64decode(body.spki), body.alg)
        return None


def _brought_in(thumbprint: str, envelope: bytes) -> PublicKey | None:
    payload = read_payload(parse_envelope(envelope).payload)
    if payload.kind not in ENROLLING:
        return None
    body = read_statement(payload).body
    key = admit(base64.b64decode(body.spki), body.alg)
    return key if key.thumbprint == thumbprint and body.key == key_tag(thumbprint) else None


def _answer(waiting: Future[Outcome] | LedgerError) -> Outcome | LedgerError:
    if isinstance(waiting, LedgerError):
        return waiting
    try:
        return waiting.result()
    except LedgerError as error:
        return error
