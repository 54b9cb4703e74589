"""The newest checkpoint that a publisher signed, remembered in a file outside the database.

A database that was restored from a backup, or edited, agrees with itself; this file is what it does not agree with. It
holds the signed note, written to the disk before the checkpoint is released, and only ever gets a larger one, whoever
writes: several publishers may share it. Never put it into the database's backup.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Malformed
from ledger.files import write_over
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import MAX_NOTE, parse_note

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.tlog.checkpoint import Checkpoint

FILE_NAME: Final = "last-checkpoint"
PLACE_FILE: Final = "last-checkpoint.place"
"""The numbers that the file's own may be, one a line; see ``MemoryFile.is_in_place``."""
EVIDENCE_FOLDER: Final = "evidence"
"""Where checkpoints are kept that this log's own key has signed and this log contradicts."""


class MemoryFile:
    """A file with the note of the newest checkpoint that was signed."""

    def __init__(self, path: Path) -> None:
        """Use a file; there is none before the first checkpoint."""
        self.path: Final = path
        self._size = 0
        self._seen = (0, 0)

    def read(self) -> Checkpoint | None:
        """Return the checkpoint in the file; None where there is no file.

        Raises IntegrityFailed: the file is not a checkpoint. OSError: it cannot be read.
        """
        note = self.note()
        if note is None:
            return None
        try:
            return decode_checkpoint(parse_note(note).text)
        except Malformed as error:
            raise IntegrityFailed(f"{self.path} does not hold the last checkpoint: {error}") from error

    def note(self) -> bytes | None:
        """Return the file's bytes, whatever they are; None where there is no file. Raises OSError."""
        try:
            with self.path.open("rb") as file:
                return file.read(MAX_NOTE + 1)
        except FileNotFoundError:
            return None

    def size(self) -> int:
        """Return how many entries the newest checkpoint covers; 0 where there is none. Raises as ``read``.

        Asked before each batch that is recorded: the file is read only when it is another one than the last time.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return self._size  # gone while we look: what it said still holds
        if (seen := (found.st_ino, found.st_mtime_ns)) != self._seen:
            checkpoint = self.read()
            self._size = max(self._size, 0 if checkpoint is None else checkpoint.size)
            self._seen = seen
        return self._size

    def evidence(self) -> list[tuple[str, Checkpoint]]:
        """Return the checkpoints that were kept as evidence, each with its file. Raises IntegrityFailed, OSError."""
        files = sorted(self.path.with_name(EVIDENCE_FOLDER).glob("*.checkpoint"))
        read = ((str(file), MemoryFile(file).read()) for file in files)
        return [(name, checkpoint) for name, checkpoint in read if checkpoint is not None]

    def write(self, note: bytes) -> None:
        """Put a note in the place of a smaller one; when this returns, it or a larger one is on the disk.

        Raises IntegrityFailed: the file holds another checkpoint of the same size, or none. OSError.
        """
        fresh = decode_checkpoint(parse_note(note).text)
        with exclusively(self.path.parent):
            held = self.read()
            if held is not None and held.size > fresh.size:
                return  # another publisher of this machine was faster
            if held is not None and held.size == fresh.size and held.root != fresh.root:
                raise IntegrityFailed(f"{self.path} holds another checkpoint of {held.size} entries")
            # Die here: the old note still stands.
            write_over(self.path, note, before=self._note_place)

    def is_in_place(self) -> bool:
        """Say whether the file is the one that was written here, and no copy of it.

        Its number in the file system is noted beside it. Whoever copies a data directory, or puts a backup in its
        place, gets another number, or another note of it. Another process may be writing both while we look: only
        what is found twice is believed. Nothing is locked, since who holds the lock may be stopped. Raises OSError.
        """
        before = None
        while (found := self._looked()) != before:
            noted, number = found
            if number is None or number in noted:
                return True
            before = found
        return False

    def _looked(self) -> tuple[list[bytes], bytes | None]:
        """Return the numbers that are noted, and then the file's own; None where there is no file."""
        try:
            noted = self._place.read_bytes().split()
        except FileNotFoundError:
            noted = []
        try:
            return noted, b"%d" % self.path.stat().st_ino
        except FileNotFoundError:
            return noted, None

    def settle(self) -> None:
        """Take the file as it is for the one that was written here, because a person has said so. Raises OSError."""
        with exclusively(self.path.parent):
            self._note_place(self.path.stat().st_ino)

    @property
    def _place(self) -> Path:
        return self.path.with_name(PLACE_FILE)

    def _note_place(self, fresh: int) -> None:
        # Both numbers, before the one takes the place of the other: whenever we die, the file has one of them.
        before = [self.path.stat().st_ino] if self.path.exists() else []
        write_over(self._place, "".join(f"{one}\n" for one in (*before, fresh)).encode())

    def keep_evidence(self, note: bytes) -> Path:
        """Keep a signed checkpoint that contradicts this log, beside the file, and return where. Raises OSError."""
        checkpoint = decode_checkpoint(parse_note(note).text)
        folder = self.path.with_name(EVIDENCE_FOLDER)
        folder.mkdir(exist_ok=True)
        kept = folder / f"{checkpoint.size}-{checkpoint.root.hex()[:16]}.checkpoint"
        write_over(kept, note)
        return kept


@contextmanager
def exclusively(folder: Path) -> Iterator[None]:
    """Let one process at a time replace what is remembered in a folder, for a with block."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
