"""A witness at work: open the request, decide and persist in one transaction, and only then sign."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ledger.errors import NotFound
from ledger.tlog.note import parse_note
from ledger.witness.core import Known, Proposal, decide

if TYPE_CHECKING:
    from ledger.clock import Clock
    from ledger.witness.core import Witness
    from ledger.witness.state import WitnessState


class WitnessService:
    """One witness with its state and its clock. Threads may share it."""

    def __init__(self, witness: Witness, state: WitnessState, clock: Clock) -> None:
        """Put a witness to work."""
        self._witness = witness
        self._state = state
        self._clock = clock

    def add_checkpoint(self, data: bytes) -> bytes:
        """Return the cosignature lines for a request's body.

        Raises Malformed, NotFound, NotTrusted, Behind, IntegrityFailed: see ``core``. Unavailable: the state cannot be
        kept.
        """
        proposal = self._witness.open(data)
        kept = self._state.advance(proposal.checkpoint.origin, proposal.signed, partial(self._decide, proposal))
        # Die here: the checkpoint counts as cosigned and nobody has the cosignature. Whoever asks again from its own
        # size, with no proof, gets it.
        return self._witness.cosign(proposal.text, kept.time)

    def latest_checkpoint(self, origin_hash: str) -> bytes:
        """Return the checkpoint that was cosigned last, with its log's signatures and this witness's.

        origin_hash: SHA-256 of the log's name, in lower-case hex.

        Raises NotFound: no such log is watched here, or none of its checkpoints was cosigned. Unavailable.
        """
        origin = self._witness.origin_of(origin_hash)
        shown = self._state.shown(origin)
        if shown is None:
            raise NotFound(f"no checkpoint of {origin} was cosigned here yet")
        note, time = shown
        return note + self._witness.cosign(parse_note(note).text, time)

    def cosigned(self) -> dict[str, int]:
        """Return of each log of which one was cosigned how large its last checkpoint was. Raises Unavailable."""
        return self._state.sizes()

    def _decide(self, proposal: Proposal, known: Known) -> Known:
        return decide(known, proposal, int(self._clock.now().timestamp()))
