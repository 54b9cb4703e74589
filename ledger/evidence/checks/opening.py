"""The frame of a bundle: steps 1 to 4 of ``verify``. Behind them is known what exactly the events must stand under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed, Malformed
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.manifest import Manifest, check_format, parse_manifest
from ledger.evidence.bundle.proofs import decode_proofs
from ledger.evidence.checks.verdicts import Check, asking
from ledger.statement.entries.entry import leaf_of, parse_entry
from ledger.statement.entries.state_entry import StateEntry, state_of
from ledger.tlog.policy import evaluate
from ledger.tlog.tree import check_inclusion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ledger.tlog.checkpoint import Checkpoint
    from ledger.tlog.policy import Policy, Witnessed


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle whose checkpoint is believed and whose state entry is its last leaf; recorded: when that was."""

    files: Mapping[str, bytes]
    manifest: Manifest
    proofs: Mapping[int, tuple[bytes, ...]]
    witnessed: Witnessed
    state: StateEntry
    recorded: datetime

    @property
    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint."""
        return self.witnessed.checkpoint


def open_bundle(data: bytes, policy: Policy) -> Opened:
    """Steps 1 to 4: form, manifest, checkpoint, state.

    Raises CheckFailed: one of them does not hold. NotChecked: the bundle is of a later form than this program knows.
    """
    # 1 form
    with asking(Check.FORM):
        files = read_archive(data)
        check_format(files.beginning(bundle.MANIFEST, 128))  # first: a later format may name other files
        bundle.check_names(files)
        bundle.check_sizes(files.sizes())
    # 2 manifest
    with asking(Check.MANIFEST):
        manifest = parse_manifest(files[bundle.MANIFEST])
        bundle.check_listed(manifest, files)
        proofs = decode_proofs(files[bundle.PROOFS])
        proven = [one.position for one in manifest.entries] + [one.position for one in manifest.withheld]
        if list(proofs) != [*sorted(proven), manifest.size]:
            raise Malformed("EVD-03", bundle.PROOFS, "does not hold one proof for each entry and the state entry")
    # 3 checkpoint
    with asking(Check.CHECKPOINT):
        witnessed = evaluate(policy, files[bundle.CHECKPOINT])
        checkpoint = witnessed.checkpoint
        if (checkpoint.origin, checkpoint.size) != (manifest.log, manifest.size):
            raise IntegrityFailed(f"it is of {checkpoint.origin} at {checkpoint.size}, not what the manifest says")
    # 4 state
    with asking(Check.STATE):
        written = files[bundle.STATE]
        entry = parse_entry(written)
        check_inclusion(
            leaf_of(written), checkpoint.size - 1, checkpoint.size, proofs[checkpoint.size], checkpoint.root
        )
        if entry.position != checkpoint.size:
            raise IntegrityFailed(f"it says position {entry.position}, not {checkpoint.size}")
        state = state_of(entry)
    return Opened(files, manifest, proofs, witnessed, state, entry.recorded)
