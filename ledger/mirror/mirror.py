"""The mirror: fetch what is new, replay it, keep it, and only then cosign "mirrored and replayed".

A checkpoint is taken when the policy believes it, its tree is the one that the entries make, and that tree extends
the one replayed before. Two checkpoints that no one log can have are both kept as files: signed by the log, they prove
to anybody that it forked.
"""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Malformed, TooOld, Unavailable
from ledger.files import write_over
from ledger.mirror.copy import Replayed
from ledger.mirror.replaying import Replaying
from ledger.mirror.source import read_bundle, read_checkpoint
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint
from ledger.tlog.note import format_signature_lines, parse_note
from ledger.tlog.policy import evaluate
from ledger.tlog.tiles import TILE_WIDTH, bundles_for, decode_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ledger.clock import Clock
    from ledger.mirror.copy import Copy
    from ledger.mirror.source import Files
    from ledger.rulepacks.load import RulePacks
    from ledger.tlog.cosignature import Cosigner
    from ledger.tlog.policy import Policy
    from ledger.verification.replay import Verified

RULES: Final = {
    "MIR-04": "A copy is of one log: the checkpoint that is mirrored into it is of that log.",
}


@dataclass(frozen=True, slots=True)
class Mirrored:
    """A checkpoint that was mirrored and replayed.

    note: as the log published it. cosignature: the mirror's signature lines over it; None without a key.
    entries: how many were new.
    """

    checkpoint: Checkpoint
    note: bytes
    cosignature: bytes | None
    entries: int

    @property
    def cosigned(self) -> bytes:
        """Return the note with the mirror's signature lines behind the others, as a bundle carries it."""
        return self.note + (self.cosignature or b"")


@dataclass(frozen=True, slots=True)
class Means:
    """What a mirror works with: which logs it believes, how entries are judged again, who cosigns, and the time.

    evidence: the folder for proofs that a log forked.
    cosigner: None to mirror only.
    """

    policy: Policy
    packs: RulePacks
    cosigner: Cosigner | None
    clock: Clock
    evidence: Path


