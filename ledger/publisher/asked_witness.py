"""One witness as the log asks it: what it is taken to hold, what was wrong with its last answer, what it has shown.

What it says without a signature is a claim, which decides how it is asked next and nothing else.
"""

from __future__ import annotations

from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from ledger.errors import LedgerError
from ledger.publisher.witness_client import Cosigned, Holds, Refuses, Silent, ask, fetch_held
from ledger.publisher.witness_memory import Known
from ledger.tlog.tree import prove_consistency

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from queue import SimpleQueue

    from ledger.publisher.witness_client import Answer, Evidence, WitnessAddress
    from ledger.tlog.note import Note
    from ledger.tlog.tree import HashReader
    from ledger.tlog.vkey import VerifierKey

_TURNS: Final = 5
_LEAST: Final = 0.001  # seconds: a timeout of 0 would mean none at all


class AskedWitness:
    """What is known of one witness.

    held: the size that it is taken to hold; None while that is not known.
    claimed: the size that it claimed in its last answer; None where it claimed none.
    problem: why it did not cosign when it was asked last; "" if it did.
    evidence: what it shows with the log's own signature, where it claims to hold something else than it was told.
    known: what it cosigned, proven by its signatures.
    """

    def __init__(self, address: WitnessAddress, known: Known, hear: Callable[[str, int], None]) -> None:
        """Know what is remembered of it, and nothing of what it holds now.

        hear: is told its name and the time of each cosignature, POSIX seconds.
        """
        self.address: Final = address
        self.held: int | None = None
        self.claimed: int | None = None
        self.problem = ""
        self.evidence: Evidence | None = None
        self.known = known
        self._hear = hear
        self._busy = Lock()

    @property
    def said(self) -> str:
        """Return all that is wrong with it, in words; "" where nothing is."""
        return "; ".join(one for one in (self.problem, self._forgotten()) if one)

    def start(
        self, question: Callable[[AskedWitness], Answer], answers: SimpleQueue[tuple[AskedWitness, Answer]]
    ) -> bool:
        """Ask in a thread of its own, unless an earlier question is still in flight; return whether it was asked."""
        if not self._busy.acquire(blocking=False):
            self.problem = "is still busy with an earlier question"
            return False

        def run() -> None:
            try:
                answer = question(self)
            except LedgerError as error:  # the proof could not be read: it is the database that does not answer
                answer = Silent(f"could not be asked: {error}")
            self.claimed = answer.size if isinstance(answer, Holds | Refuses) else None
            if isinstance(answer, Silent | Refuses):
                self.problem = answer.problem
            elif isinstance(answer, Cosigned):
                self.problem = ""
            self._busy.release()
            answers.put((self, answer))

        Thread(target=run, name=f"witness-{self.address.name}", daemon=True).start()
        return True

    def meet(self, size: int, last: Note, keys: Sequence[VerifierKey], timeout: float) -> Answer:
        """Ask it to cosign again what it is thought to hold, the newest published checkpoint."""
        until = monotonic() + timeout
        answer = ask(self.address, size, (), last, timeout)
        if isinstance(answer, Cosigned):
            self._cosigned(size, size, answer)
        elif isinstance(answer, Holds):
            self.held = answer.size
        self._look_into(answer, size, keys, until)
        return answer

    def cosign(self, size: int, note: Note, hashes: HashReader, keys: Sequence[VerifierKey], timeout: float) -> Answer:
        """Ask for a cosignature; again, where it claims to hold another size than it was thought to.

        More than once: another publisher may bring it further between two questions, up to this very checkpoint.
        """
        until = monotonic() + timeout
        old = min(self.held or 0, size)
        answer = self._extend(old, size, note, hashes, timeout)
        for _ in range(_TURNS):
            if not isinstance(answer, Holds) or answer.size > size:
                break
            old = answer.size
            answer = self._extend(old, size, note, hashes, until - monotonic())
        if isinstance(answer, Cosigned):
            self._cosigned(old, size, answer)
        else:
            self.held = None  # asked anew in the next round: what it claimed helped nobody
        self._look_into(answer, size, keys, until)
        if isinstance(answer, Holds):
            return Refuses(f"claims, unsigned, to hold a checkpoint of {answer.size} entries, not {size}")
        return answer

    def _extend(self, old: int, size: int, note: Note, hashes: HashReader, timeout: float) -> Answer:
        proof = prove_consistency(old, size, hashes) if old else ()
        return ask(self.address, old, proof, note, max(timeout, _LEAST))

    def _cosigned(self, old: int, size: int, answer: Cosigned) -> None:
        self._hear(self.address.name, answer.time)
        # It went on from the size it was asked from. Had it remembered a larger one, it would have said so.
        forgot = self.known.cosigned if old < self.known.cosigned else 0
        self.known = Known(max(size, self.known.cosigned), max(forgot, self.known.forgot))
        self.held = size
        self.evidence = None

    def _look_into(self, answer: Answer, size: int, keys: Sequence[VerifierKey], until: float) -> None:
        """Ask what it holds with the log's own signature, where it claims what the log would have to answer for."""
        if isinstance(answer, Refuses) or (isinstance(answer, Holds) and answer.size > size):
            self.evidence = fetch_held(self.address, keys, max(until - monotonic(), _LEAST))

    def _forgotten(self) -> str:
        if self.known.forgot:
            return (
                f"has forgotten: it had cosigned {self.known.forgot} entries and went on from less; "
                "its key is to be retired (docs/operations.md, a witness forgot)"
            )
        if self.claimed is not None and self.claimed < self.known.cosigned:
            return f"claims, unsigned, to hold {self.claimed} entries, and has cosigned {self.known.cosigned}"
        return ""
