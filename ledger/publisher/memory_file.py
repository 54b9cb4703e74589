"""The newest checkpoint that a publisher signed, remembered in a file outside the database.

A database that was restored from a backup, or edited, agrees with itself; this file is what it does not agree with. It
holds the signed note, written to the disk before the checkpoint is released. Never put it into the database's backup.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Malformed
from ledger.statement.key_files import sync_folder
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import MAX_NOTE, parse_note

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.tlog.checkpoint import Checkpoint

FILE_NAME: Final = "last-checkpoint"


class MemoryFile:
    """A file with the note of the newest checkpoint that was signed."""

    def __init__(self, path: Path) -> None:
        """Use a file; there is none before the first checkpoint."""
        self.path: Final = path

    def read(self) -> Checkpoint | None:
        """Return the checkpoint in the file; None where there is no file.

        Raises IntegrityFailed: the file is not a checkpoint. OSError: it cannot be read.
        """
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            note = file.read(MAX_NOTE + 1)
        try:
            return decode_checkpoint(parse_note(note).text)
        except Malformed as error:
            raise IntegrityFailed(f"{self.path} does not hold the last checkpoint: {error}") from error

    def write(self, note: bytes) -> None:
        """Put a note in the place of the one before it; when this returns, it is on the disk. Raises OSError."""
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        with fresh.open("wb") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        # Die here: the old note still stands, and a stray file beside it.
        fresh.replace(self.path)
        sync_folder(self.path.parent)
