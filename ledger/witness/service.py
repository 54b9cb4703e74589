"""A witness at work: open the request, decide and persist in one transaction, and only then sign."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

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
        kept = self._state.advance(proposal.checkpoint.origin, partial(self._decide, proposal))
        # Die here: the checkpoint counts as cosigned and nobody has the cosignature. Whoever asks again from its own
        # size, with no proof, gets it.
        return self._witness.cosign(proposal.text, kept.time)

    def _decide(self, proposal: Proposal, known: Known) -> Known:
        return decide(known, proposal, int(self._clock.now().timestamp()))
