"""The intake: one thread that verifies what callers hand in and passes on what is good, a batch at a time.

Callers only wait. Were each to verify in its own thread, they would take the interpreter from each other and from the
committer after every signature, which costs more than verifying at the same time gains (ADR 0015).
"""

from __future__ import annotations

import base64
from concurrent.futures import Future, wait
from dataclasses import dataclass
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, NoReturn

import msgspec

from ledger.domain.registry.authority import ANOTHER_LOG
from ledger.errors import NotTrusted, Unavailable
from ledger.ids import Tag, key_tag
from ledger.statement.entries.enrolment import ENROLLING
from ledger.statement.form.disclosure import check_disclosures
from ledger.statement.form.envelope import Envelope, Signature, encode_envelope, parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.reading import read_statement
from ledger.statement.signing.keys import PublicKey, admit
from ledger.statement.statement import open_envelope
from ledger.store.deciding.batches import Batches
from ledger.store.deciding.committer import MOST_IN_BATCH, MOST_WAITING, Outcome, Pending, Verified
from ledger.store.deciding.earlier import event_of

if TYPE_CHECKING:
    from ledger.statement.form.payload import Payload
    from ledger.store.deciding.committer import Committer
    from ledger.store.port import Store


@dataclass(frozen=True, slots=True)
class Submission:
    """A statement as it is handed in: its envelope, and the disclosures that travel beside it."""

    envelope: bytes
    disclosures: tuple[str, ...] = ()


class _Handed(msgspec.Struct, frozen=True):
    submission: Submission
    record: bool
    answer: Future[Outcome] = msgspec.field(default_factory=Future)


class Intake:
    """Verifies statements in the order in which they were handed in, and passes them on in that order."""

    def __init__(self, store: Store, committer: Committer) -> None:
        """Start the intake's thread; the committer is closed with it."""
        self._store = store
        self._committer = committer
        self._keys: dict[str, PublicKey] = {}
        self._enrolling: list[Future[Outcome]] = []
        self._handed: Batches[_Handed] = Batches(MOST_IN_BATCH, MOST_WAITING)
        self._thread = Thread(target=self._run, name="intake", daemon=True)
        self._thread.start()

    def submit(self, submission: Submission, *, record: bool) -> Future[Outcome]:
        """Queue a statement and return its answer to come; it cannot be cancelled. Waits for room if many are queued.

        record: False to judge without recording.

        Raises Unavailable: it is closed. The answer raises Malformed, NotTrusted or Refused (GEN-11), and whatever the
        committer's does.
        """
        handed = _handed(submission, record=record)
        self._handed.put([handed])
        return handed.answer

    def offer(self, submission: Submission) -> Future[Outcome] | None:
        """Queue a statement to be recorded as ``submit`` does, if there is room for it now; None: there is none."""
        handed = _handed(submission, record=True)
        return handed.answer if self._handed.offer([handed]) else None

    def verify(self, submission: Submission) -> Verified:
        """Verify form, signatures, kind and disclosures; the record is not asked, except for public keys.

        Raises Malformed, NotTrusted. Refused: GEN-11 the statement is for another log.
        """
        opened = open_envelope(submission.envelope, lambda thumbprint: self._find_key(thumbprint, submission.envelope))
        self._check_log(opened.payload)
        check_disclosures(opened.payload.sd, submission.disclosures)
        return Verified(
            said=read_statement(opened.payload),
            envelope=opened.envelope,
            payload=opened.payload_bytes,
            named=opened.payload.tags,
            disclosures=submission.disclosures,
        )

    def judge(self, payload: bytes) -> Future[Outcome]:
        """Have a payload judged that nobody has signed; nothing is recorded. The answer raises as that of ``submit``.

        Raises Malformed, Refused as ``verify``.
        """
        read = read_payload(payload)
        self._check_log(read)
        # Its size is judged too, so each signature has its place; the committer verifies none.
        blank = tuple(Signature(one.key, bytes(64)) for one in read.signers)
        envelope = encode_envelope(Envelope(payload, blank))
        pending = Pending(Verified(read_statement(read), envelope, payload, read.tags), record=False)
        self._committer.hand_in([pending])
        return pending.answer

    @property
    def waiting(self) -> int:
        """Return how many statements wait to be verified."""
        return len(self._handed)

    def close(self) -> None:
        """Answer what has queued, then stop, and the committer with it. Closing again does nothing."""
        self._handed.close()
        self._thread.join()
        self._committer.close()

    def _check_log(self, payload: Payload) -> None:
        if payload.log != self._store.origin:
            raise ANOTHER_LOG.refuse(f"it is made for {payload.log}, this log is {self._store.origin}")

    def _run(self) -> None:
        while batch := self._handed.take():
            self._pass_on(batch)

    def _pass_on(self, batch: list[_Handed]) -> None:
        self._enrolling = [one for one in self._enrolling if not one.done()]
        good: list[Pending] = []
        wrong: list[tuple[_Handed, Exception]] = []
        lost: Unavailable | None = None
        for handed in batch:
            try:
                verified = self._verified(handed, good) if lost is None else _raise(lost)
            except Exception as problem:  # noqa: BLE001  a bug is told to its caller too, and the thread outlives it
                # Asked for the keys of each of them, a store that is silent would keep the last one waiting for long.
                lost = problem if isinstance(problem, Unavailable) else None
                wrong.append((handed, problem))
                continue
            good.append(Pending(verified, handed.record, handed.answer))
            if handed.record and verified.said.kind in ENROLLING:
                self._enrolling.append(handed.answer)
        self._committer.hand_in(good)
        for handed, told in wrong:
            handed.answer.set_exception(told)

    def _verified(self, handed: _Handed, good: list[Pending]) -> Verified:
        """Verify a statement; where its key may be on its way into the log, once that is decided.

        good: what was verified before it and is not passed on yet.
        """
        try:
            return self.verify(handed.submission)
        except NotTrusted:
            if not self._enrolling:
                raise
        self._committer.hand_in(good)
        good.clear()
        wait(self._enrolling)
        self._enrolling.clear()
        return self.verify(handed.submission)

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
        for recorded in islice(self._store.about(Tag(key_tag(thumbprint)), kinds=ENROLLING), 1):
            body = event_of(recorded).said.body
            return admit(base64.b64decode(body.spki), body.alg)
        return None


def _handed(submission: Submission, *, record: bool) -> _Handed:
    handed = _Handed(submission, record)
    # What is handed in is decided, whether or not its caller still waits for the answer.
    handed.answer.set_running_or_notify_cancel()
    return handed


def _raise(lost: Unavailable) -> NoReturn:
    raise lost


def _brought_in(thumbprint: str, envelope: bytes) -> PublicKey | None:
    payload = read_payload(parse_envelope(envelope).payload)
    if payload.kind not in ENROLLING:
        return None
    body = read_statement(payload).body
    key = admit(base64.b64decode(body.spki), body.alg)
    return key if key.thumbprint == thumbprint and body.key == key_tag(thumbprint) else None
