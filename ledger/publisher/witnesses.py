"""The witnesses of a log, as the log asks them: all at once, each within its time, none before the others.

Each witness remembers the largest checkpoint of a log that it cosigned. Before the log signs anything new it finds out
what they hold; afterwards it asks them to cosign. What a witness says without a signature stops nobody: it is left out,
and said to be. What it shows with the log's own signature is evidence, for the publisher to hold the log against.
"""

from __future__ import annotations

import dataclasses
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Final

from ledger.errors import NotTrusted
from ledger.publisher.asked_witness import AskedWitness
from ledger.publisher.witness_client import Cosigned, Silent, WitnessAddress
from ledger.publisher.witness_memory import Known
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import Note, format_note
from ledger.tlog.policy import Party, Policy, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ledger.publisher.witness_client import Answer, Evidence
    from ledger.publisher.witness_memory import WitnessMemory
    from ledger.tlog.tree import HashReader
    from ledger.tlog.vkey import VerifierKey

TIMEOUT: Final = 2.0
"""How long witnesses have for one answer, in seconds: a checkpoint can get this much later."""

NO_WITNESSES: Final = Policy((), {}, {}, None)


class Witnesses:
    """The witnesses of a policy that have an address, and the policy's quorum."""

    def __init__(
        self,
        policy: Policy = NO_WITNESSES,
        timeout: float = TIMEOUT,
        memory: WitnessMemory | None = None,
        hear: Callable[[str, int], None] = lambda _, __: None,
    ) -> None:
        """Ask nobody yet.

        policy: its witnesses, groups and quorum count; its logs do not, the log knows its own keys.
        timeout: seconds for each question.
        memory: what this machine remembers of them; None to remember nothing.
        hear: is told the time that a witness states in each cosignature, in POSIX seconds.
        """
        self._policy = policy
        self._timeout = timeout
        self._memory = memory
        self._all = [
            AskedWitness(
                WitnessAddress(name, party.key, party.url), Known() if memory is None else memory.of(party.key), hear
            )
            for name, party in policy.witnesses.items()
            if party.url
        ]

    @property
    def problems(self) -> dict[str, str]:
        """Return what is wrong with witnesses, by name, in words: no usable answer the last time, or forgotten."""
        return {one.address.name: one.said for one in self._all if one.said}

    @property
    def evidence(self) -> list[Evidence]:
        """Return what they show with the log's own signature instead of cosigning."""
        return [one.evidence for one in self._all if one.evidence is not None]

    @property
    def cosigned(self) -> list[tuple[str, int]]:
        """Return how many entries they are known to have cosigned, each with the words for who knows it."""
        who = "the witness {}, as this machine remembers,"
        return [(who.format(one.address.name), one.known.cosigned) for one in self._all]

    @property
    def claims(self) -> dict[str, int]:
        """Return the sizes that they claimed to hold in their last answers, by name; of those that cosigned none."""
        return {one.address.name: one.claimed for one in self._all if one.claimed is not None}

    def meet(self, last: Note | None, keys: Sequence[VerifierKey]) -> None:
        """Find out what the witnesses hold of which that is not known.

        last: the newest published checkpoint, which they may cosign again; None when nothing was published, and then
            they are taken to hold nothing.
        keys: the log's own.
        """
        strangers = [one for one in self._all if one.held is None]
        if last is None:
            for one in strangers:
                one.held = 0
        elif strangers:
            size = decode_checkpoint(last.text).size
            self._ask(strangers, lambda one: one.meet(size, last, keys, self._timeout))

    def cosign(self, note: Note, hashes: HashReader, keys: Sequence[VerifierKey]) -> bytes:
        """Return a checkpoint's note with the cosignatures of the witnesses that answered.

        note: signed by the log; hashes: of its tree; keys: the log's own.

        Raises NotTrusted: TLOG-14, the quorum is not met.
        """
        size = decode_checkpoint(note.text).size
        policy = dataclasses.replace(self._policy, logs=tuple(Party(key, "") for key in keys))
        signatures = list(note.signatures)
        reachable = [one for one in self._all if one.held is not None]

        def enough(answer: Answer) -> bool:
            if isinstance(answer, Cosigned):
                signatures.extend(answer.signatures)
            return _is_met(policy, Note(note.text, tuple(signatures)))

        self._ask(reachable, lambda one: one.cosign(size, note, hashes, keys, self._timeout), enough)
        cosigned = format_note(Note(note.text, tuple(signatures)))
        evaluate(policy, cosigned)
        return cosigned

    def _ask(
        self,
        asked: Sequence[AskedWitness],
        question: Callable[[AskedWitness], Answer],
        enough: Callable[[Answer], bool] = lambda _: True,
    ) -> None:
        """Ask some witnesses at once; wait until time is up, or it is enough and none that answered last is missing."""
        answers: SimpleQueue[tuple[AskedWitness, Answer]] = SimpleQueue()
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
        if self._memory is not None:
            self._memory.add({one.address.key: one.known for one in self._all})


def _is_met(policy: Policy, note: Note) -> bool:
    try:
        evaluate(policy, format_note(note))
    except NotTrusted:
        return False
    return True
