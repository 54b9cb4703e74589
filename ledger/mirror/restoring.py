"""Putting a log back from a mirror's copy: the same bytes at the same positions, recorded when they were.

Before anything is written the whole copy is replayed, as ``vialog log verify`` does it: forms, order, signatures, keys,
tags, index. It must be the tree of the checkpoint that it was mirrored under, which the log's own key has signed; it
must extend every checkpoint that this machine remembers; and what the database still holds must be its beginning.
Judges nothing that was judged, and takes no time from a clock: what is put back was recorded long ago.

A copy has no disclosures: those of what is put back are lost, unless they were kept elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from ledger.errors import Conflict, Halted, IntegrityFailed
from ledger.mirror.replaying import Replaying, read_written
from ledger.statement.entries.state_entry import is_state
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.store.port import Record
from ledger.tlog.policy import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.mirror.copy import Copy
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import LockedLog, Store
    from ledger.tlog.checkpoint import Checkpoint
    from ledger.tlog.policy import Policy

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Trusted:
    """What a copy is held against before anything of it is put back.

    policy: names the log by its keys. remembered: checkpoints of the log that this machine knows of, by who holds them.
    """

    policy: Policy
    packs: RulePacks
    remembered: Mapping[str, Checkpoint]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back.

    kept: how many entries the database still held. added: how many were put behind them. disclosures: how many these
    had, by their digests; none of them is in a copy.
    """

    kept: int
    added: int
    disclosures: int


def verify_copy(copy: Copy, trusted: Trusted, tell: Callable[[int, int], None]) -> tuple[Checkpoint, bytes]:
    """Verify a whole copy, and return the checkpoint that it ends with and its note.

    tell: is told how many entries hold so far, and of how many.

    Raises IntegrityFailed, naming the first entry that does not hold, or the checkpoint that the entries are not the
    tree of. NotTrusted: the policy does not believe the checkpoint. Halted: the copy is behind what is remembered.
    """
    replayed = copy.replayed()
    if replayed is None:
        raise IntegrityFailed("the copy is empty: nothing was ever mirrored into it")
    checkpoint = evaluate(trusted.policy, replayed.note).checkpoint
    _check_reach(checkpoint, trusted.remembered)
    due = {checkpoint.size: {"its own checkpoint": checkpoint.root}}
    for name, held in trusted.remembered.items():
        due.setdefault(held.size, {})[name] = held.root
    replaying = Replaying(checkpoint.origin, trusted.packs)
    for written in islice(copy.entries(), checkpoint.size):
        replaying.take(written)
        for name, root in due.get(replaying.size, {}).items():
            if replaying.root() != root:
                raise IntegrityFailed(f"the first {replaying.size} entries of the copy are not the tree of {name}")
        tell(replaying.size, checkpoint.size)
    if replaying.size < checkpoint.size:
        raise IntegrityFailed(f"position {replaying.size + 1}: the copy has no such entry")
    return checkpoint, replayed.note


def put_back(copy: Copy, store: Store, size: int) -> Restored:
    """Append to a log what it lacks of a copy that was verified, verbatim.

    size: how much of the copy its checkpoint covers.

    Stopped anywhere, it can be called again: what was put back by then is what the database holds.

    Raises IntegrityFailed: the database has another entry at one of the copy's positions. Halted: it has more than the
    copy. Conflict: somebody else writes to it.
    """
    kept = _check_beginning(copy, store, size)
    disclosures, head = 0, kept
    missing = islice(copy.entries(), kept, size)
    while batch := list(islice(missing, _BATCH)):
        with store.locked() as log:
            if log.head != head:
                raise Conflict("somebody writes to this log while it is put back: stop every process that uses it")
            disclosures += sum(_append(log, written) for written in batch)
            head = log.head
        # Die here: what stands is the beginning of the copy. Calling again goes on from there.
    return Restored(kept, head - kept, disclosures)


def _check_reach(checkpoint: Checkpoint, remembered: Mapping[str, Checkpoint]) -> None:
    for name, held in remembered.items():
        if held.origin != checkpoint.origin:
            raise Halted(f"{name} shows a checkpoint of {held.origin}, and the copy of {checkpoint.origin}")
        if held.size > checkpoint.size:
            raise Halted(
                f"the copy ends with entry {checkpoint.size}, and {name} shows a checkpoint of {held.size}: what is "
                "missing was promised; find a copy that has it"
            )


def _check_beginning(copy: Copy, store: Store, size: int) -> int:
    """Return how many entries a log has, once each of them is the copy's."""
    kept = 0
    for stored, written in zip(store.read(limit=size), copy.entries(), strict=False):
        kept += 1
        if stored.entry != written:
            raise IntegrityFailed(
                f"position {kept}: the database has another entry than the copy: it went on by itself after the "
                "backup. Restore the backup again, or begin with an empty database, and hand in again what it recorded"
            )
    if store.head() != kept:
        raise Halted(f"the database has {store.head()} entries, and the copy {size}: nothing of the copy is missing")
    return kept


def _append(log: LockedLog, written: bytes) -> int:
    """Append an entry as it was, and return how many disclosures it commits to."""
    read = read_written(written, log.head + 1)
    entry, stored = read.entry, read.stored
    named = stored.statement, stored.kind, entry.tags
    record = Record(*named, entry.rules, entry.data, breaches=entry.breaches, status=entry.status)
    (again,) = log.append([record], entry.recorded)
    if again.entry != written:
        raise IntegrityFailed(f"position {entry.position}: put back it has other bytes")
    return 0 if is_state(entry) else len(read_payload(parse_envelope(entry.data).payload).sd)
