"""What a service answers, checked without believing it: checkpoints that only grow, entries, evidence, answers.

By a policy of one's own: the log's keys, and the witnesses that are believed. The newest checkpoint that was seen is
kept in a file; a service that shows an older one, or one that does not continue it, is caught here.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.accesses.proving import check_access
from ledger.errors import IntegrityFailed, Malformed
from ledger.evidence.verify import verify_bundle
from ledger.files import write_over
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import MAX_NOTE, parse_note
from ledger.tlog.policy import evaluate
from ledger.tlog.proof import check_proof, decode_proof
from ledger.tlog.tiles import TileReader, format_path
from ledger.tlog.tree import check_consistency, leaf_hash, prove_consistency
from projections.claims.checking import check_answer

if TYPE_CHECKING:
    from pathlib import Path

    from api.accesses.proving import ProvenAccess
    from api.client.transport import Transport
    from api.rows.http import EntryShown
    from ledger.evidence.checks.trust import Trust
    from ledger.evidence.checks.verdicts import Report
    from ledger.rulepacks.load import RulePacks
    from ledger.tlog.checkpoint import Checkpoint
    from ledger.tlog.policy import Policy, Witnessed
    from ledger.tlog.tiles import Tile
    from projections.claims.checking import Checked


@dataclass(frozen=True, slots=True)
class Proving:
    """A log, seen through a service. policy: one's own. kept: the file of the newest checkpoint that was seen of it."""

    service: Transport
    policy: Policy
    kept: Path

    def checkpoint(self) -> Witnessed:
        """Return the newest checkpoint that the service shows, and keep it.

        Raises NotTrusted: the policy does not believe it. IntegrityFailed: it is older than one that was seen, or does
        not continue it: keep both, and tell others. As ``Transport.ask``.
        """
        note = self.service.ask("GET", "/log/checkpoint").body
        return self._continued(note, evaluate(self.policy, note))

    def entry(self, shown: EntryShown) -> bytes:
        """Return the bytes of an entry that a service showed, once its proof has been checked; all else it only says.

        Raises IntegrityFailed: it does not stand there in the log, or its checkpoint continues none that was seen.
        NotTrusted: the policy does not believe the checkpoint. Malformed: SVC-03 it has no proof yet.
        """
        if shown["proof"] is None:
            raise Malformed("SVC-03", "$.proof", "is not there yet: no checkpoint covers the entry")
        entry, proof = base64.b64decode(shown["entry"]), decode_proof(shown["proof"].encode())
        if proof.index != shown["position"] - 1:
            raise IntegrityFailed("the proof is of another position than the one that was asked for")
        witnessed = check_proof(proof, leaf_hash(entry), self.policy)
        self._continued(proof.checkpoint, witnessed, or_before=True)
        return entry

    def access(self, number: int) -> ProvenAccess:
        """Return an entry of the access log once its proof has been checked: that it is under a digest in the log.

        Raises NotFound: there is none for this caller, or no digest is of it yet. Malformed, NotTrusted: as
        ``check_access``. IntegrityFailed: it is another entry, or its checkpoint continues none that was seen.
        """
        data = self.service.ask("GET", f"/v1/accesses/{number}/proof").body
        found = check_access(data, self.policy)
        if found.said["number"] != number:
            raise IntegrityFailed("the proof is of another entry than the one that was asked for")
        self._continued(found.note, found.witnessed, or_before=True)
        return found

    def evidence(self, data: bytes, trust: Trust | None = None) -> Report:
        """Return a verdict for each claim of a bundle, by the policy here. trust: whose keys are known."""
        return verify_bundle(data, self.policy, trust)

    def answer(self, data: bytes, packs: RulePacks, trust: Trust | None = None) -> Checked:
        """Compute the answer in a bundle again, and say whether it agrees. packs: the editions of the rules here."""
        return check_answer(data, self.policy, trust, packs)

    def _continued(self, note: bytes, witnessed: Witnessed, *, or_before: bool = False) -> Witnessed:
        """Return a checkpoint once it agrees with the one that is kept; keep it where it is larger."""
        new, old = witnessed.checkpoint, self._kept()
        if old is not None:
            self._check(old, new, or_before=or_before)
        if old is None or new.size > old.size:
            write_over(self.kept, note)
        return witnessed

    def _check(self, old: Checkpoint, new: Checkpoint, *, or_before: bool) -> None:
        if old.origin != new.origin:
            raise IntegrityFailed(f"{self.kept} is of {old.origin}, and this is {new.origin}")
        if new.size < old.size and not or_before:
            raise IntegrityFailed(f"the service shows {new.size} entries, and {old.size} were seen: it went back")
        small, large = sorted((old, new), key=lambda one: one.size)
        read = TileReader(large.size, self._tile)
        proof = prove_consistency(small.size, large.size, read) if small.size else ()
        try:
            check_consistency(small.size, large.size, proof, small.root, large.root)
        except IntegrityFailed as error:
            told = f"the log of {new.size} entries does not continue that of {old.size} that was seen: it forked"
            raise IntegrityFailed(told) from error

    def _tile(self, tile: Tile) -> bytes:
        return self.service.ask("GET", f"/log/{format_path(tile)}").body

    def _kept(self) -> Checkpoint | None:
        try:
            with self.kept.open("rb") as file:
                note = file.read(MAX_NOTE + 1)
            return decode_checkpoint(parse_note(note).text)
        except FileNotFoundError:
            return None
        except Malformed as error:
            raise IntegrityFailed(f"{self.kept} does not hold a checkpoint: {error}") from error
