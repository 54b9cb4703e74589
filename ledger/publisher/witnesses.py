"""The witnesses of a log: all asked at the same time, none waited for longer than the time allows.

Each witness remembers the largest checkpoint of a log that it cosigned. Before the log signs anything new it finds out
what they hold; afterwards it asks them to cosign. A witness that holds what the log does not extend stops the log.
"""

from __future__ import annotations

import dataclasses
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, LedgerError, NotTrusted
from ledger.publisher.growth import NEVER_SIGN_ON
from ledger.publisher.witness_client import Contradicts, Cosigned, Holds, Silent, WitnessAddress, ask
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import Note, format_note
from ledger.tlog.policy import Party, Policy, evaluate
from ledger.tlog.tree import prove_consistency

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ledger.publisher.witness_client import Answer
    from ledger.tlog.tree import HashReader
    from ledger.tlog.vkey import VerifierKey

TIMEOUT: Final = 2.0
"""How long witnesses have for one answer, in seconds: a checkpoint can get this much later."""

NO_WITNESSES: Final = Policy((), {}, {}, None)


class Witnesses:
    """The witnesses of a policy that have an address, and the policy's quorum."""

    def __init__(self, policy: Policy = NO_WITNESSES, timeout: float = TIMEOUT) -> None:
        """Ask nobody yet.

        policy: its witnesses, groups and quorum count; its logs do not, the log knows its own keys.
        timeout: seconds for each question.
        """
        self._policy = policy
        self._timeout = timeout
        self._all = [
            _Witness(WitnessAddress(name, party.key, party.url))
            for name, party in policy.witnesses.items()
            if party.url
        ]

    @property
    def problems(self) -> dict[str, str]:
        """Return why, by name, of each witness whose last answer could not be used."""
        return {one.address.name: one.problem for one in self._all if one.problem}

    @property
    def largest(self) -> tuple[str, int]:
        """Return who holds the largest checkpoint, as far as is known, and its size; 0 where nobody holds one."""
        held = [(f"the witness {one.address.name}", one.held) for one in self._all if one.held is not None]
        return max(held, key=lambda one: one[1], default=("no witness", 0))

    def meet(self, last: Note | None) -> None:
        """Find out what the witnesses hold that were not asked yet.

        last: the newest published checkpoint, which they may cosign again; None when nothing was published, and then
        they are taken to hold nothing.

        Raises IntegrityFailed: a witness holds what that checkpoint contradicts.
        """
        strangers = [one for one in self._all if one.held is None]
        if last is None:
            for one in strangers:
                one.held = 0
        elif strangers:
            size = decode_checkpoint(last.text).size
            self._ask(strangers, lambda one: one.meet(size, last, self._timeout))

    def cosign(self, note: Note, hashes: HashReader, keys: Sequence[VerifierKey]) -> bytes:
        """Return a checkpoint's note with the cosignatures of the witnesses that answered.

        note: signed by the log; hashes: of its tree; keys: the log's own.

        Raises NotTrusted: TLOG-14, the quorum is not met. IntegrityFailed: a witness holds what the checkpoint
        contradicts.
        """
        size = decode_checkpoint(note.text).size
        policy = dataclasses.replace(self._policy, logs=tuple(Party(key, "") for key in keys))
        signatures = list(note.signatures)
        reachable = [one for one in self._all if one.held is not None and one.held <= size]

        def enough(answer: Answer) -> bool:
            if isinstance(answer, Cosigned):
                signatures.extend(answer.signatures)
            return _is_met(policy, Note(note.text, tuple(signatures)))

        self._ask(reachable, lambda one: one.cosign(size, note, hashes, self._timeout), enough)
        cosigned = format_note(Note(note.text, tuple(signatures)))
        evaluate(policy, cosigned)
        return cosigned

    def _ask(
        self,
        asked: Sequence[_Witness],
        question: Callable[[_Witness], Answer],
        enough: Callable[[Answer], bool] = lambda _: True,
    ) -> None:
        """Ask some witnesses at once; wait until time is up, or it is enough and none that answered last is missing."""
        answers: SimpleQueue[tuple[_Witness, Answer]] = SimpleQueue()
        waiting = {one for one in asked if one.start(question, answers)}
        satisfied = not asked or enough(Silent("nobody has answered yet"))
        until = monotonic() + self._timeout
        while waiting and not (satisfied and all(one.problem for one in waiting)):
            try:
                one, answer = answers.get(timeout=max(0.0, until - monotonic()))
            except Empty:
                break
            waiting.discard(one)
            satisfied = enough(answer)
        for one in waiting:
            one.problem = one.problem or f"did not answer within {self._timeout} seconds"
        self._check_contradictions()

    def _check_contradictions(self) -> None:
        for one in self._all:
            if one.contradiction:
                raise IntegrityFailed(f"the witness {one.address.name} {one.contradiction}: {NEVER_SIGN_ON}")


def _is_met(policy: Policy, note: Note) -> bool:
    try:
        evaluate(policy, format_note(note))
    except NotTrusted:
        return False
    return True


class _Witness:
    """What is known of one witness.

    held: the size it holds; None while nobody has asked.
    problem: why its last answer could not be used; "" if it could.
    contradiction: how it contradicts this log; never taken back.
    """

    def __init__(self, address: WitnessAddress) -> None:
        self.address: Final = address
        self.held: int | None = None
        self.problem = ""
        self.contradiction = ""
        self._busy = Lock()

    def start(self, question: Callable[[_Witness], Answer], answers: SimpleQueue[tuple[_Witness, Answer]]) -> bool:
        """Ask in a thread of its own, unless an earlier question is still in flight; return whether it was asked."""
        if not self._busy.acquire(blocking=False):
            self.problem = "is still busy with an earlier question"
            return False

        def run() -> None:
            try:
                answer = question(self)
            except LedgerError as error:  # the proof could not be read: it is the database that does not answer
                answer = Silent(f"could not be asked: {error}")
            self._learn(answer)
            self._busy.release()
            answers.put((self, answer))

        Thread(target=run, name=f"witness-{self.address.name}", daemon=True).start()
        return True

    def meet(self, size: int, last: Note, timeout: float) -> Answer:
        answer = ask(self.address, size, (), last, timeout)
        if isinstance(answer, Cosigned):
            self.held = size
        return answer

    def cosign(self, size: int, note: Note, hashes: HashReader, timeout: float) -> Answer:
        """Ask for a cosignature; once more if the witness holds another size than it was thought to."""
        until = monotonic() + timeout
        answer = self._extend(self.held or 0, size, note, hashes, timeout)
        if isinstance(answer, Holds) and answer.size <= size:
            answer = self._extend(answer.size, size, note, hashes, until - monotonic())
        if isinstance(answer, Cosigned):
            self.held = size
        return answer

    def _extend(self, old: int, size: int, note: Note, hashes: HashReader, timeout: float) -> Answer:
        proof = prove_consistency(old, size, hashes) if old else ()
        return ask(self.address, old, proof, note, max(timeout, 0.001))

    def _learn(self, answer: Answer) -> None:
        self.problem = answer.problem if isinstance(answer, Silent | Contradicts) else ""
        if isinstance(answer, Contradicts):
            self.contradiction = answer.problem
        if isinstance(answer, Holds):
            self.held = answer.size