class Mirror:
    """A mirror of one log over its own copy. One thread uses it."""

    def __init__(self, files: Files, copy: Copy, means: Means) -> None:
        """Fetch nothing yet."""
        self._files = files
        self._copy = copy
        self._means = means
        self._replaying: Replaying | None = None

    def pull(self, tell: Callable[[Verified, int], None]) -> Mirrored:
        """Mirror the newest checkpoint.

        tell: is told of each entry that holds, with the size that is being replayed.

        Raises NotTrusted, Malformed: the checkpoint is not one that the policy believes. IntegrityFailed: an entry
        does not hold, or the log forked. TooOld: this program does not know what an entry holds; what was fetched is
        kept, nothing is cosigned, and nothing is held against the log. Unavailable, NotFound: it cannot be fetched now,
        or the copy not be kept.
        """
        try:
            return self._pulled(tell)
        except IntegrityFailed as error:
            with suppress(Unavailable):  # what was found is said whether it can be noted or not
                self._copy.stop(str(error))
            raise

    def _pulled(self, tell: Callable[[Verified, int], None]) -> Mirrored:
        last = self._copy.replayed()
        if last is not None:
            self._caught_up(last.origin, last, tell)  # before asking: it may take longer than a server waits for us
        note = read_checkpoint(self._files)
        checkpoint = evaluate(self._means.policy, note).checkpoint
        if last is not None and last.origin != checkpoint.origin:
            raise Malformed("MIR-04", "origin", f"the copy is of {last.origin}, the checkpoint of {checkpoint.origin}")
        replaying = self._caught_up(checkpoint.origin, last, tell)
        if last is not None and checkpoint.size <= last.size:
            return self._known(checkpoint, note, last, replaying)
        added = list(self._fetched(replaying.size, checkpoint.size))
        # Before anything in them is looked at: a fork is to be known as one, with its proof, whatever it says.
        if replaying.root_with(added) != checkpoint.root:
            why = f"the entries are not the tree of the checkpoint of size {checkpoint.size}"
            raise IntegrityFailed(why if last is None else self._kept(f"{why}, or the log forked", note, last))
        try:
            self._replay(added, replaying, checkpoint.size, tell)
        except TooOld:
            # They are the tree of a checkpoint that is believed, so they are kept: a later program goes on with them.
            self._copy.keep(Replayed(checkpoint.origin, checkpoint.size, note, 0 if last is None else last.time), added)
            raise
        _check_end(replaying)
        mirrored = self._kept_with(added, checkpoint, note, last)
        self._replaying = replaying  # not before: a full disk would leave it ahead of the copy
        # Die here: the copy is ahead of what anybody was told. The next run cosigns the same checkpoint again.
        return mirrored

    def _kept_with(self, added: list[bytes], checkpoint: Checkpoint, note: bytes, last: Replayed | None) -> Mirrored:
        """Keep entries that were replayed, with the checkpoint and the cosignature that they are worth."""
        time = self._now(last)
        cosignature = self._cosigned(note, time)
        self._copy.keep(Replayed(checkpoint.origin, checkpoint.size, note, time, cosignature or b""), added)
        return Mirrored(checkpoint, note, cosignature, len(added))

    def _caught_up(self, origin: str, last: Replayed | None, tell: Callable[[Verified, int], None]) -> Replaying:
        """Return the replay as far as the copy goes; the copy is replayed once for each process."""
        if self._replaying is not None:
            return self._replaying
        replaying = Replaying(origin, self._means.packs)
        if last is not None:
            with closing(self._copy.entries()) as entries:  # or the file stays locked for as long as an error is kept
                self._replay(entries, replaying, last.size, tell)
            known = decode_checkpoint(parse_note(last.note).text)
            if (known.size, known.root) != (replaying.size, replaying.root()):
                raise IntegrityFailed("the mirror's own copy is not the tree of the checkpoint that it holds")
            _check_end(replaying)
        self._replaying = replaying
        return replaying

    def _replay(
        self, entries: Iterable[bytes], replaying: Replaying, size: int, tell: Callable[[Verified, int], None]
    ) -> None:
        # Until all of it has held, what was replayed is ahead of what was kept: after an error it starts anew.
        self._replaying = None
        for entry in entries:
            tell(replaying.take(entry), size)

    def _fetched(self, old: int, new: int) -> Iterator[bytes]:
        for bundle in bundles_for(old, new):
            try:
                entries = decode_bundle(read_bundle(self._files, bundle))
            except Malformed as error:
                raise IntegrityFailed(f"position {bundle.index * TILE_WIDTH + 1}: its bundle: {error}") from error
            if len(entries) != bundle.width:
                first = bundle.index * TILE_WIDTH + len(entries) + 1
                raise IntegrityFailed(f"position {first}: its bundle has {len(entries)} entries, not {bundle.width}")
            yield from entries[max(0, old - bundle.index * TILE_WIDTH) :]

    def _known(self, checkpoint: Checkpoint, note: bytes, last: Replayed, replaying: Replaying) -> Mirrored:
        """Answer a checkpoint that is not larger than the one replayed last."""
        if checkpoint.size < last.size:
            raise IntegrityFailed(self._kept(f"the log went back from {last.size} to {checkpoint.size}", note, last))
        if checkpoint.root != replaying.root():
            raise IntegrityFailed(self._kept(f"the log forked: two roots of size {last.size}", note, last))
        return self._kept_with([], checkpoint, note, last)

    def _now(self, last: Replayed | None) -> int:
        now = int(self._means.clock.now().timestamp())
        return now if last is None else max(now, last.time)

    def _cosigned(self, note: bytes, time: int) -> bytes | None:
        cosigner = self._means.cosigner
        return None if cosigner is None else format_signature_lines([cosigner.cosign(parse_note(note).text, time)])

    def _kept(self, why: str, note: bytes, last: Replayed) -> str:
        """Keep two checkpoints that contradict each other as files, and return the words that name them."""
        folder = self._means.evidence
        folder.mkdir(parents=True, exist_ok=True)
        names = []
        for word, kept in (("held", last.note), ("given", note)):
            checkpoint = decode_checkpoint(parse_note(kept).text)
            file = folder / f"{word}-{checkpoint.size}-{checkpoint.root.hex()[:16]}.checkpoint"
            write_over(file, kept)
            names.append(str(file))
        return f"{why}; both checkpoints are kept: {', '.join(names)}"


def _check_end(replaying: Replaying) -> None:
    if not replaying.ends_with_state:
        raise IntegrityFailed(f"position {replaying.size}: the checkpoint's last entry is no state entry")
